"""Phonetic: finds spellings of a foreign name that are probably one name.

    folded words -> [phonetic_key] -> classes of consonants

Arabic has several spellings for foreign sounds (غوتيريش, جوتيريس; قراباغ, كاراباخ). Names with
equal keys are candidates for a person to review. For Arab names, equal keys mean little.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from marsad.indexer.extract.entities.gazetteer import Gazetteer, Key
from marsad.indexer.extract.mentions import EntityClass

# Letters of one class are used for the same foreign sound. Vowels and weak consonants are dropped,
# because their spelling varies most.
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


def phonetic_key(key: Iterable[str]) -> str:
    """Return the phonetic key of a name: the classes of its consonants, without repetitions.

    Example:
        >>> phonetic_key(("غوتيريش",)) == phonetic_key(("جوتيريس",))
        True
    """
    whole = " ".join(word.removeprefix("ال").translate(_CLASSES) for word in key)
    return "".join(c for at, c in enumerate(whole) if not at or c != whole[at - 1])


class PhoneticIndex:
    """Listed names by their phonetic keys."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known: dict[str, list[tuple[Key, str, EntityClass]]] = {}
        for key, entity in gazetteer.by_name.items():
            consonants = phonetic_key(key)
            if len(consonants.replace(" ", "")) >= _LEAST_CONSONANTS:
                self._known.setdefault(consonants, []).append((key, entity.id, entity.type))

    def likely(self, key: Key, kind: EntityClass) -> tuple[str, ...]:
        """Return the ids of the entities of a class that have a name similar to *key*."""
        name = " ".join(key)
        found = {
            entity_id: None
            for known, entity_id, other in self._known.get(phonetic_key(key), ())
            if other == kind
            and SequenceMatcher(None, name, " ".join(known)).ratio() >= _LEAST_ALIKE
        }
        return tuple(found)
