"""Merging: put the lists and columns of several segments in the order of one."""

import numpy as np

from marsad.indexer.compiled import inner, kernel
from marsad.indexer.segments.kernels.layout import (
    CHUNK,
    POSITION_ESCAPE,
    TF_ESCAPE,
    Array,
    Postings,
)
from marsad.indexer.segments.kernels.postings import escaped


@inner
def _compare_rows(blob: Array, a: int, a_end: int, b: int, b_end: int) -> int:
    """Compare two rows of bytes: -1 if *a* sorts first, 0 if they are equal, 1 if *b* does."""
    length = min(a_end - a, b_end - b)
    for at in range(length):
        if blob[a + at] != blob[b + at]:
            return -1 if blob[a + at] < blob[b + at] else 1
    if a_end - a == b_end - b:
        return 0
    return -1 if a_end - a < b_end - b else 1


@kernel
def merge_documents(days: Array, id_blob: Array, id_at: Array, live: Array, starts: Array) -> Array:
    """Return the documents of all sources that were not removed, by date, then by descending id.

    Args:
        days: Days of all sources, one after another, each ascending.
        id_blob: Ids of all sources.
        id_at: Begin and end of each document's id, shape `(documents, 2)`.
        live: 1 for each document to keep.
        starts: Offset of each source in these arrays, and the end.
    """
    sources = starts.size - 1
    cursor = starts[:-1].copy()
    order = np.empty(days.size, np.int64)
    count = 0
    while True:
        best = -1
        for source in range(sources):
            while cursor[source] < starts[source + 1] and not live[cursor[source]]:
                cursor[source] += 1
            here = cursor[source]
            if here == starts[source + 1]:
                continue
            if best < 0:
                best = source
                continue
            there = cursor[best]
            if days[here] < days[there] or (
                days[here] == days[there]
                and _compare_rows(
                    id_blob, id_at[here, 0], id_at[here, 1], id_at[there, 0], id_at[there, 1]
                )
                > 0
            ):
                best = source
        if best < 0:
            return order[:count]
        order[count] = cursor[best]
        count += 1
        cursor[best] += 1


@kernel
def merge_terms(blob: Array, at: Array, starts: Array) -> tuple[Array, Array]:
    """Return `(first, number)` for the union of several sorted lists of terms.

    Args:
        blob: The bytes of all terms.
        at: Begin and end of each term, shape `(terms, 2)`, source after source.
        starts: Offset of each source in *at*, and the end.

    Returns:
        `first[n]` is a row of *at* that has term n of the union, and `number[r]` is the number of
        row r in the union.
    """
    sources = starts.size - 1
    cursor = starts[:-1].copy()
    first = np.empty(at.shape[0], np.int64)
    number = np.empty(at.shape[0], np.int64)
    count = 0
    while True:
        best = -1
        for source in range(sources):
            here = cursor[source]
            if here == starts[source + 1]:
                continue
            if (
                best < 0
                or _compare_rows(blob, at[here, 0], at[here, 1], at[best, 0], at[best, 1]) < 0
            ):
                best = here
        if best < 0:
            return first[:count], number
        start, end = at[best, 0], at[best, 1]
        for source in range(sources):
            here = cursor[source]
            if here < starts[source + 1] and not _compare_rows(
                blob, at[here, 0], at[here, 1], start, end
            ):
                number[here] = count
                cursor[source] += 1
        first[count] = best
        count += 1


@kernel
def read_lists(
    p: Postings, first_term: int, end_term: int, new_doc: Array
) -> tuple[Array, Array, Array]:
    """Return the postings of some terms of a source, with new document numbers.

    Returns:
        The new documents (-1 if removed), the frequencies, and the positions of all postings.
    """
    doc, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    run_chunk, run_doc = p.run_chunk, p.run_doc
    first_run, end_run = np.int64(p.term_runs[first_term]), np.int64(p.term_runs[end_term])
    start, end = np.int64(run_doc[first_run]), np.int64(run_doc[end_run])
    docs = np.empty(end - start, np.int32)
    tfs = np.empty(end - start, np.uint32)
    if start == end:
        return docs, tfs, np.empty(0, np.uint32)
    place = np.int64(p.run_pos[first_run])
    total = 0
    for run in range(first_run, end_run):
        base = np.int64(run_chunk[run]) * CHUNK
        for at in range(np.int64(run_doc[run]), np.int64(run_doc[run + 1])):
            docs[at - start] = new_doc[base + np.int64(doc[at])]
            count = escaped(np.int64(tf[at]), at, TF_ESCAPE, tf_big_at, tf_big)
            tfs[at - start] = count
            total += count
    positions = np.empty(total, np.uint32)
    for at in range(total):
        positions[at] = pos[place + at]
    if pos_big.size:
        for at in range(total):
            positions[at] = escaped(
                np.int64(positions[at]), place + at, POSITION_ESCAPE, pos_big_at, pos_big
            )
    return docs, tfs, positions


@kernel
def merge_lists(
    docs: Array, tfs: Array, positions: Array, ranges: Array, begins: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Return documents, frequencies, positions, and offsets of each term's postings and positions.

    Args:
        docs: New documents of the postings of all sources, -1 for removed ones.
        tfs: Their frequencies.
        positions: Their positions.
        ranges: Begin and end of the postings of each source and term, shape `(sources, terms, 2)`;
            the postings of a source are in the order of terms.
        begins: Offset of the positions of each source.
    """
    sources, terms = ranges.shape[0], ranges.shape[1]
    out_docs = np.empty(docs.size, np.uint32)
    out_tfs = np.empty(docs.size, np.uint32)
    out_positions = np.empty(positions.size, np.uint32)
    post_at = np.zeros(terms + 1, np.int64)
    place_at = np.zeros(terms + 1, np.int64)
    next_position = begins.copy()
    # For each source with postings of the term left: its number, offset, end and document.
    number = np.empty(sources, np.int64)
    cursor = np.empty(sources, np.int64)
    ends = np.empty(sources, np.int64)
    heads = np.empty(sources, np.int64)
    post = place = 0
    for term in range(terms):
        active = 0
        for source in range(sources):
            if ranges[source, term, 0] < ranges[source, term, 1]:
                number[active] = source
                cursor[active] = ranges[source, term, 0]
                ends[active] = ranges[source, term, 1]
                heads[active] = docs[cursor[active]]
                active += 1
        while active:
            best = 0
            for source in range(1, active):
                if heads[source] < heads[best]:
                    best = source
            at, count = cursor[best], np.int64(tfs[cursor[best]])
            start = next_position[number[best]]
            next_position[number[best]] += count
            if heads[best] >= 0:
                out_docs[post] = heads[best]
                out_tfs[post] = count
                post += 1
                for nth in range(count):
                    out_positions[place + nth] = positions[start + nth]
                place += count
            at += 1
            if at < ends[best]:
                cursor[best] = at
                heads[best] = docs[at]
            else:
                active -= 1
                number[best], cursor[best] = number[active], cursor[active]
                ends[best], heads[best] = ends[active], heads[active]
        post_at[term + 1] = post
        place_at[term + 1] = place
    return out_docs[:post], out_tfs[:post], out_positions[:place], post_at, place_at


@kernel
def gather_rows(values: Array, at: Array, order: Array) -> tuple[Array, Array]:
    """Return some rows of different lengths, in another order: `(values, at)`.

    Args:
        values: The values of all rows.
        at: Begin and end of each row, shape `(rows, 2)`.
        order: The numbers of the wanted rows.
    """
    out_at = np.zeros(order.size + 1, np.int64)
    for row in range(order.size):
        out_at[row + 1] = out_at[row] + at[order[row], 1] - at[order[row], 0]
    out = np.empty(out_at[order.size], values.dtype)
    for row in range(order.size):
        start = at[order[row], 0]
        to = out_at[row]
        for place in range(out_at[row + 1] - to):
            out[to + place] = values[start + place]
    return out, out_at
