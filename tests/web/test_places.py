"""Places: the pages of a file are marked in its article, so that a passage can be cited."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from marsad.corpus.article import Article, Place
from marsad.indexer.build.document import load_stored
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from tests.web.conftest import app_of

FIRST, SECOND, THIRD = "أعلن الجانبان هدنة.", "وقال المتحدث إن القتال توقف.", "وعاد النازحون."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
PLACES = (
    Place("page", 1, 0),
    Place("page", 2, TEXT.index("إن القتال")),
    Place("page", 4, TEXT.index(THIRD)),
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    wanted = parts()
    with closing(open_engine(str(tmp_path / "i"), wanted.analyzer, create=True)) as engine:
        with engine.writer() as writer:
            for name, places in (("a", PLACES), ("b", ())):
                made = Article(id=name, title="هدنة", text=TEXT, places=places)
                writer.add(wanted.documents.make(made))
        hit = engine.get("a")
        assert hit is not None
        assert load_stored(hit.stored).article.places == PLACES
        yield app_of(engine).test_client()


def test_pages_are_marked_before_the_paragraph_in_which_they_begin(client: FlaskClient) -> None:
    text = client.get("/article/a?lang=en").text

    marks = [text.index(f'<a id="page-{n}" href="#page-{n}">Page {n}</a>') for n in (1, 2, 4)]
    paragraphs = [text.index(f'id="p{n}"') for n in (1, 2, 3)]
    assert marks[0] < paragraphs[0] < marks[1] < paragraphs[1] < marks[2] < paragraphs[2]


def test_the_api_gives_pages_as_offsets_of_the_text(client: FlaskClient) -> None:
    record = client.get("/api/v1/articles/a").get_json()

    assert record["places"][1] == {"kind": "page", "number": 2, "start": PLACES[1].start}
    assert record["text"][PLACES[1].start :].startswith("إن القتال")


def test_an_article_without_pages_has_no_marks_and_its_digest_is_of_before(
    client: FlaskClient,
) -> None:
    assert 'class="leaf"' not in client.get("/article/b").text
    assert client.get("/api/v1/articles/b").get_json()["places"] == []
    plain = Article(id="b", title="هدنة", text=TEXT)
    assert plain.digest() != Article(id="b", title="هدنة", text=TEXT, places=PLACES).digest()
