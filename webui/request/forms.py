"""Forms: the state of a search page as values, and the URL of that state.

    query string -> [request.parameters] -> SearchForm -> [SearchForm.url] -> canonical query string

Pages, feeds, exports and the API share one grammar of parameters: `filter:F=v` (when it is
repeated, any of the values matches), `exclude:F=v`, `empty:F=true`,
`filter:gte:published=2023-09`, `filter:lte:event=2023`, `facet_size:F=100`,
`facet_interval:published=month`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import urlencode

from marsad.indexer.engine.request import FacetFilter, Interval, Sort
from marsad.indexer.errors import PicklableError
from marsad.indexer.fields import FACETS
from marsad.indexer.query.dates import parse_date_range
from marsad.indexer.query.strictness import SWITCHES, MatchRule, Strictness
from marsad.indexer.query.tree import DateRange

SORTS: dict[str, Sort] = {
    "relevance": "relevance",
    "published:desc": "newest",
    "published:asc": "oldest",
}
INTERVALS: tuple[Interval, ...] = ("year", "month", "day")
DateKind = Literal["published", "event"]
TIMELINES: tuple[DateKind, ...] = ("published", "event")
PAGE_SIZES = (10, 20, 50, 100)
FACET_SIZES = (20, 100, 1000)
DIGITS = ("latn", "arab")
CALENDARS = ("gregory", "islamic-umalqura")

ENDS = ("filter:gte:published", "filter:lte:published", "filter:gte:event", "filter:lte:event")

# (include | exclude | missing, facet, value); the value of `missing` is always "true".
Choice = tuple[str, str, str]


class FormError(PicklableError):
    """A parameter of a URL is unknown, or its value is not allowed."""

    def __init__(self, parameter: str, found: str, expected: str) -> None:
        super().__init__(f"{parameter}: found {found!r}, expected {expected}")
        self.parameter, self.found, self.expected = parameter, found, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """The state of a search page: one attribute for each parameter of its URL.

    Attributes:
        q: The query as it was typed.
        choices: The facet values that are included or excluded, and the facets that must be
            missing.
        since, until: The first and last date of publication, as typed; empty is open.
        event_since, event_until: The same for the dates that an article mentions.
        match: How similar a word of an article must be to the typed word.
        off: Matching rules that are switched off, in the order of SWITCHES.
        not_lemmas: Lemmas that no typed word may be read as.
        collapse: Whether near-duplicates are shown as one hit. None leaves the choice to the
            caller: pages collapse them, exports do not.
        sizes: How many values of a facet are listed, as pairs of facet and number.
        timeline, interval: The dates that the chart counts, and the length of its bars.
        page, per_page: The page of results, from 1, and its number of hits.
        at: On the page of an article: its rank in the search it was opened from, from 1. 0 if
            it was not opened from a search.
    """

    # Methods that change the search go back to page 1, because its hits are others.
    q: str = ""
    choices: tuple[Choice, ...] = ()
    since: str = ""
    until: str = ""
    event_since: str = ""
    event_until: str = ""
    sort: str = "relevance"
    any_word: bool = False
    match: Strictness = "default"
    off: tuple[MatchRule, ...] = ()
    not_lemmas: tuple[str, ...] = ()
    collapse: bool | None = None
    sizes: tuple[tuple[str, int], ...] = ()
    timeline: DateKind = "published"
    interval: Interval | None = None
    page: int = 1
    per_page: int = 10
    at: int = 0
    lang: str = "ar"
    digits: str = "latn"
    calendar: str = "gregory"

    def dates(self) -> DateRange | None:
        """Return the range of publication dates; both ends count as whole days, months or years.

        Raises:
            FormError: an end is not a date, or the range ends before it starts.
        """
        return _range("published", self.since, self.until)

    def events(self) -> DateRange | None:
        """Return the range of event dates: the dates that an article mentions.

        Raises:
            FormError: an end is not a date, or the range ends before it starts.
        """
        return _range("event", self.event_since, self.event_until)

    def ends(self) -> tuple[str, str]:
        """Return the first and last date, as typed, of the dates that the timeline counts."""
        if self.timeline == "event":
            return self.event_since, self.event_until
        return self.since, self.until

    def with_range(self, since: str, until: str) -> "SearchForm":
        """Return the form with this range of the dates that the timeline counts, at page 1."""
        if self.timeline == "event":
            return replace(self, event_since=since, event_until=until, page=1)
        return replace(self, since=since, until=until, page=1)

    def with_end(self, parameter: str, value: str) -> "SearchForm":
        """Return the form with one end of a date range, at page 1; *parameter* is one of ENDS."""
        match parameter:
            case "filter:gte:published":
                return replace(self, since=value, page=1)
            case "filter:lte:published":
                return replace(self, until=value, page=1)
            case "filter:gte:event":
                return replace(self, event_since=value, page=1)
            case _:
                return replace(self, event_until=value, page=1)

    def filters(self) -> tuple[FacetFilter, ...]:
        """Return the choices as filters of an engine request, one for each facet and kind."""
        filters = []
        for facet in FACETS:
            for kind in ("include", "exclude"):
                values = tuple(v for k, f, v in self.choices if (k, f) == (kind, facet))
                if values:
                    filters.append(FacetFilter(facet, values, kind))
            if ("missing", facet, "true") in self.choices:
                filters.append(FacetFilter(facet, (), "missing"))
        return tuple(filters)

    def is_narrowed(self) -> bool:
        """Return whether a facet choice or a date range narrows the search."""
        ends = (self.since, self.until, self.event_since, self.event_until)
        return bool(self.choices or any(ends))

    def without_filters(self) -> "SearchForm":
        """Return the form without facet choices and date ranges, at page 1."""
        return replace(
            self, choices=(), since="", until="", event_since="", event_until="", page=1, at=0
        )

    def new_search(self, q: str = "") -> "SearchForm":
        """Return the form of a new search; it keeps the language, the digits and the calendar."""
        return SearchForm(q=q, lang=self.lang, digits=self.digits, calendar=self.calendar)

    def toggled(self, kind: str, facet: str, value: str) -> "SearchForm":
        """Return the form with one choice added, or removed if it is there already; at page 1."""
        choice = (kind, facet, value)
        if choice in self.choices:
            return replace(self, choices=tuple(c for c in self.choices if c != choice), page=1)
        return replace(self, choices=(*self.choices, choice), page=1)

    def rule_toggled(self, rule: MatchRule) -> "SearchForm":
        """Return the form with one matching rule switched off, or on again; at page 1."""
        return replace(self, off=toggled_rules(self.off, rule), page=1)

    def lemma_toggled(self, lemma: str) -> "SearchForm":
        """Return the form with *lemma* excluded as a reading, or allowed again; at page 1."""
        others = tuple(known for known in self.not_lemmas if known != lemma)
        changed = others if lemma in self.not_lemmas else (*others, lemma)
        return replace(self, not_lemmas=changed, page=1)

    def with_facet_size(self, facet: str, size: int) -> "SearchForm":
        """Return the form that lists *size* values of *facet*."""
        others = tuple(pair for pair in self.sizes if pair[0] != facet)
        return replace(self, sizes=tuple(sorted((*others, (facet, size)))))

    def url(self, path: str = "/search") -> str:
        """Return the canonical URL of this search; `read_form` reads the same form from it.

        Example:
            >>> SearchForm(q="سلام", page=2).url()
            '/search?q=%D8%B3%D9%84%D8%A7%D9%85&page=2'
        """
        query = urlencode(tuple(self.pairs()))
        return f"{path}?{query}" if query else path

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters that differ from their defaults, in a fixed order."""
        for name in URL_PARAMETERS:
            yield from field_pairs(name, self)

    def display_pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the display parameters, which all pages keep: language, digits, calendar."""
        for name in DISPLAY:
            yield from field_pairs(name, self)


DISPLAY = ("lang", "digits", "calendar")
# Attribute of the form -> its parameter, in the order of a canonical URL. An attribute with an
# empty parameter has several (`field_pairs` makes them); `interval` writes `timeline` too.
URL_PARAMETERS: dict[str, str] = {
    "q": "q",
    "choices": "",
    "since": "filter:gte:published",
    "until": "filter:lte:published",
    "event_since": "filter:gte:event",
    "event_until": "filter:lte:event",
    "sort": "sort",
    "any_word": "any",
    "match": "match",
    "collapse": "collapse",
    "page": "page",
    "per_page": "per_page",
    "at": "at",
    "off": "",
    "not_lemmas": "",
    "interval": "",
    "sizes": "",
    "lang": "lang",
    "digits": "digits",
    "calendar": "calendar",
}
_DEFAULTS = {field.name: field.default for field in fields(SearchForm)}


def field_pairs(name: str, form: SearchForm) -> Iterable[tuple[str, str]]:
    """Return the parameters of one attribute of URL_PARAMETERS, empty if it has its default."""
    if name != "interval":
        return value_pairs(name, getattr(form, name))
    if form.interval:
        return ((f"facet_interval:{form.timeline}", form.interval),)
    return (("timeline", form.timeline),) if form.timeline != "published" else ()


def value_pairs(name: str, value: Any) -> Iterable[tuple[str, str]]:  # noqa: ANN401
    """Return the parameters of an attribute (not `interval`), empty if *value* is its default.

    Example:
        >>> value_pairs("per_page", 20), value_pairs("per_page", 10)
        ((('per_page', '20'),), ())
    """
    if value == _DEFAULTS[name]:
        return ()
    match name:
        case "choices":
            return map(choice_pair, value)
        case "off":
            return (("off", rule) for rule in value)
        case "not_lemmas":
            return (("not_lemma", lemma) for lemma in value)
        case "sizes":
            return ((f"facet_size:{facet}", str(size)) for facet, size in value)
        case _:
            return (
                (URL_PARAMETERS[name], str(int(value)) if isinstance(value, bool) else str(value)),
            )


def toggled_rules(off: tuple[MatchRule, ...], rule: MatchRule) -> tuple[MatchRule, ...]:
    """Return *off* with *rule* added, or removed if it is there, in the order of SWITCHES."""
    return tuple(known for known in SWITCHES if (known in off) != (known == rule))


def choice_pair(choice: Choice) -> tuple[str, str]:
    """Return the parameter and the value that stand for one choice in a URL.

    Example:
        >>> choice_pair(("exclude", "place", "baku"))
        ('exclude:place', 'baku')
    """
    kind, facet, value = choice
    return {"include": "filter", "exclude": "exclude", "missing": "empty"}[
        kind
    ] + f":{facet}", value


def _range(field: str, since: str, until: str) -> DateRange | None:
    if not since and not until:
        return None
    # Each end is checked alone first, so that the error can name the wrong one.
    for end, value in (("gte", since), ("lte", until)):
        if value and parse_date_range(value) is None:
            expected = "a date such as 2023-09-21, 2023-09 or 2023"
            raise FormError(f"filter:{end}:{field}", value, expected)
    days = parse_date_range(f"{since}..{until}")
    if days is None:
        raise FormError(f"filter:lte:{field}", until, f"a date not before {since}")
    return days
