"""Home: the first page: what the corpus holds, and good places to begin."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.examples import fruitful
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.listed import LinkItem, listed
from marsad.webui.pages.timeline import Timeline, timeline, with_timeline
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.state.site import Site, missing_in, search_request

SHOWN = ("person", "place", "organisation", "armed_group")
_NAMES, _NEWEST = 7, 5


@dataclass(frozen=True, slots=True)
class Name:
    """An entity, its page and how many articles name it; `width` is its bar, 0 to 20."""

    label: str
    href: str
    count: str
    width: int


@dataclass(frozen=True, slots=True)
class NameList:
    """The most named entities of one class."""

    kind: str
    label: str
    names: tuple[Name, ...]
    more: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page."""

    frame: Frame
    corpus: str
    span: str
    sources: str
    timeline: Timeline
    lists: tuple[NameList, ...]
    newest: tuple[LinkItem, ...]
    every: Link
    examples: tuple[tuple[Link, str], ...]


def home_page(site: Site, form: SearchForm, t: Catalogue) -> HomePage:
    """Build the first page from one engine call; only the timeline of *form* counts."""
    form = replace(form.blank(), timeline=form.timeline, interval=form.interval)
    labels, card = Labels(t, site.gazetteer), site.card()
    request: SearchRequest = replace(
        search_request(replace(form, sort="published:desc"), site.understood(form)),
        limit=_NEWEST,
        facets=(*(FacetRequest(name, _NAMES) for name in SHOWN), FacetRequest("published_year", 1)),
    )
    result = site.engine.search(with_timeline(request, form))
    span = ""
    if card.first and card.last:
        span = t(
            "from_to",
            first=t.date(card.first.isoformat()[:7]),
            last=t.date(card.last.isoformat()[:7]),
        )
    newest = []
    for hit in result.hits:
        article = load_stored(hit.stored).article
        newest.append(listed(article, form.blank().url(article_path(article.id)), t))
    return HomePage(
        frame=frame(form, t, t("tagline"), "/"),
        corpus=t.count("in_corpus", card.documents),
        span=span,
        sources=t.count("from_sources", card.sources) if card.sources else "",
        timeline=timeline(Links(form), result, missing_in(result, "published_year"), t),
        lists=tuple(
            NameList(
                kind=counts.field,
                label=t(f"facet_{counts.field}"),
                names=tuple(
                    Name(
                        label=labels.value(counts.field, value),
                        href=form.blank().url(f"/entity/{quote(value, safe='')}"),
                        count=t.number(count),
                        width=round(20 * count / counts.values[0][1]),
                    )
                    for value, count in counts.values
                ),
                more=form.blank().url(f"/facet/{counts.field}") if counts.more else "",
            )
            for counts in result.facets
            if counts.field in SHOWN and counts.values
        ),
        newest=tuple(newest),
        every=Link(t("every_article"), replace(form.blank(), sort="published:desc").url()),
        examples=tuple(
            (
                Link(example.query, form.blank(example.query).url()),
                f"{t(f'try_{example.kind}')} · {_kept_whole(t.count('articles', example.count))}",
            )
            for example in fruitful(site, card)
        ),
    )


def _kept_whole(words: str) -> str:
    """Return *words* so that no line ends between them."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
