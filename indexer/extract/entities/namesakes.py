"""Namesakes: decides whether عمان is Amman, the capital of Jordan, or Oman, the country.

names of an article -> [Namesakes] -> the same names, each عمان decided

The word itself and its neighbours decide first: vowel marks (عُمان, عمّان), the previous word, and
a name joined to it by "and". If they do not, the country that the article mentions more often
decides. If that fails too, it is the capital: an article about Oman would somewhere say سلطنة عمان,
مسقط or عماني.
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
    """Decides with the entities of one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._entities = gazetteer.by_id

    def resolve(self, read: Sequence[Words], found: Sequence[list[Name]]) -> list[list[Name]]:
        """Return the names of each text of an article, with each عمان decided."""
        pairs = list(zip(read, found, strict=True))
        if not any(_is_shared(words, name) for words, names in pairs for name in names):
            return list(found)
        near = [
            [self._near(words, names, at) for at in range(len(names))] for words, names in pairs
        ]
        countries: Counter[str] = Counter()
        for (words, names), said in zip(pairs, near, strict=True):
            for name, settled in zip(names, said, strict=True):
                countries.update([settled.id] if settled else self._countries(words, name))
        named_oman = countries["om"] + countries[OMAN] > countries["jo"] + countries[AMMAN]
        return [
            [
                settled or (_as(name, oman=named_oman) if _is_shared(words, name) else name)
                for name, settled in zip(names, said, strict=True)
            ]
            for (words, names), said in zip(pairs, near, strict=True)
        ]

    def _countries(self, words: Words, name: Name) -> Iterable[str]:
        """Return which of the two countries a name belongs to, if any."""
        entity = self._entities.get(name.id)
        if entity is None or _is_shared(words, name):
            return ()
        own = name.id.removeprefix("country-")
        countries = {own, entity.country, *(office.of for office in entity.offices)}
        return countries.intersection(_BOTH)

    def _near(self, words: Words, names: Sequence[Name], at: int) -> Name | None:
        """Return the name decided by its marks and neighbours, or None if they do not decide it."""
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
        for one, two in pairwise(names[max(0, at - 1) : at + 2]):
            other = one if two is name else two
            if one.end != two.first or other.by not in _KINDS:
                continue
            if words.surface(two.first).startswith("و") and not _is_shared(words, other):
                return _as(name, oman=other.by == "country")
        return None


def _is_shared(words: Words, name: Name) -> bool:
    """Return whether a name is the word عمان alone."""
    alone = name.id == OMAN and name.end - name.first == 1
    return alone and words.surface(name.first)[name.taken :] == _WORD


def _as(name: Name, *, oman: bool) -> Name:
    """Return *name* as Oman or as Amman."""
    return replace(name, id=OMAN, by="country") if oman else replace(name, id=AMMAN, by="city")
