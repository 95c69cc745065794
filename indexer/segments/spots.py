"""Spots: find consecutive words in documents, and chains of such places that are near each other.

documents -> [keys of terms] -> spans of each spot -> [links] -> spans of whole chains

A spot (`query.tree.Spot`) is a choice of rows, and a row is consecutive words. A key is a document
and a position in one number (`kernels.layout.KEY`). So the spans of many documents are one sorted
array, and two binary searches in it test a link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.fields import STARTS_OF, index_field
from marsad.indexer.query.tree import And, AtLeast, Chain, Lead, Link, Node, Or, Row, Spot, Term
from marsad.indexer.segments.kernels.layout import KEY
from marsad.indexer.segments.kernels.positions import break_keys, keys_in
from marsad.indexer.segments.segment import Segment

_WITH_BREAKS = frozenset(index_field(STARTS_OF, level) for level in STARTS_OF.levels)
# Documents are processed this many at a time, which bounds memory.
DOCUMENTS_A_STEP = 1 << 14

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spans:
    """Keys of the first and the last word of each span, sorted by the first word."""

    begins: Keys
    ends: Keys

    def where(self, kept: NDArray[np.bool_]) -> "Spans":
        """Return the spans for which *kept* is true."""
        return Spans(self.begins[kept], self.ends[kept])


def candidates(node: Chain | Lead | AtLeast) -> Node:
    """Return a tree of terms only; every document that matches *node* matches it too."""
    match node:
        case Chain():
            return And(tuple(map(_words_of, node.spots))) if node.spots else Or(())
        case Lead():
            return _words_of(node.spot)
        case AtLeast():
            return Or(tuple(map(_words_of, node.spots))) if node.count > 0 else And(())


def _words_of(spot: Spot) -> Node:
    """Return a tree for the words of a spot, at any positions."""
    return Or(
        tuple(
            And(tuple(Or(tuple(Term(spot.field, term) for term in word)) for word in row))
            for row in spot.rows
            if row
        )
    )


class SpotFinder:
    """Finds spots in some documents of a segment; *docs* ascend."""

    def __init__(self, segment: Segment, docs: Keys) -> None:
        self._segment = segment
        self._docs = docs
        self._known: dict[tuple[str, str], Keys] = {}

    def matching(self, node: Chain | Lead | AtLeast) -> Keys:
        """Return the documents that match *node*, ascending."""
        match node:
            case Chain():
                found = self.chained(node, whole=False)[-1].begins if node.spots else _none()
            case Lead():
                found = self.leading(node).begins
            case AtLeast():
                begins = [np.unique(self.spans(spot).begins) for spot in node.spots]
                numbers = np.concatenate([_none(), *begins]) // KEY
                counts = np.bincount(numbers, minlength=len(self._docs))
                return self._docs[counts[: len(self._docs)] >= node.count]
        return self._docs[np.unique(found // KEY)]

    def chained(self, node: Chain, *, whole: bool = True) -> list[Spans]:
        """Return, for each spot of a chain, its spans that are part of a whole chain.

        Unless *whole*, only the spans of the last spot are narrowed to whole chains. That is enough
        to know which documents match.
        """
        kept = [self.spans(spot) for spot in node.spots]
        bounds = [self._bounds(node, nth) for nth in range(len(node.links))]
        for nth, link in enumerate(node.links):
            kept[nth + 1] = _near(kept[nth + 1], kept[nth], link, bounds[nth], is_later=True)
        if whole:
            for nth in range(len(node.links) - 1, -1, -1):
                link = node.links[nth]
                kept[nth] = _near(kept[nth], kept[nth + 1], link, bounds[nth], is_later=False)
        return kept

    def leading(self, node: Lead) -> Spans:
        """Return the spans of the spot that end within the first `node.words` words."""
        spans = self.spans(node.spot)
        return spans.where(spans.ends % KEY < node.words)

    def spans(self, spot: Spot) -> Spans:
        """Return the spans of all rows of a spot, each once."""
        found = [self._row(spot.field, row) for row in spot.rows if row]
        begins = np.concatenate([_none(), *(one.begins for one in found)])
        ends = np.concatenate([_none(), *(one.ends for one in found)])
        if len(found) < 2:  # noqa: PLR2004  (one row is in order)
            return Spans(begins, ends)
        order = np.lexsort((ends, begins))
        begins, ends = begins[order], ends[order]
        new = np.ones(len(begins), np.bool_)
        new[1:] = (begins[1:] != begins[:-1]) | (ends[1:] != ends[:-1])
        return Spans(begins[new], ends[new])

    def _row(self, field: str, row: Row) -> Spans:
        begins = self._word(field, row[0])
        for nth, word in enumerate(row[1:], 1):
            if not len(begins):
                break
            begins = begins[_holds(self._word(field, word), begins + nth, begins + nth)]
        return Spans(begins, begins + (len(row) - 1))

    def _word(self, field: str, terms: Iterable[str]) -> Keys:
        keys = [self._term(field, term) for term in terms]
        if len(keys) == 1:
            return keys[0]
        return np.unique(np.concatenate([_none(), *keys]))

    def _term(self, field: str, term: str) -> Keys:
        known = self._known.get((field, term))
        if known is None:
            runs = self._segment.runs(self._segment.find_term(field, term))
            known = keys_in(self._segment.postings, self._docs, *runs)
            self._known[field, term] = known
        return known

    def places(self, field: str, term: str) -> list[int]:
        """Return the positions of a term; this finder must have only one document."""
        places: list[int] = self._term(field, term).tolist()
        return places

    def _bounds(self, node: Chain, nth: int) -> Keys:
        """Return the keys where sentences or paragraphs begin, and the end of the last."""
        reach = node.links[nth].reach
        if isinstance(reach, int):
            return _none()
        with_breaks = {node.spots[nth].field, node.spots[nth + 1].field} & _WITH_BREAKS
        if not with_breaks:
            return np.arange(len(self._docs) + 1, dtype=np.int64) * KEY
        arrays = self._segment.arrays
        at, coded = arrays["break_at"], arrays["break_blob"]
        bounds: Keys = break_keys(coded, at, self._docs, reach == "paragraph")
        return bounds


def _near(spans: Spans, others: Spans, link: Link, bounds: Keys, *, is_later: bool) -> Spans:
    """Return the *spans* that have one of *others* near, as *link* says.

    In an ordered link, *is_later* says whether *spans* come after *others* or before them. This
    must agree with `marsad.indexer.query.chains`, which does the same for one text.
    """
    if isinstance(link.reach, int):
        low, high = spans.begins - link.reach, spans.ends + link.reach
    else:
        low = bounds[np.searchsorted(bounds, spans.begins, "right") - 1]
        high = bounds[np.searchsorted(bounds, spans.ends, "right")] - 1
    kept = np.zeros(len(spans.begins), np.bool_)
    if is_later or not link.ordered:
        kept |= _holds(np.sort(others.ends), low, spans.begins - 1)
    if not is_later or not link.ordered:
        kept |= _holds(others.begins, spans.ends + 1, high)
    return spans.where(kept)


def _holds(ordered: Keys, low: Keys, high: Keys) -> NDArray[np.bool_]:
    """Return, for each range from *low* to *high* (both included), whether a key is in it."""
    if not len(ordered):
        return np.zeros(len(low), np.bool_)
    at = np.searchsorted(ordered, low, "left")
    inside = at < len(ordered)
    at[~inside] = 0
    found: NDArray[np.bool_] = inside & (ordered[at] <= high)
    return found


def _none() -> Keys:
    return np.empty(0, np.int64)


def terms_of(spots: Sequence[Spot]) -> list[tuple[str, str]]:
    """Return `(field, text)` of each term of *spots*, each once, in order."""
    return list(
        dict.fromkeys(
            (spot.field, term)
            for spot in spots
            for row in spot.rows
            for word in row
            for term in word
        )
    )
