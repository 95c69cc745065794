"""Tagger: names that no list has, by a trained model.

    Words, classes of known names -> [Tagger] -> tagged spans

What a word says of itself and of its neighbours depends on the word alone, so it is
summed once a word and kept; after that a text costs a few additions a word.
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
