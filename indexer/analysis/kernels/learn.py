"""Learn: give codes and terms to the words that `scan` did not know, in one compiled pass.

    unknown tokens -> [fold and pack] -> [read_word] -> terms by code, the table of `scan`

Words of other letters, very long ones, and those that are several words in one are left to
the caller.
"""

import numpy as np

from marsad.indexer.analysis.alphabet import FOLD, FOLDED, PRINTED
from marsad.indexer.analysis.kernels.names import (
    LEMMA,
    MOST_LETTERS,
    NAMED,
    SEVERAL,
    UNREAD,
    read_word,
)
from marsad.indexer.analysis.kernels.packing import SKIPPED, Array
from marsad.indexer.analysis.kernels.reading import COLUMNS, MOST_FOUND
from marsad.indexer.analysis.kernels.words import CLASS_BITS, LONGEST, UNKNOWN, put, seek
from marsad.indexer.analysis.packed import FOLDED as FOLDED_PACKING
from marsad.indexer.analysis.packed import PRINTED as PRINTED_PACKING
from marsad.indexer.analysis.spellings import CODES, LETTERS, ROWS
from marsad.indexer.compiled import inner, kernel

# Rows of the terms (i64, 4 x n) that are learnt.
SURFACE, STEM, ROOT, EXACT = range(4)

_BITS, _MOST = FOLDED_PACKING.bits, FOLDED_PACKING.most
_BITS_PRINTED, _MOST_PRINTED = PRINTED_PACKING.bits, PRINTED_PACKING.most


def _digits(alphabet: str, digits: Array) -> Array:
    """Return the digit in a packed word of each letter's number (i64)."""
    return np.array([0, *(digits[ord(letter)] for letter in alphabet)], np.int64)


# By the number of a letter as printed, and by its folded number.
_PRINTED_DIGIT = _digits(PRINTED, PRINTED_PACKING.digits)
_FOLDED_DIGIT = _digits(FOLDED, FOLDED_PACKING.digits)[FOLD]
_FOLDED_PRINTED_DIGIT = _digits(FOLDED, PRINTED_PACKING.digits)[FOLD]
# A folded digit.
_DIGIT = (1 << _BITS) - 1
_UNIT = np.array([0, *map(ord, PRINTED)], np.uint16)
_FOLDED_UNIT = np.array([0, *map(ord, FOLDED)], np.uint16)[FOLD]
# How many letters a lemma, a root or a name may have that is not packed.
ROOM = 64


@inner
def packed_or_kept(
    word: Array,
    start: int,
    end: int,
    digit: Array,
    bits: int,
    unit: Array,
    pool: Array,
    used: Array,
) -> int:
    """Return letters as a packed number, or `~place` in *pool* where they are put."""
    if (end - start) * bits < 64:
        number = np.int64(0)
        for at in range(start, end):
            number = (number << bits) | digit[word[at]]
        return number
    begin = used[LETTERS]
    pool[begin] = end - start
    for at in range(start, end):
        pool[begin + 1 + at - start] = unit[word[at]]
    used[LETTERS] += 1 + end - start
    return ~begin


@kernel
def learn(
    units: Array,
    unknown: Array,
    codes: Array,
    folding: Array,
    numbers: Array,
    characters: Array,
    table: tuple[Array, ...],
    spelt: tuple[Array, ...],
    names: Array,
    stems: tuple[Array, Array],
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
        numbers: The number of each character as a letter; see `alphabet`.
        characters: The class and digit of each character, as in `scan`.
        table: What `Morphology.searched` has.
        spelt: What `Morphology.spelt` has.
        names: The hash table of names; see `reading`.
        stems: The letters of the names' stems, and where each begins.
        rows: The table of `scan`, with room for two words of each token.
        letters: Those of its words, with room for the letters of each token, twice, and ROOM more.
        used: How many letters, rows and codes are taken (i64); changed.
        terms: The terms of each code, with room for the tokens; a number below 0 is `~place`
            of the word in *letters*.
        stemming: Whether words are stemmed.
    """
    lemma_letters, lemma_at, lemma_root, root_letters, root_at = spelt
    stem_letters, stem_at = stems
    bare = np.empty(MOST_LETTERS, np.uint16)
    word = np.empty(MOST_LETTERS, np.uint8)
    found = np.empty((MOST_FOUND, COLUMNS), np.int64)
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
            if (
                digit == 0
                or size == _MOST
                or (
                    # A letter that is drawn out is a matter of folding.
                    size > 1 and digit == folded & _DIGIT and digit == (folded >> _BITS) & _DIGIT
                )
            ):
                size = -1
                break
            bare[size] = units[at]
            word[size] = numbers[units[at]]
            folded = (folded << _BITS) | digit
            printed = (printed << _BITS_PRINTED) | np.int64(characters[units[at]] >> CLASS_BITS)
            size += 1
        if size > 0 and size < end - start:
            code = seek(bare, 0, size, characters, rows, letters)
        what, value = SEVERAL, 0
        if size > 0 and code == UNKNOWN:
            what, value = UNREAD, 0
            if stemming:
                what, value, _ = read_word(table, names, word, size, found)
        if what != SEVERAL:
            code = used[CODES]
            terms[SURFACE, code], terms[EXACT, code] = folded, printed
            if what == LEMMA:
                first, last = np.int64(lemma_at[value]), np.int64(lemma_at[value + 1])
                terms[STEM, code] = packed_or_kept(
                    lemma_letters, first, last, _PRINTED_DIGIT, _BITS_PRINTED, _UNIT, letters, used
                )
                root = np.int64(lemma_root[value])
                if root > 0:
                    first, last = np.int64(root_at[root]), np.int64(root_at[root + 1])
                    terms[ROOT, code] = packed_or_kept(
                        root_letters, first, last, _FOLDED_DIGIT, _BITS, _FOLDED_UNIT, letters, used
                    )
                else:
                    terms[ROOT, code] = packed_or_kept(
                        lemma_letters,
                        first,
                        last,
                        _FOLDED_DIGIT,
                        _BITS,
                        _FOLDED_UNIT,
                        letters,
                        used,
                    )
            elif what == NAMED:
                first, last = np.int64(stem_at[value]), np.int64(stem_at[value + 1])
                terms[STEM, code] = packed_or_kept(
                    stem_letters, first, last, _PRINTED_DIGIT, _BITS_PRINTED, _UNIT, letters, used
                )
                terms[ROOT, code] = packed_or_kept(
                    stem_letters, first, last, _FOLDED_DIGIT, _BITS, _FOLDED_UNIT, letters, used
                )
            else:
                # A function word is whole; an unknown word, from behind its article.
                first = value if what == UNREAD else 0
                terms[STEM, code] = packed_or_kept(
                    word,
                    first,
                    size,
                    _FOLDED_PRINTED_DIGIT,
                    _BITS_PRINTED,
                    _FOLDED_UNIT,
                    letters,
                    used,
                )
                terms[ROOT, code] = packed_or_kept(
                    word, first, size, _FOLDED_DIGIT, _BITS, _FOLDED_UNIT, letters, used
                )
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
