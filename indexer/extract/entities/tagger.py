"""Tagger: names that no list has, by a trained model.

    Words, classes of known names -> [Tagger] -> tagged spans

What a word says of itself and of its neighbours depends on the word alone, so it is
summed once a word and kept; after that a text costs a few additions a word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.extract.entities.features import FeatureMaker, core
from indexer.extract.entities.kernels import (
    BOUND,
    add_hidden,
    add_pairs,
    add_signs,
    add_words,
    best_labels,
    find_scopes,
)
from indexer.extract.entities.model import Linear, Model, Network
from indexer.extract.entities.words import Words

Array = NDArray[Any]

_ROOM = 1 << 12
_LETTERS = 14
# Hidden vectors are kept as integers of this fraction; they stay far below 32.
HIDDEN_SCALE = 1024


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name found at the words *first* to before *end*; `kind` is PER, LOC, ORG or MISC."""

    first: int
    end: int
    kind: str


class Tagger:
    """Tags the words of texts; without *network*, with the linear part alone."""

    def __init__(self, model: Model, maker: FeatureMaker, *, network: bool = True) -> None:
        self.labels = model.labels
        self._maker = maker
        self._linear = _LinearMemo(model.linear, maker)
        self._network = (
            _NetworkMemo(model.network, maker) if network and model.network is not None else None
        )
        self._surfaces: Sequence[str] = ()
        self._known = 0
        self._flags = np.zeros(_ROOM, np.uint8)
        transitions = model.linear.transitions
        opening = np.zeros(len(self.labels), np.float32)
        if self._network is not None:
            transitions = transitions + self._network.weights.transitions
            opening = self._network.weights.opening
        self._transitions, self._opening = transitions, opening

    def tag(self, words: Words, spans: Array) -> Array:
        """Return the number of the label of each word (u8).

        *spans* are the classes of known names (`matcher.span_classes`).
        """
        self._learn(words.surfaces)
        titles, heads = find_scopes(words.gaps, self._flags[words.codes])
        edges = np.flatnonzero(words.gaps == BOUND)
        scores = self._linear.scores(words, edges, spans, titles, heads)
        if self._network is not None:
            scores += self._network.scores(words, edges, spans, titles, heads)
        return best_labels(scores, edges, self._transitions, self._opening)

    def find(self, words: Words, spans: Array) -> Iterator[Tagged]:
        """Yield the names of a text, in order."""
        if not len(words):
            return
        numbers = self.tag(words, spans)
        first, end, kind = 0, 0, ""
        for at in [*np.flatnonzero(numbers).tolist(), len(words)]:
            label = self.labels[numbers[at]] if at < len(words) else "O"
            if kind and (at != end or label != f"I-{kind}"):
                yield Tagged(first, end, kind)
                kind = ""
            if not kind and label != "O":
                first, kind = at, label[2:]
            end = at + 1

    def _learn(self, surfaces: Sequence[str]) -> None:
        if surfaces is not self._surfaces:
            self._surfaces, self._known = surfaces, 0
        new = surfaces[self._known :]
        if not new:
            return
        self._flags = with_room(self._flags, self._known + len(new))
        self._flags[self._known : self._known + len(new)] = [self._maker.flags(s) for s in new]
        self._linear.learn(new, self._known)
        if self._network is not None:
            self._network.learn(new, self._known)
        self._known += len(new)


def with_room(array: Array, rows: int) -> Array:
    """Return *array*, or a copy with more rows where it has fewer than *rows*."""
    if rows <= len(array):
        return array
    grown = np.zeros((max(rows, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


class _LinearMemo:
    def __init__(self, weights: Linear, maker: FeatureMaker) -> None:
        self._weights = weights
        self._maker = maker
        self._own = _numbered(weights.own_names)
        self._near = _numbered(weights.near_names)
        pairs = [name.split("|") for name in weights.pair_names.split("\n") if name]
        self._bare_numbers = _numbered("\n".join(sorted({bare for pair in pairs for bare in pair})))
        numbers = self._bare_numbers
        keys = np.array([numbers[a] << 32 | numbers[b] for a, b in pairs], np.int64)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._before = np.ascontiguousarray(weights.before[order])
        self._after = np.ascontiguousarray(weights.after[order])
        self._bares = np.zeros(_ROOM, np.int64)
        self._rows = np.zeros((_ROOM, 7, weights.own.shape[1]), np.float32)

    def learn(self, new: Sequence[str], known: int) -> None:
        """Sum the weights of words that take the numbers from *known* on."""
        self._bares = with_room(self._bares, known + len(new))
        self._rows = with_room(self._rows, known + len(new))
        own, near = self._own, self._near
        for number, surface in enumerate(new, known):
            self._bares[number] = self._bare_numbers.get(core(surface).bare, -1)
            mine = [own[name] for name in self._maker.own(surface) if name in own]
            others = [near[name] for name in self._maker.near(surface) if name in near]
            row = self._rows[number]
            row[3] = self._weights.own[mine].sum(0)
            beside = self._weights.near[others].sum(0)
            row[:3], row[4:] = beside[:3], beside[3:]

    def scores(
        self, words: Words, edges: Array, spans: Array, titles: Array, heads: Array
    ) -> Array:
        """Return the linear score of each label of each word."""
        weights = self._weights
        codes = words.codes
        scores = np.zeros((len(codes), weights.own.shape[1]), np.float32)
        add_words(scores, codes, edges, self._rows, weights.edge)
        add_pairs(scores, self._bares[codes], edges, self._keys, self._before, self._after)
        add_signs(
            scores,
            edges,
            words.gaps,
            spans,
            titles,
            heads,
            weights.by_gap,
            weights.by_span,
            weights.by_spans,
            weights.by_title,
            weights.by_head,
        )
        return scores


class _NetworkMemo:
    def __init__(self, weights: Network, maker: FeatureMaker) -> None:
        self.weights = weights
        self._maker = maker
        self._letters = {letter: at + 2 for at, letter in enumerate(weights.letters)}
        self._words = _numbered(weights.word_names)
        self._classes = _numbered(weights.class_names)
        offsets, _, hidden = weights.first.shape
        self._rows = np.zeros((_ROOM, offsets, hidden), np.int16)

    @cached_property
    def _second(self) -> Array:
        """The second convolution as one matrix, (h, offsets * h)."""
        return np.ascontiguousarray(np.concatenate(list(self.weights.second), axis=1))

    def learn(self, new: Sequence[str], known: int) -> None:
        """Keep what words, from the number *known* on, give to their neighbours."""
        self._rows = with_room(self._rows, known + len(new))
        for start in range(0, len(new), _ROOM):
            vectors = self._vectors(new[start : start + _ROOM])
            hidden = np.einsum("nd,odh->noh", vectors, self.weights.first, optimize=True)
            at = known + start
            self._rows[at : at + len(vectors)] = np.clip(
                np.rint(hidden * HIDDEN_SCALE), -32_767, 32_767
            )

    def _vectors(self, surfaces: Sequence[str]) -> Array:
        """Return the vector of each word: its letters, itself, its classes."""
        weights = self.weights
        letters = np.zeros((len(surfaces), _LETTERS), np.int64)
        word = np.full(len(surfaces), len(weights.word) - 1)
        classes = np.zeros((len(surfaces), weights.classes.shape[1]), np.float32)
        for at, surface in enumerate(surfaces):
            numbers = [self._letters.get(char, 1) for char in f"^{surface}$"[:_LETTERS]]
            letters[at, : len(numbers)] = numbers
            word[at] = self._words.get(core(surface).bare, word[at])
            names = self._maker.classes(surface)
            mine = [self._classes[name] for name in names if name in self._classes]
            classes[at] = weights.classes[mine].sum(0)
        embedded = weights.letter[letters] * (letters > 0)[..., None]
        shapes = [_widest(embedded, kernel) for kernel in (weights.short, weights.long)]
        spelled = np.maximum(np.concatenate(shapes, axis=1) + weights.letter_bias, 0)
        return np.concatenate([spelled, weights.word[word], classes], axis=1)

    def scores(
        self, words: Words, edges: Array, spans: Array, titles: Array, heads: Array
    ) -> Array:
        """Return the network's score of each label of each word."""
        weights = self.weights
        gaps = words.gaps
        hidden = (
            weights.first_bias
            + weights.by_gap[0][gaps[:-1]]
            + weights.by_gap[1][gaps[1:]]
            + weights.by_span[spans]
            + weights.by_title[titles]
            + weights.by_head[heads]
        )
        add_hidden(hidden, words.codes, edges, self._rows, np.float32(1 / HIDDEN_SCALE))
        np.maximum(hidden, 0, out=hidden)
        scored = (hidden + self._convolved(hidden, edges)) @ weights.out + weights.out_bias
        return np.asarray(scored)

    def _convolved(self, hidden: Array, edges: Array) -> Array:
        """Return the second layer; words of other sentences count as zero."""
        offsets, _, size = self.weights.second.shape
        reach = offsets // 2
        sentences = np.diff(edges)
        # Each sentence gets empty rows behind it, and the first some before it.
        places = np.arange(len(hidden)) + reach * (
            1 + np.repeat(np.arange(len(sentences)), sentences)
        )
        wide = np.zeros((len(hidden) + reach * (1 + len(sentences)), offsets, size), np.float32)
        wide[places] = (hidden @ self._second).reshape(-1, offsets, size)
        total = self.weights.second_bias + sum(
            wide[places + offset - reach, offset] for offset in range(offsets)
        )
        return np.asarray(np.maximum(total, 0))


def _widest(embedded: Array, kernel: Array) -> Array:
    """Return the largest value of a convolution over letters, shape `(words, n)`."""
    width = len(kernel)
    reach = width // 2
    padded = np.pad(embedded, ((0, 0), (reach, reach), (0, 0)))
    length = embedded.shape[1]
    total = sum(padded[:, at : at + length] @ kernel[at] for at in range(width))
    return np.asarray(np.max(np.asarray(total), axis=1))


def _numbered(names: str) -> dict[str, int]:
    return {name: at for at, name in enumerate(names.split("\n"))} if names else {}
