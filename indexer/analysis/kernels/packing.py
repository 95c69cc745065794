"""Packing: converts short words to integers and back, many in one call; see `analysis.packed`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import kernel

Array = NDArray[Any]

# The digit of a character that folding removes, and the number of a word that cannot be packed.
SKIPPED, NOT_PACKED = 255, -1
_SEPARATOR = 10


@kernel
def pack_lines(units: Array, digits: Array, bits: int, most: int, count: int) -> Array:
    """Return the number of each of *count* lines (i64), NOT_PACKED if it cannot be packed."""
    numbers = np.zeros(count, np.int64)
    line = size = 0
    for at in range(units.size):
        unit = units[at]
        if unit == _SEPARATOR:
            line += 1
            size = 0
            continue
        digit = np.int64(digits[unit])
        size += 1
        if digit == 0 or digit == SKIPPED or size > most:
            numbers[line] = -1
        elif numbers[line] >= 0:
            numbers[line] = (numbers[line] << bits) | digit
    return numbers


@kernel
def spell(numbers: Array, letters: Array, bits: int, pool: Array) -> Array:
    """Return the words of *numbers* as UTF-16, one word a line (u16).

    A number below 0 is `~place` of a word in *pool*. The pool has the length of the word at that
    place, and then its letters.
    """
    # The first pass finds the length of the result, the second writes it. Each word has a line
    # feed.
    size = numbers.size
    for number in numbers:
        if number < 0:
            size += np.int64(pool[~number])
        rest = number
        while rest > 0:
            rest >>= bits
            size += 1
    units = np.empty(size, np.uint16)
    mask = (1 << bits) - 1
    at = 0
    for number in numbers:
        if number < 0:
            for place in range(np.int64(pool[~number])):
                units[at] = pool[~number + 1 + place]
                at += 1
        rest, long = number, 0
        while rest > 0:
            rest >>= bits
            long += 1
        for place in range(long):
            units[at] = letters[(number >> (bits * (long - 1 - place))) & mask]
            at += 1
        units[at] = _SEPARATOR
        at += 1
    return units
