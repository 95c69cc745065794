"""Spellings: the terms of a table at one level, as numbers that are spelt when asked for."""

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.packed import Packing, spelt


class TermArrays:
    """Arrays that grow: the terms of each code, a row for each level, and what they point into.

    A number in `terms` (i64) is a packed word, or `~place` of one in `letters` (u16); see
    `packed.spell`. `used` (i64) counts the letters, the rows of a table and the codes in use.
    """

    __slots__ = ("letters", "terms", "used")

    def __init__(self, levels: int, codes: int, letters: int) -> None:
        self.terms = np.zeros((levels, codes), np.int64)
        self.letters = np.zeros(letters, np.uint16)
        self.used = np.zeros(3, np.int64)


LETTERS, ROWS, CODES = range(3)


class Spellings(Sequence[str]):
    """The terms of one level by code; more come, and none changes.

    Equal terms have equal numbers where they can be packed.
    """

    __slots__ = ("_arrays", "_level", "_strings", "packing")

    def __init__(self, arrays: TermArrays, level: int, packing: Packing) -> None:
        self.packing = packing
        self._arrays = arrays
        self._level = level
        self._strings: list[str] = []

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each code."""
        return self._arrays.terms[self._level, : len(self)]

    @property
    def strings(self) -> list[str]:
        """All terms, by code; the list grows."""
        known = len(self._strings)
        if known < len(self):
            self._strings += self.spell(self.numbers[known:])
        return self._strings

    def spell(self, numbers: NDArray[np.int64]) -> list[str]:
        """Return the terms of some of the numbers."""
        return spelt(numbers, self.packing, self._arrays.letters)

    def __len__(self) -> int:
        return int(self._arrays.used[CODES])

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self.strings[at]
