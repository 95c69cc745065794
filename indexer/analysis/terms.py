"""Terms: the words of a text as integer codes into a shared table of terms.

The index takes a text in this form, because integers are much cheaper to count and sort than
strings. One code is one printed word; the table has a term for it at each level.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.spellings import Spellings
from marsad.indexer.fields import Level


class Terms(Sequence[str]):
    """The terms of a text at one level, in text order.

    Term number n is `words[codes[n]]`; `codes` is an i32 array.
    """

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
    """The result of analyzing a text for the index.

    `words` maps each level to its table of terms. `codes` has the code of each token (i32), and
    `starts` the offset of each token in code points (i32).
    """

    words: Mapping[Level, Spellings]
    codes: NDArray[np.int32]
    starts: "memoryview[int]"

    def terms(self, level: Level) -> Terms:
        """Return the terms of the text at *level*."""
        return Terms(self.words[level], self.codes)

    @property
    def surfaces(self) -> Terms:
        """The folded words, in text order."""
        return self.terms("surface")

    @property
    def stems(self) -> Terms:
        """The stems, in text order."""
        return self.terms("stem")
