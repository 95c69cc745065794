"""Searcher: answers a request from one generation.

    tree -> bitmap of each segment -> filters -> best, facets, histogram -> result

Filters are bitmaps too, one for each facet: the counts of a facet ignore its own filter and obey
all others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    FacetCounts,
    FacetFilter,
    Hit,
    Reranker,
    ScorePart,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.errors import FileDamagedError
from marsad.indexer.query.tree import And, DateRange, Node, Nothing
from marsad.indexer.segments.build import hash_id
from marsad.indexer.segments.clusters import Clusters, Folded
from marsad.indexer.segments.evaluate import Evaluator
from marsad.indexer.segments.explain import score_parts
from marsad.indexer.segments.facets import FacetCounter
from marsad.indexer.segments.generation import Generation, Member
from marsad.indexer.segments.histogram import Histogram
from marsad.indexer.segments.kernels.bits import (
    popcount,
)
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.matches import MatchFinder
from marsad.indexer.segments.order import Order, Place
from marsad.indexer.segments.ranking import (
    Statistics,
    holds_terms_alone,
    nears_of,
)
from marsad.indexer.segments.segment import Segment


class GenerationSearcher:
    """Answers requests from one open generation, and closes it in the end."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._members = generation.members
        self._statistics = Statistics(generation)
        self._facets: FacetCounter | None = None
        self._clusters: Clusters | None = None
        self._order = Order(self._members, self._statistics, self._text)
        self._histogram = Histogram(self._members)
        self.generation = generation.manifest.generation

    def close(self) -> None:
        """Close the generation."""
        self._generation.close()

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer *request*."""
        _check(request)
        tree = _with_dates(request)
        finders = self._finders(request)
        evaluators = [Evaluator(member, request.deadline) for member in self._members]
        if self._is_served_by_lists(request, tree):
            wanted = request.offset + request.limit
            places = self._order.first(evaluators, None, tree, request, wanted)
            page = places[request.offset : request.offset + request.limit]
            hits = tuple(self._found_hit(at, finders, request) for at in page)
            return SearchResult(len(places), hits, (), self.generation)
        base = [evaluator.found(tree) for evaluator in evaluators]
        passing = self._filtered(evaluators, request)
        found = _narrowed(base, passing.values())
        wanted = request.offset + request.limit
        shown, folded = self._collapsed(found, request)
        page = self._order.first(evaluators, shown, tree, request, wanted)[request.offset :]
        return SearchResult(
            sum(int(popcount(bits)) for bits in found),
            tuple(
                replace(
                    self._found_hit(at, finders, request),
                    copies=folded.copies(at.segment, at.doc) if folded else 0,
                )
                for at in page
            ),
            tuple(self._count_facets(request, base, found, passing)),
            self.generation,
            self._histogram.count(found, request.histogram) if request.histogram else (),
            sum(int(popcount(bits)) for bits in shown) if request.collapse else None,
        )

    def _finders(self, request: SearchRequest) -> list[MatchFinder]:
        finders = []
        for member in self._members:
            finders.append(MatchFinder(member.segment, request.query, request.matches))
            _check(request)
        return finders

    def walk(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield every hit of *request*, in its order."""
        _check(request)
        tree = _with_dates(request)
        finders = self._finders(request)
        evaluators = [Evaluator(member, request.deadline) for member in self._members]
        base = [evaluator.found(tree) for evaluator in evaluators]
        found = _narrowed(base, self._filtered(evaluators, request).values())
        shown, folded = self._collapsed(found, request)
        total = sum(int(popcount(bits)) for bits in shown)
        request = replace(request, offset=0)
        for place in self._order.first(evaluators, shown, tree, request, total):
            hit = self._hit(place, finders[place.segment], stored=request.stored)
            yield replace(hit, copies=folded.copies(place.segment, place.doc) if folded else 0)

    def explain(
        self,
        query: Node,
        article_id: str,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> tuple[ScorePart, ...]:
        """Return the parts of a document's score, empty if it does not match."""
        if deadline is not None:
            deadline.check()
        place = self._find(article_id)
        if place is None:
            return ()
        evaluators = [Evaluator(member, deadline) for member in self._members]
        evaluator = evaluators[place.segment]
        found = evaluator.found(query)
        if not int(found[place.doc >> 6]) >> (place.doc & 63) & 1:
            return ()
        nears = list(nears_of(query))
        more: float | None = None
        if nears or again is not None:
            more = self._order.among_best(place, evaluators, query, deadline, again)
        parts = score_parts(
            self._segment(place),
            evaluator,
            place.doc,
            query,
            self._statistics,
            nears if more is not None else [],
        )
        return (*parts, ScorePart("", "", "again", 1, more)) if more else tuple(parts)

    def holds(self, query: Node, article_id: str, deadline: Deadline | None = None) -> bool:
        """Return whether a document matches."""
        place = self._find(article_id)
        if place is None:
            return False
        found = Evaluator(self._members[place.segment], deadline).found(query)
        return bool(int(found[place.doc >> 6]) >> (place.doc & 63) & 1)

    def count(self, field: str, text: str) -> int:
        """Return how many documents have a term."""
        return sum(
            member.segment.document_frequency(member.segment.find_term(field, text))
            for member in self._members
        )

    def cluster(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the articles in an article's cluster, earliest first."""
        place = self._find(article_id)
        return () if place is None else self.clusters.members(place.segment, place.doc)

    @property
    def clusters(self) -> Clusters:
        """The clusters of near-duplicate articles in this generation; read at the first use."""
        if self._clusters is None:
            self._clusters = Clusters(self._generation)
        return self._clusters

    def _collapsed(
        self, found: list[Bits], request: SearchRequest
    ) -> tuple[list[Bits], Folded | None]:
        return self.clusters.collapse(found) if request.collapse else (found, None)

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id, None if there is none."""
        place = self._find(article_id)
        return None if place is None else self._hit(place, None)

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id, None if there is none."""
        place = self._find(article_id)
        return None if place is None else self._segment(place).digest(place.doc)

    def existing_ids(self, article_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of *article_ids* that have a document."""
        return frozenset(one for one in article_ids if self._find(one) is not None)

    def _segment(self, place: Place) -> Segment:
        return self._members[place.segment].segment

    def _find(self, article_id: str) -> Place | None:
        hashed = hash_id(article_id)
        for number, member in enumerate(self._members):
            doc = find_live(member, article_id, hashed)
            if doc is not None:
                return Place(number, doc, 0.0)
        return None

    def _is_served_by_lists(self, request: SearchRequest, tree: Node) -> bool:
        """Return whether only the best hits are wanted, and the postings lists alone give them.

        Then no bitmap of all matching documents is made, which is faster.
        """
        return (
            not request.exact_total
            and not request.collapse
            and not (request.filters or request.facets or request.histogram)
            and request.sort == "relevance"
            and request.limit > 0
            and not any(member.removed for member in self._members)
            and holds_terms_alone(tree)
        )

    def _filtered(
        self, evaluators: Sequence[Evaluator], request: SearchRequest
    ) -> dict[str, list[Bits]]:
        """Return, for each facet with a filter, the documents of each segment that pass it."""
        return {
            field: [self._passing(evaluator, field, request.filters) for evaluator in evaluators]
            for field in dict.fromkeys(choice.field for choice in request.filters)
        }

    def _passing(self, evaluator: Evaluator, field: str, filters: tuple[FacetFilter, ...]) -> Bits:
        passed = ~np.zeros_like(evaluator.found(Nothing()))
        for choice in filters:
            if choice.field != field:
                continue
            some = np.zeros_like(passed)
            for value in (None,) if choice.choice == "missing" else choice.values:
                some |= evaluator.with_value(field, value)
            passed &= ~some if choice.choice == "exclude" else some
        return passed

    def _count_facets(
        self,
        request: SearchRequest,
        base: Sequence[Bits],
        found: Sequence[Bits],
        passing: dict[str, list[Bits]],
    ) -> Iterator[FacetCounts]:
        if not request.facets:
            return
        if self._facets is None:
            self._facets = FacetCounter(self._generation)
        shared = self._facets.every_value(found)
        for wanted in request.facets:
            _check(request)
            if wanted.field in passing:
                others = (bits for name, bits in passing.items() if name != wanted.field)
                own = _narrowed(base, others)
                every = self._facets.every_value(own)
                yield self._facets.count(wanted.field, wanted.size, own, every)
            else:
                yield self._facets.count(wanted.field, wanted.size, found, shared)

    def _found_hit(
        self, place: Place, finders: Sequence[MatchFinder], request: SearchRequest
    ) -> Hit:
        _check(request)
        return self._hit(place, finders[place.segment], stored=request.stored)

    def _read(self, place: Place) -> tuple[str, NDArray[np.uint8]]:
        """Return the stored article of a document and its coded token starts."""
        return self._generation.stores.read(*self._segment(place).record(place.doc))

    def _text(self, place: Place) -> str:
        """Return the stored article of a document, empty if it is damaged."""
        try:
            return self._read(place)[0]
        except FileDamagedError:
            return ""

    def _hit(self, place: Place, finder: MatchFinder | None, *, stored: bool = True) -> Hit:
        segment = self._segment(place)
        if not stored:
            return Hit(segment.id(place.doc), place.score, segment.date(place.doc), "")
        try:
            text, coded = self._read(place)
        except FileDamagedError as error:
            # One damaged record costs one article, and no list.
            damage = f"{error.path.name}: {error.reason}"
            return Hit(
                segment.id(place.doc), place.score, segment.date(place.doc), "", damage=damage
            )
        matches = finder.find(place.doc, coded) if finder is not None else ()
        return Hit(segment.id(place.doc), place.score, segment.date(place.doc), text, matches)


def _check(request: SearchRequest) -> None:
    if request.deadline is not None:
        request.deadline.check()


def find_live(member: Member, article_id: str, hashed: int) -> int | None:
    """Return the document of an id in a segment, None if there is none or it was removed."""
    segment = member.segment
    for doc in segment.docs_of_hash(hashed).tolist():
        removed = member.deleted is not None and bool(
            int(member.deleted[doc >> 6]) >> (doc & 63) & 1
        )
        if not removed and segment.id(doc) == article_id:
            return int(doc)
    return None


def _narrowed(base: Sequence[Bits], passing: Iterable[list[Bits]]) -> list[Bits]:
    narrowed = list(base)
    for bitmaps in passing:
        narrowed = [bits & own for bits, own in zip(narrowed, bitmaps, strict=True)]
    return narrowed


def _with_dates(request: SearchRequest) -> Node:
    if request.since is None and request.until is None:
        return request.query
    return And((request.query, DateRange(request.since, request.until)))
