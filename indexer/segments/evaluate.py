"""Evaluate: find the documents of a segment that match a tree, as a bitmap.

tree -> postings, ranges of dates, facet values -> bitmap, 64 documents a word
"""

from collections.abc import Iterable

import numpy as np

from marsad.indexer.engine.deadline import Deadline
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
from marsad.indexer.segments.generation import Member, live_bits
from marsad.indexer.segments.kernels.bits import docs_of, popcount, set_docs, set_range
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.kernels.phrases import fill_pair, fill_phrase
from marsad.indexer.segments.kernels.postings import fill, fill_terms, keep
from marsad.indexer.segments.kernels.terms import matching_terms
from marsad.indexer.segments.segment import Segment, term_key
from marsad.indexer.segments.spots import DOCUMENTS_A_STEP, SpotFinder, candidates

# Leaves that need more than one postings list, so that their result is remembered.
Condition = Phrase | Chain | Lead | AtLeast | Prefix | Wildcard

# If a list is this many times longer than the candidates, they are looked up in it one by one.
_PROBE = 8
# The deadline is checked once in this many terms: reading a list takes less than a millisecond.
_TERMS_A_CHECK = 32
_STAR, _ONE_LETTER = -1, -2


class Evaluator:
    """Evaluates trees over one segment; remembers the bitmaps of leaves."""

    def __init__(self, member: Member, deadline: Deadline | None = None) -> None:
        self._deadline = deadline
        self._segment: Segment = member.segment
        self._live = live_bits(member)
        self._known: dict[Node, Bits] = {}

    def found(self, node: Node) -> Bits:
        """Return the live documents that match *node*; the caller may change the bitmap."""
        bits = self._matching(node)
        bits &= self._live
        return bits

    def leaf(self, node: Condition) -> Bits:
        """Return the documents that match a leaf, removed ones too; do not change the bitmap."""
        if node not in self._known:
            self._check()
            self._known[node] = self._compute(node)
        return self._known[node]

    def _check(self) -> None:
        if self._deadline is not None:
            self._deadline.check()

    def _matching(self, node: Node) -> Bits:
        """Return the documents that match *node*, as a bitmap that the caller may change."""
        match node:
            case All():
                return self._live.copy()
            case Nothing():
                return self._segment.new_bits()
            case Term():
                bits = self._segment.new_bits()
                self._fill(bits, node)
                return bits
            case Phrase() | Chain() | Lead() | AtLeast() | Prefix() | Wildcard():
                return self.leaf(node).copy()
            case Keyword():
                return self.with_value(node.field, node.value)
            case DateRange():
                return self.in_range(node)
            case And():
                return self._all_of(node.children)
            case Or():
                return self._any_of(node.children)
            case Not():
                return self._live & ~self._matching(node.child)
            case AndMaybe():
                return self._matching(node.required)
            case Near():
                return self._any_of(Term(node.field, term) for term in node.terms)

    def with_value(self, facet: str, value: str | None) -> Bits:
        """Return the documents with this facet value; without any value if *value* is None.

        The caller may change the bitmap.
        """
        bits = self._segment.new_bits()
        number = self._segment.find_value(facet, value)
        if number < 0:
            return bits
        columns = self._segment.facets
        if columns.value_bits[number] >= 0:
            bits |= columns.bitmaps[columns.value_bits[number]]
            return bits
        first, end = columns.value_list[number], columns.value_list[number + 1]
        set_docs(bits, columns.list_doc[first:end])
        for span in range(columns.value_span[number], columns.value_span[number + 1]):
            set_range(bits, int(columns.span_start[span]), int(columns.span_end[span]))
        return bits

    def in_range(self, dates: DateRange) -> Bits:
        """Return the documents in a range of dates: a slice, as documents are sorted by date."""
        days = self._segment.days
        first = dates.since.toordinal() if dates.since else 1
        start = int(np.searchsorted(days, first))
        end = int(np.searchsorted(days, dates.until.toordinal())) if dates.until else len(days)
        bits = self._segment.new_bits()
        set_range(bits, start, end)
        return bits

    def _fill(self, bits: Bits, term: Term) -> None:
        first, end = self._segment.runs(self._segment.find_term(term.field, term.text))
        if first < end:
            fill(bits, self._segment.postings, first, end)

    def _any_of(self, children: Iterable[Node]) -> Bits:
        bits = self._segment.new_bits()
        for number, child in enumerate(children):
            if not number % _TERMS_A_CHECK:
                self._check()
            if isinstance(child, Term):
                self._fill(bits, child)
            else:
                bits |= self._matching(child)
        return bits

    def _all_of(self, children: tuple[Node, ...]) -> Bits:
        if not children:
            return self._live.copy()
        # The cheapest first: the lists of the others are read only where documents are left.
        ordered = sorted(children, key=self._cost)
        bits = self._matching(ordered[0])
        for child in ordered[1:]:
            self._check()
            if isinstance(child, Not):
                bits &= ~self._matching(child.child)
                continue
            left = int(popcount(bits))
            if not left:
                break
            if not self._keep(bits, child, left):
                bits &= self._matching(child)
        return bits

    def _keep(self, bits: Bits, child: Node, left: int) -> bool:
        """Remove the documents that do not match *child*, by looking up each in its lists.

        Returns:
            Whether that was done. If it would be slower than reading the lists, nothing is.
        """
        if isinstance(child, AndMaybe):
            return self._keep(bits, child.required, left)
        terms = child.children if isinstance(child, Or) else (child,)
        if not all(isinstance(term, Term) for term in terms):
            return False
        if self._cost(child) < _PROBE * left:
            return False
        runs = [
            self._segment.runs(self._segment.find_term(term.field, term.text))
            for term in terms
            if isinstance(term, Term)
        ]
        if len(runs) == 1:
            keep(bits, self._segment.postings, *runs[0])
            return True
        kept = self._segment.new_bits()
        for first, end in runs:
            some = bits.copy()
            keep(some, self._segment.postings, first, end)
            kept |= some
        bits &= kept
        return True

    def _cost(self, node: Node) -> int:
        """Return an estimate of the postings that are read to evaluate *node*."""
        segment = self._segment
        match node:
            case Term():
                return segment.document_frequency(segment.find_term(node.field, node.text))
            case Phrase():
                return min(
                    (
                        segment.document_frequency(segment.find_term(node.field, term))
                        for term in node.terms
                    ),
                    default=0,
                )
            case Chain():
                return self._cost(candidates(node))
            case Lead() | AtLeast():
                return self._cost(candidates(node))
            case Nothing():
                return 0
            case Keyword() | DateRange():
                return segment.documents // 64
            case All() | Prefix() | Wildcard():
                return segment.documents
            case Not():
                # More than any other node, so that it comes last and only removes documents.
                return 2 * segment.documents
            case And():
                return min((self._cost(child) for child in node.children), default=0)
            case Or():
                return sum(self._cost(child) for child in node.children)
            case AndMaybe():
                return self._cost(node.required)
            case Near():
                return sum(self._cost(Term(node.field, term)) for term in node.terms)

    def _compute(self, node: Condition) -> Bits:
        match node:
            case Chain() | Lead() | AtLeast():
                return self._spotted(node)
            case Phrase():
                return self._phrase(node)
            case Prefix():
                bits = self._segment.new_bits()
                first, end = self._segment.prefix_range(term_key(node.field, node.text))
                at = self._segment.postings.term_runs
                fill(bits, self._segment.postings, int(at[first]), int(at[end]))
                return bits
            case Wildcard():
                bits = self._segment.new_bits()
                fill_terms(bits, self._segment.postings, fitting_terms(self._segment, node))
                return bits

    def _spotted(self, node: Chain | Lead | AtLeast) -> Bits:
        bits = self._segment.new_bits()
        docs = docs_of(self._matching(candidates(node))).astype(np.int64)
        for start in range(0, len(docs), DOCUMENTS_A_STEP):
            self._check()
            finder = SpotFinder(self._segment, docs[start : start + DOCUMENTS_A_STEP])
            set_docs(bits, finder.matching(node))
        return bits

    def _phrase(self, node: Phrase) -> Bits:
        bits = self._segment.new_bits()
        if not node.terms:
            return bits
        runs = [
            self._segment.runs(self._segment.find_term(node.field, term)) for term in node.terms
        ]
        if any(first == end for first, end in runs):
            return bits
        if len(runs) == 1:
            fill(bits, self._segment.postings, *runs[0])
            return bits
        reach = len(runs) - 1 + node.slop
        if len(runs) == 2:  # noqa: PLR2004  (a pair)
            fill_pair(bits, self._segment.postings, *runs[0], *runs[1], reach)
            return bits
        first_runs = np.array([first for first, _ in runs], np.int64)
        end_runs = np.array([end for _, end in runs], np.int64)
        fill_phrase(bits, self._segment.postings, first_runs, end_runs, reach)
        return bits


def fitting_terms(segment: Segment, node: Wildcard) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the numbers of a segment's terms that match a pattern.

    Only the terms that begin with the pattern's literal prefix are compared.
    """
    literal = node.pattern.split("*")[0].split("?")[0]
    first, end = segment.prefix_range(term_key(node.field, literal))
    coded: list[int] = []
    for letter in node.pattern:
        if letter == "*":
            coded.append(_STAR)
        elif letter == "?":
            coded.append(_ONE_LETTER)
        else:
            coded += letter.encode("utf-8", "surrogatepass")
    pattern = np.array(coded, np.int64)
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = matching_terms(
        segment.postings, first, end, 1, pattern
    )
    return found
