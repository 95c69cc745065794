"""Entity page: the names of a person, place, organisation or group, and where it is mentioned."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from marsad.indexer.build.document import load_hit
from marsad.indexer.engine.request import FacetRequest
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.search.entity_card import entity_card
from marsad.webui.i18n.bidi import bidi_isolate
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_link import ArticleLink, article_link
from marsad.webui.pages.facets import FacetValue, facet_rows
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.timeline import Timeline, timeline, with_timeline
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.request.time_limit import deadline
from marsad.webui.state.backend import Backend, missing_count, search_request

_NAMES, _NEWEST, _MOST_ALIASES, _MOST_FORMS = 10, 5, 24, 12
BESIDE = (*ENTITY_FACETS, "source")


@dataclass(frozen=True, slots=True)
class CooccurringEntities:
    """The values of one facet that occur most often in the articles about an entity."""

    kind: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """The page of one entity.

    `names` are its names in the gazetteer, `forms` its names as the articles print them, with
    counts. `every` leads to a search for all its articles.
    """

    frame: Frame
    id: str
    kind: str
    kind_label: str
    label: str
    names: tuple[str, ...]
    forms: tuple[str, ...]
    total: str
    every: Link
    timeline: Timeline
    cooccurring: tuple[CooccurringEntities, ...]
    newest: tuple[ArticleLink, ...]


def entity_page(
    backend: Backend, entity_id: str, form: SearchForm, t: Catalogue
) -> EntityPage | None:
    """Build the page of *entity_id*.

    Returns:
        None if the gazetteer has no such id and no article mentions it.
    """
    card = entity_card(entity_id, backend.engine, backend.gazetteer, deadline())
    if card is None or card.type is None:
        return None
    known, kind = backend.gazetteer.by_id.get(entity_id), card.type
    labels = Labels(t, backend.gazetteer)
    # The page shows a search for the entity; of the form, only the dates and the chart count.
    search = form.new_search().toggled("include", kind, entity_id)
    search = replace(
        search,
        since=form.since,
        until=form.until,
        timeline=form.timeline,
        interval=form.interval,
        event_since=form.event_since,
        event_until=form.event_until,
    )
    request = replace(
        search_request(replace(search, sort="published:desc"), backend.parse_query(search)),
        limit=_NEWEST,
        facets=(
            FacetRequest("source", _NAMES),
            FacetRequest("published_year", 1),
            FacetRequest("event_year", 1),
        ),
    )
    result = backend.engine.search(with_timeline(request, search))
    dated = "event_year" if form.timeline == "event" else "published_year"
    links = Links(search)
    cooccurring = [
        CooccurringEntities(
            facet, t(f"facet_{facet}"), facet_rows(search, facet, values, links, labels)
        )
        for facet, values in (*card.together, *((c.field, c.values) for c in result.facets))
        if values and facet in BESIDE
    ]
    newest = []
    for hit in result.hits:
        article = load_hit(hit).article
        newest.append(article_link(article, search.url(article_path(article.id)), t))
    label = labels.value(kind, entity_id)
    names = dict.fromkeys((*known.labels, *known.aliases)) if known else {}
    return EntityPage(
        frame=frame(form, t, label, f"/entity/{quote(entity_id, safe='')}"),
        id=entity_id,
        kind=kind,
        kind_label=t(f"facet_{kind}"),
        label=label,
        forms=tuple(
            f"{bidi_isolate(form)} ×{t.number(count)}" for form, count in card.forms[:_MOST_FORMS]
        ),
        names=tuple(name for name in names if name and name != label)[:_MOST_ALIASES],
        total=t.count("articles", result.total),
        every=Link(t("search_entity"), search.url()),
        timeline=timeline(links, result, missing_count(result, dated), t),
        cooccurring=tuple(cooccurring),
        newest=tuple(newest),
    )
