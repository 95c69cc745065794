"""Tagger: finds names that are in no list, with a trained model.

    Words, classes of listed names -> [Tagger] -> tagged spans

A word's contribution to the scores depends only on the word, so it is computed once and kept. After
that, tagging a text costs a few additions for each word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.extract.entities.features import FeatureMaker
from marsad.indexer.extract.entities.kernels import BOUND, best_labels, find_scopes
from marsad.indexer.extract.entities.memos import ROOM, LinearMemo, NetworkMemo, with_room
from marsad.indexer.extract.entities.model import Model
from marsad.indexer.extract.entities.words import Words

Array = NDArray[Any]

# If the linear score of "no name" exceeds all others by this much, the networks are not run for the
# word.
SURE = 6.0
# Longer texts are tagged in parts of whole sentences. A sentence of so many words is cut.
_MOST_AT_ONCE = 1 << 15
# The features of a new word take kilobytes until its scores are summed.
_LEARNT_AT_ONCE = 1 << 13


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name at word positions *first* to *end*, without *end*; `kind` is PER, LOC, ORG or MISC."""

    first: int
    end: int
    kind: str


class Tagger:
    """Tags the words of texts; without *network*, only the linear part is used."""

    def __init__(self, model: Model, maker: FeatureMaker, *, network: bool = True) -> None:
        self.labels = model.labels
        self._maker = maker
        self._linear = LinearMemo(model.linear)
        self._networks = [NetworkMemo(weights) for weights in model.networks if network]
        self._surfaces: Sequence[str] = ()
        self._known = 0
        self._flags = np.zeros(ROOM, np.uint8)
        transitions = model.linear.transitions
        opening = np.zeros(len(self.labels), np.float32)
        for memo in self._networks:
            transitions = transitions + memo.weights.transitions
            opening = opening + memo.weights.opening
        self._transitions, self._opening = transitions, opening

    def tag(self, words: Words, spans: Array) -> Array:
        """Return the label number of each word (u8).

        *spans* are the classes of listed names (`matcher.span_classes`).
        """
        self._learn(words.surfaces)
        if len(words) <= _MOST_AT_ONCE:
            return self._tag(words, spans)
        # The scores of a word take hundreds of bytes.
        parts = list(_parts(words))
        return np.concatenate([self._tag(part, spans[at : at + len(part)]) for at, part in parts])

    def _tag(self, words: Words, spans: Array) -> Array:
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
        """Compute features and scores of the words that are new in the table."""
        # A new table numbers its words anew.
        if surfaces is not self._surfaces:
            self._surfaces, self._known = surfaces, 0
        while self._known < len(surfaces):
            self._learn_some(surfaces[self._known : self._known + _LEARNT_AT_ONCE])

    def _learn_some(self, new: Sequence[str]) -> None:
        facts = [self._maker.facts(surface) for surface in new]
        self._flags = with_room(self._flags, self._known + len(new))
        self._flags[self._known : self._known + len(new)] = [known.flags for known in facts]
        self._linear.learn(facts, self._known)
        for memo in self._networks:
            memo.learn(new, facts, self._known)
        self._known += len(new)


def _parts(words: Words) -> Iterator[tuple[int, Words]]:
    """Yield the parts of a long text, each with the position of its first word."""
    edges = np.flatnonzero(words.gaps == BOUND)
    first = 0
    while first < len(words):
        end = min(first + _MOST_AT_ONCE, len(words))
        edge = int(edges[np.searchsorted(edges, end, "right") - 1])
        end = edge if edge > first else end
        gaps = words.gaps[first : end + 1].copy()
        gaps[0] = gaps[-1] = BOUND
        codes, starts = words.codes[first:end], words.starts[first:end]
        yield first, Words(words.text, codes, starts, gaps, words.surfaces)
        first = end
