"""Positions: the positions of terms in documents, and the offsets of tokens."""

import numpy as np

from marsad.indexer.compiled import bounded
from marsad.indexer.segments.kernels.layout import (
    BREAK_ESCAPE,
    KEY,
    POSITION_ESCAPE,
    TF_ESCAPE,
    Array,
    Postings,
)
from marsad.indexer.segments.kernels.postings import escaped, not_before, tf_sum


@bounded
def positions_in(p: Postings, first_run: int, end_run: int, doc: int) -> Array:
    """Return the positions of a term in one document, ascending; empty if it does not have it."""
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


@bounded
def places_of_terms(p: Postings, terms: Array, doc: int) -> tuple[Array, Array]:
    """Return `(positions, terms)`: the positions of some terms in one document, term by term."""
    docs, run_chunk, run_doc, term_runs = p.doc, p.run_chunk, p.run_doc, p.term_runs
    chunk, low = doc >> 16, doc & 0xFFFF
    places = np.empty(16, np.int64)
    numbers = np.empty(16, np.int64)
    count = 0
    for nth in range(terms.size):
        term = terms[nth]
        first, end = np.int64(term_runs[term]), np.int64(term_runs[term + 1])
        # A pattern may match a hundred thousand terms, but a document has few of them.
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


@bounded
def keys_in(p: Postings, wanted: Array, first_run: int, end_run: int) -> Array:
    """Return the positions of a term in some documents, as ascending keys.

    Args:
        p: The lists of the segment.
        wanted: The documents, ascending (i64).
        first_run: First run of the term.
        end_run: End of its runs.

    Returns:
        For each position, the number of the document in *wanted* times KEY, plus the position.
    """
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    run_chunk, run_doc, run_pos = p.run_chunk, p.run_doc, p.run_pos
    keys = np.empty(max(16, wanted.size), np.int64)
    count = nth = 0
    for run in range(first_run, end_run):
        chunk = np.int64(run_chunk[run])
        while nth < wanted.size and wanted[nth] >> 16 < chunk:
            nth += 1
        at, end = np.int64(run_doc[run]), np.int64(run_doc[run + 1])
        place = np.int64(run_pos[run])
        while nth < wanted.size and wanted[nth] >> 16 == chunk:
            following = not_before(docs, at, end, wanted[nth] & 0xFFFF)
            place += tf_sum(tf, tf_big_at, tf_big, at, following)
            at = following
            if at < end and np.int64(docs[at]) == wanted[nth] & 0xFFFF:
                own = escaped(np.int64(tf[at]), at, TF_ESCAPE, tf_big_at, tf_big)
                if count + own > keys.size:
                    wider = np.empty(2 * (count + own), np.int64)
                    wider[:count] = keys[:count]
                    keys = wider
                for here in range(place, place + own):
                    position = escaped(
                        np.int64(pos[here]), here, POSITION_ESCAPE, pos_big_at, pos_big
                    )
                    keys[count] = nth * KEY + position
                    count += 1
            nth += 1
    return keys[:count]


@bounded
def break_keys(coded: Array, at: Array, wanted: Array, paragraphs: bool) -> Array:
    """Return the keys of the positions at which sentences or paragraphs start; see `breaks`.

    The start of each document is one of them.

    Args:
        coded: The breaks of all documents.
        at: Offset of the breaks of each document, and the end.
        wanted: The documents.
        paragraphs: True for the starts of paragraphs, false for those of sentences.

    Returns:
        Keys like those of `keys_in`, and one for the end of the last document.
    """
    size = wanted.size + 1
    for nth in range(wanted.size):
        size += np.int64(at[wanted[nth] + 1]) - np.int64(at[wanted[nth]])
    keys = np.empty(size, np.int64)
    count = 0
    for nth in range(wanted.size):
        keys[count] = nth * KEY
        count += 1
        position = code = np.int64(0)
        for place in range(np.int64(at[wanted[nth]]), np.int64(at[wanted[nth] + 1])):
            code += coded[place]
            if coded[place] == BREAK_ESCAPE:
                continue
            position += code >> 1
            if code & 1 or not paragraphs:
                keys[count] = nth * KEY + position
                count += 1
            code = np.int64(0)
    keys[count] = wanted.size * KEY
    return keys[: count + 1]


@bounded
def token_starts(coded: Array, count: int) -> Array:
    """Return the offsets of the first *count* tokens in code points; see `store` for the coding."""
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
