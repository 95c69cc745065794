"""Words: a text as integer codes of its words, with the sign before each word.

    text -> [WordTable] -> Words: codes, starts, gaps

A word is folded once, at its first occurrence. After that it is an integer, and the other steps
keep arrays of data about words, indexed by that integer.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.classes import classes
from marsad.indexer.analysis.term_table import TermTable
from marsad.indexer.analysis.tokenizer import token_end
from marsad.indexer.extract.entities.kernels import (
    BOUND,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    LINE,
    OPEN,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    find_gaps,
)

# At this size, a new table is started, which bounds the memory.
FULL = 120_000

_SIGNS: tuple[tuple[str, int], ...] = (
    ("\"'«»“”„‘’‹›`", QUOTE),
    ("([{", OPEN),
    (")]}", CLOSE),
    (".!?؟…۔", STOP),
    (",،;؛", COMMA),
    ("-–—ـ/", DASH),
    (":", COLON),
    ("\n\r\u2028\u2029", LINE),
    (" \t\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f", SPACE),
)


@cache
def signs() -> NDArray[np.uint8]:
    """Return the sign class of each character of the Basic Multilingual Plane (u8)."""
    table = np.full(1 << 16, OTHER, np.uint8)
    for chars, sign in _SIGNS:
        for char in chars:
            table[ord(char)] = sign
    return table


class Words:
    """The words of one text.

    `codes` (i32) are the places of the words in `surfaces`. `starts` (i32) are their offsets in
    code points. `gaps` (u8) has the sign before each word, and one more element for the end.
    """

    __slots__ = ("codes", "gaps", "starts", "surfaces", "text")

    def __init__(
        self,
        text: str,
        codes: NDArray[np.int32],
        starts: NDArray[np.int32],
        gaps: NDArray[np.uint8],
        surfaces: Sequence[str],
    ) -> None:
        self.text = text
        self.codes = codes
        self.starts = starts
        self.gaps = gaps
        self.surfaces = surfaces

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.codes)

    def surface(self, at: int) -> str:
        """Return the folded word at position *at*."""
        return self.surfaces[int(self.codes[at])]

    def key(self, first: int, end: int) -> tuple[str, ...]:
        """Return the folded words at positions *first* to *end*, without *end*."""
        surfaces = self.surfaces
        return tuple(surfaces[code] for code in self.codes[first:end].tolist())

    def start(self, at: int) -> int:
        """Return the offset of the word at position *at*, in code points."""
        return int(self.starts[at])

    def end(self, at: int) -> int:
        """Return the end of the word at position *at*, in code points."""
        return token_end(self.text, int(self.starts[at]))

    def sequences(self) -> Iterator[tuple[int, int]]:
        """Yield the first position and the end of each sentence."""
        bounds = np.flatnonzero(self.gaps == BOUND).tolist()
        yield from pairwise(bounds)


class WordTable:
    """Codes for folded words. It must not be used by several threads at once."""

    def __init__(self) -> None:
        # No reader is given, because entities are matched by folded words and not by stems.
        self._table = TermTable()
        self._classes = classes()
        self._signs = signs()

    def __len__(self) -> int:
        """Return the size of the table; see `TermTable`."""
        return len(self._table)

    @property
    def surfaces(self) -> Sequence[str]:
        """The known words, by code."""
        return self._table.words["surface"].strings

    def read(self, text: str) -> Words:
        """Return the words of *text*.

        Example:
            >>> words = WordTable().read("قال: «باكو». عاد")
            >>> words.key(0, 3), words.gaps.tolist()
            (('قال', 'باكو', 'عاد'), [9, 1, 9, 9])
        """
        analyzed = self._table.analyze(text)
        starts = np.asarray(analyzed.starts, np.int32)
        raw = text.encode("utf-32-le", "surrogatepass")
        # No sign is beyond the Basic Multilingual Plane, so all characters there can share one
        # number.
        units = np.minimum(np.frombuffer(raw, np.uint32), 0xFFFF).astype(np.uint16)
        gaps = find_gaps(units, starts, self._classes, self._signs)
        return Words(text, analyzed.codes, starts, gaps, self.surfaces)
