"""Memos: the contribution of each known word to the tagger's scores, computed only once.

A word's contribution does not depend on its context, so it is kept by the word's code. After that,
tagging a text is mostly adding rows.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.extract.entities.features import WordFacts
from marsad.indexer.extract.entities.kernels import (
    add_hidden,
    add_network,
    add_pairs,
    add_signs,
    add_words,
    project,
    spell,
)
from marsad.indexer.extract.entities.model import Linear, Network
from marsad.indexer.extract.entities.sums import number_letters, rows_of, sum_rows
from marsad.indexer.extract.entities.words import Words

Array = NDArray[Any]

# Initial number of rows, and the number of words that are learnt in one step.
ROOM = 1 << 12
_LETTERS = 14
# Hidden vectors are stored as integers in units of 1/1024. Their values stay far below 32, so they
# fit into 16 bits.
HIDDEN_SCALE = 1024


def with_room(array: Array, rows: int) -> Array:
    """Return *array*, or a larger copy if it has fewer than *rows* rows."""
    if rows <= len(array):
        return array
    grown = np.zeros((max(rows, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


class LinearMemo:
    """The contributions of known words to the linear part."""

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
        self._bares = np.zeros(ROOM, np.int64)
        self._rows = np.zeros((ROOM, 7, weights.own.shape[1]), np.float32)

    def learn(self, facts: Sequence[WordFacts], known: int) -> None:
        """Compute the rows of new words, whose codes begin at *known*."""
        self._bares = with_room(self._bares, known + len(facts))
        self._rows = with_room(self._rows, known + len(facts))
        own, near, bares = self._own.get, self._near.get, self._bare_numbers.get
        weights, end = self._weights, known + len(facts)
        self._bares[known:end] = [bares(word.form.bare, -1) for word in facts]
        mine = rows_of([map(own, (*word.own, *word.shared)) for word in facts])
        self._rows[known:end, 3] = sum_rows(weights.own, *mine)
        shared = rows_of([map(near, word.shared) for word in facts])
        flat = weights.near.reshape(len(weights.near), -1)
        beside = sum_rows(flat, *shared).reshape(len(facts), *weights.near.shape[1:])
        self._rows[known:end, :3], self._rows[known:end, 4:] = beside[:, :3], beside[:, 3:]

    def scores(
        self, words: Words, edges: Array, spans: Array, titles: Array, heads: Array
    ) -> Array:
        """Return the linear score of each label of each word (f32, words x labels)."""
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


class NetworkMemo:
    """The contributions of known words to one network."""

    def __init__(self, weights: Network) -> None:
        self.weights = weights
        # The letter number of each character of the Basic Multilingual Plane; 1 for unknown
        # letters.
        self._letters = np.ones(1 << 16, np.int64)
        for at, letter in enumerate(weights.letters, 2):
            self._letters[ord(letter)] = at
        self._words = _numbered(weights.word_names)
        self._classes = _numbered(weights.class_names)
        offsets, _, hidden = weights.first.shape
        self._rows = np.zeros((ROOM, offsets, hidden), np.int16)

    @cached_property
    def _spelling(self) -> tuple[Array, Array]:
        """The contribution of each letter at each offset of the two convolutions over letters."""
        letter = self.weights.letter.copy()
        # Letter 0 is padding and must contribute nothing.
        letter[0] = 0
        short, long = (
            np.ascontiguousarray(np.stack([letter @ part for part in kernel], axis=1))
            for kernel in (self.weights.short, self.weights.long)
        )
        return short, long

    def learn(self, new: Sequence[str], facts: Sequence[WordFacts], known: int) -> None:
        """Compute the rows of new words, whose codes begin at *known*."""
        self._rows = with_room(self._rows, known + len(new))
        for start in range(0, len(new), ROOM):
            vectors = self._vectors(new[start : start + ROOM], facts[start : start + ROOM])
            project(vectors, self.weights.first, self._rows, known + start, HIDDEN_SCALE)

    def _vectors(self, surfaces: Sequence[str], facts: Sequence[WordFacts]) -> Array:
        """Return the vector of each word, from its letters, the word itself and its classes."""
        weights = self.weights
        other, words, classes = len(weights.word) - 1, self._words.get, self._classes.get
        word = np.array([words(fact.form.bare, other) for fact in facts], np.int64)
        summed = sum_rows(weights.classes, *rows_of([map(classes, f.classes) for f in facts]))
        edged = "".join(f"^{surface}$"[:_LETTERS] + "\n" for surface in surfaces)
        units = np.frombuffer(edged.encode("utf-32-le", "surrogatepass"), np.uint32)
        letters = number_letters(units, self._letters, len(surfaces), _LETTERS)
        spelled = np.zeros((len(surfaces), len(weights.letter_bias)), np.float32)
        spell(letters, *self._spelling, weights.letter_bias, spelled)
        return np.concatenate([spelled, weights.word[word], summed], axis=1)

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
    """Return the line number of each name, from 0."""
    return {name: at for at, name in enumerate(names.split("\n"))} if names else {}
