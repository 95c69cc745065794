"""Entity page: one person, place, organisation or group: names, over time, with whom, where."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.request import FacetRequest
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.search.entity_card import entity_card
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.direction import apart
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.facets import FacetValue, facet_rows
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.listed import LinkItem, listed
from marsad.webui.pages.timeline import Timeline, timeline, with_timeline
from marsad.webui.request.clock import deadline
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.state.site import Site, missing_in, search_request

_NAMES, _NEWEST, _MOST_ALIASES, _MOST_FORMS = 10, 5, 24, 12
BESIDE = (*ENTITY_FACETS, "source")


@dataclass(frozen=True, slots=True)
class Company:
    """Whom or what the articles of an entity name too, of one class."""

    kind: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """The page of one entity."""

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
    company: tuple[Company, ...]
    newest: tuple[LinkItem, ...]


def entity_page(site: Site, entity_id: str, form: SearchForm, t: Catalogue) -> EntityPage | None:
    """Build the page of *entity_id*; None where no list has it and no article names it."""
    card = entity_card(entity_id, site.engine, site.gazetteer, deadline())
    if card is None or card.type is None:
        return None
    known, kind = site.gazetteer.by_id.get(entity_id), card.type
    labels = Labels(t, site.gazetteer)
    search = form.blank().toggled("include", kind, entity_id)
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
        search_request(replace(search, sort="published:desc"), site.understood(search)),
        limit=_NEWEST,
        facets=(
            FacetRequest("source", _NAMES),
            FacetRequest("published_year", 1),
            FacetRequest("event_year", 1),
        ),
    )
    result = site.engine.search(with_timeline(request, search))
    dated = "event_year" if form.timeline == "event" else "published_year"
    links = Links(search)
    company = [
        Company(facet, t(f"facet_{facet}"), facet_rows(search, facet, values, links, labels))
        for facet, values in (*card.together, *((c.field, c.values) for c in result.facets))
        if values and facet in BESIDE
    ]
    newest = []
    for hit in result.hits:
        article = load_stored(hit.stored).article
        newest.append(listed(article, search.url(article_path(article.id)), t))
    label = labels.value(kind, entity_id)
    names = dict.fromkeys((*known.labels, *known.aliases)) if known else {}
    return EntityPage(
        frame=frame(form, t, label, f"/entity/{quote(entity_id, safe='')}"),
        id=entity_id,
        kind=kind,
        kind_label=t(f"facet_{kind}"),
        label=label,
        forms=tuple(
            f"{apart(form)} ×{t.number(count)}" for form, count in card.forms[:_MOST_FORMS]
        ),
        names=tuple(name for name in names if name and name != label)[:_MOST_ALIASES],
        total=t.count("articles", result.total),
        every=Link(t("search_entity"), search.url()),
        timeline=timeline(links, result, missing_in(result, dated), t),
        company=tuple(company),
        newest=tuple(newest),
    )
