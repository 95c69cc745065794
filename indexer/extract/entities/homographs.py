"""Homographs: recognizes names that are ordinary words in their context.

`data/homographs.txt` lists the contexts: وهو مصر على البقاء, قطر الدائرة. In news, these words are
nearly always names, so only a listed context makes one an ordinary word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from marsad.indexer.analysis.clitics import ARTICLE
from marsad.indexer.analysis.folding import fold
from marsad.indexer.extract.entities.features import core, listed
from marsad.indexer.extract.entities.kernels import PLAIN, QUOTE
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.words import Words

# After a word of these kinds, a name is certain, whatever comes after it.
_HEADS = frozenset(("placehead", "orghead", "grouphead"))
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Setting:
    """A context in which a name is an ordinary word: the words right before and right after it.

    Each entry is for one place, in the order of the text, and has the words allowed there.
    """

    before: tuple[frozenset[str], ...]
    behind: tuple[frozenset[str], ...]


class Homographs:
    """The contexts in which names are ordinary words."""

    def __init__(self) -> None:
        text = (
            files("marsad.indexer.extract.entities")
            .joinpath("data/homographs.txt")
            .read_text("utf-8")
        )
        self.version = sha256(text.encode()).hexdigest()[:12]
        self._settings: dict[str, list[_Setting]] = {}
        self._triggers = listed("triggers.txt")
        for line in text.splitlines():
            if line and not line.startswith("#"):
                word, setting = _read(line)
                self._settings.setdefault(word, []).append(setting)

    def is_word(self, words: Words, name: Name) -> bool:
        """Return whether *name* is an ordinary word here."""
        if name.end - name.first > 1:
            return False
        settings = self._settings.get(words.surface(name.first)[name.taken :], ())
        return any(self._fits(words, name, setting) for setting in settings)

    def _fits(self, words: Words, name: Name, setting: _Setting) -> bool:
        """Return whether the words around *name* are those of *setting*."""
        first, end = name.first - len(setting.before), name.end + len(setting.behind)
        if first < 0 or end > len(words) or words.gaps[name.first] == QUOTE:
            return False
        if any(words.gaps[at] != PLAIN for at in range(first + 1, end)):
            return False
        if not setting.before and name.first and self._announces(words.surface(name.first - 1)):
            return False
        places = [*range(first, name.first), *range(name.end, end)]
        wanted = (*setting.before, *setting.behind)
        return all(
            _is_one(words.surface(at), allowed) for at, allowed in zip(places, wanted, strict=True)
        )

    def _announces(self, surface: str) -> bool:
        """Return whether *surface* is a word that comes before a name."""
        kinds = self._triggers.get(surface, _NONE) | self._triggers.get(core(surface).word, _NONE)
        return not _HEADS.isdisjoint(kinds)


@cache
def homographs() -> Homographs:
    """Return the homographs of the package; the file is read once."""
    return Homographs()


def _is_one(surface: str, allowed: frozenset[str]) -> bool:
    """Return whether a word is allowed at a place.

    In the list, `*` allows any word, `ال*` any word with an article, and `#` a number.
    """
    if surface in allowed or "*" in allowed:
        return True
    return (f"{ARTICLE}*" in allowed and surface.startswith(ARTICLE)) or (
        "#" in allowed and surface.isdecimal()
    )


def _read(line: str) -> tuple[str, _Setting]:
    """Return the folded name of a line, and its setting.

    Example:
        >>> word, setting = _read("نصف <قطر> الدائرة|الأرض")
        >>> word, sorted(setting.behind[0])
        ('قطر', ['الارض', 'الدايره'])
    """
    places = line.split()
    at = next(at for at, place in enumerate(places) if place.startswith("<"))

    def folded(some: Sequence[str]) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(fold, place.split("|"))) for place in some)

    return fold(places[at].strip("<>")), _Setting(folded(places[:at]), folded(places[at + 1 :]))
