"""Ranking: BM25F over the leaves of a tree, and the best documents of a segment.

The score of a document is the sum over the leaves that it matches, whatever operators join them:
boost * idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * length / average)), with
idf = log(N / (df + 1)) + 1 (Robertson and Zaragoza, 2009; idf in the form of Whoosh). The weight of
a field is the boost of its leaves. A phrase, chain or lead that matches scores as its words do; a
prefix or pattern scores 1. `Near` adds to the scores of the best documents only. As it never takes
anything away, they stay before all others.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.fields import INDEX_FIELDS
from marsad.indexer.query.tree import (
    All,
    And,
    AndMaybe,
    AtLeast,
    Chain,
    DateRange,
    Keyword,
    Lead,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from marsad.indexer.segments.columns import FLAT, K1, B
from marsad.indexer.segments.evaluate import Condition, Evaluator
from marsad.indexer.segments.generation import Generation
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.kernels.near import near_scores
from marsad.indexer.segments.kernels.scoring import top_k
from marsad.indexer.segments.segment import Segment
from marsad.indexer.segments.spots import terms_of

Leaf = Term | Phrase | Chain | Lead | Prefix | Wildcard


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that can add to a score, in the order of the tree."""
    match node:
        case AndMaybe():
            yield from leaves_of(node.required)
            yield from leaves_of(node.optional)
        case And() | Or():
            for child in node.children:
                yield from leaves_of(child)
        case _:
            yield from required_leaves_of(node)


def required_leaves_of(node: Node) -> Iterator[Leaf]:
    """Yield the leaves by which a document can match, in the order of the tree."""
    match node:
        case Term() | Phrase() | Chain() | Lead() | Prefix() | Wildcard():
            yield node
        case And() | Or():
            for child in node.children:
                yield from required_leaves_of(child)
        case AndMaybe():
            yield from required_leaves_of(node.required)
        case All() | Nothing() | Keyword() | DateRange() | Not() | Near() | AtLeast():
            return


def nears_of(node: Node) -> Iterator[Near]:
    """Yield the `Near` nodes of a tree: they rerank the best documents."""
    match node:
        case Near():
            yield node
        case And() | Or():
            for child in node.children:
                yield from nears_of(child)
        case AndMaybe():
            yield from nears_of(node.required)
            yield from nears_of(node.optional)
        case _:
            return


def holds_terms_alone(tree: Node) -> bool:
    """Return whether every document that has a term of *tree* matches *tree*."""
    match tree:
        case Term():
            return bool(tree.boost)
        case Or():
            return all(isinstance(child, Term) and child.boost for child in tree.children)
        case AndMaybe(optional=Near()):
            return holds_terms_alone(tree.required)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class ScoredLeaf:
    """A leaf that adds to scores.

    It adds only to documents that match `condition`, if there is one. Without a `term` it adds
    `weight` itself.
    """

    field: str
    term: str | None
    weight: float
    condition: Condition | None


class Statistics:
    """The term statistics of a generation: document frequencies and average lengths."""

    def __init__(self, generation: Generation) -> None:
        self._segments = [member.segment for member in generation.members]
        # Removed documents count until a merge drops them, in document frequencies too.
        self.documents = sum(segment.documents for segment in self._segments)
        self.averages = [
            sum(segment.field_totals[number] for segment in self._segments) / (self.documents or 1)
            for number in range(len(INDEX_FIELDS))
        ]

    def idf(self, field: str, text: str) -> float:
        """Return a term's inverse document frequency."""
        df = sum(
            segment.document_frequency(segment.find_term(field, text)) for segment in self._segments
        )
        return math.log(self.documents / (df + 1)) + 1 if self.documents else 0.0

    def scored(self, node: Node) -> list[ScoredLeaf]:
        """Return the leaves of *node* that add to scores, equal leaves once."""
        found = []
        for leaf in dict.fromkeys(leaves_of(node)):
            match leaf:
                case Term() | Phrase() | Chain() | Lead() if not leaf.boost:
                    continue
                case Term():
                    found.append(self._scored(leaf.field, leaf.text, leaf.boost, None))
                case Phrase():
                    condition = leaf if len(leaf.terms) > 1 else None
                    found += [
                        self._scored(leaf.field, term, leaf.boost, condition) for term in leaf.terms
                    ]
                case Chain() | Lead():
                    spots = leaf.spots if isinstance(leaf, Chain) else (leaf.spot,)
                    found += [
                        self._scored(field, term, leaf.boost, leaf)
                        for field, term in terms_of(spots)
                    ]
                case Prefix() | Wildcard():
                    found.append(ScoredLeaf(leaf.field, None, 1.0, leaf))
        return found

    def _scored(
        self, field: str, text: str, boost: float, condition: Condition | None
    ) -> ScoredLeaf:
        return ScoredLeaf(field, text, boost * self.idf(field, text) * (K1 + 1), condition)


def near_parts(
    segment: Segment, docs: Sequence[int], near: Near, statistics: Statistics
) -> list[float]:
    """Return what *near* adds to the score of each of *docs*, in the same order."""
    order = np.argsort(np.array(docs, np.int64))
    runs = [segment.runs(segment.find_term(near.field, term)) for term in near.terms]
    found = near_scores(
        segment.postings,
        np.array(docs, np.int64)[order],
        np.array([first for first, _ in runs], np.int64),
        np.array([end for _, end in runs], np.int64),
        np.array([statistics.idf(near.field, term) for term in near.terms], np.float64),
        near.width,
    )
    parts = np.empty(len(docs), np.float64)
    parts[order] = found * near.boost
    return parts.tolist()


def best_documents(
    segment: Segment,
    evaluator: Evaluator,
    found: Bits | None,
    leaves: Sequence[ScoredLeaf],
    statistics: Statistics,
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the numbers and scores of the *count* best documents of *found*, best first.

    Args:
        segment: The segment.
        evaluator: Its evaluator, for the leaves with a condition.
        found: The documents that match. None if every document that has a term of a leaf matches;
            then no leaf may have a condition.
        leaves: The leaves that add to scores.
        statistics: The statistics of the whole generation.
        count: How many are wanted, 1 or more.
    """
    sets: dict[Condition, int] = {}
    rows: list[Bits] = []
    runs, kept, conditions = [], [], []
    for leaf in leaves:
        place = (0, 0)
        if leaf.term is not None:
            place = segment.runs(segment.find_term(leaf.field, leaf.term))
            if place[0] == place[1]:
                continue
        condition = -1
        if leaf.condition is not None:
            if leaf.condition not in sets:
                sets[leaf.condition] = len(rows)
                rows.append(evaluator.leaf(leaf.condition))
            condition = sets[leaf.condition]
        runs.append(place)
        kept.append(leaf)
        conditions.append(condition)
    fields = [INDEX_FIELDS.index(leaf.field) for leaf in kept]
    averages = [statistics.averages[field] or 1.0 for field in fields]
    bounds = [segment.bound_averages[field] or 1.0 for field in fields]
    docs, scores = top_k(
        segment.postings,
        segment.new_bits() if found is None else found,
        found is not None,
        np.array([first for first, _ in runs], np.int64),
        np.array([end for _, end in runs], np.int64),
        np.array(fields, np.int64),
        np.array([leaf.weight for leaf in kept], np.float64),
        np.full(len(kept), FLAT, np.float64),
        np.array([K1 * B / average for average in averages], np.float64),
        np.array(
            [max(1.0, now / then) for now, then in zip(averages, bounds, strict=True)], np.float64
        ),
        np.array(conditions, np.int64),
        np.stack(rows) if rows else np.empty((0, 0), np.uint64),
        count,
    )
    order = np.lexsort((-docs, -scores))
    return docs[order], scores[order]
