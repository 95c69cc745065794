"""Stock: an engine that answers with Whoosh's own searcher, on the index of our engine.

Only the tree is translated, node by node, into queries of Whoosh. Matches, scores and stored values
come from Whoosh, through our reader.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh import query as wq

from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    FacetCounts,
    FacetFilter,
    Hit,
    IndexStats,
    Reranker,
    ScorePart,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.engine.seam import Writer
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
from marsad.indexer.segments.engine import open_index
from marsad.indexer.whoosh_compat.index import STORED, open_dir
from marsad.indexer.whoosh_compat.reader import DATE, ID
from tests.contract.oracle import histogram_of, order_of

ANALYZER = Analyzer(Names())


def query_of(node: Node) -> Any:
    """Return *node* as a query of Whoosh."""
    match node:
        case All():
            return wq.Every()
        case Nothing():
            return wq.NullQuery
        case Term():
            # Whoosh's collector leaves out what scores nothing.
            return wq.Term(node.field, node.text, boost=node.boost or 1.0)
        case Phrase():
            if not node.terms:
                return wq.NullQuery
            return wq.Phrase(
                node.field, list(node.terms), slop=node.slop + 1, boost=node.boost or 1.0
            )
        case Chain() | Lead() | AtLeast():
            raise NotImplementedError(node)
        case Prefix():
            return wq.Prefix(node.field, node.text)
        case Wildcard():
            return wq.Wildcard(node.field, node.pattern)
        case Keyword():
            return wq.Term(node.field, node.value)
        case DateRange():
            since = node.since.isoformat() if node.since else None
            until = node.until.isoformat() if node.until else None
            return wq.TermRange(DATE, since, until, endexcl=True)
        case And():
            return wq.And([query_of(child) for child in node.children] or [wq.Every()])
        case Or():
            return wq.Or([query_of(child) for child in node.children] or [wq.NullQuery])
        case Not():
            return wq.And([wq.Every(), wq.Not(query_of(node.child))])
        case AndMaybe():
            return wq.AndMaybe(query_of(node.required), query_of(node.optional))
        case Near():
            return wq.Or([wq.Term(node.field, term) for term in node.terms] or [wq.NullQuery])


def filter_of(choice: FacetFilter) -> Any:
    """Return a facet filter as a query of Whoosh."""
    match choice.choice:
        case "missing":
            return wq.And([wq.Every(), wq.Not(wq.Every(choice.field))])
        case "include":
            return wq.Or([wq.Term(choice.field, value) for value in choice.values])
        case "exclude":
            terms = [wq.Term(choice.field, value) for value in choice.values]
            return wq.And([wq.Every(), wq.Not(wq.Or(terms))])


class StockEngine:
    """An engine that writes with our writer and searches with Whoosh's searcher."""

    def __init__(self, folder: Path) -> None:
        self._engine = open_index(folder, ANALYZER.version, create=True)
        self.index = open_dir(folder, ANALYZER)

    def search(self, request: SearchRequest) -> SearchResult:
        if request.deadline is not None:
            request.deadline.check()
        base = [query_of(request.query)]
        if request.since or request.until:
            base.append(query_of(DateRange(request.since, request.until)))
        found = self._find([*base, *map(filter_of, request.filters)])
        ranked = sorted(found, key=lambda hit: (-hit[0].score, *order_of(request)(hit[0])))
        if request.sort != "relevance":
            ranked = sorted(found, key=lambda hit: order_of(request)(hit[0]))
        page = ranked[request.offset : request.offset + request.limit]
        facets = []
        for wanted in request.facets:
            others = [filter_of(c) for c in request.filters if c.field != wanted.field]
            facets.append(_count(wanted.field, wanted.size, self._find([*base, *others])))
        days = [hit.date for hit, _ in found if hit.date]
        return SearchResult(
            len(found),
            tuple(hit for hit, _ in page),
            tuple(facets),
            self.index.latest_generation(),
            histogram_of(request.histogram, days) if request.histogram else (),
        )

    def _find(self, queries: list[Any]) -> list[tuple[Hit, dict[str, Any]]]:
        with self.index.searcher() as searcher:
            results = searcher.search(wq.And(queries), limit=None)
            return [
                (_hit(results, place), dict(results.fields(place))) for place in range(len(results))
            ]

    def walk(self, request: SearchRequest) -> Iterator[Hit]:
        return self._engine.walk(request)

    def get(self, article_id: str) -> Hit | None:
        return self._engine.get(article_id)

    def digest(self, article_id: str) -> str | None:
        return self._engine.digest(article_id)

    def existing_ids(self, article_ids: Iterable[str]) -> frozenset[str]:
        return self._engine.existing_ids(article_ids)

    def holds(self, query: Node, article_id: str, /, deadline: Deadline | None = None) -> bool:
        return self._engine.holds(query, article_id, deadline)

    def explain(
        self,
        query: Node,
        article_id: str,
        /,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> tuple[ScorePart, ...]:
        return self._engine.explain(query, article_id, deadline, again)

    def words(self, field: str) -> Mapping[str, int]:
        return self._engine.words(field)

    def count(self, field: str, text: str) -> int:
        return self._engine.count(field, text)

    def cluster(self, article_id: str) -> tuple[str, ...]:
        return self._engine.cluster(article_id)

    def writer(self) -> Writer:
        return self._engine.writer()

    def merge(self) -> None:
        self._engine.merge()

    def compact(self) -> None:
        self._engine.compact()

    def stats(self) -> IndexStats:
        return self._engine.stats()

    def lost_commits(self) -> tuple[str, ...]:
        return self._engine.lost_commits()

    def check(self) -> tuple[str, ...]:
        return self._engine.check()

    def close(self) -> None:
        self.index.close()
        self._engine.close()


def _hit(results: Any, place: int) -> Hit:
    stored = results.fields(place)
    day = dt.date.fromisoformat(stored[DATE]) if DATE in stored else None
    return Hit(stored[ID], results.score(place) or 0.0, day, stored[STORED])


def _count(field: str, size: int, found: list[tuple[Hit, dict[str, Any]]]) -> FacetCounts:
    counts = Counter(value for _, stored in found for value in stored.get(field, ()))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    missing = sum(field not in stored for _, stored in found)
    return FacetCounts(field, tuple(ranked[:size]), missing, len(ranked) > size)
