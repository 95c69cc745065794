"""Timeline: all found articles over time, by publication or by what they speak of.

form -> [plan_timeline] -> what to ask the engine for -> [timeline] -> Timeline -> template

Years, months or days, by how wide the range is; each bar leads one step nearer.
"""

import datetime as dt
from dataclasses import dataclass, replace

from marsad.corpus.dates.mention import period
from marsad.indexer.engine.request import FacetRequest, Interval, SearchRequest, SearchResult
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.charts import MOST_SLOTS, Chart, Words, coarser, draw, place_of
from marsad.webui.request.forms import INTERVALS, TIMELINES, SearchForm
from marsad.webui.request.links import Link, Links

_MOST_DAYS, _MOST_MONTHS = 100, 72
# Beyond so many years the oldest are one row of the table: one stray date flattens all else.
_MOST_YEARS = 60
_EVERY_VALUE = 5_000
_LENGTH = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart with its switches; `earlier` and `undated` are what stands beside it."""

    chart: Chart | None
    label: str
    kinds: tuple[Link, ...]
    zoom_out: str
    undated: Link | None
    earlier: Link | None
    since: str
    until: str
    since_name: str
    until_name: str
    fields: tuple[tuple[str, str], ...]


def plan_timeline(form: SearchForm) -> Interval:
    """Return the interval to ask for, by the width of the range; months where it is open."""
    if form.interval:
        return form.interval
    days = form.events() if form.timeline == "event" else form.dates()
    if days is None or days.since is None or days.until is None:
        return "year" if form.timeline == "event" and days is None else "month"
    width = (days.until - days.since).days
    if width <= _MOST_DAYS:
        return "day"
    return "month" if width <= _MOST_MONTHS * 31 else "year"


def with_timeline(request: SearchRequest, form: SearchForm) -> SearchRequest:
    """Return *request* asking for what the timeline shows too."""
    interval = plan_timeline(form)
    if form.timeline == "published":
        return replace(request, histogram=interval)
    # An article may name many days of a month: counts of days are no counts of the month.
    asked = {f"event_{INTERVALS[at]}" for at in range(INTERVALS.index(interval) + 1)}
    others = tuple(wanted for wanted in request.facets if wanted.field not in asked)
    own = (FacetRequest(facet, _EVERY_VALUE) for facet in sorted(asked))
    return replace(request, facets=(*others, *own))


def timeline(links: Links, result: SearchResult, undated: int, t: Catalogue) -> Timeline:
    """Return the timeline of *result*; *undated* articles have no date of its kind."""
    form = links.form
    interval = plan_timeline(form)
    counts = _counts(form, result, interval)
    is_open = not form.interval and interval == "month"
    while interval != "year" and _slots(counts) > (_MOST_MONTHS if is_open else MOST_SLOTS):
        interval = "month" if interval == "day" else "year"
        counts = _counts(form, result, interval) if form.timeline == "event" else coarser(counts)
    earlier = None
    if interval == "year" and _slots(counts) > _MOST_YEARS:
        counts, earlier = _without_oldest(links, counts, t)
    end = "gte", "lte"
    facet = "event_year" if form.timeline == "event" else "published_year"
    since, until = form.ends()
    return Timeline(
        chart=draw(counts, interval, rtl=t.direction == "rtl", words=_words(links, t)),
        label=t(f"by_{interval}_{form.timeline}"),
        kinds=tuple(
            Link(
                t(f"timeline_{kind}"),
                links.changed(timeline=kind, interval=None),
                on=kind == form.timeline,
            )
            for kind in TIMELINES
        ),
        zoom_out=_zoom_out(links),
        undated=Link(
            t.count(f"undated_{form.timeline}", undated),
            form.between("", "").toggled("missing", facet, "true").url(),
        )
        if undated
        else None,
        earlier=earlier,
        since=since,
        until=until,
        since_name=f"filter:{end[0]}:{form.timeline}",
        until_name=f"filter:{end[1]}:{form.timeline}",
        fields=tuple(replace(form.between("", ""), interval=None).pairs()),
    )


def _counts(form: SearchForm, result: SearchResult, interval: Interval) -> dict[str, int]:
    length = _LENGTH[interval]
    if form.timeline == "published":
        return {day.isoformat()[:length]: count for day, count in result.histogram}
    counts = next(c for c in result.facets if c.field == f"event_{interval}")
    days = form.events()
    found = {}
    for value, count in counts.values:
        own = period(value)
        if own is None or (days and not _overlap(own, (days.since, days.until))):
            continue
        found[value] = count
    return found


def _overlap(own: tuple[dt.date, dt.date], wanted: tuple[dt.date | None, dt.date | None]) -> bool:
    since, until = wanted
    return (since is None or own[1] > since) and (until is None or own[0] < until)


def _slots(counts: dict[str, int]) -> int:
    # ISO dates of one length are in the order of time.
    return place_of(max(counts)) - place_of(min(counts)) + 1 if counts else 0


def _without_oldest(
    links: Links, counts: dict[str, int], t: Catalogue
) -> tuple[dict[str, int], Link]:
    newest = place_of(max(counts))
    kept = {value: n for value, n in counts.items() if place_of(value) > newest - _MOST_YEARS}
    last = f"{newest - _MOST_YEARS:04}"
    older = sum(counts.values()) - sum(kept.values())
    if links.form.timeline == "event":
        # Articles that name several of these years would be counted more than once.
        return kept, Link(t("until", value=t.digits(last)), links.between("", last))
    text = t("earlier", year=t.digits(last), count=t.number(older))
    return kept, Link(text, links.between("", last))


def _words(links: Links, t: Catalogue) -> Words:
    return Words(
        name=t.date,
        short=lambda value, year: t.short_date(value, with_year=year),
        number=t.number,
        title=lambda value, count: f"{t.date(value)}: {t.count('articles', count)}",
        href=lambda value: links.between(value, value),
    )


def _zoom_out(links: Links) -> str:
    """Return the URL one step wider: from a day to its month, a month to its year, then all."""
    since, until = links.form.ends()
    if not since and not until:
        return ""
    wider = ""
    if since == until and "-" in since:
        wider = since.rpartition("-")[0]
    return links.between(wider, wider)
