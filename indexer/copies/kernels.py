"""Kernels: which articles a new article is a copy of.

    keys of a sketch -> chains of articles with the same key -> the two samples decide

The keys of an article are its smallest hashes of triples. The articles that share a key form a
chain, newest first: `heads[key & mask]` is the newest entry, and `links[entry]` is the entry before
it. Entry `article * KEYS + n` is the n-th key of an article. Chains of different keys may share a
head, so keys are compared too. The decision reads two sketches only, so it does not depend on the
order of the articles.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import inner, kernel

Array = NDArray[Any]

KEYS = 48
# At most so many articles of a key are compared: a triple that more of them share is a set phrase.
LONGEST_CHAIN = 48

# Tuned with tests/quality/duplicates/measure.py: shares of the smaller text.
SAME, ALIKE, SAME_WORDS = 0.5, 0.17, 0.6
_LEAST_SHARED = 4
_SHORT, _SHORT_ALIKE = 12, 0.8
# A story is not a copy of a round-up of many stories that contains it.
_SMALLEST_PART, _HALF = 0.15, 0.5
_NONE = np.uint32(0xFFFFFFFF)


@inner
def _compare(first: Array, second: Array, size: int) -> Any:  # noqa: ANN401  (numba's integers)
    """Return how many hashes are common, and how many of each sketch can be compared.

    A full sketch has only the smallest hashes of its text, so hashes above its last are unknown.
    """
    reach = _NONE
    if first[size - 1] != _NONE:
        reach = first[size - 1]
    if second[size - 1] != _NONE and second[size - 1] < reach:
        reach = second[size - 1]
    at = 0
    other = 0
    common = 0
    while at < size and other < size:
        one = first[at]
        two = second[other]
        if one == _NONE or two == _NONE or one > reach or two > reach:
            break
        if one == two:
            common += 1
            at += 1
            other += 1
        elif one < two:
            at += 1
        else:
            other += 1
    while at < size and first[at] <= reach and first[at] != _NONE:
        at += 1
    while other < size and second[other] <= reach and second[other] != _NONE:
        other += 1
    return common, at, other


@kernel
def are_copies(triples: Array, words: Array, sizes: Array, one: int, two: int) -> bool:
    """Tell whether articles *one* and *two* are copies.

    `triples` and `words` are the samples (u32, shape (articles, SIZE)), `sizes` (u32) the numbers
    of different triples.
    """
    small = min(sizes[one], sizes[two])
    large = max(sizes[one], sizes[two])
    size = triples.shape[1]
    common, mine, theirs = _compare(triples[one], triples[two], size)
    if small < _SHORT:
        return common > 0 and common >= _SHORT_ALIKE * (mine + theirs - common)
    if common < _LEAST_SHARED or small < _SMALLEST_PART * large:
        return False
    part = common / min(mine, theirs)
    if part >= SAME:
        return True
    if part < ALIKE or small < _HALF * large:
        return False
    shared, own, other = _compare(words[one], words[two], size)
    return shared >= SAME_WORDS * min(own, other)


@kernel
def insert(triples: Array, heads: Array, links: Array, first: int, end: int) -> None:
    """Put the articles from *first*, up to but not including *end*, into the chains."""
    mask = np.uint32(heads.shape[0] - 1)
    for article in range(first, end):
        for number in range(KEYS):
            key = triples[article, number]
            if key == _NONE:
                break
            entry = article * KEYS + number
            links[entry] = heads[key & mask]
            heads[key & mask] = entry


@inner
def _root(parents: Array, article: int) -> Any:  # noqa: ANN401
    at = article
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


@kernel
def join_copies(
    triples: Array,
    words: Array,
    sizes: Array,
    live: Array,
    heads: Array,
    links: Array,
    parents: Array,
    seen: Array,
    wanted: Array,
    joined: Array,
) -> int:
    """Join each of *wanted* with the articles it is a copy of, in `parents` (a disjoint set).

    The root of a set is its smallest number. `seen` (i32, filled with -1) is working memory.
    `joined` (i32, shape (n, 2)) gets each root that was joined, and the root it was joined to.

    Returns:
        How many roots were joined. If it is more than n, only the first n are in `joined`.
    """
    found = 0
    mask = np.uint32(heads.shape[0] - 1)
    for article in wanted:
        if not live[article]:
            continue
        for number in range(KEYS):
            key = triples[article, number]
            if key == _NONE:
                break
            entry = heads[key & mask]
            looked = 0
            while entry >= 0 and looked < LONGEST_CHAIN:
                other = entry // KEYS
                if triples[other, entry % KEYS] == key:
                    looked += 1
                    if other != article and live[other] and seen[other] != article:
                        seen[other] = article
                        mine = _root(parents, article)
                        theirs = _root(parents, other)
                        if mine != theirs and are_copies(triples, words, sizes, article, other):
                            low = min(mine, theirs)
                            high = max(mine, theirs)
                            parents[high] = low
                            if found < joined.shape[0]:
                                joined[found, 0] = high
                                joined[found, 1] = low
                            found += 1
                entry = links[entry]
    return found
