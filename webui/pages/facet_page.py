"""Facet page: all values of one facet, a hundred on a page, with a filter by name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from marsad.indexer.engine.request import FacetCounts
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.facets import TIME_FACETS, FacetValue, facet_rows
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.links import Link, Links
from marsad.webui.request.parameters import single, without_controls

PAGE = 100
MOST_VALUES = 50_000
ORDERS = ("count", "name")
VIEW_PARAMETERS = ("contains", "order", "values_page")
_LONGEST = 100
_MOST_PAGES = MOST_VALUES // PAGE
_PAGES = frozenset(str(number) for number in range(1, _MOST_PAGES + 1))


@dataclass(frozen=True, slots=True)
class FacetView:
    """The part of the values that is shown.

    `contains` is a text that the names must contain, `order` one of ORDERS, `page` counts from 1.
    """

    contains: str = ""
    order: str = "count"
    page: int = 1

    @classmethod
    def read(cls, arguments: Iterable[tuple[str, str]]) -> "FacetView":
        """Read VIEW_PARAMETERS from the parameters of the URL; others are left out.

        Raises:
            FormError: a value is not allowed.
        """
        given = list(arguments)
        contains, order, number = (
            without_controls(single(given, name)) for name in VIEW_PARAMETERS
        )
        order, number = order or "count", number or "1"
        if order not in ORDERS:
            raise FormError("order", order, f"one of {', '.join(ORDERS)}")
        if number not in _PAGES:
            raise FormError("values_page", number, f"a whole number from 1 to {_MOST_PAGES}")
        if len(contains) > _LONGEST:
            raise FormError("contains", f"{len(contains)} characters", f"at most {_LONGEST}")
        return cls(contains, order, int(number))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that differ from their defaults."""
        values = (self.contains, self.order, str(self.page))
        defaults = ("", "count", "1")
        rows = zip(VIEW_PARAMETERS, values, defaults, strict=True)
        return [(name, value) for name, value, default in rows if value != default]


@dataclass(frozen=True, slots=True)
class FacetPage:
    """The page of one facet; `fields` are the hidden fields of its filter form."""

    frame: Frame
    name: str
    label: str
    total: str
    values: tuple[FacetValue, ...]
    orders: tuple[Link, ...]
    pager: tuple[Link, ...]
    contains: str
    fields: tuple[tuple[str, str], ...]
    action: str
    back: Link


def chosen_values(view: FacetView, counts: FacetCounts, labels: Labels) -> list[tuple[str, int]]:
    """Return the values that pass the filter of *view*, in its order: all pages of them."""
    facet, part = counts.field, view.contains.casefold()
    named = [(labels.value(facet, value), value, count) for value, count in counts.values]
    kept = [row for row in named if part in row[0].casefold() or part in row[1].casefold()]
    if view.order == "name":
        # The names of months sort by alphabet; their values sort by time.
        kept.sort(key=lambda row: row[1] if facet in TIME_FACETS else row[0])
    return [(value, count) for _, value, count in kept]


def facet_page(form: SearchForm, view: FacetView, counts: FacetCounts, labels: Labels) -> FacetPage:
    """Build the page of one facet from its counts in the search of *form*."""
    name, t = counts.field, labels.t
    kept = chosen_values(view, counts, labels)
    pages = max(1, -(-len(kept) // PAGE))
    page = min(view.page, pages)
    shown = kept[(page - 1) * PAGE : page * PAGE]
    path = f"/facet/{name}"

    def url(changed: FacetView) -> str:
        query = urlencode([*form.pairs(), *changed.pairs()])
        return f"{path}?{query}" if query else path

    label = t(f"facet_{name}")
    return FacetPage(
        frame=frame(form, t, label, path),
        name=name,
        label=label,
        total=t.count("values", len(kept)),
        values=facet_rows(form, name, shown, Links(form), labels),
        orders=tuple(
            Link(t(f"order_{order}"), url(replace(view, order=order, page=1)), view.order == order)
            for order in ORDERS
        ),
        pager=tuple(
            Link(t.number(number), url(replace(view, page=number)), number == page)
            for number in range(1, pages + 1)
        )
        if pages > 1
        else (),
        contains=view.contains,
        fields=(*form.pairs(), *replace(view, contains="", page=1).pairs()),
        action=path,
        back=Link(t("back_to_results"), form.url()),
    )
