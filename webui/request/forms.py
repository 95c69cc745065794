"""Forms: the state of a search as values, and its URL.

    query string -> [request.parameters] -> SearchForm -> [SearchForm.url] -> canonical query string

One grammar serves pages, feeds, exports and the API: `filter:F=v` (repeated: any of
them), `exclude:F=v`, `empty:F=true`, `filter:gte:published=2023-09`,
`filter:lte:event=2023`, `facet_size:F=100`, `facet_interval:published=month`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import urlencode

from marsad.indexer.engine.request import FacetFilter, Interval, Sort
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

Choice = tuple[str, str, str]


class FormError(Exception):
    """A parameter of a URL is unknown or has a value that it cannot have."""

    def __init__(self, parameter: str, found: str, expected: str) -> None:
        super().__init__(f"{parameter}: found {found!r}, expected {expected}")
        self.parameter, self.found, self.expected = parameter, found, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """The state of a search page; a choice is `(include | exclude | missing, facet, value)`.

    `match` says how alike words must be, `off` which rules must join none (in the order of
    SWITCHES), `not_lemmas` what no word is read as. `collapse` folds copies of one story; None
    leaves that to who asks: pages fold, exports do not. `at` is the place of an article among
    the hits, from 1, on its own page.
    """

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
        """Return the range of publication, both ends included as whole days, months or years.

        Raises:
            FormError: an end is no date.
        """
        return _range("published", self.since, self.until)

    def events(self) -> DateRange | None:
        """Return the range of the days that an article speaks of.

        Raises:
            FormError: an end is no date.
        """
        return _range("event", self.event_since, self.event_until)

    def ends(self) -> tuple[str, str]:
        """Return the two ends, as typed, of the dates that the timeline shows."""
        if self.timeline == "event":
            return self.event_since, self.event_until
        return self.since, self.until

    def between(self, since: str, until: str) -> "SearchForm":
        """Return the form with these ends of the timeline's dates, at page 1."""
        if self.timeline == "event":
            return replace(self, event_since=since, event_until=until, page=1)
        return replace(self, since=since, until=until, page=1)

    def with_end(self, parameter: str, value: str) -> "SearchForm":
        """Return the form with one end of a range, named by its parameter, at page 1."""
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
        """Return the facet choices: any of the included values, none of the excluded ones."""
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
        """Tell whether anything but the query narrows the search."""
        ends = (self.since, self.until, self.event_since, self.event_until)
        return bool(self.choices or any(ends))

    def bare(self) -> "SearchForm":
        """Return the form with the query alone: no choice, no dates, page 1."""
        return replace(
            self, choices=(), since="", until="", event_since="", event_until="", page=1, at=0
        )

    def blank(self, q: str = "") -> "SearchForm":
        """Return a new search that keeps the language, the digits and the calendar."""
        return SearchForm(q=q, lang=self.lang, digits=self.digits, calendar=self.calendar)

    def toggled(self, kind: str, facet: str, value: str) -> "SearchForm":
        """Return the form with one choice put in, or taken out where it is in; at page 1."""
        choice = (kind, facet, value)
        if choice in self.choices:
            return replace(self, choices=tuple(c for c in self.choices if c != choice), page=1)
        return replace(self, choices=(*self.choices, choice), page=1)

    def switched(self, rule: MatchRule) -> "SearchForm":
        """Return the form with one rule switched off, or on again where it is off; at page 1."""
        return replace(self, off=switched(self.off, rule), page=1)

    def without_lemma(self, lemma: str) -> "SearchForm":
        """Return the form that reads no word as *lemma*, or does so again; at page 1."""
        others = tuple(one for one in self.not_lemmas if one != lemma)
        left = others if lemma in self.not_lemmas else (*others, lemma)
        return replace(self, not_lemmas=left, page=1)

    def sized(self, facet: str, size: int) -> "SearchForm":
        """Return the form that shows *size* values of *facet*."""
        others = tuple(pair for pair in self.sizes if pair[0] != facet)
        return replace(self, sizes=tuple(sorted((*others, (facet, size)))))

    def url(self, path: str = "/search") -> str:
        """Return the canonical URL of this search; reading it gives this form again.

        Example:
            >>> SearchForm(q="سلام", page=2).url()
            '/search?q=%D8%B3%D9%84%D8%A7%D9%85&page=2'
        """
        query = urlencode(tuple(self.pairs()))
        return f"{path}?{query}" if query else path

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters that differ from their defaults, in a fixed order."""
        for slot in SLOTS:
            yield from slot_pairs(slot, self)

    def display_pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters that every page keeps: language, digits and calendar."""
        for slot in DISPLAY:
            yield from slot_pairs(slot, self)


DISPLAY = ("lang", "digits", "calendar")
# The parameters of a URL in their order, by the attribute that they tell; `interval` tells
# `timeline` too.
SLOTS: dict[str, str] = {
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


def slot_pairs(slot: str, form: SearchForm) -> Iterable[tuple[str, str]]:
    """Return the parameters of one slot of SLOTS that differ from their defaults."""
    if slot != "interval":
        return value_pairs(slot, getattr(form, slot))
    if form.interval:
        return ((f"facet_interval:{form.timeline}", form.interval),)
    return (("timeline", form.timeline),) if form.timeline != "published" else ()


def value_pairs(slot: str, value: Any) -> Iterable[tuple[str, str]]:  # noqa: ANN401
    """Return the parameters of any slot but `interval`, none where *value* is its default.

    Example:
        >>> value_pairs("per_page", 20), value_pairs("per_page", 10)
        ((('per_page', '20'),), ())
    """
    if value == _DEFAULTS[slot]:
        return ()
    match slot:
        case "choices":
            return map(choice_pair, value)
        case "off":
            return (("off", rule) for rule in value)
        case "not_lemmas":
            return (("not_lemma", lemma) for lemma in value)
        case "sizes":
            return ((f"facet_size:{facet}", str(size)) for facet, size in value)
        case _:
            return ((SLOTS[slot], str(int(value)) if isinstance(value, bool) else str(value)),)


def switched(off: tuple[MatchRule, ...], rule: MatchRule) -> tuple[MatchRule, ...]:
    """Return the rules that are off, in order, after *rule* is switched."""
    return tuple(known for known in SWITCHES if (known in off) != (known == rule))


def choice_pair(choice: Choice) -> tuple[str, str]:
    """Return the parameter of one choice.

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
    for end, value in (("gte", since), ("lte", until)):
        if value and parse_date_range(value) is None:
            expected = "a date such as 2023-09-21, 2023-09 or 2023"
            raise FormError(f"filter:{end}:{field}", value, expected)
    days = parse_date_range(f"{since}..{until}")
    if days is None:
        raise FormError(f"filter:lte:{field}", until, f"a date not before {since}")
    return days
