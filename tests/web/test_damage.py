"""A damaged index on the pages: what is lost is said, and every error has a sentence."""

import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from marsad.corpus.article import Article
from marsad.indexer.build.document import Documents
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from marsad.webui.exports.exports import DAMAGED
from tests.faults.flips import flip
from tests.web.conftest import app_of

TEXTS = ("هدنة في الجنوب", "قوات حفظ السلام", "اتفاق هدنة جديد")


@pytest.fixture
def index(tmp_path: Path, wanted: Parts) -> Path:
    """An index of three articles, the last two of which came with the second commit."""
    folder = tmp_path / "index"
    engine = open_engine(str(folder), wanted.analyzer, create=True)
    documents: Documents = wanted.documents
    for numbers in ((0,), (1, 2)):
        with engine.writer() as writer:
            for number in numbers:
                text = TEXTS[number]
                writer.add(documents.make(Article(id=f"a{number}", title=text, text=f"{text}.")))
    engine.close()
    return folder


def client_of(index: Path, wanted: Parts) -> FlaskClient:
    return app_of(open_engine(str(index), wanted.analyzer)).test_client()


def newest(index: Path, key: str) -> Path:
    manifest = max(index.glob("manifest.*.json"))
    return index / str(json.loads(manifest.read_bytes())[key][-1]["name"])


def test_the_loss_of_the_newest_commit_is_said_everywhere(index: Path, wanted: Parts) -> None:
    flip(newest(index, "segments"), 2_000, 1)
    client = client_of(index, wanted)

    for lang, words in (("ar", "لا يُعرض منه: مقالان"), ("en", "2 articles"), ("ru", "2 статьи")):
        for path in ("/", "/search?q=هدنة", "/article/a0", "/help"):
            page = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").text
            assert 'class="loss"' in page, path
            assert words in page, path
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.text.startswith("degraded, generation 2\ngeneration 3 is lost: ")
    for path in ("/receipt?q=هدنة", "/api/v1/search?q=هدنة", "/search.json?q=هدنة"):
        losses = json.loads(client.get(path).text)["corpus"]["lost_commits"]
        assert len(losses) == 1, path
    assert client.get("/article/a1").status_code == 404


def test_a_whole_index_says_nothing(index: Path, wanted: Parts) -> None:
    client = client_of(index, wanted)

    assert 'class="loss"' not in client.get("/").text
    assert client.get("/readyz").text == "ready, generation 3\n"
    assert client.get("/api/v1/corpus").get_json()["lost_commits"] == []


def test_a_damaged_article_keeps_its_row_in_every_list(index: Path, wanted: Parts) -> None:
    store = newest(index, "stores")
    flip(store, store.stat().st_size // 4, 2)
    client = client_of(index, wanted)

    page = client.get("/search?lang=en").text
    assert page.count('class="hit"') == 3
    assert page.count("This article is damaged") == 1
    for name in ("csv", "ris", "bib", "jsonl", "json", "atom"):
        answer = client.get(f"/search.{name}")
        assert answer.status_code == 200, name
        assert "damaged" in answer.text, name
    assert DAMAGED in client.get("/search.csv").text
    found = client.get("/api/v1/search").get_json()["results"]
    (damaged,) = [hit for hit in found if hit["damage"]]
    article = client.get(f"/article/{damaged['id']}?lang=en")
    assert article.status_code == 500
    assert "its stored text is damaged" in article.text
    problem = client.get(f"/api/v1/articles/{damaged['id']}")
    assert problem.get_json()["type"] == "urn:marsad:problem:article-damaged"
    assert [client.get(f"/article/a{n}").status_code for n in range(3)].count(200) == 2


def test_an_index_that_cannot_be_read_says_so_and_comes_back(index: Path, wanted: Parts) -> None:
    kept = index.with_name("kept")
    shutil.copytree(index, kept, copy_function=shutil.copy2)
    client = client_of(index, wanted)
    assert client.get("/search?q=هدنة").status_code == 200
    # The empty generation from the beginning would be whole.
    (index / "manifest.00000001.json").unlink(missing_ok=True)
    for path in index.glob("*.seg"):
        path.write_bytes(b"")

    answer = client.get("/search?q=قوات&lang=en")
    assert answer.status_code == 503
    assert "The index is damaged" in answer.text
    assert client.get("/readyz").status_code == 503

    for path in kept.glob("*.seg"):
        shutil.copy2(path, index / path.name)
    assert client.get("/search?q=قوات").status_code == 200
    assert client.get("/readyz").text == "ready, generation 3\n"
