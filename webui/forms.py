"""Forms: the URL of a search, read into values and written back.

    query string -> [SearchForm.read] -> SearchForm -> [SearchForm.url] -> canonical query string

`filter:F=v` (repeated: any of them), `exclude:F=v`, `empty:F=true`,
`filter:gte:published=2023-09-01`, `filter:lte:published=2023`, `facet_size:F=100`. What is not
known is named, never passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from indexer.engine import FacetFilter, Sort
from indexer.fields import FACETS
from indexer.query.dates import parse_date_range
from indexer.query.tree import DateRange

SORTS: dict[str, Sort] = {
    "relevance": "relevance",
    "published:desc": "newest",
    "published:asc": "oldest",
}
PAGE_SIZES = (10, 20, 50, 100)
FACET_SIZES = (20, 100, 1000)
DIGITS = ("latn", "arab")
LONGEST_QUERY = 2_000
_LONGEST_NUMBER = 6
_SINCE, _UNTIL = "filter:gte:published", "filter:lte:published"


class FormError(Exception):
    """A parameter of a URL is unknown or has a value that it cannot have."""

    def __init__(self, parameter: str, found: str, expected: str) -> None:
        super().__init__(f"{parameter}: found {found!r}, expected {expected}")
        self.parameter, self.found, self.expected = parameter, found, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """The state of a search page; a choice is `(include | exclude | missing, facet, value)`."""

    q: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()
    since: str = ""
    until: str = ""
    sort: str = "relevance"
    any_word: bool = False
    sizes: tuple[tuple[str, int], ...] = ()
    page: int = 1
    per_page: int = 10
    lang: str = "ar"
    digits: str = "latn"

    @classmethod
    def read(cls, arguments: Iterable[tuple[str, str]], languages: Iterable[str]) -> "SearchForm":
        """Read the parameters of a URL; empty ones count as absent.

        Raises:
            FormError: a parameter is unknown, or its value is.
        """
        form = cls()
        for name, raw in arguments:
            value = raw.strip()
            if value:
                form = form._with(name, value, tuple(languages))
        form.dates()
        return form

    def _with(self, name: str, value: str, languages: tuple[str, ...]) -> "SearchForm":
        match name:
            case "q":
                if len(value) > LONGEST_QUERY:
                    found = f"{len(value)} characters"
                    raise FormError("q", found, f"at most {LONGEST_QUERY}")
                return replace(self, q=value)
            case "sort":
                return replace(self, sort=_one_of(name, value, tuple(SORTS)))
            case "lang":
                return replace(self, lang=_one_of(name, value, languages))
            case "digits":
                return replace(self, digits=_one_of(name, value, DIGITS))
            case "any":
                return replace(self, any_word=_one_of(name, value, ("1", "0")) == "1")
            case "page":
                return replace(self, page=_number(name, value))
            case "per_page":
                size = _one_of(name, value, tuple(str(size) for size in PAGE_SIZES))
                return replace(self, per_page=int(size))
            case "filter:gte:published":
                return replace(self, since=value)
            case "filter:lte:published":
                return replace(self, until=value)
            case _:
                return self._with_choice(name, value)

    def _with_choice(self, name: str, value: str) -> "SearchForm":
        kind, colon, facet = name.partition(":")
        kinds = {"filter": "include", "exclude": "exclude", "empty": "missing"}
        if not colon or (kind not in kinds and kind != "facet_size"):
            raise FormError(name, name, "a parameter of this page")
        if facet not in FACETS:
            raise FormError(name, facet, f"one of {', '.join(FACETS)}")
        if kind == "facet_size":
            return self.sized(facet, int(_one_of(name, value, tuple(map(str, FACET_SIZES)))))
        if kind == "empty":
            value = _one_of(name, value, ("true",))
        choice = (kinds[kind], facet, value)
        return self if choice in self.choices else replace(self, choices=(*self.choices, choice))

    def dates(self) -> DateRange | None:
        """Return the range of publication, both ends included as whole days, months or years.

        Raises:
            FormError: an end is no date.
        """
        if not self.since and not self.until:
            return None
        for name, value in ((_SINCE, self.since), (_UNTIL, self.until)):
            if value and parse_date_range(value) is None:
                raise FormError(name, value, "a date such as 2023-09-21, 2023-09 or 2023")
        days = parse_date_range(f"{self.since}..{self.until}")
        if days is None:
            raise FormError(_UNTIL, self.until, f"a date not before {self.since}")
        return days

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

    def toggled(self, kind: str, facet: str, value: str) -> "SearchForm":
        """Return the form with one choice put in, or taken out where it is in; at page 1."""
        choice = (kind, facet, value)
        if choice in self.choices:
            return replace(self, choices=tuple(c for c in self.choices if c != choice), page=1)
        return replace(self, choices=(*self.choices, choice), page=1)

    def sized(self, facet: str, size: int) -> "SearchForm":
        """Return the form that shows *size* values of *facet*."""
        others = tuple(pair for pair in self.sizes if pair[0] != facet)
        return replace(self, sizes=tuple(sorted((*others, (facet, size)))))

    def url(self) -> str:
        """Return the canonical URL of this search; reading it gives this form again.

        Example:
            >>> SearchForm(q="سلام", page=2).url()
            '/search?q=%D8%B3%D9%84%D8%A7%D9%85&page=2'
        """
        query = urlencode(list(self.pairs()))
        return f"/search?{query}" if query else "/search"

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters that differ from their defaults, in a fixed order."""
        names = {"include": "filter:", "exclude": "exclude:", "missing": "empty:"}
        if self.q:
            yield "q", self.q
        for kind, facet, value in self.choices:
            yield names[kind] + facet, value
        plain = (
            (_SINCE, self.since, ""),
            (_UNTIL, self.until, ""),
            ("sort", self.sort, "relevance"),
            ("any", "1" if self.any_word else "0", "0"),
            ("page", str(self.page), "1"),
            ("per_page", str(self.per_page), "10"),
        )
        for name, value, default in plain:
            if value != default:
                yield name, value
        for facet, size in self.sizes:
            yield f"facet_size:{facet}", str(size)
        yield from self.display_pairs()

    def display_pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters that every page keeps: language and digits."""
        if self.lang != "ar":
            yield "lang", self.lang
        if self.digits != "latn":
            yield "digits", self.digits


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise FormError(name, value, f"one of {', '.join(allowed)}")
    return value


def _number(name: str, value: str) -> int:
    if not (
        value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER and int(value) >= 1
    ):
        raise FormError(name, value, "a whole number from 1")
    return int(value)
