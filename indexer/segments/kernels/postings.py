"""Postings: the documents of terms, and the frequency of a term in each."""

import numpy as np

from marsad.indexer.compiled import bounded, bounded_inner
from marsad.indexer.segments.kernels.layout import (
    CHUNK_WORDS,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
    lowest,
)

_ONE = np.uint64(1)


@bounded_inner
def lower_bound(sorted_numbers: Array, low: int, high: int, wanted: int) -> int:
    """Return the first place from *low* on whose number is at least *wanted*, *high* if none is."""
    while low < high:
        middle = (low + high) >> 1
        if np.int64(sorted_numbers[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@bounded_inner
def escaped(value: int, at: int, escape: int, big_at: Array, big: Array) -> int:
    """Return *value*; if it is the escape, the value of place *at* in the escape table."""
    if value == escape:
        value = np.int64(big[lower_bound(big_at, 0, big_at.size, at)])
    return value


@bounded_inner
def tf_sum(tf: Array, big_at: Array, big: Array, start: int, end: int) -> int:
    """Return the sum of the term frequencies of the postings *start* to before *end*."""
    total = 0
    escapes = 0
    for at in range(start, end):
        value = np.int64(tf[at])
        total += value
        escapes += np.int64(value == TF_ESCAPE)
    if escapes:
        for at in range(start, end):
            if tf[at] == TF_ESCAPE:
                total += escaped(TF_ESCAPE, at, TF_ESCAPE, big_at, big) - TF_ESCAPE
    return total


@bounded_inner
def not_before(doc: Array, start: int, end: int, wanted: int) -> int:
    """Return the first place from *start* to before *end* whose document is at least *wanted*.

    It is *end* if there is none. The search leaps ahead, which is fast if the place is near.
    """
    low = start
    step = 1
    probe = start
    while probe < end and np.int64(doc[probe]) < wanted:
        low = probe + 1
        probe += step
        step <<= 1
    return lower_bound(doc, low, min(end, probe), wanted)


@bounded
def fill(bits: Bits, p: Postings, first_run: int, end_run: int) -> None:
    """Set the bits of all documents of some runs."""
    docs, run_chunk, run_doc = p.doc, p.run_chunk, p.run_doc
    for run in range(first_run, end_run):
        base = np.int64(run_chunk[run]) * CHUNK_WORDS
        words = bits[base : base + CHUNK_WORDS]
        for at in range(np.int64(run_doc[run]), np.int64(run_doc[run + 1])):
            doc = np.int64(docs[at])
            words[doc >> 6] |= _ONE << np.uint64(doc & 63)


@bounded
def fill_terms(bits: Bits, p: Postings, terms: Array) -> None:
    """Set the bits of all documents of some terms."""
    for at in range(terms.size):
        term = terms[at]
        fill(bits, p, np.int64(p.term_runs[term]), np.int64(p.term_runs[term + 1]))


@bounded
def keep(bits: Bits, p: Postings, first_run: int, end_run: int) -> None:
    """Clear the bits of documents that are in none of the runs of one term."""
    docs, run_chunk, run_doc = p.doc, p.run_chunk, p.run_doc
    run = first_run
    for chunk in range(bits.size // CHUNK_WORDS):
        base = chunk * CHUNK_WORDS
        while run < end_run and run_chunk[run] < chunk:
            run += 1
        if run == end_run or run_chunk[run] != chunk:
            bits[base : base + CHUNK_WORDS] = np.uint64(0)
            continue
        cursor, end = np.int64(run_doc[run]), np.int64(run_doc[run + 1])
        for at in range(base, base + CHUNK_WORDS):
            word = bits[at]
            kept = word
            while word:
                doc = ((at - base) << 6) + np.int64(lowest(word))
                cursor = not_before(docs, cursor, end, doc)
                if cursor == end or docs[cursor] != doc:
                    kept &= ~(word & (~word + _ONE))
                word &= word - _ONE
            bits[at] = kept


@bounded
def tfs_of(p: Postings, first_run: int, end_run: int) -> Array:
    """Return the term frequencies of some runs, one for each document."""
    start, end = np.int64(p.run_doc[first_run]), np.int64(p.run_doc[end_run])
    found = np.empty(end - start, np.int64)
    for at in range(start, end):
        found[at - start] = escaped(np.int64(p.tf[at]), at, TF_ESCAPE, p.tf_big_at, p.tf_big)
    return found
