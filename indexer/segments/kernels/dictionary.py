"""Dictionary: sort packed terms as their bytes sort, and put other terms between them."""

import numpy as np

from marsad.indexer.compiled import kernel
from marsad.indexer.segments.kernels.layout import Array

_SEPARATOR = 10


@kernel
def align(numbers: Array, bits: int, most: int) -> Array:
    """Return packed terms with the first letter in the highest digit, so that they sort as text.

    *most* is how many digits of *bits* bits fit.
    """
    aligned = numbers.copy()
    least = 1 << (bits * (most - 1))
    for at in range(aligned.size):
        while 0 < aligned[at] < least:
            aligned[at] <<= bits
    return aligned


@kernel
def find_places(packed: Array, units: Array, digits: Array, letters: Array, bits: int) -> Array:
    """Return how many of the *packed* terms come before each line of *units*.

    Args:
        packed: Packed terms, aligned and ascending.
        units: Terms that cannot be packed, in UTF-16, ascending, a line each.
        digits: The digit of each character, 0 if it cannot be packed.
        letters: The character of each digit, ascending.
        bits: How many bits a digit has.
    """
    most = 63 // bits
    lines = 0
    for unit in units:
        lines += unit == _SEPARATOR
    places = np.zeros(lines, np.int64)
    at = place = 0
    for line in range(lines):
        key, size, is_open = np.int64(0), 0, True
        while units[at] != _SEPARATOR:
            if is_open and size < most:
                digit = np.int64(digits[units[at]])
                if digit == 0:
                    # This character has no digit: the first digit whose letter is not lower.
                    digit = 1
                    while digit < letters.size and letters[digit] < units[at]:
                        digit += 1
                    is_open = False
                key = (key << bits) | digit
                size += 1
            at += 1
        at += 1
        key <<= bits * (most - size)
        # A longer term comes after the packed term with the same first letters.
        key += is_open
        while place < packed.size and packed[place] < key:
            place += 1
        places[line] = place
    return places


@kernel
def join_terms(
    packed: Array,
    letters: Array,
    bits: int,
    others: Array,
    ends: Array,
    places: Array,
    field: int,
) -> tuple[Array, Array]:
    """Return the bytes of all terms in order, each after the byte *field*, and their offsets.

    Args:
        packed: Terms, aligned and ascending, of letters that take two bytes in UTF-8.
        letters: The character of each digit.
        bits: How many bits a digit has.
        others: The other terms, in UTF-8, ascending.
        ends: Offset of each of them, and the end.
        places: How many packed terms come before each of them.
        field: The number of the field.
    """
    most = 63 // bits
    mask = (1 << bits) - 1
    count = packed.size + places.size
    at = np.zeros(count + 1, np.int64)
    size = count + others.size
    for number in packed:
        for digit in range(most):
            size += 2 * ((number >> (bits * digit)) & mask > 0)
    blob = np.empty(size, np.uint8)
    term = other = 0
    end = np.int64(0)
    for place in range(packed.size + 1):
        while other < places.size and places[other] == place:
            blob[end] = field
            end += 1
            for byte in range(ends[other], ends[other + 1]):
                blob[end] = others[byte]
                end += 1
            other += 1
            term += 1
            at[term] = end
        if place == packed.size:
            break
        blob[end] = field
        end += 1
        for digit in range(most - 1, -1, -1):
            letter = (packed[place] >> (bits * digit)) & mask
            if letter == 0:
                break
            char = np.int64(letters[letter])
            blob[end] = 0xC0 | (char >> 6)
            blob[end + 1] = 0x80 | (char & 0x3F)
            end += 2
        term += 1
        at[term] = end
    return blob, at
