"""Vocabulary: the words of an index, found by similar spelling or by sound.

word -> [near] -> words at a small edit distance
phonetic key -> [of_sound] -> words that sound like it
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA

from marsad.indexer.search.phonetic import phonetic_key, without_sounding_article

# Words of fewer letters are near too many others.
_SHORTEST = 3
# Words of at least so many letters may differ in two edits.
_TWO_EDITS_FROM = 7
_BITS = 64


class Vocabulary:
    """Folded words, with the number of articles that hold each in `counts`."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self._words = [word for word in counts if len(word) >= _SHORTEST and word.isalpha()]
        self._lengths = np.array([len(word) for word in self._words], np.int16)

    # Made on first use, because completions need the counts alone.
    @cached_property
    def _masks(self) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return np.array([_mask(word) for word in self._words], np.uint64)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            found.setdefault(phonetic_key(word), []).append(word)
            bare = without_sounding_article(word)
            if bare != word:
                found.setdefault(phonetic_key(bare), []).append(word)
        return found

    def near(self, word: str) -> Iterator[tuple[str, int]]:
        """Yield `(word, edits)` for each word one edit away, or two if *word* has 7 letters.

        An edit adds, removes or replaces a letter, or swaps two neighbours; no letter is edited
        twice (optimal string alignment). *word* itself is not among them.
        """
        most = 2 if len(word) >= _TWO_EDITS_FROM else 1
        if not self._words or len(word) < _SHORTEST:
            return
        # Comparing with every word is slow. An edit changes at most two bits of a mask and the
        # length by at most one, so masks and lengths leave few words to compare.
        apart = np.bitwise_count(self._masks ^ np.uint64(_mask(word)))
        close = (apart <= 2 * most) & (np.abs(self._lengths - len(word)) <= most)
        for number in np.flatnonzero(close).tolist():
            # Above the cutoff, the distance is given as most + 1.
            edits = OSA.distance(word, self._words[number], score_cutoff=most)
            if 0 < edits <= most:
                yield self._words[number], edits

    def of_sound(self, key: str) -> list[str]:
        """Return the words with a phonetic key, with or without their article."""
        return self._by_sound.get(key, [])


def _mask(word: str) -> int:
    """Return a bit for each letter of a word; letters may share a bit."""
    mask = 0
    for letter in word:
        mask |= 1 << ord(letter) % _BITS
    return mask
