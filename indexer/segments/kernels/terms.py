"""Terms: find a term, or the terms that match a pattern, in a list sorted by bytes."""

import numpy as np

from marsad.indexer.compiled import bounded, bounded_inner
from marsad.indexer.segments.kernels.layout import Array, Postings


@bounded_inner
def compare(blob: Array, start: int, end: int, key: Array) -> int:
    """Compare a term with *key*: -1 if it sorts first, 0 if they are equal, 1 if *key* does."""
    length = min(end - start, key.size)
    for at in range(length):
        if blob[start + at] != key[at]:
            return -1 if blob[start + at] < key[at] else 1
    if end - start == key.size:
        return 0
    return -1 if end - start < key.size else 1


@bounded
def first_from(blob: Array, at: Array, key: Array) -> int:
    """Return the number of the first term that is *key* or after it."""
    low, high = 0, at.size - 1
    while low < high:
        middle = (low + high) >> 1
        if compare(blob, np.int64(at[middle]), np.int64(at[middle + 1]), key) < 0:
            low = middle + 1
        else:
            high = middle
    return low


@bounded
def find(blob: Array, at: Array, key: Array) -> int:
    """Return the number of the term *key*, -1 if there is none."""
    place = first_from(blob, at, key)
    if place < at.size - 1 and not compare(blob, np.int64(at[place]), np.int64(at[place + 1]), key):
        return place
    return -1


@bounded_inner
def matches_pattern(blob: Array, start: int, end: int, pattern: Array) -> bool:
    """Return whether a term in UTF-8 matches *pattern*.

    In a pattern, -1 is any number of letters, -2 is one letter, and any other number is a byte.
    """
    at, wanted = start, 0
    star, retry = -1, start
    while at < end:
        if wanted < pattern.size and pattern[wanted] == -1:
            star, retry = wanted, at
            wanted += 1
        elif wanted < pattern.size and pattern[wanted] == -2:
            at += 1
            while at < end and blob[at] & 0xC0 == 0x80:
                at += 1
            wanted += 1
        elif wanted < pattern.size and pattern[wanted] == blob[at]:
            at += 1
            wanted += 1
        elif star >= 0:
            retry += 1
            while retry < end and blob[retry] & 0xC0 == 0x80:
                retry += 1
            at, wanted = retry, star + 1
        else:
            return False
    while wanted < pattern.size and pattern[wanted] == -1:
        wanted += 1
    return wanted == pattern.size


@bounded
def matching_terms(p: Postings, first: int, end: int, skip: int, pattern: Array) -> Array:
    """Return which of the terms from *first* up to, but not including, *end* match *pattern*.

    The first *skip* bytes of each term are not compared: they are the number of its field.
    """
    blob, at = p.term_blob, p.term_at
    found = np.empty(end - first, np.int64)
    count = 0
    for term in range(first, end):
        start = np.int64(at[term]) + skip
        if matches_pattern(blob, start, np.int64(at[term + 1]), pattern):
            found[count] = term
            count += 1
    return found[:count]
