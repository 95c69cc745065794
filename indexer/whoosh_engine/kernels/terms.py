"""Terms: finding a term, and the documents of terms and phrases."""

import numpy as np

from indexer.compiled import inner, kernel
from indexer.whoosh_engine.kernels.layout import (
    CHUNK_WORDS,
    POSITION_ESCAPE,
    TF_ESCAPE,
    Array,
    Bits,
    Postings,
    lowest,
)

_ONE = np.uint64(1)
# A list is walked so far before it is searched in leaps.
_STEPS = 16


@inner
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


@inner
def escaped(value: int, at: int, escape: int, big_at: Array, big: Array) -> int:
    """Return *value*, or what the escape table says of place *at*."""
    if value == escape:
        low, high = 0, big_at.size
        while low < high:
            middle = (low + high) >> 1
            if big_at[middle] < at:
                low = middle + 1
            else:
                high = middle
        value = np.int64(big[low])
    return value


@inner
def tf_sum(tf: Array, big_at: Array, big: Array, start: int, end: int) -> int:
    """Return the sum of the term frequencies of postings *start* to before *end*."""
    total = 0
    escapes = 0
    for at in range(start, end):
        value = np.int64(tf[at])
        total += value
        escapes += np.int64(value == TF_ESCAPE)
    if escapes:
        for at in range(start, end):
            if tf[at] == TF_ESCAPE:
                total += escaped(TF_ESCAPE, at, TF_ESCAPE, big_at, big) - TF_ESCAPE
    return total


@inner
def not_before(doc: Array, start: int, end: int, wanted: int) -> int:
    """Return the first place from *start* to *end* whose document is not before *wanted*."""
    low = start
    step = 1
    probe = start
    while probe < end and np.int64(doc[probe]) < wanted:
        low = probe + 1
        probe += step
        step <<= 1
    high = min(end, probe)
    while low < high:
        middle = (low + high) >> 1
        if np.int64(doc[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def fill(bits: Bits, p: Postings, first_run: int, end_run: int) -> None:
    """Set the bits of every document of some runs."""
    docs, run_chunk, run_doc = p.doc, p.run_chunk, p.run_doc
    for run in range(first_run, end_run):
        base = np.int64(run_chunk[run]) * CHUNK_WORDS
        words = bits[base : base + CHUNK_WORDS]
        for at in range(np.int64(run_doc[run]), np.int64(run_doc[run + 1])):
            doc = np.int64(docs[at])
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
    docs, run_chunk, run_doc = p.doc, p.run_chunk, p.run_doc
    run = first_run
    for chunk in range(bits.size // CHUNK_WORDS):
        base = chunk * CHUNK_WORDS
        while run < end_run and run_chunk[run] < chunk:
            run += 1
        if run == end_run or run_chunk[run] != chunk:
            bits[base : base + CHUNK_WORDS] = np.uint64(0)
            continue
        cursor, end = np.int64(run_doc[run]), np.int64(run_doc[run + 1])
        for at in range(base, base + CHUNK_WORDS):
            word = bits[at]
            kept = word
            while word:
                doc = ((at - base) << 6) + np.int64(lowest(word))
                cursor = not_before(docs, cursor, end, doc)
                if cursor == end or docs[cursor] != doc:
                    kept &= ~(word & (~word + _ONE))
                word &= word - _ONE
            bits[at] = kept


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
            # Each first word, with the nearest places of the others after it.
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


@inner
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
    """Tell whether a position of *y* stands within *reach* after one of *x*."""
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


@kernel
def fill_pair(
    bits: Bits, p: Postings, first: int, first_end: int, second: int, second_end: int, reach: int
) -> None:
    """Do what `fill_phrase` does, for two terms: both lists are walked side by side.

    Args:
        bits: The bitmap to set.
        p: The lists of the segment.
        first: First run of the first term.
        first_end: End of its runs.
        second: First run of the second term.
        second_end: End of its runs.
        reach: How far the second term may stand from the first, in positions.
    """
    docs, tf, tf_big_at, tf_big = p.doc, p.tf, p.tf_big_at, p.tf_big
    run_chunk, run_doc, run_pos = p.run_chunk, p.run_doc, p.run_pos
    pos, pos_big_at, pos_big = p.pos, p.pos_big_at, p.pos_big
    # Neighbours are found by a flag for each place of the first term; no list has an escape.
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
def tfs_of(p: Postings, first_run: int, end_run: int) -> Array:
    """Return the term frequencies of some runs, one for each document."""
    start, end = np.int64(p.run_doc[first_run]), np.int64(p.run_doc[end_run])
    found = np.empty(end - start, np.int64)
    for at in range(start, end):
        found[at - start] = escaped(np.int64(p.tf[at]), at, TF_ESCAPE, p.tf_big_at, p.tf_big)
    return found


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


@inner
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
    blob, at = p.term_blob, p.term_at
    found = np.empty(end - first, np.int64)
    count = 0
    for term in range(first, end):
        start = np.int64(at[term]) + skip
        if matches_pattern(blob, start, np.int64(at[term + 1]), pattern):
            found[count] = term
            count += 1
    return found[:count]
