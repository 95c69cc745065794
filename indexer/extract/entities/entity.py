"""Entity: one actor or place, with every spelling it goes by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from marsad.indexer.extract.entities.offices import Office
from marsad.indexer.extract.mentions import EntityClass

CLASSES: tuple[EntityClass, ...] = get_args(EntityClass)

# What is added to a nisba to get its other forms (روسي: روسية, روسيين, روسيون, روسيات).
_NISBA_ENDINGS = ("", "ة", "ين", "ون", "ات", "تين", "تان")


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity; `labels` are Arabic, English and Russian, in this order.

    A place with a `contested` name has it in the three languages, beside its label. `country`
    is a code of ISO 3166, in small letters. `guarded` names are ordinary words too (مالي
    "financial"): they count only behind a word that announces a place. `typos` are those of
    the aliases that are misprints: found in texts, but no other name to search by.
    """

    id: str
    type: EntityClass
    labels: tuple[str, str, str]
    aliases: tuple[str, ...]
    guarded: bool = False
    contested: tuple[str, str, str] = ("", "", "")
    country: str = ""
    population: int = 0
    offices: tuple[Office, ...] = ()
    typos: tuple[str, ...] = ()

    @property
    def is_city(self) -> bool:
        """True for a place of the list of cities."""
        return self.id.startswith("city-")

    def label(self, language: str) -> str:
        """Return the label in *language*, in Arabic where there is none.

        Example:
            >>> Entity("a", "person", ("علييف", "Aliyev", ""), ()).label("ru")
            'علييف'
        """
        at = {"ar": 0, "en": 1, "ru": 2}.get(language, 0)
        label = self.labels[at] or self.labels[0]
        other = self.contested[at] or self.contested[0]
        return f"{label} / {other}" if other else label

    def names(self) -> Iterator[str]:
        """Yield every name, with the article forms that its class allows."""
        for name in (*self.labels, *self.aliases):
            if not name:
                continue
            if self.type == "nationality" and name.endswith("ي"):
                for ending in _NISBA_ENDINGS:
                    yield name + ending
                    yield "ال" + name + ending
                continue
            yield name
            if self.type == "person" or self.guarded or self.id.startswith("city-"):
                continue
            # هند and مغرب are words of their own.
            if self.id.startswith("country-"):
                continue
            if name.startswith("ال"):
                yield name.removeprefix("ال")
            else:
                yield "ال" + name
