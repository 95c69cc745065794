"""Home: the first page: the size of the corpus, its most frequent names, example queries."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from marsad.indexer.build.document import load_hit
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_link import ArticleLink, article_link
from marsad.webui.pages.examples import examples_with_hits
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.timeline import Timeline, timeline, with_timeline
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.state.backend import Backend, missing_count, search_request

SHOWN = ("person", "place", "organisation", "armed_group")
_NAMES, _NEWEST = 7, 5


@dataclass(frozen=True, slots=True)
class TopEntity:
    """An entity with its page and its number of articles; `width` is its bar, 0 to 20."""

    label: str
    href: str
    count: str
    width: int


@dataclass(frozen=True, slots=True)
class TopEntities:
    """The entities of one class that most articles mention; `more` leads to all of them."""

    kind: str
    label: str
    names: tuple[TopEntity, ...]
    more: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page."""

    frame: Frame
    corpus: str
    span: str
    sources: str
    timeline: Timeline
    lists: tuple[TopEntities, ...]
    newest: tuple[ArticleLink, ...]
    every: Link
    examples: tuple[tuple[Link, str], ...]


def home_page(backend: Backend, form: SearchForm, t: Catalogue) -> HomePage:
    """Build the first page from one search for all articles.

    Of *form*, only the display parameters and the timeline count: a query belongs to /search.
    """
    form = replace(form.new_search(), timeline=form.timeline, interval=form.interval)
    labels = Labels(t, backend.gazetteer)
    request: SearchRequest = replace(
        search_request(replace(form, sort="published:desc"), backend.parse_query(form)),
        limit=_NEWEST,
        facets=(*(FacetRequest(name, _NAMES) for name in SHOWN), FacetRequest("published_year", 1)),
    )
    result = backend.engine.search(with_timeline(request, form))
    summary = backend.corpus_summary(result.generation)
    span = ""
    if summary.first and summary.last:
        span = t(
            "from_to",
            first=t.date(summary.first.isoformat()[:7]),
            last=t.date(summary.last.isoformat()[:7]),
        )
    newest = []
    for hit in result.hits:
        article = load_hit(hit).article
        newest.append(article_link(article, form.new_search().url(article_path(article.id)), t))
    return HomePage(
        frame=frame(form, t, t("tagline"), "/"),
        corpus=t.count("in_corpus", summary.documents),
        span=span,
        sources=t.count("from_sources", summary.sources) if summary.sources else "",
        timeline=timeline(Links(form), result, missing_count(result, "published_year"), t),
        lists=tuple(
            TopEntities(
                kind=counts.field,
                label=t(f"facet_{counts.field}"),
                names=tuple(
                    TopEntity(
                        label=labels.value(counts.field, value),
                        href=form.new_search().url(f"/entity/{quote(value, safe='')}"),
                        count=t.number(count),
                        width=round(20 * count / counts.values[0][1]),
                    )
                    for value, count in counts.values
                ),
                more=form.new_search().url(f"/facet/{counts.field}") if counts.more else "",
            )
            for counts in result.facets
            if counts.field in SHOWN and counts.values
        ),
        newest=tuple(newest),
        every=Link(t("every_article"), replace(form.new_search(), sort="published:desc").url()),
        examples=tuple(
            (
                Link(example.query, form.new_search(example.query).url()),
                f"{t(f'try_{example.kind}')} · {_unbroken(t.count('articles', example.count))}",
            )
            for example in examples_with_hits(backend, summary)
        ),
    )


def _unbroken(words: str) -> str:
    """Return *words* with no-break spaces, so that no line break separates them."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
