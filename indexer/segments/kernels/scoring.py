"""Scoring: find the best documents of a segment by BM25, and skip those that cannot be among them.

Documents are scored in windows, newest first, so that of documents with equal scores the newer one
wins. The floor is the lowest score of the best documents so far. In a window, some lists have
bounds whose sum is below the floor. These lists are not read: candidates from the other lists are
looked up in them (MaxScore: Turtle and Flood, 1995). The bounds are those of blocks of 128 postings
(block-max: Ding and Suel, 2011). The score of a candidate is summed in the order of the leaves.
"""

import numpy as np

from marsad.indexer.compiled import bounded, bounded_inner
from marsad.indexer.segments.kernels.layout import (
    BLOCK,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
    leading,
    ones,
)
from marsad.indexer.segments.kernels.postings import escaped, lower_bound

_ONE = np.uint64(1)
_WINDOW = 4096
_WORDS = 64
_SHIFT = 7
# Looking up a document in a list takes as long as reading this many postings.
_PROBE = 12
# In a window with fewer postings, the scored documents are noted when they get a score; in
# others, all places are searched for them afterwards.
_FEW = 768
# Lists are skipped only if they have this many times the postings of the lists that are read.
_SPARING = 8
# The rounding error of sums of single floats is taken to be below this factor.
_SLACK = 1.00002


@bounded_inner
def _frequency(tf: Array, big_at: Array, big: Array, at: int) -> float:
    """Return the frequency of a posting."""
    return np.float64(escaped(np.int64(tf[at]), at, TF_ESCAPE, big_at, big))


@bounded_inner
def _sift_down(scores: Array, docs: Array, size: int) -> None:
    """Restore the heap after its root, the lowest score, was replaced."""
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            return
        right = child + 1
        if right < size and (
            scores[right] < scores[child]
            or (scores[right] == scores[child] and docs[right] < docs[child])
        ):
            child = right
        if scores[child] < scores[parent] or (
            scores[child] == scores[parent] and docs[child] < docs[parent]
        ):
            scores[child], scores[parent] = scores[parent], scores[child]
            docs[child], docs[parent] = docs[parent], docs[child]
            parent = child
        else:
            return


@bounded_inner
def _sift_up(scores: Array, docs: Array, size: int) -> None:
    """Restore the heap after an entry was added at its end."""
    child = size - 1
    while child:
        parent = (child - 1) >> 1
        if scores[child] < scores[parent] or (
            scores[child] == scores[parent] and docs[child] < docs[parent]
        ):
            scores[child], scores[parent] = scores[parent], scores[child]
            docs[child], docs[parent] = docs[parent], docs[child]
            child = parent
        else:
            return


@bounded
def top_k(
    p: Postings,
    bits: Bits,
    counted: bool,
    first_runs: Array,
    end_runs: Array,
    fields: Array,
    weights: Array,
    flats: Array,
    per_words: Array,
    slacks: Array,
    conditions: Array,
    sets: Array,
    k: int,
) -> tuple[Array, Array]:
    """Return the documents and scores of the *k* best of a segment, unsorted.

    Args:
        p: The lists of the segment.
        bits: The documents that match.
        counted: Whether *bits* says which documents match. If not, every document with a term of a
            leaf matches, and every leaf must have runs and no condition.
        first_runs: First run of each leaf; a leaf without runs adds its weight itself.
        end_runs: End of the runs of each leaf.
        fields: Row of each leaf in `p.lengths`.
        weights: boost * idf * (K1 + 1) of each leaf, or the score of a leaf without runs.
        flats: K1 * (1 - B) of each leaf.
        per_words: K1 * B / average length of each leaf.
        slacks: Factor for the stored bounds of each leaf.
        conditions: Row of each leaf in *sets*, -1 if it has no condition.
        sets: Bitmaps of the documents in which a leaf with a condition scores.
        k: How many are wanted, 1 or more.
    """
    # Taken out of the tuple once, because each access in a loop would count references.
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    run_chunk, run_doc, run_block = p.run_chunk, p.run_doc, p.run_block
    block_max, lengths = p.block_max, p.lengths
    leaves = first_runs.size
    best_doc = np.empty(k, np.int64)
    best = np.empty(k, np.float64)
    size = 0
    floor = -1.0
    run = end_runs - 1
    chunk_of = np.full(leaves, -1, np.int64)
    run_of = np.full(leaves, -1, np.int64)
    low = np.zeros(leaves, np.int64)
    high = np.zeros(leaves, np.int64)
    bound = np.zeros(leaves, np.float64)
    order = np.zeros(leaves, np.int64)
    rest = np.zeros(leaves + 1, np.float64)
    sums = np.zeros(_WINDOW, np.float32)
    parts = np.zeros(leaves, np.float64)
    skipped = np.zeros(leaves, np.bool_)
    touched = np.zeros(_WORDS, np.uint64)
    for window in range(bits.size // _WORDS - 1, -1, -1):
        first_word = window * _WORDS
        first_doc = window * _WINDOW
        chunk = first_doc >> 16
        offset = first_doc & 0xFFFF
        matching = 0
        if counted:
            for word in range(first_word, first_word + _WORDS):
                matching += np.int64(ones(bits[word]))
            if not matching:
                continue
        total = 0.0
        postings = 0
        for leaf in range(leaves):
            low[leaf] = high[leaf] = 0
            bound[leaf] = 0.0
            if first_runs[leaf] == end_runs[leaf]:
                bound[leaf] = weights[leaf]
                total += bound[leaf]
                continue
            if chunk_of[leaf] != chunk:
                chunk_of[leaf] = chunk
                while run[leaf] >= first_runs[leaf] and run_chunk[run[leaf]] > chunk:
                    run[leaf] -= 1
                if run[leaf] >= first_runs[leaf] and run_chunk[run[leaf]] == chunk:
                    run_of[leaf] = run[leaf]
                else:
                    run_of[leaf] = -1
            here = run_of[leaf]
            if here < 0:
                continue
            start = np.int64(run_doc[here])
            end = np.int64(run_doc[here + 1])
            low[leaf] = lower_bound(docs, start, end, offset)
            high[leaf] = lower_bound(docs, low[leaf], end, offset + _WINDOW)
            if low[leaf] == high[leaf]:
                continue
            block = np.int64(run_block[here])
            top = 0
            for at in range(
                block + ((low[leaf] - start) >> _SHIFT),
                block + ((high[leaf] - 1 - start) >> _SHIFT) + 1,
            ):
                top = max(top, np.int64(block_max[at]))
            bound[leaf] = weights[leaf] * slacks[leaf] * top / 255.0
            total += bound[leaf]
            postings += high[leaf] - low[leaf]
        if size == k and total <= floor:
            continue
        for leaf in range(leaves):
            place = leaf
            while place and bound[order[place - 1]] < bound[leaf]:
                order[place] = order[place - 1]
                place -= 1
            order[place] = leaf
        rest[leaves] = 0.0
        for place in range(leaves - 1, -1, -1):
            rest[place] = rest[place + 1] + bound[order[place]]
        # Lists that together cannot lift a document above the floor are skipped, the longest
        # first, if that saves enough reading. Candidates are looked up in them later.
        lower, walked, spared = 0.0, postings, 0
        skipped[:] = False
        flat = False
        if size == k:
            for _ in range(leaves):
                longest = -1
                for leaf in range(leaves):
                    if (
                        not skipped[leaf]
                        and (lower + bound[leaf]) * _SLACK <= floor
                        and (longest < 0 or high[leaf] - low[leaf] > high[longest] - low[longest])
                    ):
                        longest = leaf
                if longest < 0:
                    break
                skipped[longest] = True
                lower += bound[longest]
                spared += high[longest] - low[longest]
            walked = postings - spared
            if walked * _SPARING > spared:
                skipped[:] = False
                lower, walked = 0.0, postings
        for leaf in range(leaves):
            flat = flat or (not skipped[leaf] and first_runs[leaf] == end_runs[leaf])
        by_document = counted and (flat or matching * leaves * _PROBE < walked)
        few = not counted and walked < _FEW
        if few:
            touched[:] = np.uint64(0)
        elif counted:
            touched[:] = bits[first_word : first_word + _WORDS]
        if not by_document:
            sums[:] = np.float32(0.0)
            for leaf in range(leaves):
                here = run_of[leaf]
                if skipped[leaf] or low[leaf] == high[leaf]:
                    continue
                start = np.int64(run_doc[here])
                block = np.int64(run_block[here])
                others = total - bound[leaf]
                weight, level = np.float32(weights[leaf]), np.float32(flats[leaf])
                slope, field = np.float32(per_words[leaf]), fields[leaf]
                condition = conditions[leaf]
                at = low[leaf]
                while at < high[leaf]:
                    number = (at - start) >> _SHIFT
                    stop = min(high[leaf], start + (number + 1) * BLOCK)
                    most = weights[leaf] * slacks[leaf] * np.int64(block_max[block + number]) / 255
                    if size == k and (most + others) * _SLACK <= floor:
                        at = stop
                        continue
                    for posting in range(at, stop):
                        inside = np.int64(docs[posting]) - offset
                        document = first_doc + inside
                        if (
                            condition >= 0
                            and not (sets[condition, document >> 6] >> np.uint64(inside & 63))
                            & _ONE
                        ):
                            continue
                        frequency = np.float32(tf[posting])
                        if tf[posting] == TF_ESCAPE:
                            frequency = np.float32(_frequency(tf, tf_big_at, tf_big, posting))
                        length = np.float32(lengths[field, document])
                        sums[inside] += weight * frequency / (frequency + level + slope * length)
                        if few:
                            touched[inside >> 6] |= _ONE << np.uint64(inside & 63)
                    at = stop
            if not counted and not few:
                # A document whose sum is too low for the best is not a candidate.
                least = np.float32(0)
                if size == k:
                    least = np.float32((floor / _SLACK - lower) / _SLACK)
                for word in range(_WORDS):
                    mask = np.uint64(0)
                    for place in range(64):
                        if sums[(word << 6) + place] > least:
                            mask |= _ONE << np.uint64(place)
                    touched[word] = mask
        for word in range(_WORDS - 1, -1, -1):
            left = touched[word]
            while left:
                place = 63 - np.int64(leading(left))
                left &= ~(_ONE << np.uint64(place))
                inside = (word << 6) + place
                doc = first_doc + inside
                known = np.float64(sums[inside])
                if size == k and not by_document and (known + lower) * _SLACK <= floor:
                    continue
                # Highest bounds first, so that most documents are given up early.
                score = 0.0
                for nth in range(leaves):
                    if size == k and (score + rest[nth]) * _SLACK <= floor:
                        score = -1.0
                        break
                    leaf = order[nth]
                    condition = conditions[leaf]
                    if (
                        condition >= 0
                        and not (sets[condition, doc >> 6] >> np.uint64(doc & 63)) & _ONE
                    ):
                        continue
                    if first_runs[leaf] == end_runs[leaf]:
                        score += weights[leaf]
                        continue
                    at = lower_bound(docs, low[leaf], high[leaf], offset + inside)
                    if at < high[leaf] and docs[at] == offset + inside:
                        frequency = _frequency(tf, tf_big_at, tf_big, at)
                        length = np.float64(lengths[fields[leaf], doc])
                        parts[leaf] = (
                            weights[leaf]
                            * frequency
                            / (frequency + flats[leaf] + per_words[leaf] * length)
                        )
                        score += parts[leaf]
                if score < 0.0:
                    parts[:] = 0.0
                    continue
                # Sum again in the order of the leaves, so that equal documents get equal scores.
                score = 0.0
                for leaf in range(leaves):
                    condition = conditions[leaf]
                    if first_runs[leaf] == end_runs[leaf] and (
                        condition < 0 or (sets[condition, doc >> 6] >> np.uint64(doc & 63)) & _ONE
                    ):
                        score += weights[leaf]
                    score += parts[leaf]
                    parts[leaf] = 0.0
                if size < k:
                    best[size] = score
                    best_doc[size] = doc
                    size += 1
                    _sift_up(best, best_doc, size)
                    if size == k:
                        floor = best[0]
                elif score > floor:
                    best[0] = score
                    best_doc[0] = doc
                    _sift_down(best, best_doc, size)
                    floor = best[0]
    return best_doc[:size], best[:size]
