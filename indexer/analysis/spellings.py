"""Spellings: the terms of one level, stored as integers and turned into strings on demand.

Most terms are never printed, only counted and compared, and integers are faster for both.
"""

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.packed import Packing, spelt


class TermArrays:
    """Growing arrays with the terms of each code: one row for each level, and a pool of letters.

    A value in `terms` (i64) is a packed word, or `~place` of a word in the pool `letters` (u16) if
    it cannot be packed; see `packed.spell`. `used` (i64) counts the letters, hash table rows and
    codes that are in use.
    """

    __slots__ = ("letters", "terms", "used")

    def __init__(self, levels: int, codes: int, letters: int) -> None:
        self.terms = np.zeros((levels, codes), np.int64)
        self.letters = np.zeros(letters, np.uint16)
        self.used = np.zeros(3, np.int64)


LETTERS, ROWS, CODES = range(3)


class Spellings(Sequence[str]):
    """The terms of one level, by code. New codes are added, existing ones never change.

    Equal terms have equal numbers if they can be packed.
    """

    __slots__ = ("_arrays", "_level", "_strings", "packing")

    def __init__(self, arrays: TermArrays, level: int, packing: Packing) -> None:
        self.packing = packing
        self._arrays = arrays
        self._level = level
        self._strings: list[str] = []

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each code (i64); see `TermArrays`."""
        return self._arrays.terms[self._level, : len(self)]

    @property
    def strings(self) -> list[str]:
        """All terms as strings, by code; the same list grows with later calls."""
        known = len(self._strings)
        if known < len(self):
            self._strings += self.spell(self.numbers[known:])
        return self._strings

    def spell(self, numbers: NDArray[np.int64]) -> list[str]:
        """Return *numbers* as strings."""
        return spelt(numbers, self.packing, self._arrays.letters)

    def __len__(self) -> int:
        return int(self._arrays.used[CODES])

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self.strings[at]
