"""Grams: runs of four letters inside words, which words of one family or misspelt ones share.

    text -> [fold each letter] -> words -> grams, four letters packed in 64 bits

A word of at most four letters is one gram. How common a gram is comes from the lexicon.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.classes import classes
from marsad.indexer.analysis.folding import fold
from marsad.indexer.analysis.kernels.scan import FORMAT, LETTER, MARK
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.compiled import kernel

LETTERS = 4
_BITS = 16


def packed(gram: str) -> int:
    """Return a gram as a number.

    Example:
        >>> hex(packed("ab"))
        '0x610062'
    """
    number = 0
    for letter in gram:
        number = number << _BITS | ord(letter) & 0xFFFF
    return number


def grams_of(word: str) -> tuple[int, ...]:
    """Return the grams of a folded word, in order.

    Example:
        >>> len(grams_of("كاراباخ")), len(grams_of("باكو"))
        (4, 1)
    """
    last = max(1, len(word) - LETTERS + 1)
    return tuple(packed(word[at : at + LETTERS]) for at in range(last))


@cache
def gram_shares() -> dict[int, float]:
    """Return the share of words in Arabic text that hold each gram."""
    total = 0
    counts: dict[int, int] = {}
    for word, count in lexicon().forms.items():
        total += count
        for gram in grams_of(word):
            counts[gram] = counts.get(gram, 0) + count
    return {gram: count / total for gram, count in counts.items()}


@cache
def _folds() -> NDArray[np.uint16]:
    """Return the letter that each character of the Basic Multilingual Plane folds to."""
    letters = np.arange(1 << 16, dtype=np.uint16)
    for number in np.flatnonzero(classes() == LETTER).tolist():
        folded = fold(chr(number))
        if len(folded) == 1:
            letters[number] = ord(folded) & 0xFFFF
    return letters


def count_grams(text: str, wanted: Iterable[int]) -> tuple[NDArray[np.int64], int]:
    """Return how often each of *wanted* (ascending) stands in *text*, and how many grams it has."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    return _count(units, classes(), _folds(), np.array(list(wanted), np.uint64))


@kernel
def _count(
    units: NDArray[np.uint16],
    kinds: NDArray[np.uint8],
    letters: NDArray[np.uint16],
    wanted: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], int]:
    counts = np.zeros(wanted.size, np.int64)
    total = length = 0
    value = np.uint64(0)
    for at in range(units.size + 1):
        kind = kinds[units[at]] if at < units.size else 0
        if kind in (MARK, FORMAT):
            continue
        whole = kind != LETTER and 0 < length < LETTERS
        if kind == LETTER:
            value = value << np.uint64(16) | np.uint64(letters[units[at]])
            length += 1
        if whole or (kind == LETTER and length >= LETTERS):
            total += 1
            place = np.searchsorted(wanted, value)
            if place < wanted.size and wanted[place] == value:
                counts[place] += 1
        if kind != LETTER:
            value = np.uint64(0)
            length = 0
    return counts, total
