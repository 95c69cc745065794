"""Homographs: names that the words about them show to be ordinary words.

`data/homographs.txt` says which: وهو مصر على البقاء, قطر الدائرة. News means the name
nearly always, so the ordinary word must be shown, not the name.
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

# A word that announces a name; the name behind it is one, whatever follows.
_HEADS = frozenset(("placehead", "orghead", "grouphead"))
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Setting:
    """Words right before and behind a name, each place with the words that may stand there."""

    before: tuple[frozenset[str], ...]
    behind: tuple[frozenset[str], ...]


class Homographs:
    """Knows the settings of the ordinary words."""

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
        """Return whether *name* is the ordinary word where it stands."""
        if name.end - name.first > 1:
            return False
        settings = self._settings.get(words.surface(name.first)[name.taken :], ())
        return any(self._fits(words, name, setting) for setting in settings)

    def _fits(self, words: Words, name: Name, setting: _Setting) -> bool:
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
            _is_one(words.surface(at), those) for at, those in zip(places, wanted, strict=True)
        )

    def _announces(self, surface: str) -> bool:
        kinds = self._triggers.get(surface, _NONE) | self._triggers.get(core(surface).word, _NONE)
        return not _HEADS.isdisjoint(kinds)


@cache
def homographs() -> Homographs:
    """Return the homographs of the package, read once."""
    return Homographs()


def _is_one(surface: str, those: frozenset[str]) -> bool:
    if surface in those or "*" in those:
        return True
    return (f"{ARTICLE}*" in those and surface.startswith(ARTICLE)) or (
        "#" in those and surface.isdecimal()
    )


def _read(line: str) -> tuple[str, _Setting]:
    """Return the name of a line, folded, and its setting.

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
