"""Scoring: the best documents of a segment by BM25, skipping what cannot be among them.

Documents are looked at in windows, newest first, so that of equal scores the newer
wins. In a window, lists whose bounds together cannot lift a document over the
worst of the best so far are not walked, only probed for candidates (MaxScore:
Turtle and Flood, 1995); blocks of 128 postings carry the bound (block-max: Ding
and Suel, 2011). The score of a candidate is summed in the order of the leaves.
"""

import numpy as np

from indexer.whoosh_engine.kernels.compiled import (
    BLOCK,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
    kernel,
    leading,
    ones,
)
from indexer.whoosh_engine.kernels.terms import tf_at

_ONE = np.uint64(1)
_WINDOW = 4096
_WORDS = 64
_SHIFT = 7
# Sums of single floats are held to be off by less than this share.
_SLACK = 1.00002


@kernel
def contribution(
    p: Postings, at: int, length: int, weight: float, flat: float, per_word: float
) -> float:
    """Return BM25 of one posting: weight * tf / (tf + flat + per_word * length)."""
    tf = np.float64(p.tf[at])
    if p.tf[at] == TF_ESCAPE:
        tf = np.float64(tf_at(p, at))
    return weight * tf / (tf + flat + per_word * np.float64(length))


@kernel
def _sift_down(scores: Array, docs: Array, size: int) -> None:
    """Restore the heap whose root, the worst of the best, was replaced."""
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


@kernel
def _sift_up(scores: Array, docs: Array, size: int) -> None:
    """Restore the heap whose last place was filled."""
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


@kernel
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
    """Return the documents and scores of the *k* best of a segment, in no order.

    Args:
        p: The lists of the segment.
        bits: The documents that match.
        counted: Whether *bits* says what matches; if not, whatever any leaf holds does, and
            every leaf must have runs and no condition.
        first_runs: First run of each leaf; a leaf without runs scores its weight flat.
        end_runs: End of the runs of each leaf.
        fields: Row of each leaf in `p.lengths`.
        weights: boost * idf * (K1 + 1) of each leaf, or the flat score.
        flats: K1 * (1 - B) of each leaf.
        per_words: K1 * B / average length of each leaf.
        slacks: What the stored bounds of each leaf must be multiplied with.
        conditions: Row of each leaf in *sets*, -1 where it holds everywhere.
        sets: Bitmaps that say where a conditional leaf scores.
        k: How many are wanted, 1 or more.
    """
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
                while run[leaf] >= first_runs[leaf] and p.run_chunk[run[leaf]] > chunk:
                    run[leaf] -= 1
                if run[leaf] >= first_runs[leaf] and p.run_chunk[run[leaf]] == chunk:
                    run_of[leaf] = run[leaf]
                else:
                    run_of[leaf] = -1
            here = run_of[leaf]
            if here < 0:
                continue
            start = np.int64(p.run_doc[here])
            end = np.int64(p.run_doc[here + 1])
            low[leaf] = _lower(p.doc, start, end, offset)
            high[leaf] = _lower(p.doc, low[leaf], end, offset + _WINDOW)
            if low[leaf] == high[leaf]:
                continue
            block = np.int64(p.run_block[here])
            top = 0
            for at in range(
                block + ((low[leaf] - start) >> _SHIFT),
                block + ((high[leaf] - 1 - start) >> _SHIFT) + 1,
            ):
                top = max(top, np.int64(p.block_max[at]))
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
        essential = leaves
        if size == k:
            while essential and rest[essential - 1] * _SLACK <= floor:
                essential -= 1
        walked = 0
        flat = False
        for place in range(essential):
            leaf = order[place]
            walked += high[leaf] - low[leaf]
            flat = flat or first_runs[leaf] == end_runs[leaf]
        by_document = counted and (flat or size < k or matching * (leaves + 1) * 2 < walked)
        if by_document:
            touched[:] = bits[first_word : first_word + _WORDS]
        else:
            touched[:] = np.uint64(0)
            for place in range(essential):
                leaf = order[place]
                here = run_of[leaf]
                if low[leaf] == high[leaf]:
                    continue
                start = np.int64(p.run_doc[here])
                block = np.int64(p.run_block[here])
                others = total - bound[leaf]
                weight, level = weights[leaf], flats[leaf]
                slope, field = per_words[leaf], fields[leaf]
                condition = conditions[leaf]
                at = low[leaf]
                while at < high[leaf]:
                    number = (at - start) >> _SHIFT
                    stop = min(high[leaf], start + (number + 1) * BLOCK)
                    most = weight * slacks[leaf] * np.int64(p.block_max[block + number]) / 255.0
                    if size == k and (most + others) * _SLACK <= floor:
                        at = stop
                        continue
                    for posting in range(at, stop):
                        inside = np.int64(p.doc[posting]) - offset
                        doc = first_doc + inside
                        bit = _ONE << np.uint64(inside & 63)
                        if counted and not bits[doc >> 6] & bit:
                            continue
                        if condition >= 0 and not sets[condition, doc >> 6] & bit:
                            continue
                        sums[inside] += contribution(
                            p, posting, p.lengths[field, doc], weight, level, slope
                        )
                        touched[inside >> 6] |= bit
                    at = stop
        lower = rest[essential]
        for word in range(_WORDS - 1, -1, -1):
            left = touched[word]
            while left:
                place = 63 - np.int64(leading(left))
                left &= ~(_ONE << np.uint64(place))
                inside = (word << 6) + place
                doc = first_doc + inside
                known = np.float64(sums[inside])
                sums[inside] = np.float32(0.0)
                if size == k:
                    if by_document:
                        if total * _SLACK <= floor:
                            continue
                    elif (known + lower) * _SLACK <= floor:
                        continue
                score = 0.0
                if size == k and by_document:
                    # Widest bounds first, so that most documents end early.
                    score = _score(
                        p, doc, offset, order, rest, floor, low, high, first_runs,
                        end_runs, fields, weights, flats, per_words, conditions, sets, inside,
                    )  # fmt: skip
                    if score * _SLACK <= floor:
                        continue
                    score = 0.0
                for leaf in range(leaves):
                    score += _leaf_score(
                        p, leaf, doc, offset + inside, low, high, first_runs, end_runs,
                        fields, weights, flats, per_words, conditions, sets,
                    )  # fmt: skip
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


@kernel
def _lower(doc: Array, low: int, high: int, wanted: int) -> int:
    """Return the first place in *low* to *high* whose document is not before *wanted*."""
    while low < high:
        middle = (low + high) >> 1
        if np.int64(doc[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _leaf_score(
    p: Postings,
    leaf: int,
    doc: int,
    inside: int,
    low: Array,
    high: Array,
    first_runs: Array,
    end_runs: Array,
    fields: Array,
    weights: Array,
    flats: Array,
    per_words: Array,
    conditions: Array,
    sets: Array,
) -> float:
    """Return what one leaf adds to the score of a document."""
    condition = conditions[leaf]
    if condition >= 0 and not (sets[condition, doc >> 6] >> np.uint64(doc & 63)) & _ONE:
        return 0.0
    if first_runs[leaf] == end_runs[leaf]:
        return weights[leaf]
    at = _lower(p.doc, low[leaf], high[leaf], inside)
    if at == high[leaf] or p.doc[at] != inside:
        return 0.0
    return contribution(
        p, at, p.lengths[fields[leaf], doc], weights[leaf], flats[leaf], per_words[leaf]
    )


@kernel
def _score(
    p: Postings,
    doc: int,
    offset: int,
    order: Array,
    rest: Array,
    floor: float,
    low: Array,
    high: Array,
    first_runs: Array,
    end_runs: Array,
    fields: Array,
    weights: Array,
    flats: Array,
    per_words: Array,
    conditions: Array,
    sets: Array,
    inside: int,
) -> float:
    """Return a document's score, or a bound of it that is not above *floor*."""
    score = 0.0
    for place in range(order.size):
        if (score + rest[place]) * _SLACK <= floor:
            return score + rest[place]
        score += _leaf_score(
            p, order[place], doc, offset + inside, low, high, first_runs, end_runs,
            fields, weights, flats, per_words, conditions, sets,
        )  # fmt: skip
    return score
