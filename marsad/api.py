"""An open index: searches, streams of all hits, and single articles."""

import datetime as dt
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, get_args

from marsad.articles import Article, Hit, Labels, check_labels
from marsad.indexer.engine.request import (
    FacetCounts,
    FacetFilter,
    FacetRequest,
    IndexStats,
    SearchRequest,
    Sort,
)
from marsad.indexer.engine.request import Hit as EngineHit
from marsad.indexer.engine.seam import Engine
from marsad.indexer.fields import BODY, ENTITY_FACETS, FACETS
from marsad.indexer.parts import Parts, parts
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES, MatchRule, Strictness
from marsad.indexer.registry import open_engine
from marsad.indexer.search.any_word import FEW, count_any
from marsad.indexer.search.highlight import Highlighter, highlight_query
from marsad.indexer.search.search_request import date_range, facet_filter, with_query
from marsad.results import Facet, FacetValue, Hits, Results

Day = str | dt.date | None
# For each facet a value or several, of which any will do, or None: articles without a value.
Choices = Mapping[str, str | Iterable[str] | None]


def open_index(
    path: str | Path, *, entities: str | Path | None = None, labels: Labels = "ar"
) -> "Index":
    """Open an index to search it; use it in a `with` block, or call `close`.

    Args:
        path: The folder of an index that `marsad index` made.
        entities: Your own file of entities, as `--entities` of the commands takes it; its names
            are found in queries beside those of the bundled lists.
        labels: The language of the names of entities; Arabic where there is no name in it.

    Raises:
        IndexerError: there is no index, or it is damaged, or of another version; or a row of
            *entities* is wrong. The message says what to do.
        ValueError: *labels* is another language.

    Warns:
        RuntimeWarning: the newest state of the index was lost to damage; an earlier one is used.

    Example:
        >>> import marsad
        >>> with marsad.open_index("news") as index:
        ...     results = index.search("هدنة غزة", since="2023", until="2024")
        >>> results.total
        1
        >>> results[0].title
        'بدء هدنة إنسانية في غزة وتبادل الدفعة الأولى من المحتجزين والأسرى'
    """
    check_labels(labels)
    known = parts(entities=Path(entities) if entities else None)
    engine = open_engine(str(path), known.analyzer)
    for loss in engine.lost_commits():
        warnings.warn(f"{loss}; the state before it is used", RuntimeWarning, stacklevel=2)
    return Index(engine, known, labels)


class Index:
    """An open index; `open_index` makes one. It may be used by several threads at once.

    A search sees the newest state of the index, also if `marsad index` runs meanwhile.
    """

    def __init__(self, engine: Engine, known: Parts, labels: Labels) -> None:
        self._engine = engine
        self._parts = known
        self._labels = labels

    def __enter__(self) -> Self:
        """Return this index."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files. Hits and articles that were read stay usable."""
        self._engine.close()

    def search(
        self,
        query: str = "",
        *,
        since: Day = None,
        until: Day = None,
        filters: Choices | None = None,
        exclude: Choices | None = None,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        any_word: bool = False,
        level: Strictness = "default",
        without: Iterable[MatchRule] = (),
        not_lemmas: Iterable[str] = (),
        collapse: bool = False,
        facets: Iterable[str] | None = None,
        facet_size: int = 10,
    ) -> Results:
        """Search, as `marsad search` does; README.md says what a query can hold.

        Args:
            query: Whatever a person typed; it never raises an error. Empty: every article.
            since: Published on this day or later: a date, or 2023-09-21, 2023-09 or 2023.
            until: Published on this day or earlier; a month or a year counts whole.
            filters: Only articles with these facet values: `{"place": "غزة"}`. A value is an id
                or a name; of several (`["غزة", "رفح"]`) any will do; None: without a value.
            exclude: No articles with these facet values.
            sort: By relevance, or by the publication date.
            limit: At most so many hits.
            offset: So many hits are left out before the first.
            any_word: Rank by any word, instead of asking for all words.
            level: How alike words must be: as printed; folded; any form or name; any word of the
                same root.
            without: Join no words by these rules: folded, clitic, stem, plural, name.
            not_lemmas: Read no word as a form of these lemmas.
            collapse: Fold near-duplicates under the earliest of them.
            facets: The facets whose values are counted; all of them where this is not given.
            facet_size: At most so many values of each facet.

        Raises:
            ValueError: an argument other than the query has a value that is not allowed.
            IndexerError: `offset + limit` is more than 10,000 (use `iterate`), or a file of the
                index is damaged.

        Example:
            >>> import marsad
            >>> with marsad.open_index("news", labels="en") as index:
            ...     results = index.search("هدنة", filters={"place": "غزة"}, sort="newest")
            >>> [(value.label, value.count) for value in results.facets["organisation"].values][:2]
            [('United Nations', 2), ('Ministry of Foreign Affairs of Egypt', 1)]
        """
        counted = FACETS if facets is None else _several(facets)
        for name in counted:
            _check("facets", name, FACETS)
        if limit < 0 or offset < 0 or facet_size < 1:
            raise ValueError(
                f"limit {limit}, offset {offset}, facet_size {facet_size}: expected 0 or "
                f"more hits, and 1 or more values of a facet"
            )
        reader = self._reader(query, level, without, not_lemmas)
        parsed = reader(any_word)
        request = self._request(since, until, filters, exclude, sort, collapse=collapse)
        request = replace(
            request,
            offset=offset,
            limit=limit,
            facets=tuple(FacetRequest(name, facet_size) for name in counted),
        )
        found = self._engine.search(with_query(request, parsed))
        more = None
        if not any_word and found.total <= FEW:
            more = count_any(self._engine, request, reader(True), found.total)
        return Results(
            query=query,
            total=found.total,
            hits=tuple(self._hits(found.hits, parsed)),
            facets={counts.field: self._facet(counts) for counts in found.facets},
            diagnostics=parsed.diagnostics,
            any_word_total=more,
        )

    def iterate(
        self,
        query: str = "",
        *,
        since: Day = None,
        until: Day = None,
        filters: Choices | None = None,
        exclude: Choices | None = None,
        sort: Sort = "relevance",
        any_word: bool = False,
        level: Strictness = "default",
        without: Iterable[MatchRule] = (),
        not_lemmas: Iterable[str] = (),
        collapse: bool = False,
    ) -> Hits:
        """Return all hits of a search in their order, one after the other, however many.

        Few of them are in memory at a time. All are of the state of the index that is the newest
        when the first is read.

        Args:
            query: See `search`, here and below.
            since: Published on this day or later.
            until: Published on this day or earlier.
            filters: Only articles with these facet values.
            exclude: No articles with these facet values.
            sort: By relevance, or by the publication date.
            any_word: Rank by any word.
            level: How alike words must be.
            without: Join no words by these rules.
            not_lemmas: Read no word as a form of these lemmas.
            collapse: Fold near-duplicates under the earliest of them.

        Raises:
            ValueError: an argument other than the query has a value that is not allowed.
            IndexerError: a file of the index is damaged.

        Example:
            >>> import marsad
            >>> with marsad.open_index("news") as index, index.iterate("كاراباخ") as hits:
            ...     print(len({hit.source for hit in hits}), "sources")
            7 sources
        """
        parsed = self._reader(query, level, without, not_lemmas)(any_word)
        request = self._request(since, until, filters, exclude, sort, collapse=collapse)
        found = self._engine.walk(with_query(request, parsed))
        return Hits(self._hits(found, parsed), parsed.diagnostics)

    def get(self, article_id: str) -> Article | None:
        """Return the article of an id, None where there is none."""
        found = self._engine.get(article_id)
        return None if found is None else Article(found, self._parts.gazetteer, self._labels)

    def stats(self) -> IndexStats:
        """Return what the index holds; it reads a digest of every article, so it takes a while."""
        return self._engine.stats()

    def _reader(
        self, query: str, level: Strictness, without: Iterable[MatchRule], not_lemmas: Iterable[str]
    ) -> Callable[[bool], Parsed]:
        """Return what reads *query*, as one that asks for all words or for any."""
        off = frozenset(_several(without))
        for rule in off:
            _check("without", rule, SWITCHES)
        _check("level", level, STRICTNESSES)
        lemmas = frozenset(_several(not_lemmas))

        def read(any_word: bool) -> Parsed:
            return self._parts.parse(
                query,
                any_word=any_word,
                level=level,
                off=frozenset(rule for rule in SWITCHES if rule in off),
                not_lemmas=lemmas,
                engine=self._engine,
            )

        return read

    def _request(
        self,
        since: Day,
        until: Day,
        filters: Choices | None,
        exclude: Choices | None,
        sort: Sort,
        *,
        collapse: bool,
    ) -> SearchRequest:
        _check("sort", sort, get_args(Sort))
        days = date_range(_iso(since), _iso(until))
        return SearchRequest(
            filters=(
                *(self._filter("filters", each, "include") for each in (filters or {}).items()),
                *(self._filter("exclude", each, "exclude") for each in (exclude or {}).items()),
            ),
            since=days.since,
            until=days.until,
            sort=sort,
            collapse=collapse,
        )

    def _filter(
        self,
        argument: str,
        chosen: tuple[str, str | Iterable[str] | None],
        choice: Literal["include", "exclude"],
    ) -> FacetFilter:
        name, values = chosen
        _check(argument, name, FACETS)
        if values is not None:
            return facet_filter(name, _several(values), self._parts.gazetteer, choice)
        if choice == "exclude":
            raise ValueError(f"exclude {name}: found None, expected a value or several")
        return FacetFilter(name, choice="missing")

    def _hits(self, found: Iterable[EngineHit], parsed: Parsed) -> Generator[Hit, None, None]:
        highlighter = Highlighter(highlight_query(parsed.tree, BODY.name), self._parts.analyzer)
        for hit in found:
            yield Hit(hit, self._parts.gazetteer, self._labels, highlighter)

    def _facet(self, counts: FacetCounts) -> Facet:
        label = self._parts.gazetteer.label
        is_entity = counts.field in ENTITY_FACETS
        return Facet(
            values=tuple(
                FacetValue(value, label(value, self._labels) if is_entity else value, count)
                for value, count in counts.values
            ),
            missing=counts.missing,
            more=counts.more,
        )


def _check(argument: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{argument} {value!r}: expected one of {', '.join(allowed)}")


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _iso(day: Day) -> str | None:
    return day.isoformat()[: len("2023-09-21")] if isinstance(day, dt.date) else day
