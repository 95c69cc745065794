"""Sound: spellings of a foreign name that are likely one.

    folded words -> [skeleton] -> classes of consonants

Arabic spells foreign sounds in several ways (غوتيريش, جوتيريس; قراباغ, كاراباخ). Equal
skeletons make candidates for a person to look at; for Arab names they mean little.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from marsad.indexer.extract.entities.gazetteer import Gazetteer, Key
from marsad.indexer.extract.mentions import EntityClass

_CLASSES = str.maketrans(
    {
        **dict.fromkeys("قكغخج", "K"),
        **dict.fromkeys("تط", "T"),
        **dict.fromkeys("دض", "D"),
        **dict.fromkeys("سصش", "S"),
        **dict.fromkeys("زذظ", "Z"),
        **dict.fromkeys("اويهحعء", ""),
    }
)
_LEAST_CONSONANTS = 4
_LEAST_ALIKE = 0.75


def skeleton(key: Iterable[str]) -> str:
    """Return the classes of the consonants of folded words, none twice in a row.

    Example:
        >>> skeleton(("غوتيريش",)) == skeleton(("جوتيريس",))
        True
    """
    whole = " ".join(word.removeprefix("ال").translate(_CLASSES) for word in key)
    return "".join(c for at, c in enumerate(whole) if not at or c != whole[at - 1])


class SoundIndex:
    """Known names by their skeletons."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known: dict[str, list[tuple[Key, str, EntityClass]]] = {}
        for key, entity in gazetteer.by_name.items():
            consonants = skeleton(key)
            if len(consonants.replace(" ", "")) >= _LEAST_CONSONANTS:
                self._known.setdefault(consonants, []).append((key, entity.id, entity.type))

    def likely(self, key: Key, kind: EntityClass) -> tuple[str, ...]:
        """Return the ids of entities of a class that have a name that sounds like *key*."""
        name = " ".join(key)
        found = {
            entity_id: None
            for known, entity_id, other in self._known.get(skeleton(key), ())
            if other == kind
            and SequenceMatcher(None, name, " ".join(known)).ratio() >= _LEAST_ALIKE
        }
        return tuple(found)
