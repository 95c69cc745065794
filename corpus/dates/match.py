"""Match: a fit of a pattern in a text, with the values of its words.

Fit, Scanned -> [Match] -> day, month, year and turn of the words
"""

from typing import Any

from marsad.corpus.dates.patterns import Fit
from marsad.corpus.dates.tokens import Scanned

_TURNS = {"p": -1, "c": 0, "q": 1, "z": 2}


class Match:
    """A fit with the values of its groups; letters are counted in the whole text."""

    __slots__ = ("begin", "end", "fit", "groups", "scanned", "start")

    def __init__(self, fit: Fit, scanned: Scanned, begin: int) -> None:
        """Take a *fit* in the run that begins at letter *begin*."""
        self.fit, self.scanned, self.begin = fit, scanned, begin
        self.groups = fit.groups
        self.start, self.end = begin + fit.start, begin + fit.end

    def has(self, name: str) -> bool:
        """Tell whether a group has letters."""
        return name in self.groups

    def letters(self, name: str) -> str:
        """Return the letters of a group, empty where it has none."""
        return self.groups[name][1] if name in self.groups else ""

    def place(self, name: str) -> int:
        """Return where a group begins."""
        return self.begin + self.groups[name][0]

    def value(self, name: str, at: int = 0) -> Any:  # noqa: ANN401  (any value of the lexicon)
        """Return the value of a letter of a group."""
        return self.scanned.value(self.begin + self.groups[name][0] + at)

    def number(self, name: str) -> int | None:
        """Return the year, count or day of a group of one letter."""
        return int(self.value(name)) if name in self.groups else None

    def turn(self, name: str) -> int | None:
        """Return -1 for "last", 0 for "this", 1 for "next", 2 for "the same"."""
        if name not in self.groups:
            return None
        letters = self.groups[name][1]
        # "this year", "the same year"
        return {"6": 0, "7": 2}.get(letters[0], _TURNS.get(letters[-1]))

    def day(self, name: str) -> int | None:
        """Return the day of the month, from digits or ordinals."""
        if name not in self.groups:
            return None
        letters = self.groups[name][1]
        if letters[0] == "=":
            return int(self.value(name, 1))
        number = int(self.value(name))
        if len(letters) > 1:
            tens = 10 if letters[1] == "X" else int(self.value(name, 1))
            return number + tens
        return number

    def month(self, name: str) -> int | None:
        """Return the number of a month; 0 if كانون or تشرين has a wrong ordinal."""
        if name not in self.groups:
            return None
        value = self.value(name)
        if isinstance(value, tuple):
            ordinal = int(self.value(name, 1))
            return int(value[ordinal - 1]) if ordinal in {1, 2} else 0
        if self.groups[name][1] == "ZQ":
            return int(self.value(name, 1))
        return int(value)

    def deixis(self) -> int | None:
        """Return the distance of "today", "yesterday" or "tomorrow" from publication, in days."""
        if "deixis" not in self.groups:
            return None
        letters = self.groups["deixis"][1]
        days = int(self.value("deixis", letters.index("e")))
        if letters == "Oie":
            return days - 1 if days == -1 and self.value("deixis") == 1 else None
        if letters == "Fe":
            return days + 1 if days > 0 else None
        if letters in {"fe", "fie", "eO"}:
            return days - 1 if days < 0 else days
        return -1 if letters == "ep" else days
