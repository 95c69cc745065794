"""Grams: sequences of four letters inside words, shared by related and misspelt words.

    text -> [fold each letter] -> words -> grams, four letters packed in 64 bits

A word of up to four letters is one gram. The frequency of grams comes from the lexicon.
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
    """Return a gram as an integer, 16 bits a letter.

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
    """Return, for each gram, the share of words in Arabic text that contain it."""
    total = 0
    counts: dict[int, int] = {}
    for word, count in lexicon().forms.items():
        total += count
        for gram in grams_of(word):
            counts[gram] = counts.get(gram, 0) + count
    return {gram: count / total for gram, count in counts.items()}


@cache
def _folds() -> NDArray[np.uint16]:
    """Return the folded letter of each character of the Basic Multilingual Plane (u16)."""
    letters = np.arange(1 << 16, dtype=np.uint16)
    for number in np.flatnonzero(classes() == LETTER).tolist():
        folded = fold(chr(number))
        # A few characters fold to several letters; the kernel works letter by letter and keeps
        # those.
        if len(folded) == 1:
            letters[number] = ord(folded) & 0xFFFF
    return letters


def count_grams(text: str, wanted: Iterable[int]) -> tuple[NDArray[np.int64], int]:
    """Count grams in *text*: how often each of *wanted* (ascending) occurs, and how many in all."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    return _count(units, classes(), _folds(), np.array(list(wanted), np.uint64))


@kernel
def _count(
    units: NDArray[np.uint16],
    kinds: NDArray[np.uint8],
    letters: NDArray[np.uint16],
    wanted: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], int]:
    """Return the counts of *wanted* (u64, ascending) and of all grams; *units* are UTF-16."""
    counts = np.zeros(wanted.size, np.int64)
    total = length = 0
    value = np.uint64(0)
    for at in range(units.size + 1):
        kind = kinds[units[at]] if at < units.size else 0
        if kind in (MARK, FORMAT):
            continue
        # A short word counts as one gram, at its end.
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
