"""Examples: the queries on the first page find as many articles as it says, in any corpus."""

import datetime as dt
import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from marsad.corpus.article import Article
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from tests.web.conftest import app_of

PLACES = "أعلنت تونس وسوسة وقال يوسف الشاهد في تونس"


def offered(client: FlaskClient) -> dict[str, int]:
    """Return the example queries of the first page, each with the count that it shows."""
    page = client.get("/?lang=en").text
    (shown,) = re.findall(r'<nav class="tries".*?</nav>', page, re.DOTALL) or [""]
    found = {}
    for href, words in re.findall(r'<a href="([^"]+)">.*?<small>(.*?)</small>', shown):
        (query,) = parse_qs(urlsplit(html.unescape(href)).query)["q"]
        (count,) = re.findall(r"([\d,]+)\xa0article", words)
        found[query] = int(count.replace(",", ""))
    return found


def counted(client: FlaskClient, query: str) -> int:
    answer = client.get("/api/v1/search", query_string={"q": query})
    total: int = answer.get_json()["total"]["documents"]
    return total


def test_examples_find_as_many_articles_as_they_say(client: FlaskClient) -> None:
    examples = offered(client)

    assert len(examples) == 6
    assert examples == {query: counted(client, query) for query in examples}
    assert all(examples.values())


def test_another_corpus_gets_examples_from_its_own_names(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "index"), parts().analyzer, create=True)
    client = app_of(engine).test_client()
    assert offered(client) == {}
    with engine.writer() as writer:
        for number in range(3):
            day = dt.date(2016, 12, 1 + number)
            article = Article(id=f"a{number}", title="خبر", text=PLACES, published=day)
            writer.add(parts().documents.make(article))
    examples = offered(client)
    again = {query: counted(client, query) for query in examples}
    engine.close()

    assert examples == again
    assert any("تونس" in query and "سوسة" in query for query in examples)
    assert all(examples.values())
