"""The benchmark with few articles: it runs, and systems with the same terms agree."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from tests.benchmarks.completions import measure
from tests.benchmarks.generate import QUERIES
from tests.benchmarks.report import report
from tests.benchmarks.run import bench
from tests.conftest import CORPUS

ARTICLES = 400


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled articles, in the form that the generator reads."""
    path = tmp_path_factory.mktemp("bench") / "source.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for article in read([CORPUS]):
            if isinstance(article, Article):
                record = {"title": article.title, "text": article.text}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def test_a_tiny_run_agrees_and_is_reported(source: Path, tmp_path: Path) -> None:
    assert sqlite3.sqlite_version_info >= (3, 9), "FTS5 comes with SQLite 3.9"
    figures = bench(
        ARTICLES,
        source,
        tmp_path,
        jar=None,
        only={"marsad", "marsad-product", "fts5", "whoosh"},
        rounds=1,
        most_queries=sum(QUERIES.values()),
    )

    for name in ("fts5", "whoosh"):
        equal = figures.equal[name]
        assert equal["queries"] >= 20
        assert equal["total"] == equal["months"] == equal["facets"] == equal["queries"], name
    assert set(figures.times["page"]) == {"marsad", "marsad-product", "fts5", "whoosh"}
    text = report(figures)
    assert "| marsad |" in text
    assert "Memory limit" in text


def test_completions_are_measured(corpus_index: Path) -> None:
    lines = measure(str(corpus_index), count=20, rounds=1).splitlines()

    assert [line.partition(":")[0] for line in lines[1:]] == ["names", "names and words"]
