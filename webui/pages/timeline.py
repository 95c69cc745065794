"""Timeline: the found articles over time, by date of publication or by the dates they mention.

form -> [plan_timeline] -> counts to ask the engine for -> [timeline] -> Timeline -> template

The bars are years, months or days, depending on the width of the range. A click on a bar
narrows the range to it.
"""

import datetime as dt
from dataclasses import dataclass, replace

from marsad.corpus.dates.mention import period
from marsad.indexer.engine.request import FacetRequest, Interval, SearchRequest, SearchResult
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.charts import MOST_SLOTS, Chart, ChartText, coarser, draw, interval_number
from marsad.webui.request.forms import INTERVALS, TIMELINES, SearchForm
from marsad.webui.request.links import Link, Links

_MOST_DAYS, _MOST_MONTHS = 100, 72
# Older years become one link beside the chart: a single wrong date, such as the year 20, would
# otherwise make all other bars too narrow to see.
_MOST_YEARS = 60
_EVERY_VALUE = 5_000
_LENGTH = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart of a search over time, with its controls and the form for a date range.

    `undated` leads to the articles without a date, `earlier` to those that are too old for the
    chart: neither has a bar, and no article may be missing in silence. `since_name` and
    `until_name` are the parameters of the two date fields, `fields` the hidden fields of their
    form.
    """

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
    """Return the length of the bars, chosen by the date range; months if the range is open."""
    if form.interval:
        return form.interval
    days = form.events() if form.timeline == "event" else form.dates()
    if days is None or days.since is None or days.until is None:
        # Articles mention dates of many centuries; months of all of them would be no chart.
        return "year" if form.timeline == "event" and days is None else "month"
    width = (days.until - days.since).days
    if width <= _MOST_DAYS:
        return "day"
    return "month" if width <= _MOST_MONTHS * 31 else "year"


def with_timeline(request: SearchRequest, form: SearchForm) -> SearchRequest:
    """Return *request* with the counts that the timeline needs."""
    interval = plan_timeline(form)
    if form.timeline == "published":
        return replace(request, histogram=interval)
    # An article may mention several days of one month, so counts of days cannot be added up to
    # counts of months: each longer interval, which the chart may fall back to, is counted too.
    needed = {f"event_{INTERVALS[at]}" for at in range(INTERVALS.index(interval) + 1)}
    others = tuple(facet for facet in request.facets if facet.field not in needed)
    timeline_facets = (FacetRequest(facet, _EVERY_VALUE) for facet in sorted(needed))
    return replace(request, facets=(*others, *timeline_facets))


def timeline(links: Links, result: SearchResult, undated: int, t: Catalogue) -> Timeline:
    """Return the timeline of *result*.

    Args:
        links: The links of the search.
        result: The answer to a request made by `with_timeline`.
        undated: How many found articles have no date of the kind that the timeline counts.
        t: The catalogue of the page.
    """
    form = links.form
    interval = plan_timeline(form)
    counts = _counts(form, result, interval)
    is_open = not form.interval and interval == "month"
    # Too many bars cannot be told apart, so the interval grows until they fit.
    while interval != "year" and _slots(counts) > (_MOST_MONTHS if is_open else MOST_SLOTS):
        interval = "month" if interval == "day" else "year"
        counts = _counts(form, result, interval) if form.timeline == "event" else coarser(counts)
    earlier = None
    if interval == "year" and _slots(counts) > _MOST_YEARS:
        counts, earlier = _without_oldest(links, counts, t)
    facet = "event_year" if form.timeline == "event" else "published_year"
    since, until = form.ends()
    return Timeline(
        chart=draw(counts, interval, rtl=t.direction == "rtl", texts=_texts(links, t)),
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
            form.with_range("", "").toggled("missing", facet, "true").url(),
        )
        if undated
        else None,
        earlier=earlier,
        since=since,
        until=until,
        since_name=f"filter:gte:{form.timeline}",
        until_name=f"filter:lte:{form.timeline}",
        fields=tuple(replace(form.with_range("", ""), interval=None).pairs()),
    )


def _counts(form: SearchForm, result: SearchResult, interval: Interval) -> dict[str, int]:
    length = _LENGTH[interval]
    if form.timeline == "published":
        return {day.isoformat()[:length]: count for day, count in result.histogram}
    counts = next(c for c in result.facets if c.field == f"event_{interval}")
    days = form.events()
    found = {}
    for value, count in counts.values:
        span = period(value)
        # An article that mentions a day in the range mentions other days too: they are not shown.
        if span is None or (days and not _overlap(span, (days.since, days.until))):
            continue
        found[value] = count
    return found


def _overlap(span: tuple[dt.date, dt.date], days: tuple[dt.date | None, dt.date | None]) -> bool:
    since, until = days
    return (since is None or span[1] > since) and (until is None or span[0] < until)


def _slots(counts: dict[str, int]) -> int:
    # ISO dates of equal length sort by time, so min and max are the first and the last.
    return interval_number(max(counts)) - interval_number(min(counts)) + 1 if counts else 0


def _without_oldest(
    links: Links, counts: dict[str, int], t: Catalogue
) -> tuple[dict[str, int], Link]:
    newest = interval_number(max(counts))
    kept = {
        value: n for value, n in counts.items() if interval_number(value) > newest - _MOST_YEARS
    }
    last = f"{newest - _MOST_YEARS:04}"
    older = sum(counts.values()) - sum(kept.values())
    if links.form.timeline == "event":
        # An article that mentions several of these years would be counted more than once, so
        # the link has no number.
        return kept, Link(t("until", value=t.digits(last)), links.with_range("", last))
    text = t("earlier", year=t.digits(last), count=t.number(older))
    return kept, Link(text, links.with_range("", last))


def _texts(links: Links, t: Catalogue) -> ChartText:
    return ChartText(
        name=t.date,
        short=lambda value, year: t.short_date(value, with_year=year),
        number=t.number,
        title=lambda value, count: f"{t.date(value)}: {t.count('articles', count)}",
        href=lambda value: links.with_range(value, value),
    )


def _zoom_out(links: Links) -> str:
    """Return the URL of the next longer range: a day's month, a month's year, then all dates.

    Empty if there is no range.
    """
    since, until = links.form.ends()
    if not since and not until:
        return ""
    longer = ""
    if since == until and "-" in since:
        longer = since.rpartition("-")[0]
    return links.with_range(longer, longer)
