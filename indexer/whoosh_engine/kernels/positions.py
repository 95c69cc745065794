"""Positions: where terms stand in one document, and where its tokens begin."""

import numpy as np

from indexer.compiled import kernel
from indexer.whoosh_engine.kernels.layout import POSITION_ESCAPE, TF_ESCAPE, Array, Postings
from indexer.whoosh_engine.kernels.postings import escaped, not_before, tf_sum


@kernel
def positions_in(p: Postings, first_run: int, end_run: int, doc: int) -> Array:
    """Return the positions of a term in one document, ascending; none where it is not there."""
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    for run in range(first_run, end_run):
        if p.run_chunk[run] == doc >> 16:
            start, end = np.int64(p.run_doc[run]), np.int64(p.run_doc[run + 1])
            at = not_before(docs, start, end, doc & 0xFFFF)
            if at < end and np.int64(docs[at]) == doc & 0xFFFF:
                count = escaped(np.int64(tf[at]), at, TF_ESCAPE, tf_big_at, tf_big)
                found = np.empty(count, np.int64)
                base = np.int64(p.run_pos[run]) + tf_sum(tf, tf_big_at, tf_big, start, at)
                for nth in range(count):
                    found[nth] = escaped(
                        np.int64(pos[base + nth]), base + nth, POSITION_ESCAPE, pos_big_at, pos_big
                    )
                return found
    return np.empty(0, np.int64)


@kernel
def places_of_terms(p: Postings, terms: Array, doc: int) -> tuple[Array, Array]:
    """Return `(positions, terms)`: where some terms stand in one document, term by term."""
    docs, run_chunk, run_doc, term_runs = p.doc, p.run_chunk, p.run_doc, p.term_runs
    chunk, low = doc >> 16, doc & 0xFFFF
    places = np.empty(16, np.int64)
    numbers = np.empty(16, np.int64)
    count = 0
    for nth in range(terms.size):
        term = terms[nth]
        first, end = np.int64(term_runs[term]), np.int64(term_runs[term + 1])
        # A pattern may have a hundred thousand terms, of which a document has few.
        while first < end and run_chunk[first] < chunk:
            first += 1
        if first == end or run_chunk[first] != chunk:
            continue
        stop = np.int64(run_doc[first + 1])
        at = not_before(docs, np.int64(run_doc[first]), stop, low)
        if at == stop or docs[at] != low:
            continue
        found = positions_in(p, first, first + 1, doc)
        if count + found.size > places.size:
            size = 2 * (count + found.size)
            wider, more = np.empty(size, np.int64), np.empty(size, np.int64)
            wider[:count], more[:count] = places[:count], numbers[:count]
            places, numbers = wider, more
        places[count : count + found.size] = found
        numbers[count : count + found.size] = term
        count += found.size
    return places[:count], numbers[:count]


@kernel
def token_starts(coded: Array, count: int) -> Array:
    """Return where the first *count* tokens begin; see `store` for the coding."""
    starts = np.zeros(count, np.int64)
    at = token = 0
    while token < count and at < coded.size:
        place = starts[token - 1] if token else np.int64(0)
        while coded[at] == 255:
            place += 255
            at += 1
        starts[token] = place + coded[at]
        at += 1
        token += 1
    return starts
