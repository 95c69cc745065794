"""Searcher: one request against one generation of a Whoosh index.

    tree -> matching document numbers -> filters -> order, facets -> result

Filters are applied to document numbers, one set for each facet, so that a facet can
be counted without its own choice.
"""

from collections import Counter
from collections.abc import Iterable

from whoosh.searching import Searcher

from indexer.engine import FacetCounts, FacetFilter, Hit, SearchRequest, SearchResult
from indexer.query.tree import And, DateRange, Node
from indexer.whoosh_engine.columns import Columns, read_columns
from indexer.whoosh_engine.compile import scoring_query
from indexer.whoosh_engine.evaluate import Evaluator


class GenerationSearcher:
    """Answers requests from one open generation."""

    def __init__(self, searcher: Searcher, generation: int) -> None:
        self._searcher = searcher
        self.columns: Columns = read_columns(searcher.reader())
        self.generation = generation
        self._evaluator = Evaluator(searcher, self.columns)

    def close(self) -> None:
        """Close the files of the generation."""
        self._searcher.close()

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer *request*."""
        tree = _with_dates(request)
        base = self._evaluator.matching(tree)
        scores = self._scores(tree) if request.sort == "relevance" else {}
        passing = {
            field: self._passing(base, field, request.filters)
            for field in dict.fromkeys(choice.field for choice in request.filters)
        }
        found = base.intersection(*passing.values())
        ordered = self._ordered(found, request, scores)
        page = ordered[request.offset : request.offset + request.limit]
        facets = tuple(
            self._count(wanted.field, wanted.size, _others(base, passing, wanted.field))
            for wanted in request.facets
        )
        hits = tuple(self._hit(number, scores.get(number, 0.0)) for number in page)
        return SearchResult(len(found), hits, facets, self.generation)

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id."""
        number = self._searcher.document_number(id=article_id)
        return None if number is None else self._hit(number, 0.0)

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id."""
        number = self._searcher.document_number(id=article_id)
        return None if number is None else self.columns.digests[number]

    def read_postings(self) -> list[str]:
        """Read every posting list; return a sentence for each that cannot be read."""
        faults = []
        for leaf, _ in self._searcher.reader().leaf_readers():
            for field, term in leaf.all_terms():
                try:
                    matcher = leaf.postings(field, term)
                    while matcher.is_active():
                        matcher.next()
                except Exception as error:  # noqa: BLE001  (whatever damage does, it is told)
                    faults.append(f"postings of {field}:{term!r} are not readable: {error!r}")
        return faults

    def _scores(self, tree: Node) -> dict[int, float]:
        """Return Whoosh's scores; a match without a term to score has none."""
        wanted = scoring_query(tree)
        if wanted is None:
            return {}
        results = self._searcher.search(wanted, limit=None)
        return {number: score for score, number in results.top_n}

    def _passing(
        self, base: frozenset[int], field: str, filters: tuple[FacetFilter, ...]
    ) -> frozenset[int]:
        values = self.columns.facets[field]
        kept = base
        for choice in filters:
            if choice.field == field:
                kept = frozenset(n for n in kept if _passes(values[n], choice))
        return kept

    def _ordered(
        self, found: frozenset[int], request: SearchRequest, scores: dict[int, float]
    ) -> list[int]:
        days, ids = self.columns.days, self.columns.ids
        match request.sort:
            case "relevance":
                return sorted(found, key=lambda n: (-scores.get(n, 0.0), -days[n], ids[n]))
            case "newest":
                return sorted(found, key=lambda n: (-days[n], ids[n]))
            case "oldest":
                return sorted(found, key=lambda n: (not days[n], days[n], ids[n]))

    def _count(self, field: str, size: int, numbers: Iterable[int]) -> FacetCounts:
        column = self.columns.facets[field]
        counts: Counter[str] = Counter()
        missing = 0
        for number in numbers:
            values = column[number]
            counts.update(values)
            missing += not values
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return FacetCounts(field, tuple(ranked[:size]), missing, len(ranked))

    def _hit(self, number: int, score: float) -> Hit:
        fields = self._searcher.stored_fields(number)
        return Hit(fields["id"], score, self.columns.date(number), fields["stored"])


def _with_dates(request: SearchRequest) -> Node:
    if request.since is None and request.until is None:
        return request.query
    return And((request.query, DateRange(request.since, request.until)))


def _passes(values: tuple[str, ...], choice: FacetFilter) -> bool:
    match choice.choice:
        case "include":
            return any(value in values for value in choice.values)
        case "exclude":
            return not any(value in values for value in choice.values)
        case "missing":
            return not values


def _others(base: frozenset[int], passing: dict[str, frozenset[int]], field: str) -> frozenset[int]:
    return base.intersection(*(numbers for name, numbers in passing.items() if name != field))
