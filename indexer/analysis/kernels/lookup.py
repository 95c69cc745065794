"""Lookup: the facts of packed words in a hash table; see `indexer.analysis.facts`."""

import numpy as np

from indexer.analysis.kernels.packing import Array
from indexer.compiled import inner, kernel, shared

# Columns of a row: how often the form occurs, and all forms of which it is the stem; packed
# words: the lemma of the form and of the stem, the root of the lemma, the singular of the
# broken plural, the stem of the name; a word that cannot be packed is NOT_PACKED.
FORM, FAMILY, LEMMA, STEM_LEMMA, ROOT, SINGULAR, NAME, FLAGS = range(8)
STOP, IS_SINGULAR = 1, 2

COLUMNS = 8
FREE = -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@shared
def row_of(slots: Array, word: int) -> int:
    """Return the number of the row of a packed word, -1 where there is none."""
    mask = np.uint64(slots.shape[0] - 1)
    slot = (np.uint64(word) * _SPREAD >> np.uint64(32)) & mask
    while slots[slot, 0] != word:
        if slots[slot, 0] == FREE:
            return -1
        slot = (slot + np.uint64(1)) & mask
    return np.int64(slots[slot, 1])


@inner
def fact(slots: Array, rows: Array, word: int, column: int) -> int:
    """Return one fact of a packed word, 0 where there is none."""
    at = row_of(slots, word)
    return rows[at, column] if at >= 0 else 0


@kernel
def add_values(
    slots: Array, rows: Array, used: int, words: Array, column: int, values: Array
) -> int:
    """Add *values* to a column of the rows of *words*; return how many rows are used."""
    mask = np.uint64(slots.shape[0] - 1)
    for at in range(words.size):
        word = words[at]
        if word < 0:
            continue
        slot = (np.uint64(word) * _SPREAD >> np.uint64(32)) & mask
        while slots[slot, 0] != word and slots[slot, 0] != FREE:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot, 0] == FREE:
            slots[slot, 0] = word
            slots[slot, 1] = used
            used += 1
        rows[slots[slot, 1], column] += values[at]
    return used


@kernel
def rehash(old: Array, size: int) -> Array:
    """Return the same rows in a hash table of another size."""
    slots = np.full((size, 2), np.int64(FREE))
    mask = np.uint64(size - 1)
    for at in range(old.shape[0]):
        if old[at, 0] == FREE:
            continue
        slot = (np.uint64(old[at, 0]) * _SPREAD >> np.uint64(32)) & mask
        while slots[slot, 0] != FREE:
            slot = (slot + np.uint64(1)) & mask
        slots[slot, 0] = old[at, 0]
        slots[slot, 1] = old[at, 1]
    return slots
