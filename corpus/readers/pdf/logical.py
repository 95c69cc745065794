"""Logical order: a line from left to right as it is drawn, in the order of reading.

    characters of glyphs from left to right, direction of the paragraph -> [Reader] -> text

It undoes the Unicode bidirectional algorithm (UAX 9): Arabic from right to left, numbers and
Latin words from left to right. Where two texts are drawn alike, the more usual one is taken: a
number to the right of a Latin word belongs to it (F-16).
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_MIRROR = {
    **dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True)),
}
OPENING = "([{«‹"
CLOSING = ")]}»›"
_KINDS = {
    "L": "L",
    "R": "R",
    "AL": "R",
    "EN": "E",
    "AN": "A",
    "CS": "c",
    "ES": "s",
    "ET": "t",
    "WS": "w",
}


@lru_cache(maxsize=20_000)
def kind_of(text: str) -> str:
    """Return R or L for letters, E or A for digits, a small letter or "o" for anything else."""
    kinds = [_KINDS.get(unicodedata.bidirectional(char), "o") for char in text]
    for kind in "RLAE":
        if kind in kinds:
            return kind
    return kinds[0] if kinds else "o"


@dataclass(slots=True)
class Reader:
    """Reads the lines of one paragraph, one after another.

    `mirror` says that the file maps a mirrored bracket to what is drawn. `strong` is the kind of
    the last letter so far: R, L, or empty at the beginning of the paragraph.
    """

    rtl: bool
    mirror: bool = True
    strong: str = ""
    _out: list[str] = field(default_factory=list)

    def line(self, texts: Sequence[str], stated: Collection[int] = ()) -> str:
        """Return the text of one line.

        `texts` has the characters of each glyph, from left to right. `stated` has the numbers of
        the glyphs whose characters the file itself states: their brackets are never mirrored.
        """
        kinds = [kind_of(each) for each in texts]
        self._out = []
        if self.rtl:
            self._right_to_left(texts, kinds, stated)
        else:
            self._left_to_right(texts, kinds, stated)
        return "".join(self._out)

    def _left_to_right(
        self, texts: Sequence[str], kinds: Sequence[str], stated: Collection[int]
    ) -> None:
        at = 0
        while at < len(texts):
            if kinds[at] == "R":
                end = _run(kinds, at, "R", "A")
                inside = {one - at for one in stated if at <= one < end}
                self._right_to_left(texts[at:end], kinds[at:end], inside)
                at = end
                continue
            if kinds[at] == "L":
                self.strong = "L"
            self._out.append(texts[at])
            at += 1

    def _right_to_left(
        self, texts: Sequence[str], kinds: Sequence[str], stated: Collection[int]
    ) -> None:
        begins = _latin_runs(texts, kinds)
        at = len(texts) - 1
        while at >= 0:
            begin = begins.get(at)
            if begin is None:
                begin = self._number(kinds, at)
            if begin is None:
                if kinds[at] == "R":
                    self.strong = "R"
                text = texts[at]
                drawn = self.mirror and at not in stated
                self._out.append(_MIRROR.get(text, text) if drawn else text)
                at -= 1
                continue
            self._out += texts[begin : at + 1]
            if "L" in kinds[begin : at + 1]:
                self.strong = "L"
            at = begin - 1

    def _number(self, kinds: Sequence[str], end: int) -> int | None:
        """Return where the number begins that ends at *end*, None if no number ends there.

        After an Arabic letter, only a comma, a full stop, a colon or a slash joins digits.
        """
        joins, at = "c", end
        if self.strong != "R":
            joins = "cs"
            while at > 0 and kinds[at] == "t":
                at -= 1
        if kinds[at] not in "EA" or (at < end and kinds[at] != "E"):
            return None
        digit = kinds[at]
        while at > 0:
            if kinds[at - 1] == digit:
                at -= 1
            elif (
                at > 1
                and kinds[at - 1] in (joins if digit == "E" else "c")
                and (kinds[at - 2] == digit)
            ):
                at -= 2
            else:
                break
        if self.strong != "R" and digit == "E":
            while at > 0 and kinds[at - 1] == "t":
                at -= 1
        return at


def _run(kinds: Sequence[str], begin: int, letter: str, digit: str) -> int:
    """Return the end of the run of letters that begins at *begin*, with what is between them."""
    end = begin + 1
    opposite = "L" if letter == "R" else "R"
    for at in range(begin + 1, len(kinds)):
        if kinds[at] == opposite:
            break
        if kinds[at] == letter or (kinds[at] in digit and (letter == "L" or at == end)):
            end = at + 1
    return end


def _joins(kinds: Sequence[str], at: int) -> bool:
    return kinds[at] == "c" and 0 < at < len(kinds) - 1 and kinds[at - 1] == kinds[at + 1] == "E"


def _latin_runs(texts: Sequence[str], kinds: Sequence[str]) -> dict[int, int]:
    """Return the runs that are read from left to right in an Arabic line, as last to first."""
    found: dict[int, int] = {}
    at = 0
    while at < len(kinds):
        begin = at
        while at < len(kinds) and (kinds[at] == "E" or _joins(kinds, at)):
            at += 1
        if at < len(kinds) and kinds[at] == "L":
            end = _run(kinds, at, "L", "E")
            inside = "".join(texts[at:end])
            if end < len(kinds) and texts[end] in CLOSING:
                mate = OPENING[CLOSING.index(texts[end])]
                if inside.count(mate) > inside.count(texts[end]):
                    end += 1
            found[end - 1] = begin
            at = end
        elif at == begin:
            at += 1
    return found
