"""Alphabet: numbers for the 36 letters of printed Arabic, for use in compiled code.

A printed letter is numbered by its place in `PRINTED`, from 1. Letters that fold together, such as
ا أ إ آ, share one folded number (from 1) and differ in their variant number (from 0).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.corpus.letters import LETTERS, VANISHING_RUN

PRINTED = "".join(map(chr, (*range(0x0621, 0x063B), *range(0x0641, 0x064B))))
FOLDED = "".join(sorted({letter.translate(LETTERS) for letter in PRINTED}))

# Marks the characters that folding removes, such as vowel marks. No letter has this number.
SKIPPED = 255

# For each folded letter, the printed letters that fold to it. The folded letter itself comes first,
# so that variant 0 is always the plain spelling.
_KINDS = {
    folded: sorted(
        (letter for letter in PRINTED if letter.translate(LETTERS) == folded),
        key=lambda letter: (letter not in FOLDED, letter),
    )
    for folded in FOLDED
}


def number(letter: str) -> int:
    """Return the number of a printed letter, from 1.

    Example:
        >>> number("ء"), number("ي")
        (1, 36)
    """
    return PRINTED.index(letter) + 1


_LATIN = {ord(letter): chr(at) for at, letter in enumerate(PRINTED, 1)}


def numbers(word: str) -> NDArray[np.uint8]:
    """Return the letter numbers of a word (u8). All its letters must be in `PRINTED`."""
    # All 36 numbers are valid Latin-1 bytes, so that the string methods, which run in C, do all the
    # work.
    return np.frombuffer(word.translate(_LATIN).encode("latin-1"), np.uint8)


def letters_and_offsets(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the letters of all *words* as one array of numbers, and the offset of each word.

    Word n is `letters[at[n]:at[n + 1]]`; `at` has one element more than *words*.

    Example:
        >>> letters, at = letters_and_offsets(["باب", "دار"])
        >>> len(letters), at.tolist()
        (6, [0, 3, 6])
    """
    at = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in words], out=at[1:])
    return numbers("".join(words)), at


def _by_number(value: dict[str, int]) -> NDArray[np.int64]:
    return np.array([0, *(value[letter] for letter in PRINTED)], np.int64)


# Three tables indexed by the number of a printed letter (i64): its folded number, its variant
# number, and how many variants its folded letter has.
FOLD = _by_number({x: FOLDED.index(one) + 1 for one, kind in _KINDS.items() for x in kind})
VARIANT = _by_number({x: at for kind in _KINDS.values() for at, x in enumerate(kind)})
VARIANTS = _by_number({x: len(kind) for kind in _KINDS.values() for x in kind})
# The reverse table (u8): folded number and variant number to the number of the printed letter.
PRINT = np.zeros((len(FOLDED) + 1, 4), np.uint8)
for _letter in PRINTED:
    PRINT[FOLD[number(_letter)], VARIANT[number(_letter)]] = number(_letter)


def character_numbers() -> NDArray[np.uint8]:
    """Return the letter number of each character of the Basic Multilingual Plane (u8).

    A character that is not an Arabic letter has 0, and a mark has SKIPPED. A letter that only other
    languages use has the number of the Arabic letter it folds to (گ counts as ك).
    """
    table = np.zeros(1 << 16, np.uint8)
    for at in range(1 << 16):
        if VANISHING_RUN.match(chr(at)):
            table[at] = SKIPPED
    for char, folded in LETTERS.items():
        if char < 1 << 16 and folded in PRINTED:
            table[char] = number(folded)
    for letter in PRINTED:
        table[ord(letter)] = number(letter)
    return table
