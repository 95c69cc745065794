"""Namesakes: عمان is the capital of Jordan or the sultanate of Oman.

names of an article -> [Namesakes] -> the same, each عمان as the one that is meant

What stands at the word decides first: its marks (عُمان, عمّان), the word before, what it is
joined to by "and". After that it is the land that the article names more, and at last the
capital: who writes of the land says سلطنة عمان, مسقط or عماني somewhere.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from marsad.indexer.analysis.clitics import bare_forms
from marsad.indexer.extract.entities.gazetteer import AMMAN, OMAN, Gazetteer
from marsad.indexer.extract.entities.kernels import DASH, OPEN
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.words import Words

_WORD = "عمان"
_BOTH = ("om", "jo")
_KINDS = ("country", "city")
_DAMMA, _SHADDA = "\u064f", "\u0651"
_BEFORE_OMAN = frozenset(("سلطان", "سلطنه"))
_BEFORE_AMMAN = frozenset(
    ("العاصمه", "عاصمه", "مدينه", "الاردنيه", "امانه", "مطار", "شوارع", "محافظه")
)


class Namesakes:
    """Tells the two apart with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._entities = gazetteer.by_id

    def settled(self, read: Sequence[Words], found: Sequence[list[Name]]) -> list[list[Name]]:
        """Return the names of each text of an article, the shared name settled."""
        pairs = list(zip(read, found, strict=True))
        if not any(_is_shared(words, name) for words, names in pairs for name in names):
            return list(found)
        near = [
            [self._near(words, names, at) for at in range(len(names))] for words, names in pairs
        ]
        lands: Counter[str] = Counter()
        for (words, names), said in zip(pairs, near, strict=True):
            for name, settled in zip(names, said, strict=True):
                lands.update([settled.id] if settled else self._lands(words, name))
        named_oman = lands["om"] + lands[OMAN] > lands["jo"] + lands[AMMAN]
        return [
            [
                settled or (_as(name, oman=named_oman) if _is_shared(words, name) else name)
                for name, settled in zip(names, said, strict=True)
            ]
            for (words, names), said in zip(pairs, near, strict=True)
        ]

    def _lands(self, words: Words, name: Name) -> Iterable[str]:
        """Return which of the two lands a name is of."""
        entity = self._entities.get(name.id)
        if entity is None or _is_shared(words, name):
            return ()
        own = name.id.removeprefix("country-")
        lands = {own, entity.country, *(office.of for office in entity.offices)}
        return lands.intersection(_BOTH)

    def _near(self, words: Words, names: Sequence[Name], at: int) -> Name | None:
        """Return the name as what stands at it says that it is, None where nothing does."""
        name = names[at]
        if not _is_shared(words, name):
            return None
        printed = words.text[words.start(name.first) : words.end(name.first)]
        before = words.surface(name.first - 1) if name.first else ""
        if _SHADDA in printed:
            return _as(name, oman=False)
        if _DAMMA in printed:
            return _as(name, oman=True)
        heads = {word for _, word in bare_forms(before)}
        if heads & _BEFORE_OMAN:
            return _as(name, oman=True)
        if heads & _BEFORE_AMMAN or (not name.first and words.gaps[name.end] in (OPEN, DASH)):
            return _as(name, oman=False)
        for one, two in pairwise(names):
            other = one if two is name else two
            if name not in (one, two) or one.end != two.first or other.by not in _KINDS:
                continue
            if words.surface(two.first).startswith("و") and not _is_shared(words, other):
                return _as(name, oman=other.by == "country")
        return None


def _is_shared(words: Words, name: Name) -> bool:
    """True for a name that is the shared word alone."""
    alone = name.id == OMAN and name.end - name.first == 1
    return alone and words.surface(name.first)[name.taken :] == _WORD


def _as(name: Name, *, oman: bool) -> Name:
    return replace(name, id=OMAN, by="country") if oman else replace(name, id=AMMAN, by="city")
