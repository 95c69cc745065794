"""Packed: a short Arabic word as one integer, with a fixed number of bits for each letter.

    word -> [Packing] -> number -> [Packing] -> word

The first letter is the highest digit, and digits grow with code points. So prefix rules are masks
and shifts, a word is its own hash key, and sorting numbers of one length sorts the words. No letter
has digit 0, so the number also tells how many letters there are.
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
    """How words over one alphabet are packed: `bits` for a letter, up to `most` letters.

    `digits` is the digit of each character of the Basic Multilingual Plane (u8): 0 if it cannot be
    packed, SKIPPED if folding removes it. `letters` is the reverse: the character of each digit
    (u16).
    """

    def __init__(self, alphabet: str, bits: int) -> None:
        self.bits = bits
        self.most = _LETTERS_OF // bits
        self.letters = np.array([0, *map(ord, alphabet)], np.uint16)
        self.digits = np.zeros(_UNITS, np.uint8)
        for digit, letter in enumerate(alphabet, 1):
            self.digits[ord(letter)] = digit

    def pack(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each word (i64); NOT_PACKED if it is too long or has other letters.

        Example:
            >>> FOLDED.pack(["باكو", "baku"]).tolist()
            [101116, -1]
        """
        return pack_lines(lines(words), self.digits, self.bits, self.most, len(words))


def lines(words: Sequence[str]) -> NDArray[np.uint16]:
    """Return *words* as UTF-16, one word a line.

    Raises:
        ValueError: A word contains a line feed. No term does.
    """
    text = "\n".join([*words, ""])
    if text.count("\n") != len(words):
        raise ValueError("a term holds a line feed")
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def spelt(numbers: NDArray[np.int64], packing: Packing, pool: NDArray[np.uint16]) -> list[str]:
    """Return *numbers* as strings; *pool* is described in `kernels.packing.spell`."""
    units = spell(numbers, packing.letters, packing.bits, pool)
    return units.tobytes().decode("utf-16-le", "surrogatepass").split("\n")[:-1]


def _is_kept(letter: str) -> bool:
    """Return whether `folding.printed` leaves a letter unchanged."""
    return unicodedata.normalize("NFKC", araby.normalize_ligature(letter)) == letter


_BASIC = [*map(chr, range(0x0621, 0x063B)), *map(chr, range(0x0641, 0x064B))]
# Only common letters are packed as printed, because a digit has 6 bits. Words with rarer letters
# are kept in the pool.
_PRINTED_LETTERS = "".join(sorted(filter(_is_kept, {*_BASIC, *map(chr, COMMON_LETTERS)})))
_FOLDED_LETTERS = "".join(sorted(set(_PRINTED_LETTERS.translate(LETTERS))))

FOLDED = Packing(_FOLDED_LETTERS, 5)
PRINTED = Packing(_PRINTED_LETTERS, 6)


@cache
def folding() -> NDArray[np.uint8]:
    """Return the digit in FOLDED of each printed character after folding; SKIPPED for marks (u8).

    Marks that compose with a letter, such as a hamza above, are left out: removing them would
    change the letter.
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
