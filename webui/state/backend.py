"""Backend: the open index and everything that a view needs to search it.

form -> [Backend.parse_query] -> Parsed -> [search_request] -> SearchRequest -> engine
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from werkzeug.exceptions import ServiceUnavailable

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.engine.request import (
    FacetRequest,
    IndexStats,
    LostCommit,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import PicklableError
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.query.events import event_keys
from marsad.indexer.query.parse import Parsed, parse
from marsad.indexer.query.tree import And, Keyword, Node, Nothing, Or
from marsad.indexer.search.complete import Completion
from marsad.indexer.search.rerank import reranker_of
from marsad.indexer.search.vocabulary import Vocabulary
from marsad.indexer.sync.tombstones import Tombstone, Tombstones
from marsad.webui.request.forms import SORTS, SearchForm
from marsad.webui.request.query_limits import check_query_size, check_word_count
from marsad.webui.request.time_limit import check_time, deadline
from marsad.webui.state.stats_cache import StatsCache
from marsad.webui.state.vocabulary_cache import VocabularyCache

_MOST_SOURCES = 10_000
_MOST_TRIES = 20
_LOSSES_S = 10.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """The size and the range of dates of one generation of the index, shown on most pages."""

    generation: int
    documents: int
    first: dt.date | None
    last: dt.date | None
    sources: int


class GoneError(PicklableError):
    """The article was in the index and was removed; *tombstone* says when."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(f"{tombstone.id}: removed from the index, {tombstone.gone_at}")
        self.tombstone = tombstone


class Backend:
    """An open index with its analyzer and gazetteer; safe in several threads."""

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        gazetteer: Gazetteer,
        tombstones: Tombstones | None = None,
    ) -> None:
        self.engine = engine
        self._tombstones = tombstones
        self.analyzer = analyzer
        self.gazetteer = gazetteer
        self._lock = threading.Lock()
        self._corpus_summary: CorpusSummary | None = None
        self._losses: tuple[LostCommit | str, ...] = ()
        self._losses_key: tuple[int, float] = (-1, 0.0)
        self._generation = 0
        self._stats = StatsCache(engine)
        self._words = VocabularyCache(engine, gazetteer)

    def parse_query(self, form: SearchForm) -> Parsed:
        """Return the parsed query of *form*; nothing that a reader typed is a syntax error.

        Raises:
            QueryTooLargeError: the query is larger than one request may ask for.
            TimeLimitError: the deadline of the request has passed.
        """
        check_word_count(form)
        parsed = parse(
            form.q,
            self.analyzer,
            self.gazetteer.resolve,
            any_word=form.any_word,
            level=form.match,
            off=frozenset(form.off),
            not_lemmas=frozenset(form.not_lemmas),
            variants=self.gazetteer.variants,
        )
        check_query_size(parsed)
        check_time()
        return parsed

    def raise_if_removed(self, article_id: str) -> None:
        """Tell an article that was removed (410) from one that never existed (404).

        Raises:
            GoneError: the article was removed.
        """
        tombstone = self._tombstones.get(article_id) if self._tombstones else None
        if tombstone is not None:
            raise GoneError(tombstone)

    def generation(self) -> int:
        """Return the number of the newest generation of the index; it grows with each commit."""
        # The engine has no method for it alone; a search for nothing is the cheapest call.
        request = SearchRequest(query=Nothing(), limit=0)
        self._generation = self.engine.search(request).generation
        return self._generation

    def losses(self) -> tuple[LostCommit | str, ...]:
        """Return a sentence for each loss to damage; empty if the index cannot be read at all.

        They are read anew for another generation, and every few seconds.
        """
        generation, read = self._losses_key
        now = time.monotonic()
        if generation != self._generation or now - read > _LOSSES_S:
            try:
                self._losses = self.engine.lost_commits()
            except Exception:  # noqa: BLE001  (error pages call this, whatever is wrong)
                self._losses = ()
            self._losses_key = (self._generation, now)
        return self._losses

    def read_consistently(self, read: Callable[[], T]) -> T:
        """Return the result of *read*, whose engine calls all saw the same generation.

        If a batch is committed during *read*, its result may mix two generations: it is dropped,
        and *read* is called again.

        Raises:
            ServiceUnavailable: a batch was committed during each of 20 calls.
        """
        before = self.generation()
        for _ in range(_MOST_TRIES):
            found = read()
            after = self.generation()
            if after == before:
                return found
            before = after
        raise ServiceUnavailable

    def corpus_summary(self, generation: int | None = None) -> CorpusSummary:
        """Return the summary of the newest generation of the index, read once for each generation.

        Args:
            generation: The newest generation, if the caller knows it from a search of the same
                request. That saves an engine call.
        """
        if generation is None:
            generation = self.generation()
        # Under the lock, so that requests right after a commit do not all read it.
        with self._lock:
            known = self._corpus_summary
            if known is None or known.generation != generation:
                known = self._corpus_summary = self._read_corpus_summary()
            return known

    def stats(self) -> IndexStats:
        """Return the statistics of the newest generation; they may take seconds to read.

        Raises:
            TimeLimitError: the request timed out first. The reading goes on for a later request.
            ServiceUnavailable: enough other requests are waiting for the same reading.
        """
        return self._stats.at_least(self.generation())

    def vocabulary(self, generation: int) -> Vocabulary:
        """Return the words of the index, empty until they are read for the first time.

        *generation* is the newest one; if the words are older, a new reading starts.
        """
        return self._words.vocabulary(generation)

    def completions(self, typed: str, lang: str) -> tuple[Completion, ...]:
        """Return completions of *typed*, labelled in *lang*; none before the words are read."""
        check_time()
        completer = self._words.completer(self.generation())
        return completer.complete(typed, lang, deadline=deadline()) if completer else ()

    def vocabulary_generation(self) -> int:
        """Return the generation that the words were read from, -1 before the first reading."""
        return self._words.generation

    def warm(self) -> threading.Thread | None:
        """Start to read the words of the index in the background, before a request needs them.

        Returns:
            The thread of the reading; join it to wait for the words.
        """
        return self._words.read(self.generation())

    def _read_corpus_summary(self) -> CorpusSummary:
        request = SearchRequest(
            limit=0,
            facets=(FacetRequest("source", _MOST_SOURCES),),
            histogram="day",
            deadline=deadline(),
        )
        found = self.engine.search(request)
        days = found.histogram
        return CorpusSummary(
            generation=found.generation,
            documents=found.total,
            first=days[0][0] if days else None,
            last=days[-1][0] if days else None,
            sources=len(found.facets[0].values),
        )


def search_request(form: SearchForm, parsed: Parsed, *, collapse: bool = False) -> SearchRequest:
    """Return the engine request of *form*: the hits of its page, without facets.

    Args:
        form: The search.
        parsed: The parsed query of *form*.
        collapse: Whether near-duplicates are shown as one hit if the form does not say so.
    """
    days = form.dates()
    return SearchRequest(
        query=_with_events(parsed.tree, form),
        filters=form.filters(),
        since=days.since if days else None,
        until=days.until if days else None,
        sort=SORTS[form.sort],
        offset=(form.page - 1) * form.per_page,
        limit=form.per_page,
        collapse=collapse if form.collapse is None else form.collapse,
        again=reranker_of(parsed),
        deadline=deadline(),
    )


def count_undated(backend: Backend, form: SearchForm, parsed: Parsed) -> int:
    """Return how many articles match all but the date range, and have no date at all.

    A range of dates excludes undated articles, so this takes a second search without the range.
    The kind of date (publication or event) is the one that the timeline counts.
    """
    facet = "event_year" if form.timeline == "event" else "published_year"
    request = replace(
        search_request(form.with_range("", ""), parsed),
        offset=0,
        limit=0,
        facets=(FacetRequest(facet, 1),),
    )
    return missing_count(backend.engine.search(request), facet)


def missing_count(result: SearchResult, facet: str) -> int:
    """Return how many documents of *result* have no value of *facet*."""
    return next((counts.missing for counts in result.facets if counts.field == facet), 0)


def _with_events(tree: Node, form: SearchForm) -> Node:
    # Event dates are facet values and no numbers, so a range of them becomes a list of values.
    days = form.events()
    if days is None:
        return tree
    keys = tuple(Keyword(facet, value) for facet, value in event_keys(days.since, days.until))
    return And((tree, Or(keys)))
