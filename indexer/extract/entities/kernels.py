"""Kernels: compiled loops of the tagger.

They find gaps between words and scopes of titles, add up scores, and find the best labels. A gap is
the sign nearest before a word. The gap `BOUND` separates sentences: it is a line break, or a full
stop after a word of more than one letter.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import kernel

Array = NDArray[Any]

PLAIN, QUOTE, OPEN, CLOSE, STOP, COMMA, DASH, COLON, OTHER, BOUND = range(10)
GAPS = 10
LINE, SPACE = 20, 21

# Flags of a word: it is a title, it begins names of organisations, it can qualify a title.
TITLE_WORD, ORG_WORD, QUALIFIER = 1, 2, 4
TITLE_SCOPES, ORG_SCOPES = 5, 7


@kernel
def find_gaps(units: Array, starts: Array, classes: Array, signs: Array) -> Array:
    """Return the gap before each word, and a final `BOUND` (u8, words + 1).

    *units* are the characters of a text (u16), *starts* the offsets of its words; *classes* and
    *signs* give the tokenizer's class and the sign of each character.
    """
    gaps = np.zeros(starts.size + 1, np.uint8)
    for word in range(starts.size):
        gap = 0
        at = np.int64(starts[word]) - 1
        bound = word == 0
        after_space = False
        while at >= 0 and classes[units[at]] == 0:
            sign = signs[units[at]]
            if sign == LINE:
                bound = True
            elif sign == STOP and after_space:
                # A full stop after a single letter is an abbreviation (د.), not the end of a
                # sentence.
                alone = at > 0 and word > 0 and np.int64(starts[word - 1]) == at - 1
                bound = bound or not alone
            if sign == SPACE or sign == LINE:
                after_space = True
            elif gap == 0:
                gap = sign
            at -= 1
        gaps[word] = BOUND if bound else gap
    gaps[starts.size] = BOUND
    return gaps


@kernel
def find_scopes(gaps: Array, flags: Array) -> tuple[Array, Array]:
    """Return each word's distance behind a title, and behind a word that begins organisations.

    Both are u8, and 0 means out of reach. The scope of a title continues over qualifiers. The scope
    of an organisation ends at a comma or another sign. *flags* has the flags of each word (u8).
    """
    titles = np.zeros(flags.size, np.uint8)
    heads = np.zeros(flags.size, np.uint8)
    title = head = 0
    for word in range(flags.size):
        gap, flag = gaps[word], flags[word]
        if gap == STOP or gap == BOUND:
            title = 0
        if gap != PLAIN and gap != DASH and gap != QUOTE and gap != OPEN:
            head = 0
        titles[word] = min(title, TITLE_SCOPES - 1)
        heads[word] = head if head < ORG_SCOPES else 0
        if flag & ORG_WORD:
            head = 1
        elif head > 0:
            head += 1
        if flag & TITLE_WORD:
            title = 1
        elif title > 0 and flag & QUALIFIER:
            title += 1
        else:
            title = 0
    return titles, heads


@kernel
def add_words(scores: Array, codes: Array, edges: Array, weights: Array, edge: Array) -> None:
    """Add the scores that each word gives itself and its neighbours to *scores* (words x labels).

    *weights* has a row for each known word (known x offsets x labels), with offsets from -reach to
    reach. *edge* is used instead for positions outside of the sentence. *edges* has the first word
    of each sentence, and the end.
    """
    offsets, labels = weights.shape[1], weights.shape[2]
    reach = offsets // 2
    for sentence in range(edges.size - 1):
        first, end = edges[sentence], edges[sentence + 1]
        for word in range(first, end):
            for offset in range(offsets):
                near = word + offset - reach
                if near < first or near >= end:
                    for label in range(labels):
                        scores[word, label] += edge[offset, label]
                else:
                    code = codes[near]
                    for label in range(labels):
                        scores[word, label] += weights[code, offset, label]


@kernel
def add_pairs(
    scores: Array, bares: Array, edges: Array, keys: Array, before: Array, after: Array
) -> None:
    """Add the scores of known pairs of neighbouring words to both words.

    *bares* has the number of each word without clitics (i64, -1 if it is in no pair). *keys* has
    the known pairs (i64, ascending), and *before* and *after* their scores for the second and the
    first word.
    """
    labels = scores.shape[1]
    for sentence in range(edges.size - 1):
        for word in range(edges[sentence] + 1, edges[sentence + 1]):
            left, right = bares[word - 1], bares[word]
            if left < 0 or right < 0:
                continue
            key = (left << 32) | right
            low, high = 0, keys.size
            while low < high:
                middle = (low + high) >> 1
                if keys[middle] < key:
                    low = middle + 1
                else:
                    high = middle
            if low < keys.size and keys[low] == key:
                for label in range(labels):
                    scores[word, label] += before[low, label]
                    scores[word - 1, label] += after[low, label]


@kernel
def add_signs(
    scores: Array,
    edges: Array,
    gaps: Array,
    spans: Array,
    titles: Array,
    heads: Array,
    by_gap: Array,
    by_span: Array,
    by_spans: Array,
    by_title: Array,
    by_head: Array,
) -> None:
    """Add the scores of signs, listed names and scopes.

    *spans* has the class of the listed name that a word belongs to (u8, 0 for none). *by_gap* has
    shape `(gaps, gaps, labels)`. *by_span* has shape `(3, spans, labels)`, for the previous word,
    the word and the next word. *by_spans* has shape `(spans + 1, spans, labels)`; its last row
    means "no previous word".
    """
    labels = scores.shape[1]
    none = by_spans.shape[0] - 1
    for sentence in range(edges.size - 1):
        first, end = edges[sentence], edges[sentence + 1]
        for word in range(first, end):
            here = spans[word]
            left = spans[word - 1] if word > first else 0
            right = spans[word + 1] if word + 1 < end else 0
            pair = left if word > first else none
            for label in range(labels):
                scores[word, label] += (
                    by_gap[gaps[word], gaps[word + 1], label]
                    + by_span[0, left, label]
                    + by_span[1, here, label]
                    + by_span[2, right, label]
                    + by_spans[pair, here, label]
                    + by_title[titles[word], label]
                    + by_head[heads[word], label]
                )


@kernel
def best_labels(scores: Array, edges: Array, transitions: Array, opening: Array) -> Array:
    """Return the labels of the best path through each sentence (u8), by Viterbi's algorithm.

    *transitions* has the score of each label after each other label (labels x labels), *opening*
    the score of each label at the beginning of a sentence.
    """
    words, labels = scores.shape
    best = np.zeros(words, np.uint8)
    back = np.zeros((words, labels), np.uint8)
    now = np.zeros(labels, scores.dtype)
    new = np.zeros(labels, scores.dtype)
    for sentence in range(edges.size - 1):
        first, end = edges[sentence], edges[sentence + 1]
        if first == end:
            continue
        for label in range(labels):
            now[label] = opening[label] + scores[first, label]
        for word in range(first + 1, end):
            for label in range(labels):
                top, origin = now[0] + transitions[0, label], 0
                for other in range(1, labels):
                    reached = now[other] + transitions[other, label]
                    if reached > top:
                        top, origin = reached, other
                new[label] = top + scores[word, label]
                back[word, label] = origin
            for label in range(labels):
                now[label] = new[label]
        label = 0
        for other in range(1, labels):
            if now[other] > now[label]:
                label = other
        best[end - 1] = label
        for word in range(end - 1, first, -1):
            label = back[word, label]
            best[word - 1] = label
    return best


@kernel
def add_hidden(hidden: Array, codes: Array, edges: Array, rows: Array, scale: np.float32) -> None:
    """Add the contributions of each word and its neighbours to *hidden* (words x h).

    *rows* has the contributions of each known word (i16, known x offsets x h), to be multiplied by
    *scale*. Positions outside of the sentence contribute nothing.
    """
    offsets, size = rows.shape[1], rows.shape[2]
    reach = offsets // 2
    for sentence in range(edges.size - 1):
        first, end = edges[sentence], edges[sentence + 1]
        for word in range(first, end):
            for offset in range(offsets):
                near = word + offset - reach
                if first <= near < end:
                    code = codes[near]
                    for at in range(size):
                        hidden[word, at] += rows[code, offset, at] * scale


@kernel
def add_network(
    scores: Array,
    hidden: Array,
    edges: Array,
    asked: Array,
    second: Array,
    second_bias: Array,
    out: Array,
    out_bias: Array,
) -> None:
    """Add the network's scores for the words that are *asked* (bool).

    *hidden* is the first layer (words x h), without negative values. *second* has shape `(offsets,
    h, h)`, *out* `(h, labels)`. Positions outside of the sentence count as zero.
    """
    offsets, size, labels = second.shape[0], second.shape[1], out.shape[1]
    reach = offsets // 2
    layer = np.zeros(size, np.float32)
    for sentence in range(edges.size - 1):
        first, end = edges[sentence], edges[sentence + 1]
        for word in range(first, end):
            if not asked[word]:
                continue
            for to in range(size):
                layer[to] = second_bias[to]
            for offset in range(offsets):
                near = word + offset - reach
                if near < first or near >= end:
                    continue
                for at in range(size):
                    value = hidden[near, at]
                    # The rectifier leaves many zeros; skipping them saves the inner loop.
                    if value > 0:
                        for to in range(size):
                            layer[to] += value * second[offset, at, to]
            for label in range(labels):
                scores[word, label] += out_bias[label]
            for at in range(size):
                value = hidden[word, at] + max(layer[at], np.float32(0))
                for label in range(labels):
                    scores[word, label] += value * out[at, label]


@kernel
def spell(letters: Array, short: Array, long: Array, bias: Array, vectors: Array) -> None:
    """Write the letter part of word vectors: the maxima of two convolutions over the letters.

    *letters* has the numbers of each word's letters (words x places, 0 for none). *short* and
    *long* have the contribution of each letter at each offset (letters x offsets x n).
    """
    places, size = letters.shape[1], short.shape[2]
    total = np.zeros(size, np.float32)
    for word in range(letters.shape[0]):
        for table in range(2):
            given = short if table == 0 else long
            reach = given.shape[1] // 2
            begin = table * size
            for at in range(size):
                vectors[word, begin + at] = -np.inf
            for place in range(places):
                for at in range(size):
                    total[at] = 0
                for offset in range(given.shape[1]):
                    near = place + offset - reach
                    if 0 <= near < places and letters[word, near] > 0:
                        letter = letters[word, near]
                        for at in range(size):
                            total[at] += given[letter, offset, at]
                for at in range(size):
                    vectors[word, begin + at] = max(vectors[word, begin + at], total[at])
        for at in range(vectors.shape[1]):
            vectors[word, at] = max(vectors[word, at] + bias[at], np.float32(0))


@kernel
def project(vectors: Array, first: Array, rows: Array, start: int, scale: int) -> None:
    """Multiply word vectors by the weights of the first layer; write to *rows*, from *start* on.

    *first* has shape `(offsets, vector, h)`, *rows* `(known, offsets, h)`. The results are
    multiplied by *scale* and rounded to i16, which takes half the memory of f32.
    """
    offsets, wide, size = first.shape
    total = np.zeros(size, np.float32)
    for word in range(vectors.shape[0]):
        for offset in range(offsets):
            for to in range(size):
                total[to] = 0
            for at in range(wide):
                value = vectors[word, at]
                if value != 0:
                    for to in range(size):
                        total[to] += value * first[offset, at, to]
            for to in range(size):
                scaled = np.rint(total[to] * np.float32(scale))
                rows[start + word, offset, to] = np.int16(
                    min(max(scaled, np.float32(-32767)), np.float32(32767))
                )
