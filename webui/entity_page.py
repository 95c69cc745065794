"""Entity page: one person, place, organisation or group: names, over time, with whom, where."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from indexer.document import load_stored
from indexer.engine import FacetRequest, SearchRequest
from indexer.extract.mentions import UNLISTED
from indexer.fields import ENTITY_FACETS
from indexer.query.tree import Keyword
from webui.facets import FacetValue, facet_rows
from webui.forms import SearchForm
from webui.frame import Frame, frame
from webui.i18n.catalogue import Catalogue
from webui.labels import Labels
from webui.links import Link, Links, article_path
from webui.listed import Listed, listed
from webui.site import Site, missing_in, search_request
from webui.timeline import Timeline, timeline, with_timeline

_NAMES, _NEWEST, _MOST_ALIASES = 10, 5, 24
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
    total: str
    every: Link
    timeline: Timeline
    company: tuple[Company, ...]
    newest: tuple[Listed, ...]


def entity_page(site: Site, entity_id: str, form: SearchForm, t: Catalogue) -> EntityPage | None:
    """Build the page of *entity_id*; None where neither a list nor an article knows it."""
    known = site.gazetteer.by_id.get(entity_id)
    kind = known.type if known else _class_of(site, entity_id)
    if kind is None:
        return None
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
            *(FacetRequest(name, _NAMES + 1) for name in BESIDE),
            FacetRequest("published_year", 1),
            FacetRequest("event_year", 1),
        ),
    )
    result = site.engine.search(with_timeline(request, search))
    dated = "event_year" if form.timeline == "event" else "published_year"
    company = []
    links = Links(search)
    for counts in result.facets:
        if counts.field not in BESIDE:
            continue
        # With its own class chosen, a facet counts all; who stands with the entity is not in it.
        others = [pair for pair in counts.values if pair[0] != entity_id][:_NAMES]
        if others and counts.field != kind:
            rows = facet_rows(search, counts.field, others, links, labels)
            company.append(Company(counts.field, t(f"facet_{counts.field}"), rows))
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
        names=tuple(name for name in names if name and name != label)[:_MOST_ALIASES],
        total=t.count("articles", result.total),
        every=Link(t("search_entity"), search.url()),
        timeline=timeline(search, result, missing_in(result, dated), t),
        company=tuple(company),
        newest=tuple(newest),
    )


def _class_of(site: Site, entity_id: str) -> str | None:
    """Return the class of an id that no list has, by the articles that name it."""
    if not entity_id.startswith(UNLISTED):
        return None
    for kind in ENTITY_FACETS:
        asked = SearchRequest(query=Keyword(kind, entity_id), limit=0)
        if site.engine.search(asked).total:
            return kind
    return None
