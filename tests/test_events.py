"""Events: what an article speaks of is found by day, month and year, and by ranges."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.corpus.dates.mention import period
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts
from marsad.indexer.query.events import event_keys, event_values
from marsad.indexer.query.parse import parse
from tests.contract.oracle import OracleEngine

_days = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))


@given(_days, _days, _days)
def test_a_range_finds_a_day_exactly_when_it_holds_it(
    since: dt.date, until: dt.date, day: dt.date
) -> None:
    years, months, days = event_values([day.isoformat()])
    has = {("event_year", y) for y in years} | {("event_month", m) for m in months}
    has |= {("event_day", d) for d in days}

    assert bool(has & set(event_keys(since, until))) == (since <= day < until)


@given(_days, _days)
def test_the_keys_of_a_range_cover_it_once(since: dt.date, until: dt.date) -> None:
    at = since
    for _, value in event_keys(since, until):
        bounds = period(value)
        assert bounds is not None
        assert bounds[0] == at
        at = bounds[1]
    assert at == max(since, until)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020", (("2020",), (), ())),
        ("2020-11", (("2020",), ("2020-11",), ())),
        ("2020/2022", (("2020", "2021", "2022"), (), ())),
        (
            "2020-12-31/2021-01-01",
            (("2020", "2021"), ("2020-12", "2021-01"), ("2020-12-31", "2021-01-01")),
        ),
        ("2020-01-01/2020-12-31", (("2020",), tuple(f"2020-{n:02}" for n in range(1, 13)), ())),
        ("2022/2020", ((), (), ())),
    ],
)
def test_a_value_counts_for_what_it_says_and_no_finer(
    value: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    assert event_values([value]) == expected


def engine_with(wanted: Parts) -> Engine:
    engine = OracleEngine()
    text = "اندلع القتال في 27 سبتمبر 2020 وتوقف في 9 نوفمبر/تشرين الثاني 2020"
    with engine.writer() as writer:
        article = Article(id="a", title="", text=text, published=dt.date(2023, 9, 21))
        writer.add(wanted.documents.make(article))
        writer.add(wanted.documents.make(Article(id="b", title="", text="في عام 2020 فقط")))
    return engine


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("event:2020-11", ["a"]),
        ("حدث:٢٠٢٠-٠٩-٢٧", ["a"]),
        ("event:2020", ["a", "b"]),
        ("event:2020-10", []),
        ("event:2020-10..2021", ["a"]),
        ("event:2019..", ["a", "b"]),
        ("event:2023-09-21", []),
        ("event:2020 -event:2020-11", ["b"]),
    ],
)
def test_event_finds_what_is_spoken_of(wanted: Parts, typed: str, found: list[str]) -> None:
    parsed = parse(typed, wanted.analyzer, wanted.gazetteer.resolve)

    result = engine_with(wanted).search(SearchRequest(query=parsed.tree))

    assert parsed.diagnostics == ()
    assert sorted(hit.id for hit in result.hits) == found


def test_events_are_facets_beside_the_day_of_publication(wanted: Parts) -> None:
    request = SearchRequest(facets=(FacetRequest("event_month"), FacetRequest("published_month")))

    events, published = engine_with(wanted).search(request).facets

    assert events.values == (("2020-09", 1), ("2020-11", 1))
    assert events.missing == 1
    assert published.values == (("2023-09", 1),)


def test_a_bad_event_is_remarked(wanted: Parts) -> None:
    parsed = parse("event:soon هدنة", wanted.analyzer, wanted.gazetteer.resolve)

    assert [remark.kind for remark in parsed.diagnostics] == ["bad-date"]
