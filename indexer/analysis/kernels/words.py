"""Words: a hash table of printed words, each with a code.

A word that can be packed as printed is its own key; another has the FNV-1a hash of its
letters for one, and is compared letter by letter.
"""

import numpy as np

from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.analysis.packed import PRINTED
from marsad.indexer.compiled import inner, kernel

UNKNOWN = -(1 << 31)
# A character is its class, and above that its digit in a packed word as printed.
CLASS_BITS = 3
# A run of more letters is no word, and is not put into a table: its length would not fit there.
LONGEST = 1_000

BITS, MOST = PRINTED.bits, PRINTED.most
HASHED = np.uint64(1 << 63)
HALF = np.uint64(32)
_EMPTY = np.uint64((1 << 64) - 1)
_LOW = np.uint64((1 << 32) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def empty_slots(slots: int) -> Array:
    """Return a table without words; *slots* is a power of two.

    A row is the key of a word, then its code and, for a hash, its place in the letters, 32
    bits each; at that place stands how many letters the word has, then the letters.
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
    value = np.uint64(14695981039346656037)
    for at in range(start, end):
        value = (value ^ np.uint64(units[at])) * np.uint64(1099511628211)
    return (value ^ (value >> np.uint64(29))) | HASHED


@inner
def slot_of(key: int, mask: int) -> Array:
    """Return the first row of a table to look for a key in (u64)."""
    return (key * _SPREAD >> HALF) & mask


@inner
def code_of(
    key: int, units: Array, start: int, end: int, rows: Array, letters: Array, slot: int
) -> int:
    """Return the code of the word of a key, from *slot* on, UNKNOWN where the table has none."""
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
    """Return the code of the word at a place of *units*, UNKNOWN where the table has none."""
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
    """Put a word that the table does not hold into it; return how much of `letters` is used then.

    The table has room enough, and *used* of `letters` is taken.
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
    """Put words that the table does not hold into it; return how much of `letters` is used then.

    *words* are start, end and code of each (i32), in the text *units*, none twice.
    """
    for word in range(words.shape[0]):
        start, end, code = words[word, 0], words[word, 1], words[word, 2]
        used = put(units, start, end, characters, code, rows, letters, used)
    return used


@kernel
def rehash(old: Array, rows: Array) -> None:
    """Move the rows of one table into another of more slots; letters stay where they are."""
    mask = np.uint64(rows.shape[0] - 1)
    for at in range(old.shape[0]):
        if old[at, 1] == _EMPTY:
            continue
        slot = slot_of(old[at, 0], mask)
        while rows[slot, 1] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        rows[slot, 0] = old[at, 0]
        rows[slot, 1] = old[at, 1]
