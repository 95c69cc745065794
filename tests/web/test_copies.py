"""Copies: pages collapse near-duplicates, exports contain all of them, two can be compared."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from marsad.corpus.article import Article
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.indexer.sync.tombstones import Tombstone, Tombstones
from marsad.webui.app import create_app
from marsad.webui.state.settings import Settings
from tests.web.conftest import app_of

TEXT = "أعلنت الأمم المتحدة هدنة إنسانية في غزة تبدأ مساء اليوم وتستمر ثلاثة أيام"
ARTICLES = [
    Article(id="b", title="هدنة", text=f"{TEXT} بحسب مصادر", published=dt.date(2023, 1, 2)),
    Article(id="a", title="هدنة", text=TEXT, published=dt.date(2023, 1, 1), source="رويترز"),
    Article(id="c", title="هدنة أخرى", text="هدنة في دارفور", published=dt.date(2023, 1, 3)),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    known = parts()
    folder = tmp_path_factory.mktemp("copies") / "index"
    engine = open_engine(str(folder), known.analyzer, create=True)
    with engine.writer() as writer:
        for article in ARTICLES:
            writer.add(known.documents.make(article))
        writer.assign_clusters({"a": "one", "b": "one"})
    yield app_of(engine).test_client()
    engine.close()


def test_a_page_collapses_copies_and_counts_articles_and_stories(told: FlaskClient) -> None:
    folded = told.get("/search?q=هدنة&lang=en").get_data(as_text=True)
    whole = told.get("/search?q=هدنة&lang=en&collapse=0").get_data(as_text=True)

    assert "<h1>3 articles <small>in 2 stories</small></h1>" in folded
    assert folded.count('<article class="hit">') == 2
    assert 'href="/cluster/a?q=' in folded
    assert "and 1 other copy" in folded
    assert whole.count('<article class="hit">') == 3


def test_exports_contain_every_copy_unless_collapse_is_set(told: FlaskClient) -> None:
    assert len(told.get("/search.jsonl?q=هدنة").data.splitlines()) == 3
    assert len(told.get("/search.jsonl?q=هدنة&collapse=1").data.splitlines()) == 2
    counted = told.get("/api/v1/search?q=هدنة&collapse=1").get_json()["total"]
    assert (counted["documents"], counted["stories"]) == (3, 2)


def test_an_article_page_leads_to_its_copies_and_to_the_comparison(told: FlaskClient) -> None:
    article = told.get("/article/b?lang=en").get_data(as_text=True)
    cluster = told.get("/cluster/b?lang=en").get_data(as_text=True)
    compared = told.get("/compare?left=a&right=b&lang=en").get_data(as_text=True)

    assert "Copies of the story" in article
    assert 'href="/compare?left=b&amp;right=a&amp;lang=en"' in article
    assert cluster.index("/article/a") < cluster.index("/article/b")
    assert "2 copies" in cluster
    assert "<ins>بحسب مصادر</ins>" in compared
    assert told.get("/cluster/none").status_code == 404


def test_a_removed_article_is_answered_with_410(tmp_path: Path) -> None:
    known = parts()
    engine = open_engine(str(tmp_path / "index"), known.analyzer, create=True)
    stones = Tombstones(tmp_path / "index")
    stones.add([Tombstone("x", "هدنة", "2023-01-01", "تاس", "a.txt", "2024-05-06T00:00:00Z")])
    client = create_app(
        engine, known.analyzer, known.gazetteer, Settings(), tombstones=stones
    ).test_client()

    page = client.get("/article/x?lang=en")
    problem = client.get("/api/v1/articles/x")
    engine.close()

    assert page.status_code == problem.status_code == 410
    assert "هدنة” was in the corpus and was removed, 6 May 2024" in page.get_data(as_text=True)
    assert problem.get_json(force=True)["article"]["source"] == "تاس"
