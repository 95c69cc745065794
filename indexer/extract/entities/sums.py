"""Sums: adds up the weights of each word's features, and numbers the letters of words.

The tagger uses both to prepare many new words in one compiled call.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import kernel

Array = NDArray[Any]

_LINE_FEED = 10


def rows_of(numbers: Sequence[Iterable[int | None]]) -> tuple[Array, Array]:
    """Return the numbers of all words in one array, and the offset of each word.

    Numbers that are None (unknown features) are left out.

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
    """Return, for each word, the sum of its rows of *values* (f32).

    *numbers* has the row numbers of all words; those of word n are `numbers[at[n]:at[n + 1]]`. The
    rows are added one after another in float32, so that the sums are reproducible.
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
    """Return the numbers of each word's letters (i64, words x places), 0 after the last letter.

    *units* are code points (u32), one word a line. A code point outside of *numbers* has the number
    1.
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
