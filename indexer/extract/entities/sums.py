"""Sums: what the names of a word's features give, added up; and its letters by number."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import kernel

Array = NDArray[Any]

_LINE_FEED = 10


def rows_of(numbers: Sequence[Iterable[int | None]]) -> tuple[Array, Array]:
    """Return the numbers of all words one after another, and where each word's begin.

    Example:
        >>> [array.tolist() for array in rows_of([[5, None, 7], [], [1]])]
        [[5, 7, 1], [0, 2, 2, 3]]
    """
    known = [[number for number in some if number is not None] for some in numbers]
    at = np.zeros(len(known) + 1, np.int64)
    np.cumsum([len(some) for some in known], out=at[1:])
    return np.fromiter(chain.from_iterable(known), np.int64, int(at[-1])), at


@kernel
def sum_rows(values: Array, numbers: Array, at: Array) -> Array:
    """Return for each word the sum of its rows of *values*, one after another in float32.

    *numbers* are the rows of all words; those of word n begin at `at[n]`.
    """
    size = values.shape[1]
    sums = np.zeros((at.size - 1, size), np.float32)
    for word in range(at.size - 1):
        for place in range(at[word], at[word + 1]):
            for to in range(size):
                sums[word, to] += values[numbers[place], to]
    return sums


@kernel
def number_letters(units: Array, numbers: Array, words: int, places: int) -> Array:
    """Return the numbers of the letters of *words* lines, 0 behind the last, shape (words, places).

    *units* are code points (u32); those that *numbers* does not reach have the number 1.
    """
    letters = np.zeros((words, places), np.int64)
    word = place = 0
    for unit in units:
        if unit == _LINE_FEED:
            word += 1
            place = 0
            continue
        letters[word, place] = numbers[unit] if unit < numbers.size else 1
        place += 1
    return letters
