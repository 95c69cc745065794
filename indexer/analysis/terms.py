"""Terms: the words of a text as numbers into a shared list, which is how an index takes them in.

A code stands for a word as printed, and gives its term at each level.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.spellings import Spellings
from marsad.indexer.fields import Level


class Terms(Sequence[str]):
    """A sequence of terms: `words[code]` for each of `codes` (i32)."""

    __slots__ = ("codes", "words")

    def __init__(self, words: Spellings, codes: NDArray[np.int32]) -> None:
        self.words = words
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> "Terms": ...

    def __getitem__(self, at: int | slice) -> "str | Terms":
        if isinstance(at, slice):
            return Terms(self.words, self.codes[at])
        return self.words[int(self.codes[at])]

    def __iter__(self) -> Iterator[str]:
        return map(self.words.strings.__getitem__, self.codes.tolist())


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A text's terms at every level, and where each token begins (i32), in code points."""

    words: Mapping[Level, Spellings]
    codes: NDArray[np.int32]
    starts: "memoryview[int]"

    def terms(self, level: Level) -> Terms:
        """Return the terms of one level."""
        return Terms(self.words[level], self.codes)

    @property
    def surfaces(self) -> Terms:
        """The folded words."""
        return self.terms("surface")

    @property
    def stems(self) -> Terms:
        """The stems."""
        return self.terms("stem")
