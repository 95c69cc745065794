"""Results: builds the search page as frozen values; its template computes nothing.

form, parsed query, answer of the engine -> [results_page] -> ResultsPage -> template
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from marsad.indexer.engine.request import DEEPEST_HIT, SearchRequest, SearchResult
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES
from marsad.indexer.search.any_word import FEW
from marsad.indexer.search.suggest import iter_suggestions
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.broader import broader_links
from marsad.webui.pages.facets import FacetBox, facet_boxes, facet_requests
from marsad.webui.pages.frame import Frame, frame, pager
from marsad.webui.pages.hits import MATCHES, HitRow, HitRows
from marsad.webui.pages.query_summary import SummaryPart, query_summary
from marsad.webui.pages.timeline import Timeline, timeline, with_timeline
from marsad.webui.request.forms import PAGE_SIZES, SORTS, DateKind, SearchForm
from marsad.webui.request.links import Link, Links
from marsad.webui.request.time_limit import check_time, deadline
from marsad.webui.state.backend import (
    Backend,
    CorpusSummary,
    count_undated,
    missing_count,
    search_request,
)

_MOST_OFFERS = 6
EXPORTS = ("csv", "jsonl", "json", "ris", "bib", "atom")


@dataclass(frozen=True, slots=True)
class SuggestedQuery:
    """Another spelling for a word that few articles contain.

    `typed` is the word in the query. `link` shows the suggested word and leads to the search with
    it; `note` says why it was suggested and how many articles contain it.
    """

    typed: str
    link: Link
    note: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The search page as the template prints it; texts are in the language of the page.

    `found` is the number of articles, `stories` the number of near-duplicate clusters in words
    (empty if no article was collapsed), `collapsing` the link that shows or hides copies.
    `chips` are links that remove one filter each, `remarks` the diagnostics of the query.
    `deepest` explains why there are no more pages, `exported` is the number of articles in an
    export.
    """

    frame: Frame
    form: SearchForm
    total: str
    stories: str
    collapsing: Link | None
    found: int
    query_summary: tuple[SummaryPart, ...]
    strictness: tuple[Link, ...]
    rules: tuple[Link, ...]
    remarks: tuple[str, ...]
    chips: tuple[Link, ...]
    clear: str
    sorts: tuple[Link, ...]
    sizes: tuple[Link, ...]
    timeline: Timeline
    facets: tuple[FacetBox, ...]
    chosen: str
    hits: tuple[HitRow, ...]
    pager: tuple[Link, ...]
    first: str
    previous: str
    following: str
    deepest: str
    suggestions: tuple[SuggestedQuery, ...]
    broader: tuple[Link, ...]
    exports: tuple[Link, ...]
    exported: str
    feed: str
    receipt: str
    corpus_summary: CorpusSummary
    corpus: str


def results_request(form: SearchForm, parsed: Parsed, *, collapse: bool = True) -> SearchRequest:
    """Return the engine request of a search page: hits, facets, timeline and match positions.

    One request for all of them: a page of a search that finds enough needs no second one.
    """
    request = replace(
        search_request(form, parsed, collapse=collapse),
        facets=tuple(facet_requests(form)),
        matches=MATCHES,
    )
    return with_timeline(request, form)


def results_page(
    backend: Backend, form: SearchForm, parsed: Parsed, result: SearchResult, t: Catalogue
) -> ResultsPage:
    """Build the search page.

    Args:
        backend: The open index.
        form: The search.
        parsed: The parsed query of *form*.
        result: The answer of the engine to `results_request`.
        t: The catalogue of the page.
    """
    labels, links = Labels(t, backend.gazetteer), Links(form)
    by_field = {counts.field: counts for counts in result.facets}
    first = (form.page - 1) * form.per_page + 1
    rows = result.total if result.stories is None else result.stories
    last = min(-(-rows // form.per_page), DEEPEST_HIT // form.per_page)
    summary, hits = backend.corpus_summary(result.generation), HitRows(parsed, links, backend, t)
    return ResultsPage(
        frame=frame(form, t, form.q or t("every_article"), "/search", links),
        form=form,
        total=t.count("articles", result.total),
        stories=t.count("in_stories", rows) if rows < result.total else "",
        collapsing=_collapsing(links, result, t),
        found=result.total,
        query_summary=query_summary(form, parsed, backend, labels),
        strictness=tuple(
            Link(t(f"match_{level}"), links.changed(match=level), level == form.match)
            for level in STRICTNESSES
        ),
        rules=tuple(
            Link(t(f"rule_{rule}"), links.rule_toggled(rule), on=rule not in form.off)
            for rule in SWITCHES
        ),
        remarks=tuple(t(f"remark_{d.kind}", detail=d.detail) for d in parsed.diagnostics),
        chips=tuple(_chips(form, links, labels)),
        clear=form.without_filters().url() if form.is_narrowed() else "",
        sorts=tuple(
            Link(t(f"sort_{name}"), links.changed(sort=name), on=name == form.sort)
            for name in SORTS
        ),
        sizes=tuple(
            Link(t.number(size), links.changed(per_page=size), size == form.per_page)
            for size in PAGE_SIZES
        ),
        timeline=timeline(links, result, _undated(backend, form, parsed, result), t),
        facets=tuple(facet_boxes(form, by_field, links, labels)),
        chosen=t.number(len(form.choices)) if form.choices else "",
        hits=tuple(hits.row(hit, first + number) for number, hit in enumerate(result.hits)),
        pager=tuple(pager(links, last, t)),
        first=links.changed(),
        previous=links.changed(page=max(1, min(form.page - 1, last))) if form.page > 1 else "",
        following=links.changed(page=form.page + 1) if form.page < last else "",
        deepest=t("error_depth", depth=t.number(DEEPEST_HIT))
        if form.page == last and rows > DEEPEST_HIT
        else "",
        suggestions=tuple(_suggestions(backend, form, parsed, result.generation, t))
        if result.total <= FEW
        else (),
        broader=tuple(broader_links(backend, form, parsed, result.total, t)),
        exports=tuple(_exports(links, t)),
        exported=t.count("articles", rows if form.collapse else result.total),
        feed=links.changed("/search.atom"),
        receipt=links.changed("/receipt"),
        corpus_summary=summary,
        corpus=t.count("in_corpus", summary.documents),
    )


def _collapsing(links: Links, result: SearchResult, t: Catalogue) -> Link | None:
    """Return the link that shows every near-duplicate, or hides them again; None without any."""
    if links.form.collapse is False:
        return Link(t("fold"), links.changed(collapse=None))
    if result.stories is not None and result.stories < result.total:
        return Link(t("unfold"), links.changed(collapse=False))
    return None


def _undated(backend: Backend, form: SearchForm, parsed: Parsed, result: SearchResult) -> int:
    if any(form.ends()):
        # A range of dates excludes undated articles, so *result* has none to count.
        return count_undated(backend, form, parsed)
    return missing_count(result, "event_year" if form.timeline == "event" else "published_year")


def _exports(links: Links, t: Catalogue) -> Iterator[Link]:
    for name in EXPORTS:
        yield Link(t(f"export_{name}"), links.changed(f"/search.{name}"))
        if name == "csv":
            url = links.changed("/search.csv")
            yield Link(t("export_excel"), f"{url}{'&' if '?' in url else '?'}bom=1")


def _chips(form: SearchForm, links: Links, labels: Labels) -> Iterator[Link]:
    t = labels.t
    if form.any_word:
        yield Link(t("any_word"), links.changed(any_word=False))
    for rule in form.off:
        yield Link(t("without", value=t(f"rule_{rule}")), links.rule_toggled(rule))
    for lemma in form.not_lemmas:
        yield Link(t("without_lemma", value=lemma), form.lemma_toggled(lemma).url())
    yield from _date_chips(form, "published", form.since, form.until, t)
    yield from _date_chips(form, "event", form.event_since, form.event_until, t)
    for kind, facet, value in form.choices:
        if kind == "missing":
            name = t("no_value")
        else:
            name = labels.value(facet, value)
            name = t("without", value=name) if kind == "exclude" else name
        yield Link(f"{t(f'facet_{facet}')}: {name}", links.toggled(kind, facet, value))


def _date_chips(
    form: SearchForm, kind: DateKind, since: str, until: str, t: Catalogue
) -> Iterator[Link]:
    """Yield the chips of one date range: a single one if it is one day, month or year."""
    name = t(f"timeline_{kind}")
    both = form.with_end(f"filter:gte:{kind}", "").with_end(f"filter:lte:{kind}", "")
    if since and since == until:
        yield Link(f"{name}: {t.typed_date(since)}", both.url())
        return
    for end, key, value in (("gte", "since", since), ("lte", "until", until)):
        if value:
            words = t(key, value=t.typed_date(value))
            yield Link(f"{name}: {words}", form.with_end(f"filter:{end}:{kind}", "").url())


def _suggestions(
    backend: Backend, form: SearchForm, parsed: Parsed, generation: int, t: Catalogue
) -> Iterator[SuggestedQuery]:
    """Yield other spellings for the words that few articles contain."""
    offers = iter_suggestions(
        parsed,
        backend.vocabulary(generation),
        backend.engine,
        backend.analyzer,
        deadline=deadline(),
    )
    # Each offer is counted in the index, so only as many are drawn as are shown.
    for offer in islice(offers, _MOST_OFFERS):
        check_time()
        url = replace(form, q=offer.query, page=1).url()
        note = f"{t(f'suggested_{offer.kind}')} · {t.count('articles', offer.count)}"
        yield SuggestedQuery(offer.asked, Link(offer.text, url), note)
