"""Scan: find the tokens of a text and look each up, in one compiled pass.

    UTF-16 code units -> [classes] -> tokens -> [hash table] -> codes

A printed word is known by the number that it got when it was first seen. The rules
are those of `tokenizer`, as a class for each character of the Basic Multilingual
Plane; the hash is FNV-1a, and equal hashes are compared letter by letter.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.compiled import inner, kernel

Array = NDArray[Any]

OTHER, LETTER, DIGIT, MARK, FORMAT = 0, 1, 2, 3, 4
UNKNOWN = -(1 << 31)

_EMPTY = -1


class Table(NamedTuple):
    """Known words by hash: a power of two of slots, each word's letters in *letters*."""

    hashes: NDArray[np.uint64]
    codes: NDArray[np.int32]
    starts: NDArray[np.int32]
    sizes: NDArray[np.int32]
    letters: NDArray[np.uint16]


def empty_table(slots: int, letters: int) -> Table:
    """Return a table without words; *slots* is a power of two."""
    return Table(
        np.zeros(slots, np.uint64),
        np.zeros(slots, np.int32),
        np.full(slots, _EMPTY, np.int32),
        np.zeros(slots, np.int32),
        np.zeros(letters, np.uint16),
    )


@inner
def _hash(units: Array, start: int, end: int) -> Any:  # noqa: ANN401  (u64, as numba has it)
    value = np.uint64(14695981039346656037)
    for at in range(start, end):
        value = (value ^ np.uint64(units[at])) * np.uint64(1099511628211)
    return value ^ (value >> np.uint64(29))


@kernel
def scan(
    units: Array,
    classes: Array,
    hashes: Array,
    codes: Array,
    starts: Array,
    sizes: Array,
    letters: Array,
) -> tuple[Array, Array, Array, int]:
    """Return each token's start, end and code, and how many codes are `UNKNOWN`.

    *units* is a text without characters beyond the Basic Multilingual Plane (u16), *classes*
    the class of each character; the rest are the fields of a `Table`.
    """
    mask = np.uint64(hashes.size - 1)
    token_start = np.empty(units.size, np.int32)
    token_end = np.empty(units.size, np.int32)
    token_code = np.empty(units.size, np.int32)
    tokens = unknown = at = 0
    while at < units.size:
        kind = classes[units[at]]
        if kind != LETTER and kind != DIGIT:  # noqa: PLR1714  (numba knows no other form)
            at += 1
            continue
        start = at
        at += 1
        while at < units.size:
            other = classes[units[at]]
            if other != kind and other != FORMAT and (other != MARK or kind != LETTER):  # noqa: PLR1714
                break
            at += 1
        value = _hash(units, start, at)
        slot = value & mask
        code = UNKNOWN
        while starts[slot] != _EMPTY:
            if hashes[slot] == value and sizes[slot] == at - start:
                known = starts[slot]
                same = True
                for place in range(at - start):
                    if letters[known + place] != units[start + place]:
                        same = False
                        break
                if same:
                    code = codes[slot]
                    break
            slot = (slot + np.uint64(1)) & mask
        unknown += code == UNKNOWN
        token_start[tokens] = start
        token_end[tokens] = at
        token_code[tokens] = code
        tokens += 1
    return token_start[:tokens].copy(), token_end[:tokens], token_code[:tokens].copy(), unknown


@kernel
def remember(
    units: Array,
    token_start: Array,
    token_end: Array,
    token_code: Array,
    hashes: Array,
    codes: Array,
    starts: Array,
    sizes: Array,
    letters: Array,
    used: int,
) -> int:
    """Put words that the table does not hold into it; return how many letters it then has.

    *units* is the text that the words stand in, none twice; the table has room enough, and
    *used* letters.
    """
    mask = np.uint64(hashes.size - 1)
    for word in range(token_start.size):
        start, end = token_start[word], token_end[word]
        value = _hash(units, start, end)
        slot = value & mask
        while starts[slot] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        hashes[slot] = value
        codes[slot] = token_code[word]
        starts[slot] = used
        sizes[slot] = end - start
        for place in range(start, end):
            letters[used] = units[place]
            used += 1
    return used


@kernel
def rehash(
    old_hashes: Array,
    old_codes: Array,
    old_starts: Array,
    old_sizes: Array,
    hashes: Array,
    codes: Array,
    starts: Array,
    sizes: Array,
) -> None:
    """Move the words of one table into another of more slots; letters stay where they are."""
    mask = np.uint64(hashes.size - 1)
    for old in range(old_hashes.size):
        if old_starts[old] == _EMPTY:
            continue
        slot = old_hashes[old] & mask
        while starts[slot] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        hashes[slot] = old_hashes[old]
        codes[slot] = old_codes[old]
        starts[slot] = old_starts[old]
        sizes[slot] = old_sizes[old]
