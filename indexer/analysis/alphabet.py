"""Alphabet: the 36 letters that Arabic words are written with, as numbers for the kernels.

A letter's number is its place in `PRINTED`, from 1. Letters that fold together, such as
ا أ إ آ, have one folded number, from 1, and differ in their variant, from 0.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.corpus.letters import LETTERS, VANISHING_RUN

PRINTED = "".join(map(chr, (*range(0x0621, 0x063B), *range(0x0641, 0x064B))))
FOLDED = "".join(sorted({letter.translate(LETTERS) for letter in PRINTED}))

# The number of a character that vanishes.
SKIPPED = 255

# The letters of each folded one, itself first.
_KINDS = {
    folded: sorted(
        (letter for letter in PRINTED if letter.translate(LETTERS) == folded),
        key=lambda letter: (letter not in FOLDED, letter),
    )
    for folded in FOLDED
}


def number(letter: str) -> int:
    """Return the number of a printed letter.

    Example:
        >>> number("ء"), number("ي")
        (1, 36)
    """
    return PRINTED.index(letter) + 1


_LATIN = {ord(letter): chr(at) for at, letter in enumerate(PRINTED, 1)}


def numbers(word: str) -> NDArray[np.uint8]:
    """Return the numbers of a word of printed letters (u8)."""
    return np.frombuffer(word.translate(_LATIN).encode("latin-1"), np.uint8)


def lined_up(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the numbers of words of printed letters one after another, and where each begins.

    Example:
        >>> letters, at = lined_up(["باب", "دار"])
        >>> len(letters), at.tolist()
        (6, [0, 3, 6])
    """
    at = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in words], out=at[1:])
    return numbers("".join(words)), at


def _by_number(value: dict[str, int]) -> NDArray[np.int64]:
    return np.array([0, *(value[letter] for letter in PRINTED)], np.int64)


# By the number of a printed letter (i64): its folded number, its variant, and how many there are.
FOLD = _by_number({x: FOLDED.index(one) + 1 for one, kind in _KINDS.items() for x in kind})
VARIANT = _by_number({x: at for kind in _KINDS.values() for at, x in enumerate(kind)})
VARIANTS = _by_number({x: len(kind) for kind in _KINDS.values() for x in kind})
# By folded number and variant (u8): the number of the printed letter.
PRINT = np.zeros((len(FOLDED) + 1, 4), np.uint8)
for _letter in PRINTED:
    PRINT[FOLD[number(_letter)], VARIANT[number(_letter)]] = number(_letter)


def character_numbers() -> NDArray[np.uint8]:
    """Return the number of each character of the Basic Multilingual Plane (u8).

    It is 0 for what is no Arabic letter. A letter of another language counts as the Arabic
    one that it folds to (گ as ك), and a mark is SKIPPED.
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
