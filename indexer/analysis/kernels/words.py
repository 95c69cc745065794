"""Words: a hash table from printed words to codes, with linear probing.

A word that can be packed is its own key, so that equal keys are equal words. The key of any other
word is the FNV-1a hash of its letters, and its letters are compared as well.
"""

import numpy as np

from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.analysis.packed import PRINTED
from marsad.indexer.compiled import inner, kernel

UNKNOWN = -(1 << 31)
# An element of `characters` has the class of a character in its low bits, and its digit in a packed
# printed word above them.
CLASS_BITS = 3
# Longer tokens are not put into the table, because a row of letters could not hold their length.
LONGEST = 1_000

BITS, MOST = PRINTED.bits, PRINTED.most
HASHED = np.uint64(1 << 63)
HALF = np.uint64(32)
_EMPTY = np.uint64((1 << 64) - 1)
_LOW = np.uint64((1 << 32) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def empty_slots(slots: int) -> Array:
    """Return an empty hash table (u64, slots x 2); *slots* is a power of two.

    A row has the key of a word, and then its code in the high 32 bits. For a hashed key, the low 32
    bits are the place of the word in the pool of letters: its length, then its letters.
    """
    return np.full((slots, 2), _EMPTY, np.uint64)


@inner
def key_of(units: Array, start: int, end: int, characters: Array) -> Array:
    """Return the key of a word (u64)."""
    packed, is_packed = np.uint64(0), end - start <= MOST
    if is_packed:
        for at in range(start, end):
            digit = np.uint64(characters[units[at]] >> CLASS_BITS)
            is_packed &= digit != 0
            packed = (packed << np.uint64(BITS)) | digit
    if is_packed:
        return packed
    # FNV-1a, 64 bits.
    value = np.uint64(14695981039346656037)
    for at in range(start, end):
        value = (value ^ np.uint64(units[at])) * np.uint64(1099511628211)
    return (value ^ (value >> np.uint64(29))) | HASHED


@inner
def slot_of(key: int, mask: int) -> Array:
    """Return the first row at which to look for a key (u64)."""
    return (key * _SPREAD >> HALF) & mask


@inner
def code_of(
    key: int, units: Array, start: int, end: int, rows: Array, letters: Array, slot: int
) -> int:
    """Return the code of the word with *key*, probing from *slot* on, or UNKNOWN."""
    mask = np.uint64(rows.shape[0] - 1)
    while rows[slot, 1] != _EMPTY:
        if rows[slot, 0] == key:
            same = True
            if key >= HASHED:
                known = np.int64(rows[slot, 1] & _LOW)
                same = np.int64(letters[known]) == end - start
                place = 0
                while same and place < end - start:
                    same = letters[known + 1 + place] == units[start + place]
                    place += 1
            if same:
                return np.int64(np.int32(rows[slot, 1] >> HALF))
        slot = (slot + np.uint64(1)) & mask
    return UNKNOWN


@inner
def seek(units: Array, start: int, end: int, characters: Array, rows: Array, letters: Array) -> int:
    """Return the code of the word `units[start:end]`, or UNKNOWN if the table does not have it."""
    key = key_of(units, start, end, characters)
    slot = slot_of(key, np.uint64(rows.shape[0] - 1))
    return code_of(key, units, start, end, rows, letters, slot)


@inner
def put(
    units: Array,
    start: int,
    end: int,
    characters: Array,
    code: int,
    rows: Array,
    letters: Array,
    used: int,
) -> int:
    """Put a new word into the table; return the new number of letters in use.

    The table must have room. *used* is how much of `letters` is in use.
    """
    key = key_of(units, start, end, characters)
    mask = np.uint64(rows.shape[0] - 1)
    slot = slot_of(key, mask)
    while rows[slot, 1] != _EMPTY:
        slot = (slot + np.uint64(1)) & mask
    rows[slot, 0] = key
    rows[slot, 1] = (np.uint64(np.uint32(code)) << HALF) | np.uint64(used)
    if key < HASHED:
        return used
    letters[used] = end - start
    for place in range(start, end):
        letters[used + 1 + place - start] = units[place]
    return used + 1 + end - start


@kernel
def remember(
    units: Array, words: Array, characters: Array, rows: Array, letters: Array, used: int
) -> int:
    """Put new words into the table; return the new number of letters in use.

    *words* has start, end and code of each word in the text *units* (i32, n x 3); no word may be in
    it twice.
    """
    for word in range(words.shape[0]):
        start, end, code = words[word, 0], words[word, 1], words[word, 2]
        used = put(units, start, end, characters, code, rows, letters, used)
    return used


@kernel
def rehash(old: Array, rows: Array) -> None:
    """Copy the rows of a table into a larger empty one; the pool of letters does not change."""
    mask = np.uint64(rows.shape[0] - 1)
    for at in range(old.shape[0]):
        if old[at, 1] == _EMPTY:
            continue
        slot = slot_of(old[at, 0], mask)
        while rows[slot, 1] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        rows[slot, 0] = old[at, 0]
        rows[slot, 1] = old[at, 1]
