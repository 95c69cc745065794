"""Scan: find the tokens of a text and look each up, in one compiled pass.

    UTF-16 code units -> [classes] -> tokens -> [hash table] -> codes

A printed word is known by the number that it got when it was first seen. The rules
are those of `tokenizer`, as a class for each character of the Basic Multilingual
Plane; the hash is FNV-1a, and equal hashes are compared letter by letter.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.compiled import inner, kernel

Array = NDArray[Any]

OTHER, LETTER, DIGIT, MARK, FORMAT = 0, 1, 2, 3, 4
UNKNOWN = -(1 << 31)

_EMPTY = np.uint64((1 << 64) - 1)
_LOW = np.uint64((1 << 32) - 1)


def empty_slots(slots: int) -> NDArray[np.uint64]:
    """Return a table without words; *slots* is a power of two.

    A row is the hash of a word, then its code and its place in the letters, 32 bits each; at
    that place stands how many letters the word has, then the letters.
    """
    return np.full((slots, 2), _EMPTY, np.uint64)


@inner
def _hash(units: Array, start: int, end: int) -> Any:  # noqa: ANN401  (u64, as numba has it)
    value = np.uint64(14695981039346656037)
    for at in range(start, end):
        value = (value ^ np.uint64(units[at])) * np.uint64(1099511628211)
    return value ^ (value >> np.uint64(29))


@kernel
def scan(units: Array, classes: Array, rows: Array, letters: Array) -> tuple[Array, Array, Array]:
    """Return each token's start and code, and `(token, start, end)` of those that are `UNKNOWN`.

    *units* is a text without characters beyond the Basic Multilingual Plane (u16), *classes*
    the class of each character, *rows* the table and *letters* those of its words.
    """
    mask = np.uint64(rows.shape[0] - 1)
    token_start = np.empty(units.size, np.int32)
    token_end = np.empty(units.size, np.int32)
    token_code = np.empty(units.size, np.int32)
    hashes = np.empty(units.size, np.uint64)
    words = np.empty(units.size, np.uint64)
    tokens = unknown = at = 0
    while at < units.size:
        kind = classes[units[at]]
        if kind != LETTER and kind != DIGIT:
            at += 1
            continue
        start = at
        at += 1
        while at < units.size:
            other = classes[units[at]]
            if other != kind and other != FORMAT and (other != MARK or kind != LETTER):
                break
            at += 1
        hashes[tokens] = _hash(units, start, at)
        token_start[tokens] = start
        token_end[tokens] = at
        tokens += 1
    # The table is larger than the caches: rows that do not wait for each other come faster.
    for token in range(tokens):
        slot = hashes[token] & mask
        words[token] = rows[slot, 1] if rows[slot, 0] == hashes[token] else _EMPTY
    places = np.empty((tokens, 3), np.int32)
    for token in range(tokens):
        start, size = np.int64(token_start[token]), np.int64(token_end[token] - token_start[token])
        value, word = hashes[token], words[token]
        slot = value & mask
        code = UNKNOWN
        while True:
            if word != _EMPTY:
                known = np.int64(word & _LOW)
                same = np.int64(letters[known]) == size
                place = 0
                while same and place < size:
                    same = letters[known + 1 + place] == units[start + place]
                    place += 1
                if same:
                    code = np.int64(np.int32(word >> np.uint64(32)))
                    break
            if rows[slot, 1] == _EMPTY:
                break
            slot = (slot + np.uint64(1)) & mask
            word = rows[slot, 1] if rows[slot, 0] == value else _EMPTY
        token_code[token] = code
        if code == UNKNOWN:
            places[unknown] = token, start, start + size
            unknown += 1
    return token_start[:tokens].copy(), token_code[:tokens].copy(), places[:unknown]


@inner
def seek(units: Array, start: int, end: int, rows: Array, letters: Array) -> int:
    """Return the code of the word at a place of *units*, UNKNOWN where the table has none."""
    mask = np.uint64(rows.shape[0] - 1)
    value = _hash(units, start, end)
    slot = value & mask
    while rows[slot, 1] != _EMPTY:
        if rows[slot, 0] == value:
            known = np.int64(rows[slot, 1] & _LOW)
            same = np.int64(letters[known]) == end - start
            place = 0
            while same and place < end - start:
                same = letters[known + 1 + place] == units[start + place]
                place += 1
            if same:
                return np.int64(np.int32(rows[slot, 1] >> np.uint64(32)))
        slot = (slot + np.uint64(1)) & mask
    return UNKNOWN


@inner
def put(
    units: Array, start: int, end: int, code: int, rows: Array, letters: Array, used: int
) -> int:
    """Put a word that the table does not hold into it; return how much of `letters` is used then.

    The table has room enough, and *used* of `letters` is taken.
    """
    mask = np.uint64(rows.shape[0] - 1)
    value = _hash(units, start, end)
    slot = value & mask
    while rows[slot, 1] != _EMPTY:
        slot = (slot + np.uint64(1)) & mask
    rows[slot, 0] = value
    rows[slot, 1] = (np.uint64(np.uint32(code)) << np.uint64(32)) | np.uint64(used)
    letters[used] = end - start
    for place in range(start, end):
        letters[used + 1 + place - start] = units[place]
    return used + 1 + end - start


@kernel
def remember(units: Array, words: Array, rows: Array, letters: Array, used: int) -> int:
    """Put words that the table does not hold into it; return how much of `letters` is used then.

    *words* are start, end and code of each (i32), in the text *units*, none twice.
    """
    for word in range(words.shape[0]):
        start, end, code = words[word, 0], words[word, 1], words[word, 2]
        used = put(units, start, end, code, rows, letters, used)
    return used


@kernel
def rehash(old: Array, rows: Array) -> None:
    """Move the rows of one table into another of more slots; letters stay where they are."""
    mask = np.uint64(rows.shape[0] - 1)
    for at in range(old.shape[0]):
        if old[at, 1] == _EMPTY:
            continue
        slot = old[at, 0] & mask
        while rows[slot, 1] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        rows[slot, 0] = old[at, 0]
        rows[slot, 1] = old[at, 1]
