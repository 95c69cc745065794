"""Learn: gives codes and terms to words that `scan` did not know, in one compiled pass.

    unknown tokens -> [fold and pack] -> [read_word] -> terms by code, the table of `scan`

Three kinds of words are left to the caller: those with other letters than Arabic, very long ones,
and those that are several words written as one.
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

# Rows of the array of terms (i64, 4 x n).
SURFACE, STEM, ROOT, EXACT = range(4)

_BITS, _MOST = FOLDED_PACKING.bits, FOLDED_PACKING.most
_BITS_PRINTED, _MOST_PRINTED = PRINTED_PACKING.bits, PRINTED_PACKING.most


def _digits(alphabet: str, digits: Array) -> Array:
    """Return the digit that stands for each letter of *alphabet* in a packed word (i64).

    The place in the array is the number of the letter, from 1; place 0 holds 0.
    """
    return np.array([0, *(digits[ord(letter)] for letter in alphabet)], np.int64)


# Packed digits by the number of a printed letter: of the letter itself in the printed alphabet, of
# its folded letter in the folded alphabet, and of its folded letter in the printed one.
_PRINTED_DIGIT = _digits(PRINTED, PRINTED_PACKING.digits)
_FOLDED_DIGIT = _digits(FOLDED, FOLDED_PACKING.digits)[FOLD]
_FOLDED_PRINTED_DIGIT = _digits(FOLDED, PRINTED_PACKING.digits)[FOLD]
# Selects the last digit of a folded word.
_DIGIT = (1 << _BITS) - 1
_UNIT = np.array([0, *map(ord, PRINTED)], np.uint16)
_FOLDED_UNIT = np.array([0, *map(ord, FOLDED)], np.uint16)[FOLD]
# Room in the pool for a stem and a root that cannot be packed, for each word.
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
    """Return letters as a packed number, or put them into *pool* and return `~place` there."""
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
    """Learn the tokens in *unknown*; return how many could not be read.

    The unread ones are moved to the front of *unknown*.

    Args:
        units: The text, as in `scan`.
        unknown: Token number, start and end of each unknown token (i32, n x 3).
        codes: The codes of the text's tokens; those of learnt tokens are filled in.
        folding: The digit of each character in a folded word; see `packed.folding`.
        numbers: The letter number of each character; see `alphabet`.
        characters: The class and digit of each character, as in `scan`.
        table: `Morphology.searched`.
        spelt: `Morphology.spelt`.
        names: The hash table of names; see `kernels.names`.
        stems: The letters of the names' stems, and the offset of each stem.
        rows: The hash table of `scan`, with room for two words for each token.
        letters: The pool of letters, with room for the letters of each token, twice, and ROOM more.
        used: How many letters, rows and codes are in use (i64); updated.
        terms: The terms of each code, with room for all tokens; a number below 0 is `~place` of
            a word in *letters*.
        stemming: Whether words are stemmed; if not, each word is its own stem and root.
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
                    # Three equal letters in a row: folding writes a drawn-out letter once, which
                    # the caller does.
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
        # Marks were removed; the same word without marks may be known.
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
                # A function word is kept whole, and an unknown word without its article.
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
        # The spelling with marks is noted as well, so that `scan` finds it next time.
        if size < end - start <= LONGEST:
            used[LETTERS] = put(units, start, end, characters, code, rows, letters, used[LETTERS])
            used[ROWS] += 1
    return left
