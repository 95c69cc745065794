"""Checking: test invariants of inverted lists that a checksum cannot test."""

import numpy as np

from marsad.indexer.compiled import bounded
from marsad.indexer.segments.kernels.layout import CHUNK, Array, Postings


@bounded
def unordered_terms(blob: Array, at: Array) -> int:
    """Return how many terms are not after the one before them."""
    bad = 0
    for term in range(1, at.size - 1):
        a, a_end = np.int64(at[term - 1]), np.int64(at[term])
        b, b_end = a_end, np.int64(at[term + 1])
        place = 0
        while a + place < a_end and b + place < b_end and blob[a + place] == blob[b + place]:
            place += 1
        if b + place == b_end or (a + place < a_end and blob[a + place] > blob[b + place]):
            bad += 1
    return bad


@bounded
def unordered_documents(p: Postings, documents: int) -> int:
    """Return how many postings are not after the one before them, or of no existing document."""
    bad = 0
    docs = p.doc
    for term in range(p.term_runs.size - 1):
        previous = -1
        for run in range(np.int64(p.term_runs[term]), np.int64(p.term_runs[term + 1])):
            base = np.int64(p.run_chunk[run]) * CHUNK
            for at in range(np.int64(p.run_doc[run]), np.int64(p.run_doc[run + 1])):
                doc = base + np.int64(docs[at])
                if doc <= previous or doc >= documents:
                    bad += 1
                previous = doc
    return bad
