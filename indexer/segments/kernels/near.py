"""Near: how much of a query is close together in each of a few documents."""

import numpy as np

from marsad.indexer.compiled import bounded
from marsad.indexer.segments.kernels.layout import POSITION_ESCAPE, TF_ESCAPE, Array, Postings
from marsad.indexer.segments.kernels.postings import escaped, not_before, tf_sum


@bounded
def near_scores(
    p: Postings, wanted: Array, first_runs: Array, end_runs: Array, weights: Array, width: int
) -> Array:
    """Return, for each document, the largest sum of weights of terms within *width* positions.

    Args:
        p: The lists of the segment.
        wanted: The documents, ascending (i64).
        first_runs: First run of each term.
        end_runs: End of the runs of each term.
        weights: The weight of each term, which counts once even if the term is there twice.
        width: The size of the window, in positions, 1 or more.
    """
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    run_chunk, run_doc, run_pos = p.run_chunk, p.run_doc, p.run_pos
    terms = first_runs.size
    first = np.zeros((wanted.size, terms), np.int64)
    count = np.zeros((wanted.size, terms), np.int64)
    for term in range(terms):
        nth = 0
        for run in range(first_runs[term], end_runs[term]):
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
                    first[nth, term] = place
                    count[nth, term] = escaped(np.int64(tf[at]), at, TF_ESCAPE, tf_big_at, tf_big)
                nth += 1
    found = np.zeros(wanted.size, np.float64)
    taken = np.zeros(terms, np.int64)
    head = np.zeros(terms, np.int64)
    inside = np.zeros(terms, np.int64)
    for nth in range(wanted.size):
        total = count[nth].sum()
        places = np.empty(total, np.int64)
        whose = np.empty(total, np.int64)
        taken[:] = 0
        inside[:] = 0
        for term in range(terms):
            if count[nth, term]:
                at = first[nth, term]
                head[term] = escaped(np.int64(pos[at]), at, POSITION_ESCAPE, pos_big_at, pos_big)
        tail = 0
        weight = 0.0
        for at in range(total):
            # The positions of each term ascend, so the lowest head is the next position of all.
            lowest = -1
            for term in range(terms):
                if taken[term] < count[nth, term] and (lowest < 0 or head[term] < head[lowest]):
                    lowest = term
            places[at], whose[at] = head[lowest], lowest
            taken[lowest] += 1
            if taken[lowest] < count[nth, lowest]:
                place = first[nth, lowest] + taken[lowest]
                head[lowest] = escaped(
                    np.int64(pos[place]), place, POSITION_ESCAPE, pos_big_at, pos_big
                )
            inside[lowest] += 1
            if inside[lowest] == 1:
                weight += weights[lowest]
            while places[tail] <= places[at] - width:
                inside[whose[tail]] -= 1
                if not inside[whose[tail]]:
                    weight -= weights[whose[tail]]
                tail += 1
            found[nth] = max(found[nth], weight)
    return found
