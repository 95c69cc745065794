"""Site: what every view works with: the engine, the parts that fit it, and the corpus card.

form -> [Site.understood] -> Parsed -> [search_request] -> one engine call
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from werkzeug.exceptions import ServiceUnavailable

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.engine.request import FacetRequest, IndexStats, SearchRequest, SearchResult
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.query.events import event_keys
from marsad.indexer.query.parse import Parsed, parse
from marsad.indexer.query.tree import And, Keyword, Node, Nothing, Or
from marsad.indexer.search.complete import Completion
from marsad.indexer.search.rerank import reranker_of
from marsad.indexer.search.vocabulary import Vocabulary
from marsad.indexer.sync.tombstones import Tombstone, Tombstones
from marsad.webui.request.bounds import check_size, check_typed
from marsad.webui.request.clock import check_time, deadline
from marsad.webui.request.forms import SORTS, SearchForm
from marsad.webui.state.index_stats import LastStats
from marsad.webui.state.index_words import IndexWords

_MOST_SOURCES = 10_000
_MOST_TRIES = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CorpusCard:
    """What the open index holds, cheap enough to know on every page."""

    generation: int
    documents: int
    first: dt.date | None
    last: dt.date | None
    sources: int


class GoneError(Exception):
    """An article was in the index and is gone."""

    def __init__(self, stone: Tombstone) -> None:
        super().__init__(f"{stone.id}: gone since {stone.gone_at}")
        self.stone = stone


class Site:
    """An open engine with its analyzer and gazetteer; safe in several threads."""

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
        self._card: CorpusCard | None = None
        self._stats = LastStats(engine)
        self._words = IndexWords(engine, gazetteer)

    def understood(self, form: SearchForm) -> Parsed:
        """Return the parsed query of *form*.

        Raises:
            QueryTooLargeError: it asks for more than one request may.
        """
        check_typed(form)
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
        check_size(parsed)
        check_time()
        return parsed

    def check_gone(self, article_id: str) -> None:
        """Say so where the article was here and is gone.

        Raises:
            GoneError: it was removed.
        """
        stone = self._tombstones.get(article_id) if self._tombstones else None
        if stone is not None:
            raise GoneError(stone)

    def generation(self) -> int:
        """Return the number of the newest state of the index."""
        asked = SearchRequest(query=Nothing(), limit=0)
        return self.engine.search(asked).generation

    def of_one_state(self, read: Callable[[], T]) -> T:
        """Return what *read* gives where the index was the same all the while.

        *read* is called again whenever a batch was committed meanwhile.

        Raises:
            ServiceUnavailable: batches are committed faster than *read* ends.
        """
        before = self.generation()
        for _ in range(_MOST_TRIES):
            found = read()
            after = self.generation()
            if after == before:
                return found
            before = after
        raise ServiceUnavailable

    def card(self, generation: int | None = None) -> CorpusCard:
        """Return the card of the newest state of the index; who knows its *generation* says it."""
        if generation is None:
            generation = self.generation()
        with self._lock:
            if self._card is None or self._card.generation != generation:
                self._card = self._read_card()
            return self._card

    def stats(self) -> IndexStats:
        """Return the statistics of the newest state; every document's digest is read for them.

        Raises:
            TimeLimitError: that takes longer than this request may; it goes on for the next.
            ServiceUnavailable: enough requests are waiting for it.
        """
        return self._stats.since(self.generation())

    def vocabulary(self) -> Vocabulary:
        """Return the words of the index, none until they are read for the first time."""
        return self._words.vocabulary(self.generation())

    def completions(self, typed: str, lang: str) -> tuple[Completion, ...]:
        """Return what *typed* may become; nothing until the words of the index are read."""
        check_time()
        completer = self._words.completer(self.generation())
        return completer.complete(typed, lang, deadline=deadline()) if completer else ()

    def words_read(self) -> int:
        """Return the state of the index whose words serve, -1 while there are none."""
        return self._words.generation

    def warm(self) -> threading.Thread | None:
        """Begin to read what is only needed later; the thread that does ends when it is read."""
        return self._words.read(self.generation())

    def _read_card(self) -> CorpusCard:
        asked = SearchRequest(
            limit=0,
            facets=(FacetRequest("source", _MOST_SOURCES),),
            histogram="day",
            deadline=deadline(),
        )
        found = self.engine.search(asked)
        days = found.histogram
        return CorpusCard(
            generation=found.generation,
            documents=found.total,
            first=days[0][0] if days else None,
            last=days[-1][0] if days else None,
            sources=len(found.facets[0].values),
        )


def search_request(form: SearchForm, parsed: Parsed, *, fold: bool = False) -> SearchRequest:
    """Return what *form* asks of an engine: hits in a window, no facets yet.

    Copies are folded as the form says, and where it says nothing, as *fold* does.
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
        collapse=fold if form.collapse is None else form.collapse,
        again=reranker_of(parsed),
        deadline=deadline(),
    )


def count_undated(site: Site, form: SearchForm, parsed: Parsed) -> int:
    """Return how many articles only the range of the timeline's dates leaves out as undated."""
    facet = "event_year" if form.timeline == "event" else "published_year"
    asked = replace(
        search_request(form.between("", ""), parsed),
        offset=0,
        limit=0,
        facets=(FacetRequest(facet, 1),),
    )
    return missing_in(site.engine.search(asked), facet)


def missing_in(result: SearchResult, facet: str) -> int:
    """Return how many found documents have no value of *facet*."""
    return next((counts.missing for counts in result.facets if counts.field == facet), 0)


def _with_events(tree: Node, form: SearchForm) -> Node:
    days = form.events()
    if days is None:
        return tree
    keys = tuple(Keyword(facet, value) for facet, value in event_keys(days.since, days.until))
    return And((tree, Or(keys)))
