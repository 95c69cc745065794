"""Evaluate: the documents that match a tree, as a set of document numbers.

tree -> leaves from Whoosh's postings, dates and facet values from the columns -> set
"""

from whoosh.searching import Searcher

from indexer.query.tree import (
    All,
    And,
    AndMaybe,
    DateRange,
    Keyword,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
)
from indexer.whoosh_engine.columns import Columns
from indexer.whoosh_engine.compile import compile_leaf


class Evaluator:
    """Evaluates trees over one open generation."""

    def __init__(self, searcher: Searcher, columns: Columns) -> None:
        self._searcher = searcher
        self._columns = columns
        self._live = frozenset(columns.live)

    def matching(self, node: Node) -> frozenset[int]:
        """Return the numbers of the live documents that match *node*."""
        match node:
            case All():
                return self._live
            case Nothing():
                return frozenset()
            case Term() | Phrase() | Prefix():
                return frozenset(self._searcher.docs_for_query(compile_leaf(node)))
            case Keyword():
                column = self._columns.facets[node.field]
                return frozenset(n for n in self._live if node.value in column[n])
            case DateRange():
                return self._in_range(node)
            case And():
                return self._live.intersection(*(self.matching(child) for child in node.children))
            case Or():
                return frozenset().union(*(self.matching(child) for child in node.children))
            case Not():
                return self._live - self.matching(node.child)
            case AndMaybe():
                return self.matching(node.required)

    def _in_range(self, node: DateRange) -> frozenset[int]:
        days = self._columns.days
        first = node.since.toordinal() if node.since else 1
        after = node.until.toordinal() if node.until else None
        return frozenset(
            n for n in self._live if days[n] >= first and (after is None or days[n] < after)
        )
