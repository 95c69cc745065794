"""Kernels of the entity layers: gaps between words, scopes, scores, the best tags.

A gap is the sign that stands nearest before a word. `BOUND` parts sentences: it
stands for a line break, or a full stop behind a word of more than one letter.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.compiled import kernel

Array = NDArray[Any]

PLAIN, QUOTE, OPEN, CLOSE, STOP, COMMA, DASH, COLON, OTHER, BOUND = range(10)
GAPS = 10
LINE, SPACE = 20, 21

# What a word may be, as bits of its flags.
TITLE_WORD, ORG_WORD, QUALIFIER = 1, 2, 4
TITLE_SCOPES, ORG_SCOPES = 5, 7


@kernel
def find_gaps(units: Array, starts: Array, classes: Array, signs: Array) -> Array:
    """Return the gap before each word (u8), and the one behind the last, a `BOUND`.

    *units* are the characters of a text (u16), *classes* and *signs* what each character is.
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
    """Return how far each word stands behind a title, and behind a word that heads a body.

    0 is out of reach; a title reaches over qualifiers, a head over words without a comma.
    *flags* are those of the words (u8).
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
    """Add what each word and its neighbours say to *scores*, shape `(words, labels)`.

    *weights* has a row for each known word, shape `(known, offsets, labels)`, offsets from
    minus reach to reach; *edge* the row that stands for "no word here". *edges* are the
    first words of the sentences, and the end.
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
    """Add what two words side by side say of each of them.

    *bares* number the words without clitics (i64, -1 for words of no pair), *keys* the
    known pairs (i64, ascending), *before* and *after* what a pair says of its second and
    of its first word.
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
    """Add what signs, known names and scopes say.

    *spans* are the classes of known names that words stand in (u8, 0 for none). *by_gap* has
    shape `(gaps, gaps, labels)`, *by_span* `(3, spans, labels)` for the word before, the word
    and the word behind, *by_spans* `(spans + 1, spans, labels)`, where the last row stands for
    "no word before".
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
    """Return the label of each word on the best way through each sentence (Viterbi), u8.

    *transitions* has the score of a label behind another, shape `(labels, labels)`,
    *opening* that of a first label.
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
    """Add what each word and its neighbours give to *hidden*, shape `(words, h)`.

    *rows* has a row for each known word, shape `(known, offsets, h)`, as integers (i16) that
    are multiplied by *scale*; a neighbour beyond its sentence gives nothing.
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
    """Add the network's score of each label for the words that are *asked* (bool).

    *hidden* is the first layer, shape `(words, h)`, not below 0; *second* has shape
    `(offsets, h, h)`, *out* `(h, labels)`. A neighbour beyond its sentence counts as zero.
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
    """Write the letter part of word vectors: the largest values of two convolutions.

    *letters* has the numbers of each word's letters, shape `(words, places)`, 0 for none;
    *short* and *long* what a letter gives at each offset, shape `(letters, offsets, n)`.
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
    """Write what word vectors give to the first layer into *rows*, from *start* on, times *scale*.

    *first* has shape `(offsets, vector, h)`, *rows* `(known, offsets, h)`, as integers (i16).
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
