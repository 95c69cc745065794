"""Facets: the boxes of values beside the hits.

Chosen values of one facet are joined by "or", different facets by "and". The counts of a
facet ignore the choice in that facet, so that a reader sees how many articles a second value
would add.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from marsad.indexer.engine.request import FacetCounts, FacetRequest
from marsad.indexer.fields import FACETS
from marsad.webui.i18n.labels import Labels
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Links

FACET_SIZE = 6
# Years and months are sorted by time, not by count, so all of them are needed.
_EVERY_VALUE = 1_200
_YEARS = {"published_year": "published_month", "event_year": "event_month"}
TIME_FACETS = (*_YEARS, *_YEARS.values(), "event_day")
_FIRST = ("published_year", "event_year")
_UNLISTED = ("published_month", "event_month", "event_day")


class FacetValue(NamedTuple):
    """One row of a facet box: a value with the links that include and exclude it.

    `width` is the length of its bar, 0 to 20. `number` is empty if the count is not known. `on`
    says that the value is included by the search, `out` that it is excluded.
    """

    label: str
    number: str
    width: int
    href: str
    exclude_href: str
    exclude_label: str
    on: bool
    out: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One facet: its first rows, the link to all values (`more`), and the row for no value."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: str
    missing: FacetValue | None


def shown_facets(form: SearchForm) -> tuple[str, ...]:
    """Return the facets of the page in order; months take the place of years if one is chosen."""
    others = [facet for facet in FACETS if facet not in (*_FIRST, *_UNLISTED)]
    return tuple(
        _YEARS[facet] if facet in _YEARS and _chosen_year(form, facet) else facet
        for facet in (*_FIRST, *others)
    )


def facet_requests(form: SearchForm) -> Iterator[FacetRequest]:
    """Yield the facets that the engine must count for the boxes and the timeline."""
    for facet in shown_facets(form):
        if facet in TIME_FACETS:
            yield FacetRequest(facet, _EVERY_VALUE)
        else:
            yield FacetRequest(facet, dict(form.sizes).get(facet, FACET_SIZE))
    if "published_month" in shown_facets(form):
        # Months replaced the years in the boxes, but only years say how many are undated.
        yield FacetRequest("published_year", 1)


def facet_boxes(
    form: SearchForm, by_field: dict[str, FacetCounts], links: Links, labels: Labels
) -> Iterator[FacetBox]:
    """Yield the boxes that have a value, or a choice that can be removed."""
    for facet in shown_facets(form):
        counts = by_field.get(facet)
        if counts is not None:
            box = _box(form, counts, links, labels)
            if box.values or (box.missing and box.missing.on):
                yield box


def _chosen_year(form: SearchForm, facet: str) -> str:
    years = [v for kind, name, v in form.choices if (kind, name) == ("include", facet)]
    return years[0] if len(years) == 1 else ""


def _box(form: SearchForm, counts: FacetCounts, links: Links, labels: Labels) -> FacetBox:
    name, t = counts.field, labels.t
    values = list(counts.values)
    size = dict(form.sizes).get(name, FACET_SIZE)
    if name in TIME_FACETS:
        year = next((_chosen_year(form, y) for y, month in _YEARS.items() if month == name), "")
        values = [pair for pair in values if pair[0].startswith(year)] if year else values
        # All twelve months of a chosen year have a row.
        size = max(size, 12) if year else size
    more = counts.more or len(values) > size
    values = nlargest(size, values) if name in TIME_FACETS else values[:size]
    known = {value for value, _ in values}
    chosen = {v for kind, facet, v in form.choices if facet == name and kind != "missing"}
    # A chosen value that is not among the most frequent needs a row too, so that the reader can
    # remove it. Its count is not known.
    extra = [(value, -1) for value in sorted(chosen - known)]
    rows = facet_rows(form, name, [*extra, *values], links, labels)
    missing = None
    if counts.missing:
        label = t("no_date") if name in TIME_FACETS else t("no_value")
        missing = FacetValue(
            label=label,
            number=t.number(counts.missing),
            width=0,
            href=links.toggled("missing", name, "true"),
            exclude_href="",
            exclude_label="",
            on=("missing", name, "true") in form.choices,
            out=False,
        )
    path = links.changed(f"/facet/{name}") if more else ""
    return FacetBox(name, t(f"facet_{name}"), rows, path, missing)


def facet_rows(
    form: SearchForm,
    facet: str,
    values: Sequence[tuple[str, int]],
    links: Links,
    labels: Labels,
) -> tuple[FacetValue, ...]:
    """Return a row for each pair of value and count; a negative count means it is not known."""
    chosen = {v: kind for kind, name, v in form.choices if name == facet and kind != "missing"}
    top = max((count for _, count in values), default=1) or 1
    number, without = labels.t.number, labels.t("without")
    return tuple(
        FacetValue(
            label=name,
            number=number(count) if count >= 0 else "",
            width=round(20 * count / top) if count > 0 else 0,
            href=links.toggled("include", facet, value),
            exclude_href=links.toggled("exclude", facet, value),
            exclude_label=without.format(value=name),
            on=chosen.get(value) == "include",
            out=chosen.get(value) == "exclude",
        )
        for value, count in values
        for name in (labels.value(facet, value),)
    )
