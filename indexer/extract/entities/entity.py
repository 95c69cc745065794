"""Entity: one actor or place, with all spellings of its names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from marsad.indexer.extract.entities.offices import Office
from marsad.indexer.extract.mentions import EntityClass

CLASSES: tuple[EntityClass, ...] = get_args(EntityClass)

# The endings that make the other forms of a nisba (روسي: روسية, روسيين, روسيون, روسيات).
_NISBA_ENDINGS = ("", "ة", "ين", "ون", "ات", "تين", "تان")


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity; `labels` are in Arabic, English and Russian, in this order.

    A place with a `contested` name has that name in the three languages, beside its labels.
    `country` is an ISO 3166 code in lower case. The names of a `guarded` entity are ordinary words
    too (مالي "financial"), so they count only after a word that announces a place. `typos` are
    misprinted aliases: they are found in texts, but not offered as other names.
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
        """True for an entity from the list of cities."""
        return self.id.startswith("city-")

    def label(self, language: str) -> str:
        """Return the label in *language*, or the Arabic one if there is none.

        Example:
            >>> Entity("a", "person", ("علييف", "Aliyev", ""), ()).label("ru")
            'علييف'
        """
        at = {"ar": 0, "en": 1, "ru": 2}.get(language, 0)
        label = self.labels[at] or self.labels[0]
        other = self.contested[at] or self.contested[0]
        return f"{label} / {other}" if other else label

    def names(self) -> Iterator[str]:
        """Yield all names, in the forms with and without article that the class allows."""
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
            # Country names get no second form: without article, مغرب is another word.
            if self.id.startswith("country-"):
                continue
            if name.startswith("ال"):
                yield name.removeprefix("ال")
            else:
                yield "ال" + name
