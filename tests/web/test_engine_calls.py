"""Engine calls: each page asks the engine a fixed number of times, and parses its query once.

A second engine may be on another machine, where each call costs a round trip.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest

from marsad.indexer.engine.seam import Engine
from marsad.indexer.query import grammar
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.lexer import Piece, lex
from tests.web.conftest import app_of, warmed


class CountingEngine:
    """A real engine that counts the calls of its methods."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._engine, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return method(*arguments, **named)

        return counted


def calls_of(engine: Engine, url: str) -> dict[str, int]:
    """Return how often each method is called for *url*, once the caches of the server are full."""
    counting = CountingEngine(engine)
    client = warmed(app_of(cast("Engine", counting))).test_client()
    client.get("/")
    counting.calls.clear()
    assert client.get(url).status_code == 200
    return dict(counting.calls)


def first_hit(engine: Engine) -> str:
    """Return the id of the first hit of a search."""
    found = app_of(engine).test_client().get("/api/v1/search?q=هدنة").get_json()
    return str(found["results"][0]["id"])


# One of the searches is always the one for the ETag: it reads the number of the generation.
@pytest.mark.parametrize(
    ("url", "calls"),
    [
        pytest.param("/", {"search": 2}, id="the first page"),
        pytest.param("/search?q=هدنة", {"search": 2}, id="a search"),
        pytest.param(
            "/search?q=هدنة&filter:gte:published=2020",
            {"search": 3},
            id="a date range counts the undated articles that it excludes",
        ),
        pytest.param(
            "/search?q=هدنة زخرفخر&match=root",
            {"search": 3, "count": 4},
            id="nothing found: one offer is counted, and the articles of each suggestion",
        ),
        pytest.param("/facet/place?q=هدنة", {"search": 2}, id="the values of a facet"),
        pytest.param("/api/v1/search?q=هدنة", {"search": 2}, id="the API"),
        pytest.param("/api/v1/corpus", {"search": 2}, id="the size of the corpus"),
    ],
)
def test_a_page_calls_the_engine_as_often_as_it_needs(
    engine: Engine, url: str, calls: dict[str, int]
) -> None:
    assert calls_of(engine, url) == calls


def test_an_article_page_calls_the_engine_once_for_each_of_its_parts(engine: Engine) -> None:
    article_id = first_hit(engine)
    parts = {
        "get": 1,  # the article
        "cluster": 1,  # its copies
        "existing_ids": 1,  # the addresses of its downloads
        "search": 2,  # the ETag, and related articles
    }
    reasons = {"explain": 1, "holds": 1}

    assert calls_of(engine, f"/article/{article_id}") == parts
    # The hits before and after it are one search more.
    assert calls_of(engine, f"/article/{article_id}?q=هدنة&at=1") == parts | reasons | {"search": 3}


@pytest.mark.parametrize(
    ("url", "times"),
    [
        pytest.param("/search?q=هدنة", 1, id="a search"),
        pytest.param("/search?q=هدنة غزة -باكو&any=1", 1, id="a query with a summary"),
        pytest.param(
            "/search?q=هدنة زخرفخر&filter:published_year=2023",
            3,
            id="nothing found: also by any word, and by root, each with filters and without",
        ),
    ],
)
def test_a_query_is_parsed_once_for_each_way_to_read_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, url: str, times: int
) -> None:
    parsed: list[str] = []

    def counted(typed: str, remarks: list[Diagnostic]) -> Iterator[Piece]:
        parsed.append(typed)
        return lex(typed, remarks)

    client = warmed(app_of(engine)).test_client()
    monkeypatch.setattr(grammar, "lex", counted)

    assert client.get(url).status_code == 200
    assert len(parsed) == times
