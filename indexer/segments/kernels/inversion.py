"""Inversion: make the documents of each term from the terms of each document."""

import numpy as np

from marsad.indexer.compiled import kernel
from marsad.indexer.segments.kernels.layout import BLOCK, Array


@kernel
def count_postings(terms: Array, doc_at: Array, vocabulary: int) -> tuple[Array, Array]:
    """Return the number of documents and the number of positions of each term.

    Args:
        terms: The term numbers of all documents, one after another.
        doc_at: Offset of each document's first term, and the end (documents + 1).
        vocabulary: How many terms there are.
    """
    documents = np.zeros(vocabulary, np.int64)
    places = np.zeros(vocabulary, np.int64)
    last = np.full(vocabulary, -1, np.int64)
    for doc in range(doc_at.size - 1):
        for at in range(doc_at[doc], doc_at[doc + 1]):
            term = terms[at]
            places[term] += 1
            if last[term] != doc:
                last[term] = doc
                documents[term] += 1
    return documents, places


@kernel
def invert(
    terms: Array, doc_at: Array, post_at: Array, place_at: Array
) -> tuple[Array, Array, Array]:
    """Return the documents and the frequencies of all postings, and all positions (u32).

    Args:
        terms: The term numbers of all documents, one after another.
        doc_at: Offset of each document's first term, and the end.
        post_at: Offset of each term's first posting, and the end.
        place_at: Offset of each term's first position, and the end.
    """
    vocabulary = post_at.size - 1
    docs = np.empty(post_at[vocabulary], np.uint32)
    tfs = np.empty(post_at[vocabulary], np.uint32)
    positions = np.empty(place_at[vocabulary], np.uint32)
    next_post = post_at[:-1].copy()
    next_place = place_at[:-1].copy()
    for doc in range(doc_at.size - 1):
        start = doc_at[doc]
        for at in range(start, doc_at[doc + 1]):
            term = terms[at]
            positions[next_place[term]] = at - start
            next_place[term] += 1
            last = next_post[term] - 1
            if last >= post_at[term] and docs[last] == doc:
                tfs[last] += 1
            else:
                docs[last + 1] = doc
                tfs[last + 1] = 1
                next_post[term] += 1
    return docs, tfs, positions


@kernel
def count_runs(docs: Array, post_at: Array) -> Array:
    """Return how many runs each term has; a run is its postings in one chunk of documents."""
    runs = np.zeros(post_at.size - 1, np.int64)
    for term in range(runs.size):
        previous = -1
        for at in range(post_at[term], post_at[term + 1]):
            chunk = np.int64(docs[at]) >> 16
            runs[term] += chunk != previous
            previous = chunk
    return runs


@kernel
def fill_runs(
    docs: Array, tfs: Array, post_at: Array, place: int, runs: int
) -> tuple[Array, Array, Array]:
    """Return chunk, first posting and first position of each run; positions begin at *place*."""
    run_chunk = np.empty(runs, np.uint16)
    run_doc = np.empty(runs, np.int64)
    run_pos = np.empty(runs, np.int64)
    run = -1
    for term in range(post_at.size - 1):
        previous = -1
        for at in range(post_at[term], post_at[term + 1]):
            chunk = np.int64(docs[at]) >> 16
            if chunk != previous:
                previous = chunk
                run += 1
                run_chunk[run] = chunk
                run_doc[run] = at
                run_pos[run] = place
            place += np.int64(tfs[at])
    return run_chunk, run_doc, run_pos


@kernel
def block_bounds(
    docs: Array,
    tfs: Array,
    run_doc: Array,
    run_block: Array,
    lengths: Array,
    flat: float,
    per_word: float,
) -> Array:
    """Return the largest tf / (tf + flat + per_word * length) of each block, times 255, rounded up.

    *run_doc* and *run_block* have an end too: runs + 1.
    """
    bounds = np.zeros(run_block[run_block.size - 1], np.uint8)
    for run in range(run_doc.size - 1):
        start = run_doc[run]
        for at in range(start, run_doc[run + 1]):
            tf = np.float64(tfs[at])
            share = tf / (tf + flat + per_word * np.float64(lengths[docs[at]]))
            block = run_block[run] + (at - start) // BLOCK
            level = min(255, np.int64(np.ceil(share * 255.0 * 1.000001)))
            bounds[block] = max(bounds[block], level)
    return bounds


@kernel
def narrowed(values: Array, escape: int, like: int) -> tuple[Array, Array, Array]:
    """Return *values* in the type of *like*, then offsets and values of those that do not fit.

    A value of *escape* or more does not fit, and *escape* is in its place.
    """
    small = np.empty(values.size, type(like))
    big = 0
    for at in range(values.size):
        small[at] = min(np.int64(values[at]), escape)
        big += np.int64(values[at]) >= escape
    places = np.empty(big, np.int64)
    escaped = np.empty(big, np.uint32)
    if big:
        big = 0
        for at in range(values.size):
            if np.int64(values[at]) >= escape:
                places[big] = at
                escaped[big] = values[at]
                big += 1
    return small, places, escaped
