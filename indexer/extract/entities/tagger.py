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

from indexer.extract.entities.features import FeatureMaker, WordFacts
from indexer.extract.entities.kernels import (
    BOUND,
    add_hidden,
    add_network,
    add_pairs,
    add_signs,
    add_words,
    best_labels,
    find_scopes,
    project,
    spell,
)
from indexer.extract.entities.model import Linear, Model, Network
from indexer.extract.entities.words import Words

Array = NDArray[Any]

_ROOM = 1 << 12
_LETTERS = 14
# Hidden vectors are kept as integers of this fraction; they stay far below 32.
HIDDEN_SCALE = 1024
# A word whose score for no name is this much above any other is not asked of the network.
SURE = 6.0


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name found at the words *first* to before *end*; `kind` is PER, LOC, ORG or MISC."""

    first: int
    end: int
    kind: str


class Tagger:
    """Tags the words of texts; without *network*, by the linear part alone."""

    def __init__(self, model: Model, maker: FeatureMaker, *, network: bool = True) -> None:
        self.labels = model.labels
        self._maker = maker
        self._linear = _LinearMemo(model.linear)
        self._networks = [_NetworkMemo(weights) for weights in model.networks if network]
        self._surfaces: Sequence[str] = ()
        self._known = 0
        self._flags = np.zeros(_ROOM, np.uint8)
        transitions = model.linear.transitions
        opening = np.zeros(len(self.labels), np.float32)
        for memo in self._networks:
            transitions = transitions + memo.weights.transitions
            opening = opening + memo.weights.opening
        self._transitions, self._opening = transitions, opening

    def tag(self, words: Words, spans: Array) -> Array:
        """Return the number of the label of each word (u8).

        *spans* are the classes of known names (`matcher.span_classes`).
        """
        self._learn(words.surfaces)
        titles, heads = find_scopes(words.gaps, self._flags[words.codes])
        edges = np.flatnonzero(words.gaps == BOUND)
        scores = self._linear.scores(words, edges, spans, titles, heads)
        asked = scores[:, 0] - scores[:, 1:].max(1) < SURE
        for memo in self._networks:
            memo.add_scores(scores, asked, words, edges, spans, titles, heads)
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
        if len(surfaces) == self._known:
            return
        new = surfaces[self._known :]
        facts = [self._maker.facts(surface) for surface in new]
        self._flags = with_room(self._flags, self._known + len(new))
        self._flags[self._known : self._known + len(new)] = [known.flags for known in facts]
        self._linear.learn(facts, self._known)
        for memo in self._networks:
            memo.learn(new, facts, self._known)
        self._known += len(new)


def with_room(array: Array, rows: int) -> Array:
    """Return *array*, or a copy with more rows where it has fewer than *rows*."""
    if rows <= len(array):
        return array
    grown = np.zeros((max(rows, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


class _LinearMemo:
    def __init__(self, weights: Linear) -> None:
        self._weights = weights
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

    def learn(self, facts: Sequence[WordFacts], known: int) -> None:
        """Sum the weights of words that take the numbers from *known* on."""
        self._bares = with_room(self._bares, known + len(facts))
        self._rows = with_room(self._rows, known + len(facts))
        own, near, numbers = self._own, self._near, self._bare_numbers
        for number, word in enumerate(facts, known):
            self._bares[number] = numbers.get(word.form.bare, -1)
            mine = [own[name] for name in word.own if name in own]
            mine += [own[name] for name in word.shared if name in own]
            beside = self._weights.near[[near[name] for name in word.shared if name in near]]
            row = self._rows[number]
            row[3] = self._weights.own[mine].sum(0)
            summed = beside.sum(0)
            row[:3], row[4:] = summed[:3], summed[3:]

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
    def __init__(self, weights: Network) -> None:
        self.weights = weights
        self._letters = {letter: at + 2 for at, letter in enumerate(weights.letters)}
        self._words = _numbered(weights.word_names)
        self._classes = _numbered(weights.class_names)
        offsets, _, hidden = weights.first.shape
        self._rows = np.zeros((_ROOM, offsets, hidden), np.int16)

    @cached_property
    def _spelling(self) -> tuple[Array, Array]:
        """What each letter gives at each place of the two convolutions over letters."""
        letter = self.weights.letter.copy()
        letter[0] = 0
        short, long = (
            np.ascontiguousarray(np.stack([letter @ part for part in kernel], axis=1))
            for kernel in (self.weights.short, self.weights.long)
        )
        return short, long

    def learn(self, new: Sequence[str], facts: Sequence[WordFacts], known: int) -> None:
        """Keep what words, from the number *known* on, give to their neighbours."""
        self._rows = with_room(self._rows, known + len(new))
        for start in range(0, len(new), _ROOM):
            vectors = self._vectors(new[start : start + _ROOM], facts[start : start + _ROOM])
            project(vectors, self.weights.first, self._rows, known + start, HIDDEN_SCALE)

    def _vectors(self, surfaces: Sequence[str], facts: Sequence[WordFacts]) -> Array:
        """Return the vector of each word: its letters, itself, its classes."""
        weights = self.weights
        letters = np.zeros((len(surfaces), _LETTERS), np.int64)
        word = np.full(len(surfaces), len(weights.word) - 1)
        classes = np.zeros((len(surfaces), weights.classes.shape[1]), np.float32)
        known, numbers = self._letters, self._classes
        for at, (surface, fact) in enumerate(zip(surfaces, facts, strict=True)):
            numbered = [known.get(char, 1) for char in f"^{surface}$"[:_LETTERS]]
            letters[at, : len(numbered)] = numbered
            word[at] = self._words.get(fact.form.bare, word[at])
            mine = [numbers[name] for name in fact.classes if name in numbers]
            classes[at] = weights.classes[mine].sum(0)
        spelled = np.zeros((len(surfaces), len(weights.letter_bias)), np.float32)
        spell(letters, *self._spelling, weights.letter_bias, spelled)
        return np.concatenate([spelled, weights.word[word], classes], axis=1)

    def add_scores(
        self,
        scores: Array,
        asked: Array,
        words: Words,
        edges: Array,
        spans: Array,
        titles: Array,
        heads: Array,
    ) -> None:
        """Add the network's score of each label for the words that are *asked* (bool)."""
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
        add_network(
            scores,
            hidden,
            edges,
            asked,
            weights.second,
            weights.second_bias,
            weights.out,
            weights.out_bias,
        )


def _numbered(names: str) -> dict[str, int]:
    return {name: at for at, name in enumerate(names.split("\n"))} if names else {}
