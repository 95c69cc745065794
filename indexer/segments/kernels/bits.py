"""Bits: sets of documents as bitmaps, bit n & 63 of word n >> 6 for document n."""

import numpy as np

from marsad.indexer.compiled import bounded, bounded_inner
from marsad.indexer.segments.kernels.layout import Array, Bits, lowest, ones

_ONE = np.uint64(1)


@bounded
def popcount(bits: Bits) -> int:
    """Return how many bits are set."""
    total = 0
    for at in range(bits.size):
        total += np.int64(ones(bits[at]))
    return total


@bounded_inner
def count_range(bits: Bits, start: int, end: int) -> int:
    """Return how many of the bits *start* to before *end* are set."""
    if start >= end:
        return 0
    first, last = start >> 6, (end - 1) >> 6
    head = ~np.uint64(0) << np.uint64(start & 63)
    tail = ~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63))
    if first == last:
        return np.int64(ones(bits[first] & head & tail))
    total = np.int64(ones(bits[first] & head)) + np.int64(ones(bits[last] & tail))
    for at in range(first + 1, last):
        total += np.int64(ones(bits[at]))
    return total


@bounded
def popcount_ranges(bits: Bits, bounds: Array) -> Array:
    """Return how many bits are set from each of *bounds* to before the next one."""
    counts = np.empty(bounds.size - 1, np.int64)
    for at in range(counts.size):
        counts[at] = count_range(bits, bounds[at], bounds[at + 1])
    return counts


@bounded
def set_range(bits: Bits, start: int, end: int) -> None:
    """Set the bits *start* to before *end*."""
    if start >= end:
        return
    first, last = start >> 6, (end - 1) >> 6
    head = ~np.uint64(0) << np.uint64(start & 63)
    tail = ~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63))
    if first == last:
        bits[first] |= head & tail
        return
    bits[first] |= head
    bits[last] |= tail
    for at in range(first + 1, last):
        bits[at] = ~np.uint64(0)


@bounded
def set_docs(bits: Bits, docs: Array) -> None:
    """Set the bits of *docs*."""
    for at in range(docs.size):
        doc = np.int64(docs[at])
        bits[doc >> 6] |= _ONE << np.uint64(doc & 63)


@bounded
def clear_docs(bits: Bits, docs: Array) -> int:
    """Clear the bits of *docs*; return how many were set."""
    cleared = 0
    for at in range(docs.size):
        doc = np.int64(docs[at])
        bit = _ONE << np.uint64(doc & 63)
        if bits[doc >> 6] & bit:
            bits[doc >> 6] &= ~bit
            cleared += 1
    return cleared


@bounded
def docs_of(bits: Bits) -> Array:
    """Return the set bits, ascending."""
    docs = np.empty(popcount(bits), np.uint32)
    filled = 0
    for at in range(bits.size):
        word = bits[at]
        while word:
            docs[filled] = (at << 6) + np.int64(lowest(word))
            filled += 1
            word &= word - _ONE
    return docs


@bounded
def last_docs(bits: Bits, count: int) -> Array:
    """Return at most *count* of the set bits, the highest, descending."""
    docs = np.empty(count, np.uint32)
    filled = 0
    at = bits.size - 1
    while at >= 0 and filled < count:
        word = bits[at]
        for place in range(63, -1, -1):
            if not word:
                break
            bit = _ONE << np.uint64(place)
            if word & bit:
                docs[filled] = (at << 6) + place
                filled += 1
                word &= ~bit
                if filled == count:
                    break
        at -= 1
    return docs[:filled]


@bounded
def nth_doc(bits: Bits, nth: int) -> int:
    """Return the *nth* set bit, counted from 0; -1 if there are fewer."""
    seen = 0
    for at in range(bits.size):
        here = np.int64(ones(bits[at]))
        if seen + here > nth:
            word = bits[at]
            for _ in range(nth - seen):
                word &= word - _ONE
            return (at << 6) + np.int64(lowest(word))
        seen += here
    return -1
