"""Terms: finding a term, and the documents of terms and phrases."""

import numpy as np

from indexer.whoosh_engine.kernels.compiled import (
    CHUNK_WORDS,
    POSITION_ESCAPE,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
    kernel,
    lowest,
)

_ONE = np.uint64(1)


@kernel
def compare(blob: Array, start: int, end: int, key: Array) -> int:
    """Return -1, 0 or 1: how the bytes of a term stand to *key*."""
    length = min(end - start, key.size)
    for at in range(length):
        if blob[start + at] != key[at]:
            return -1 if blob[start + at] < key[at] else 1
    if end - start == key.size:
        return 0
    return -1 if end - start < key.size else 1


@kernel
def first_from(blob: Array, at: Array, key: Array) -> int:
    """Return the number of the first term that is not before *key*."""
    low, high = 0, at.size - 1
    while low < high:
        middle = (low + high) >> 1
        if compare(blob, np.int64(at[middle]), np.int64(at[middle + 1]), key) < 0:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def find(blob: Array, at: Array, key: Array) -> int:
    """Return the number of the term *key*, -1 where there is none."""
    place = first_from(blob, at, key)
    if place < at.size - 1 and not compare(blob, np.int64(at[place]), np.int64(at[place + 1]), key):
        return place
    return -1


@kernel
def escaped(value: int, at: int, escape: int, big_at: Array, big: Array) -> int:
    """Return *value*, or what the escape table says of place *at*."""
    if value != escape:
        return value
    low, high = 0, big_at.size
    while low < high:
        middle = (low + high) >> 1
        if big_at[middle] < at:
            low = middle + 1
        else:
            high = middle
    if low < big_at.size and big_at[low] == at:
        return np.int64(big[low])
    return value


@kernel
def tf_at(p: Postings, at: int) -> int:
    """Return the term frequency of a posting."""
    return escaped(np.int64(p.tf[at]), at, TF_ESCAPE, p.tf_big_at, p.tf_big)


@kernel
def position_at(p: Postings, at: int) -> int:
    """Return one position."""
    return escaped(np.int64(p.pos[at]), at, POSITION_ESCAPE, p.pos_big_at, p.pos_big)


@kernel
def tf_sum(p: Postings, start: int, end: int) -> int:
    """Return the sum of the term frequencies of postings *start* to before *end*."""
    total = 0
    escapes = 0
    for at in range(start, end):
        value = np.int64(p.tf[at])
        total += value
        escapes += value == TF_ESCAPE
    if escapes:
        for at in range(start, end):
            if p.tf[at] == TF_ESCAPE:
                total += tf_at(p, at) - TF_ESCAPE
    return total


@kernel
def not_before(doc: Array, low: int, high: int, wanted: int) -> int:
    """Return the first place in *low* to *high* whose document is not before *wanted*."""
    step = 1
    probe = low
    while probe < high and doc[probe] < wanted:
        low = probe + 1
        probe += step
        step <<= 1
    high = min(high, probe)
    while low < high:
        middle = (low + high) >> 1
        if doc[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def fill(bits: Bits, p: Postings, first_run: int, end_run: int) -> None:
    """Set the bits of every document of some runs."""
    for run in range(first_run, end_run):
        base = np.int64(p.run_chunk[run]) * CHUNK_WORDS
        words = bits[base : base + CHUNK_WORDS]
        for at in range(np.int64(p.run_doc[run]), np.int64(p.run_doc[run + 1])):
            doc = np.int64(p.doc[at])
            words[doc >> 6] |= _ONE << np.uint64(doc & 63)


@kernel
def fill_terms(bits: Bits, p: Postings, terms: Array) -> None:
    """Set the bits of every document of some terms."""
    for at in range(terms.size):
        term = terms[at]
        fill(bits, p, np.int64(p.term_runs[term]), np.int64(p.term_runs[term + 1]))


@kernel
def keep(bits: Bits, p: Postings, first_run: int, end_run: int) -> None:
    """Clear the bits of documents that are in none of the runs of one term."""
    run = first_run
    for chunk in range(bits.size // CHUNK_WORDS):
        base = chunk * CHUNK_WORDS
        while run < end_run and p.run_chunk[run] < chunk:
            run += 1
        if run == end_run or p.run_chunk[run] != chunk:
            bits[base : base + CHUNK_WORDS] = np.uint64(0)
            continue
        cursor, end = np.int64(p.run_doc[run]), np.int64(p.run_doc[run + 1])
        for at in range(base, base + CHUNK_WORDS):
            word = bits[at]
            kept = word
            while word:
                doc = ((at - base) << 6) + np.int64(lowest(word))
                cursor = not_before(p.doc, cursor, end, doc)
                if cursor == end or p.doc[cursor] != doc:
                    kept &= ~(word & (~word + _ONE))
                word &= word - _ONE
            bits[at] = kept


@kernel
def _in_order(p: Postings, starts: Array, counts: Array, cursors: Array, reach: int) -> bool:
    """Tell whether one position of each term can be taken in order, last - first <= reach."""
    terms = starts.size
    cursors[:] = 0
    for first in range(counts[0]):
        begin = position_at(p, starts[0] + first)
        previous = begin
        whole = True
        for term in range(1, terms):
            cursor = cursors[term]
            position = -1
            while cursor < counts[term]:
                position = position_at(p, starts[term] + cursor)
                if position > previous:
                    break
                cursor += 1
            cursors[term] = cursor
            if cursor == counts[term]:
                return False
            if position - begin > reach:
                whole = False
                break
            previous = position
        if whole:
            return True
    return False


@kernel
def fill_phrase(bits: Bits, p: Postings, first_runs: Array, end_runs: Array, reach: int) -> None:
    """Set the bits of documents in which terms stand in order.

    Args:
        bits: The bitmap to set.
        p: The lists of the segment.
        first_runs: First run of each term, in the order of the phrase.
        end_runs: End of the runs of each term.
        reach: How far the last term may stand from the first, in positions.
    """
    terms = first_runs.size
    anchor, fewest = 0, np.int64(1) << 62
    for term in range(terms):
        count = np.int64(p.run_doc[end_runs[term]]) - np.int64(p.run_doc[first_runs[term]])
        if count < fewest:
            anchor, fewest = term, count
    runs = first_runs.copy()
    cursor = np.zeros(terms, np.int64)
    summed = np.zeros(terms, np.int64)
    ends = np.zeros(terms, np.int64)
    before = np.zeros(terms, np.int64)
    starts = np.zeros(terms, np.int64)
    counts = np.zeros(terms, np.int64)
    scratch = np.zeros(terms, np.int64)
    for anchor_run in range(first_runs[anchor], end_runs[anchor]):
        chunk = p.run_chunk[anchor_run]
        runs[anchor] = anchor_run
        whole = True
        for term in range(terms):
            if term != anchor:
                while runs[term] < end_runs[term] and p.run_chunk[runs[term]] < chunk:
                    runs[term] += 1
            if runs[term] >= end_runs[term] or p.run_chunk[runs[term]] != chunk:
                whole = False
                break
            cursor[term] = summed[term] = np.int64(p.run_doc[runs[term]])
            ends[term] = np.int64(p.run_doc[runs[term] + 1])
            before[term] = 0
        if not whole:
            continue
        base = np.int64(chunk) * CHUNK_WORDS
        for at in range(cursor[anchor], ends[anchor]):
            doc = np.int64(p.doc[at])
            cursor[anchor] = at
            whole = True
            for term in range(terms):
                if term != anchor:
                    cursor[term] = not_before(p.doc, cursor[term], ends[term], doc)
                    if cursor[term] == ends[term]:
                        whole = False
                        break
                    if p.doc[cursor[term]] != doc:
                        whole = False
                        break
            if not whole:
                continue
            for term in range(terms):
                before[term] += tf_sum(p, summed[term], cursor[term])
                summed[term] = cursor[term]
                starts[term] = np.int64(p.run_pos[runs[term]]) + before[term]
                counts[term] = tf_at(p, cursor[term])
            if _in_order(p, starts, counts, scratch, reach):
                bits[base + (doc >> 6)] |= _ONE << np.uint64(doc & 63)


@kernel
def positions_in(p: Postings, first_run: int, end_run: int, doc: int) -> Array:
    """Return the positions of a term in one document, ascending; none where it is not there."""
    for run in range(first_run, end_run):
        if p.run_chunk[run] == doc >> 16:
            start, end = np.int64(p.run_doc[run]), np.int64(p.run_doc[run + 1])
            at = not_before(p.doc, start, end, doc & 0xFFFF)
            if at < end and p.doc[at] == doc & 0xFFFF:
                found = np.empty(tf_at(p, at), np.int64)
                base = np.int64(p.run_pos[run]) + tf_sum(p, start, at)
                for nth in range(found.size):
                    found[nth] = position_at(p, base + nth)
                return found
    return np.empty(0, np.int64)


@kernel
def matches_pattern(blob: Array, start: int, end: int, pattern: Array) -> bool:
    """Tell whether a term in UTF-8 fits *pattern*: -1 is any letters, -2 one, else a byte."""
    at, wanted = start, 0
    star, retry = -1, start
    while at < end:
        if wanted < pattern.size and pattern[wanted] == -1:
            star, retry = wanted, at
            wanted += 1
        elif wanted < pattern.size and pattern[wanted] == -2:
            at += 1
            while at < end and blob[at] & 0xC0 == 0x80:
                at += 1
            wanted += 1
        elif wanted < pattern.size and pattern[wanted] == blob[at]:
            at += 1
            wanted += 1
        elif star >= 0:
            retry += 1
            while retry < end and blob[retry] & 0xC0 == 0x80:
                retry += 1
            at, wanted = retry, star + 1
        else:
            return False
    while wanted < pattern.size and pattern[wanted] == -1:
        wanted += 1
    return wanted == pattern.size


@kernel
def matching_terms(p: Postings, first: int, end: int, skip: int, pattern: Array) -> Array:
    """Return the numbers of the terms *first* to before *end* that fit *pattern*.

    The first *skip* bytes of a term, its field, are not looked at.
    """
    found = np.empty(end - first, np.int64)
    count = 0
    for term in range(first, end):
        start = np.int64(p.term_at[term]) + skip
        if matches_pattern(p.term_blob, start, np.int64(p.term_at[term + 1]), pattern):
            found[count] = term
            count += 1
    return found[:count]
