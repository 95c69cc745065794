"""Packed: a short Arabic word as one number, its letters as digits of some bits each.

    word -> [Packing] -> number -> [Packing] -> word

The first letter is the highest digit and digits ascend with code points, so that rules
are masks and shifts, a word is its own hash key, and aligned numbers sort as words do.
No digit is 0: a number tells how many letters it has.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyarabic import araby

from marsad.corpus.letters import COMMON_LETTERS, LETTERS, VANISHING_RUN
from marsad.indexer.analysis.kernels.packing import SKIPPED, pack_lines, spell

_UNITS = 1 << 16
_LETTERS_OF = 63


class Packing:
    """How words over one alphabet are packed: `bits` a letter, `most` letters.

    `digits` has the digit of each character of the Basic Multilingual Plane (u8): 0 where
    it cannot be packed, SKIPPED where it vanishes; `letters` the character of each digit (u16).
    """

    def __init__(self, alphabet: str, bits: int) -> None:
        self.bits = bits
        self.most = _LETTERS_OF // bits
        self.letters = np.array([0, *map(ord, alphabet)], np.uint16)
        self.digits = np.zeros(_UNITS, np.uint8)
        for digit, letter in enumerate(alphabet, 1):
            self.digits[ord(letter)] = digit

    def pack(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each word, NOT_PACKED where it is too long or of other letters.

        Example:
            >>> FOLDED.pack(["باكو", "baku"]).tolist()
            [101116, -1]
        """
        return pack_lines(lines(words), self.digits, self.bits, self.most, len(words))


def lines(words: Sequence[str]) -> NDArray[np.uint16]:
    """Return words as UTF-16, a line each.

    Raises:
        ValueError: one of them holds a line feed, which no term does.
    """
    text = "\n".join([*words, ""])
    if text.count("\n") != len(words):
        raise ValueError("a term holds a line feed")
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def spelt(numbers: NDArray[np.int64], packing: Packing, pool: NDArray[np.uint16]) -> list[str]:
    """Return the words of *numbers*; see `spell`."""
    units = spell(numbers, packing.letters, packing.bits, pool)
    return units.tobytes().decode("utf-16-le", "surrogatepass").split("\n")[:-1]


def _is_kept(letter: str) -> bool:
    """Return whether a letter is left as it is where a word is printed."""
    return unicodedata.normalize("NFKC", araby.normalize_ligature(letter)) == letter


_BASIC = [*map(chr, range(0x0621, 0x063B)), *map(chr, range(0x0641, 0x064B))]
# Rarer letters fold to these, and are not packed as printed: a digit has 6 bits.
_PRINTED_LETTERS = "".join(sorted(filter(_is_kept, {*_BASIC, *map(chr, COMMON_LETTERS)})))
_FOLDED_LETTERS = "".join(sorted(set(_PRINTED_LETTERS.translate(LETTERS))))

FOLDED = Packing(_FOLDED_LETTERS, 5)
PRINTED = Packing(_PRINTED_LETTERS, 6)


@cache
def folding() -> NDArray[np.uint8]:
    """Return the digit in FOLDED of what each printed character folds to; SKIPPED for marks.

    A mark that composes with a letter, such as a hamza above, is not among them.
    """
    digits = np.zeros(_UNITS, np.uint8)
    for letter in _PRINTED_LETTERS:
        digits[ord(letter)] = FOLDED.digits[ord(letter.translate(LETTERS))]
    for number in range(_UNITS):
        char = chr(number)
        if VANISHING_RUN.match(char) and all(
            _is_kept(letter + char) for letter in _PRINTED_LETTERS
        ):
            digits[number] = SKIPPED
    return digits
