"""Learn: give codes and terms to the words that `scan` did not know, in one compiled pass.

    unknown tokens -> [fold and pack] -> [packed rules] -> terms by code, the table of `scan`

Words of other letters, and longer ones, are left to the caller.
"""

import numpy as np

from indexer.analysis.kernels.packing import SKIPPED, Array
from indexer.analysis.kernels.rules import read_word
from indexer.analysis.kernels.words import CLASS_BITS, LONGEST, UNKNOWN, put, seek
from indexer.analysis.packed import FOLDED, PRINTED
from indexer.analysis.spellings import CODES, LETTERS, ROWS
from indexer.compiled import kernel

# Rows of the terms (i64, 4 x n) that are learnt.
SURFACE, STEM, ROOT, EXACT = range(4)

_MOST, _BITS = FOLDED.most, FOLDED.bits
_MOST_PRINTED, _BITS_PRINTED = PRINTED.most, PRINTED.bits


@kernel
def learn(
    units: Array,
    unknown: Array,
    codes: Array,
    folding: Array,
    characters: Array,
    slots: Array,
    facts: Array,
    rows: Array,
    letters: Array,
    used: Array,
    terms: Array,
    stemming: bool,
) -> int:
    """Learn the tokens *unknown*; return how many are left over, which come to its front.

    Args:
        units: The text, as in `scan`.
        unknown: Token, start and end of each (i32, n x 3).
        codes: The codes of the text's tokens, to be filled.
        folding: The digit of each character in a folded word; see `packed.folding`.
        characters: The class and digit of each character, as in `scan`.
        slots: A field of `Facts`.
        facts: The rows of `Facts`.
        rows: The table of `scan`, with room for two words of each token.
        letters: Those of its words, with room for the letters of each token, twice.
        used: How many letters, rows and codes are taken (i64); changed.
        terms: The terms of each code, with room for the tokens; a number below 0 is `~place`
            of the word in *letters*.
        stemming: Whether words are stemmed.
    """
    bare = np.empty(_MOST, np.uint16)
    left = 0
    for number in range(unknown.shape[0]):
        token, start, end = unknown[number, 0], unknown[number, 1], unknown[number, 2]
        code = seek(units, start, end, characters, rows, letters)
        if code != UNKNOWN:
            codes[token] = code
            continue
        folded, printed, size = np.int64(0), np.int64(0), 0
        for at in range(start, end):
            digit = np.int64(folding[units[at]])
            if digit == SKIPPED:
                continue
            if digit == 0 or size == _MOST:
                size = -1
                break
            bare[size] = units[at]
            folded = (folded << _BITS) | digit
            printed = (printed << _BITS_PRINTED) | np.int64(characters[units[at]] >> CLASS_BITS)
            size += 1
        if size > 0 and size < end - start:
            code = seek(bare, 0, size, characters, rows, letters)
        if size > 0 and code == UNKNOWN:
            stem, root = folded, folded
            if stemming:
                stem, root = read_word(slots, facts, folded)
            if stem >= 0 and root >= 0:
                code = used[CODES]
                terms[SURFACE, code], terms[STEM, code] = folded, stem
                terms[ROOT, code], terms[EXACT, code] = root, printed
                if size > _MOST_PRINTED:
                    terms[EXACT, code] = ~used[LETTERS]
                used[LETTERS] = put(bare, 0, size, characters, code, rows, letters, used[LETTERS])
                used[ROWS] += 1
                used[CODES] += 1
        if code == UNKNOWN:
            unknown[left, 0], unknown[left, 1], unknown[left, 2] = token, start, end
            left += 1
            continue
        codes[token] = code
        if size < end - start <= LONGEST:
            used[LETTERS] = put(units, start, end, characters, code, rows, letters, used[LETTERS])
            used[ROWS] += 1
    return left
