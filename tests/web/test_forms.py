"""Forms: a URL holds the whole state of a search, and invalid parameters are refused by name."""

import tracemalloc
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.fields import FACETS
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES
from marsad.webui.i18n.catalogue import languages
from marsad.webui.request.forms import (
    CALENDARS,
    DIGITS,
    FACET_SIZES,
    INTERVALS,
    PAGE_SIZES,
    SORTS,
    TIMELINES,
    FormError,
    SearchForm,
)
from marsad.webui.request.links import Links
from marsad.webui.request.parameters import MOST_PARAMETERS, read_form

# No control characters: a form never holds them, because they are read as spaces.
_letters = st.characters(exclude_categories=["Cc", "Cs"])
_values = st.text(_letters, min_size=1, max_size=40).map(str.strip).filter(bool)
_choices = st.tuples(
    st.sampled_from(["include", "exclude"]), st.sampled_from(FACETS), _values
) | st.tuples(st.just("missing"), st.sampled_from(FACETS), st.just("true"))
FORMS = st.builds(
    SearchForm,
    q=st.text(_letters, max_size=50).map(str.strip),
    choices=st.lists(_choices, max_size=4, unique=True).map(tuple),
    since=st.sampled_from(["", "2020", "2020-09"]),
    until=st.sampled_from(["", "2021", "2021-09-01"]),
    event_since=st.sampled_from(["", "1988", "2020-09"]),
    event_until=st.sampled_from(["", "2021", "2021-09-01"]),
    sort=st.sampled_from(sorted(SORTS)),
    any_word=st.booleans(),
    match=st.sampled_from(STRICTNESSES),
    off=st.sets(st.sampled_from(SWITCHES)).map(
        lambda rules: tuple(r for r in SWITCHES if r in rules)
    ),
    collapse=st.sampled_from([None, True, False]),
    timeline=st.sampled_from(TIMELINES),
    interval=st.sampled_from([None, *INTERVALS]),
    page=st.integers(1, 999_999),
    at=st.integers(0, 999_999),
    sizes=st.dictionaries(st.sampled_from(FACETS), st.sampled_from(FACET_SIZES), max_size=2).map(
        lambda chosen: tuple(sorted(chosen.items()))
    ),
    per_page=st.sampled_from(PAGE_SIZES),
    lang=st.sampled_from(sorted(languages())),
    digits=st.sampled_from(DIGITS),
    calendar=st.sampled_from(CALENDARS),
)


def read(url: str) -> SearchForm:
    return read_form(parse_qsl(urlsplit(url).query, errors="surrogatepass"), languages())


@given(FORMS)
def test_a_url_holds_the_whole_state_of_a_search(form: SearchForm) -> None:
    assert read(form.url()) == form


def test_links_with_long_values_are_not_cached() -> None:
    links = Links(SearchForm())
    links.toggled("include", "place", "baku")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(100):
            links.toggled("include", "place", f"{number}" * 500)
            links.changed(q=f"{number}" * 500)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert held < 60_000


@given(FORMS, _choices)
def test_a_link_made_from_parts_equals_the_url_of_the_changed_form(
    form: SearchForm, choice: tuple[str, str, str]
) -> None:
    links = Links(form)

    for kind, facet, value in (choice, *form.choices):
        wanted = replace(form.toggled(kind, facet, value), at=0)
        assert links.toggled(kind, facet, value) == wanted.url()
    for rule in SWITCHES:
        assert links.rule_toggled(rule) == replace(form.rule_toggled(rule), at=0).url()
    since, until = "2020-02", "2021"
    wanted = replace(form.with_range(since, until), interval=None, at=0)
    assert links.with_range(since, until) == wanted.url()
    opened = read(links.article("a/b", 7))
    assert opened == replace(form, at=7)


@given(FORMS, FORMS, st.sets(st.sampled_from([field.name for field in fields(SearchForm)])))
def test_a_link_can_change_any_attribute_of_a_search(
    form: SearchForm, other: SearchForm, names: set[str]
) -> None:
    changes = {name: getattr(other, name) for name in names}
    wanted = replace(form, **{"page": 1, "at": 0} | changes)

    assert Links(form).changed("/search.csv", **changes) == wanted.url("/search.csv")
    assert Links(form).new_search("/") == form.new_search().url("/")


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("per_page", "7", "one of 10, 20, 50, 100"),
        ("page", "0", "whole number from 1"),
        ("page", "٣", "whole number from 1"),
        ("color", "red", "a parameter of this page"),
        ("filter:colour", "x", "one of published_year"),
        ("filter:gte:published", "soon", "a date such as"),
        ("filter:lte:event", "2020-13", "a date such as"),
        ("facet_interval:published", "week", "one of year, month, day"),
        ("facet_interval:place", "year", "one of published, event"),
        ("empty:place", "yes", "one of true"),
        ("lang", "xx", "one of ar"),
        ("q", "ا" * 2_001, "at most 2000"),
        ("filter:source", "ا" * 501, "at most 500"),
    ],
)
def test_an_invalid_parameter_is_named_in_the_error(
    parameter: str, value: str, expected: str
) -> None:
    with pytest.raises(FormError) as caught:
        read_form([(parameter, value)], languages())

    assert caught.value.parameter == parameter
    assert expected in caught.value.expected


def test_a_range_that_ends_before_it_begins_is_named() -> None:
    given = [("filter:gte:published", "2021"), ("filter:lte:published", "2020")]

    with pytest.raises(FormError, match="a date not before 2021"):
        read_form(given, languages())


def test_too_many_parameters_are_refused_before_they_are_read() -> None:
    with pytest.raises(FormError, match=f"at most {MOST_PARAMETERS}"):
        read_form([("filter:place", str(n)) for n in range(MOST_PARAMETERS + 1)], languages())


def test_the_parameter_for_undated_articles_has_an_alias() -> None:
    assert read("/search?empty:published=true").choices == (("missing", "published_year", "true"),)


@pytest.mark.parametrize(
    "url",
    [
        "/search?q=a&q=b",
        "/search?per_page=10&per_page=20",
        "/search?lang=en&lang=ar",
        "/search?filter:gte:published=2020&filter:gte:published=2021",
        "/search?facet_size:place=20&facet_size:place=100",
    ],
)
def test_a_parameter_with_two_values_is_refused(url: str) -> None:
    with pytest.raises(FormError, match="expected one value"):
        read(url)


def test_filters_and_rules_may_be_repeated() -> None:
    several = "filter:place=a&filter:place=b&exclude:place=c&exclude:place=d&off=name&off=stem"

    form = read(f"/search?{several}&q=x&q=x&q=")

    assert len(form.choices) == 4
    assert set(form.off) == {"name", "stem"}
    assert form.q == "x"


def test_control_characters_are_read_as_spaces() -> None:
    form = read("/search?q=%00%D8%A3%0B%D8%A8%C2%85&filter:place=%01x")

    assert form.q == "أ ب"
    assert form.choices == (("include", "place", "x"),)
