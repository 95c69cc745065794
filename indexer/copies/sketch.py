"""Sketch: two small samples of an article, by which its near-duplicates are found.

    folded words -> hashes of three in a row -> the 64 smallest (bottom-k)
                 -> hashes of content words  -> the 64 smallest

The same words give the same hashes in any article. So the share of common hashes estimates how much
of one text is in the other (Broder 1997). Triples survive cuts and moved paragraphs. If many words
were changed, most triples are gone; the sample of single words then tells a reworded copy from
another story that uses the same phrases.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.terms import Terms

SIZE = 64
# Fills the rest of the sketch of a short text.
NONE = np.uint32(0xFFFFFFFF)

_TRIPLE = 3
_MOST_PLAIN = 200_000
_FACTORS = tuple(
    np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of some articles.

    `ids` are the ids of the articles, `sizes` their numbers of different triples (u32). `triples`
    and `words` are the samples, in ascending order (u32, shape (n, SIZE)).
    """

    ids: tuple[str, ...]
    sizes: NDArray[np.uint32]
    triples: NDArray[np.uint32]
    words: NDArray[np.uint32]

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self.ids)


def join(parts: Iterable[Sketches]) -> Sketches:
    """Return the sketches of all *parts* as one, in order."""
    some = list(parts)
    if not some:
        none = np.zeros((0, SIZE), np.uint32)
        return Sketches((), np.zeros(0, np.uint32), none, none)
    return Sketches(
        tuple(article for part in some for article in part.ids),
        np.concatenate([part.sizes for part in some]),
        np.concatenate([part.triples for part in some]),
        np.concatenate([part.words for part in some]),
    )


class Sketcher:
    """Makes sketches; it caches the hash of each word."""

    def __init__(self) -> None:
        self._words: Sequence[str] = ()
        self._plain: dict[str, tuple[int, bool]] = {}
        self._hashes: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._content: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def sketch(self, article_id: str, terms: Sequence[str]) -> Sketches:
        """Return the sketch of one article.

        A text of one or two words has one triple, an empty text has none.

        Args:
            article_id: Its id.
            terms: Its folded words, in order.

        Example:
            >>> made = Sketcher().sketch("a", "اعلن الجانبان وقف القتال".split())
            >>> made.sizes.tolist(), int((made.triples != NONE).sum())
            ([2], 2)
        """
        if isinstance(terms, Terms):
            self._learn(terms.words)
            hashes, content = self._hashes[terms.codes], self._content[terms.codes]
        else:
            if len(self._plain) > _MOST_PLAIN:
                self._plain.clear()
            stop = stopwords()
            for word in set(terms).difference(self._plain):
                self._plain[word] = (_hash(word), word not in stop)
            known = [self._plain[word] for word in terms]
            hashes = np.array([each[0] for each in known], np.uint64)
            content = np.array([each[1] for each in known], np.bool_)
        triples = np.unique(_triples(hashes)) if len(hashes) else np.zeros(0, np.uint32)
        words = np.unique((hashes[content] >> _HALF).astype(np.uint32))
        return Sketches(
            (article_id,),
            np.array([len(triples)], np.uint32),
            _smallest(triples),
            _smallest(words),
        )

    def _learn(self, words: Sequence[str]) -> None:
        """Hash the new words of a term table; words are only ever appended to it."""
        if words is not self._words:
            self._words = words
            self._hashes, self._content = np.zeros(0, np.uint64), np.zeros(0, np.bool_)
        new = words[len(self._hashes) :]
        if new:
            hashes = np.array([_hash(word) for word in new], np.uint64)
            stop = stopwords()
            content = np.array([word not in stop for word in new], np.bool_)
            self._hashes = np.concatenate([self._hashes, hashes])
            self._content = np.concatenate([self._content, content])


def _hash(word: str) -> int:
    raw = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")


def _smallest(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    sketch = np.full((1, SIZE), NONE, np.uint32)
    kept = hashes[:SIZE]
    sketch[0, : len(kept)] = kept
    return sketch


def _triples(words: NDArray[np.uint64]) -> NDArray[np.uint32]:
    if len(words) < _TRIPLE:
        words = np.concatenate([words, np.zeros(_TRIPLE - len(words), np.uint64)])
    last = len(words) - _TRIPLE + 1
    mixed = words[:last] * _FACTORS[0]
    for place in range(1, _TRIPLE):
        mixed ^= words[place : last + place] * _FACTORS[place]
        mixed ^= mixed >> _HALF
        mixed *= _FACTORS[0]
    return (mixed >> _HALF).astype(np.uint32)
