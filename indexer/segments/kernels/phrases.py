"""Phrases: find the documents in which terms follow each other in order."""

import numpy as np

from marsad.indexer.compiled import bounded, bounded_inner
from marsad.indexer.segments.kernels.layout import (
    CHUNK_WORDS,
    POSITION_ESCAPE,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
)
from marsad.indexer.segments.kernels.postings import escaped, not_before, tf_sum

_ONE = np.uint64(1)
# Read this many postings one by one before searching the list in leaps.
_STEPS = 16


@bounded
def fill_phrase(bits: Bits, p: Postings, first_runs: Array, end_runs: Array, reach: int) -> None:
    """Set the bits of documents in which terms follow each other in order.

    Args:
        bits: The bitmap to set.
        p: The lists of the segment.
        first_runs: First run of each term, in the order of the phrase.
        end_runs: End of the runs of each term.
        reach: The largest distance from the first term to the last, in positions.
    """
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    run_chunk, run_doc, run_pos = p.run_chunk, p.run_doc, p.run_pos
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    terms = first_runs.size
    anchor, fewest = 0, np.int64(1) << 62
    for term in range(terms):
        count = np.int64(run_doc[end_runs[term]]) - np.int64(run_doc[first_runs[term]])
        if count < fewest:
            anchor, fewest = term, count
    runs = first_runs.copy()
    cursor = np.zeros(terms, np.int64)
    summed = np.zeros(terms, np.int64)
    ends = np.zeros(terms, np.int64)
    before = np.zeros(terms, np.int64)
    starts = np.zeros(terms, np.int64)
    counts = np.zeros(terms, np.int64)
    taken = np.zeros(terms, np.int64)
    for anchor_run in range(first_runs[anchor], end_runs[anchor]):
        chunk = run_chunk[anchor_run]
        runs[anchor] = anchor_run
        whole = True
        for term in range(terms):
            if term != anchor:
                while runs[term] < end_runs[term] and run_chunk[runs[term]] < chunk:
                    runs[term] += 1
            if runs[term] >= end_runs[term] or run_chunk[runs[term]] != chunk:
                whole = False
                break
            cursor[term] = summed[term] = np.int64(run_doc[runs[term]])
            ends[term] = np.int64(run_doc[runs[term] + 1])
            before[term] = 0
        if not whole:
            continue
        base = np.int64(chunk) * CHUNK_WORDS
        for at in range(cursor[anchor], ends[anchor]):
            doc = np.int64(docs[at])
            cursor[anchor] = at
            whole = True
            for term in range(terms):
                if term != anchor:
                    place = not_before(docs, cursor[term], ends[term], doc)
                    cursor[term] = place
                    if place == ends[term] or np.int64(docs[place]) != doc:
                        whole = False
                        break
            if not whole:
                continue
            for term in range(terms):
                place = cursor[term]
                before[term] += tf_sum(tf, tf_big_at, tf_big, summed[term], place)
                summed[term] = place
                starts[term] = np.int64(run_pos[runs[term]]) + before[term]
                counts[term] = escaped(np.int64(tf[place]), place, TF_ESCAPE, tf_big_at, tf_big)
                taken[term] = 0
            # For each position of the first term, take the next positions of the others.
            begins = starts[0]
            for first in range(begins, begins + counts[0]):
                begin = escaped(np.int64(pos[first]), first, POSITION_ESCAPE, pos_big_at, pos_big)
                previous = begin
                whole = True
                for term in range(1, terms):
                    nth, many, start = taken[term], counts[term], starts[term]
                    position = np.int64(-1)
                    while nth < many:
                        position = escaped(
                            np.int64(pos[start + nth]),
                            start + nth,
                            POSITION_ESCAPE,
                            pos_big_at,
                            pos_big,
                        )
                        if position > previous:
                            break
                        nth += 1
                    taken[term] = nth
                    if nth == many or position - begin > reach:
                        whole = False
                        break
                    previous = position
                if whole:
                    bits[base + (doc >> 6)] |= _ONE << np.uint64(doc & 63)
                    break


@bounded_inner
def _near(
    pos: Array,
    x: int,
    x_end: int,
    y: int,
    y_end: int,
    reach: int,
    big_at: Array,
    big: Array,
) -> bool:
    """Return whether a position of *y* is within *reach* after one of *x*."""
    met = False
    left = escaped(np.int64(pos[x]), x, POSITION_ESCAPE, big_at, big)
    right = escaped(np.int64(pos[y]), y, POSITION_ESCAPE, big_at, big)
    while not met:
        if right <= left:
            y += 1
            if y == y_end:
                break
            right = escaped(np.int64(pos[y]), y, POSITION_ESCAPE, big_at, big)
        elif right - left <= reach:
            met = True
        else:
            x += 1
            if x == x_end:
                break
            left = escaped(np.int64(pos[x]), x, POSITION_ESCAPE, big_at, big)
    return met


@bounded
def fill_pair(
    bits: Bits, p: Postings, first: int, first_end: int, second: int, second_end: int, reach: int
) -> None:
    """Do the same as `fill_phrase`, for two terms: both lists are read side by side.

    Args:
        bits: The bitmap to set.
        p: The lists of the segment.
        first: First run of the first term.
        first_end: End of its runs.
        second: First run of the second term.
        second_end: End of its runs.
        reach: The largest distance from the first term to the second, in positions.
    """
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    run_chunk, run_doc, run_pos = p.run_chunk, p.run_doc, p.run_pos
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    # Where no position is escaped, neighbours are found by a flag for each position of the first
    # term, which is faster.
    neighbours = not pos_big_at.size and reach == 1
    flags = np.zeros(POSITION_ESCAPE + 2, np.uint8)
    while first < first_end and second < second_end:
        if run_chunk[first] != run_chunk[second]:
            if run_chunk[first] < run_chunk[second]:
                first += 1
            else:
                second += 1
            continue
        base = np.int64(run_chunk[first]) * CHUNK_WORDS
        a, a_end = np.int64(run_doc[first]), np.int64(run_doc[first + 1])
        b, b_end = np.int64(run_doc[second]), np.int64(run_doc[second + 1])
        a_place, b_place = np.int64(run_pos[first]), np.int64(run_pos[second])
        while True:
            if docs[a] < docs[b]:
                wanted, stop = docs[b], min(a_end, a + _STEPS)
                while a < stop and docs[a] < wanted:
                    a_place += np.int64(tf[a])
                    if tf[a] == TF_ESCAPE:
                        a_place += escaped(TF_ESCAPE, a, TF_ESCAPE, tf_big_at, tf_big) - TF_ESCAPE
                    a += 1
                if a == stop and a < a_end:
                    to = not_before(docs, a, a_end, np.int64(wanted))
                    a_place += tf_sum(tf, tf_big_at, tf_big, a, to)
                    a = to
            elif docs[b] < docs[a]:
                wanted, stop = docs[a], min(b_end, b + _STEPS)
                while b < stop and docs[b] < wanted:
                    b_place += np.int64(tf[b])
                    if tf[b] == TF_ESCAPE:
                        b_place += escaped(TF_ESCAPE, b, TF_ESCAPE, tf_big_at, tf_big) - TF_ESCAPE
                    b += 1
                if b == stop and b < b_end:
                    to = not_before(docs, b, b_end, np.int64(wanted))
                    b_place += tf_sum(tf, tf_big_at, tf_big, b, to)
                    b = to
            else:
                doc = np.int64(docs[a])
                x, y = a_place, b_place
                a_place += escaped(np.int64(tf[a]), a, TF_ESCAPE, tf_big_at, tf_big)
                b_place += escaped(np.int64(tf[b]), b, TF_ESCAPE, tf_big_at, tf_big)
                met = np.uint8(0)
                if neighbours:
                    for at in range(x, a_place):
                        flags[np.int64(pos[at]) + reach] = 1
                    for at in range(y, b_place):
                        met |= flags[np.int64(pos[at])]
                    for at in range(x, a_place):
                        flags[np.int64(pos[at]) + reach] = 0
                elif _near(pos, x, a_place, y, b_place, reach, pos_big_at, pos_big):
                    met = np.uint8(1)
                if met:
                    bits[base + (doc >> 6)] |= _ONE << np.uint64(doc & 63)
                a += 1
                b += 1
            if a == a_end or b == b_end:
                break
        first += 1
        second += 1
