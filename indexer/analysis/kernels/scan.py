"""Scan: finds the tokens of a text and looks up the code of each, in one compiled pass.

    UTF-16 code units -> [characters] -> tokens -> [hash table] -> codes

Tokens are the same as those of `tokenizer`, whose rules are given as a class for each character of
the Basic Multilingual Plane.
"""

import numpy as np

from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.analysis.kernels.words import (
    BITS,
    CLASS_BITS,
    HALF,
    HASHED,
    MOST,
    UNKNOWN,
    code_of,
    key_of,
    slot_of,
)
from marsad.indexer.compiled import kernel

OTHER, LETTER, DIGIT, MARK, FORMAT = 0, 1, 2, 3, 4
_CLASS = (1 << CLASS_BITS) - 1


@kernel
def scan(
    units: Array, characters: Array, rows: Array, letters: Array
) -> tuple[Array, Array, Array]:
    """Return the tokens' starts, their codes, and `(token, start, end)` of each unknown one.

    All three are i32. The code of an unknown token is `UNKNOWN`.

    Args:
        units: A text without characters beyond the Basic Multilingual Plane (u16).
        characters: The class and digit of each character; see `classes.characters`.
        rows: The hash table; see `words.empty_slots`.
        letters: The letters of its words.
    """
    mask = np.uint64(rows.shape[0] - 1)
    token_start = np.empty(units.size, np.int32)
    token_end = np.empty(units.size, np.int32)
    keys = np.empty(units.size, np.uint64)
    tokens = unknown = at = 0
    while at < units.size:
        character = characters[units[at]]
        kind = character & _CLASS
        if kind != LETTER and kind != DIGIT:
            at += 1
            continue
        start = at
        packed, is_packed = np.uint64(0), True
        while True:
            digit = np.uint64(character >> CLASS_BITS)
            is_packed &= digit != 0
            packed = (packed << np.uint64(BITS)) | digit
            at += 1
            if at == units.size:
                break
            character = characters[units[at]]
            other = character & _CLASS
            if other != kind and other != FORMAT and (other != MARK or kind != LETTER):
                break
        if is_packed and at - start <= MOST:
            keys[tokens] = packed
        else:
            keys[tokens] = key_of(units, start, at, characters)
        token_start[tokens] = start
        token_end[tokens] = at
        tokens += 1
    # The hash table is larger than the CPU caches. A loop of independent lookups lets the CPU wait
    # for many rows at once, so the rare collisions are left to the second loop.
    token_code = np.empty(tokens, np.int32)
    for token in range(tokens):
        slot = slot_of(keys[token], mask)
        token_code[token] = UNKNOWN
        if rows[slot, 0] == keys[token] and keys[token] < HASHED:
            token_code[token] = np.int32(rows[slot, 1] >> HALF)
    places = np.empty((tokens, 3), np.int32)
    for token in range(tokens):
        if token_code[token] != UNKNOWN:
            continue
        key = keys[token]
        start, end = np.int64(token_start[token]), np.int64(token_end[token])
        code = code_of(key, units, start, end, rows, letters, slot_of(key, mask))
        token_code[token] = code
        if code == UNKNOWN:
            places[unknown, 0], places[unknown, 1], places[unknown, 2] = token, start, end
            unknown += 1
    return token_start[:tokens].copy(), token_code, places[:unknown]
