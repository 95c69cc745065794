"""Downloads: every format has every hit, and the programs it is made for can read it."""

import csv
import hashlib
import html
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import fromstring

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.indexer.engine.request import SearchRequest, SearchResult
from marsad.indexer.engine.seam import Document, Engine
from marsad.indexer.parts import parts
from marsad.indexer.query.tree import Nothing
from marsad.indexer.registry import open_engine
from marsad.webui.exports.exports import without_formula
from marsad.webui.request.citations import bibtex, csl, footnote, ris
from marsad.webui.state.settings import EXPORTS_AT_ONCE
from tests.web.conftest import app_of

_ATOM = "{http://www.w3.org/2005/Atom}"


def total(client: FlaskClient, query: str) -> int:
    found: int = client.get(f"/api/v1/search?{query}").get_json()["total"]["documents"]
    return found


@pytest.mark.parametrize(
    "query", ["", "q=هدنة", "filter:place=nagorno-karabakh&exclude:source=تاس"]
)
def test_every_format_has_every_hit(client: FlaskClient, query: str) -> None:
    wanted = total(client, query)

    def get(name: str) -> str:
        with client.get(f"/search.{name}?{query}") as answer:
            assert answer.headers["X-Total-Count"] == str(wanted)
            return answer.get_data(as_text=True)

    rows = list(csv.DictReader(io.StringIO(get("csv"), newline="")))
    lines = [json.loads(line) for line in get("jsonl").splitlines()]
    whole = json.loads(get("json"))
    ids = [row["id"] for row in rows]

    assert len(set(ids)) == wanted
    assert [line["id"] for line in lines] == [one["id"] for one in whole["results"]] == ids
    assert whole["total"]["documents"] == wanted
    assert get("ris").count("TY  - NEWS\r\n") == get("ris").count("ER  - \r\n") == wanted
    assert len(re.findall(r"^@online\{marsad-[\w-]+,$", get("bib"), re.MULTILINE)) == wanted


def test_an_export_has_more_hits_than_pages_can_show(tmp_path: Path) -> None:
    analyzer = parts().analyzer
    engine = open_engine(str(tmp_path / "index"), analyzer, create=True)
    stored = (
        '{"id":"%d","title":"","text":"","sections":[],"published":null,"precision":"day",'
        '"language":"","source":"","publisher":"","photo_credit":"","author":"","url":"",'
        '"entities":[],"dates":[]}'
    )
    # Pages reach 10,000 hits.
    documents = 10_050
    real = parts().documents.make(Article(id="x", title="", text="")).stored
    with engine.writer() as writer:
        for n in range(documents):
            own = json.dumps({**json.loads(real), "id": str(n)}) if real else stored % n
            writer.add(Document(str(n), "", None, {}, {}, own))
    client = app_of(engine).test_client()

    with client.get("/search.csv") as answer:
        rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    refused = client.get("/search?page=1001&per_page=10&lang=en")
    engine.close()

    assert len({row["id"] for row in rows}) == documents
    assert refused.status_code == 400


def test_a_feed_is_paged_to_its_end(client: FlaskClient) -> None:
    url, ids = "/search.atom", []
    while url:
        feed = fromstring(client.get(url).data)  # noqa: S314  (our own answer)
        ids += [entry.findtext(f"{_ATOM}id") for entry in feed.findall(f"{_ATOM}entry")]
        links = {link.get("rel"): link.get("href") or "" for link in feed.findall(f"{_ATOM}link")}
        url = links.get("next", "").removeprefix("http://localhost")

    assert len(set(ids)) == len(ids) == total(client, "")


def test_an_export_has_a_bom_only_on_request(client: FlaskClient) -> None:
    assert not client.get("/search.csv").data.startswith(b"\xef\xbb\xbf")
    assert client.get("/search.csv?bom=1").data.startswith(b"\xef\xbb\xbf")


@example("\ue000=1+1")
@given(st.text(max_size=20) | st.text("=+-@＝＋－＠ \u00a0\u200f\ufeff\t\r\nم", max_size=5))
def test_no_csv_cell_is_read_as_a_formula(cell: str) -> None:
    kept = without_formula(cell)
    seen = "".join(sign for sign in kept if unicodedata.category(sign)[0] not in "ZC")

    assert unicodedata.normalize("NFKC", seen[:1]) not in ("=", "+", "-", "@")
    assert kept[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert kept.removeprefix("'") == cell.removeprefix("'") or kept == cell


def test_the_text_of_an_article_has_the_hash_that_its_page_shows(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=هدنة").get_json()["results"][0]

    page = client.get(found["url"]).get_data(as_text=True)
    raw = client.get(f"{found['url']}.txt")
    digest = hashlib.sha256(raw.data).hexdigest()

    assert digest in page
    assert raw.headers["X-Content-SHA256"] == digest
    assert client.get(f"{found['url']}.json").get_json()["sha256"] == digest


@pytest.mark.parametrize("suffix", ["ris", "bib", "csl.json", "json", "txt"])
def test_an_article_has_every_format(client: FlaskClient, suffix: str) -> None:
    url = client.get("/api/v1/search").get_json()["results"][0]["url"]

    assert client.get(f"{url}.{suffix}").status_code == 200
    assert client.get(f"/article/none.{suffix}").status_code == 404


def test_an_id_that_ends_like_a_format_hides_no_other_article(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "index"), parts().analyzer, create=True)
    add(engine, "doc")
    add(engine, "doc.txt")
    add(engine, "doc.csl")
    client = app_of(engine).test_client()

    for article_id in ("doc", "doc.txt", "doc.csl"):
        page = client.get(f"/article/{article_id}?lang=en").text
        (row,) = re.findall(r'<p class="formats">(.*?)</p>', page)
        answers = [client.get(url) for url in re.findall(r'href="([^"]+)"', row)]
        record = next(a.get_json() for a in answers if a.mimetype == "application/json")
        assert "text/plain" in {answer.mimetype for answer in answers}
        assert "text/html" not in {answer.mimetype for answer in answers}
        assert len({answer.mimetype for answer in answers}) == len(answers)
        assert record["id"] == article_id
    assert client.get("/article/doc?format=exe").status_code == 400
    engine.close()


_texts = st.text(max_size=30) | st.text("{}\\%م", max_size=5)
_articles = st.builds(
    Article,
    id=_texts.filter(bool),
    title=_texts,
    text=_texts,
    author=_texts,
    source=_texts,
    url=_texts,
)


@given(_articles)
def test_no_article_text_breaks_out_of_its_citation_record(article: Article) -> None:
    lines = ris(article).split("\r\n")
    entry = bibtex(article)
    depth = 0
    # BibTeX counts escaped braces too.
    for sign in entry:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0

    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-2])
    assert lines[-3] == "ER  - "
    assert depth == 0
    assert "\n" not in footnote(article)
    assert json.loads(json.dumps(csl(article)))["type"] == "article-newspaper"


class WrittenTo:
    """A real engine; after each of the first *most* searches, an article is added to its index."""

    def __init__(self, engine: Engine, most: int = 1) -> None:
        self._engine = engine
        self._left = most

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, request: SearchRequest) -> SearchResult:
        found = self._engine.search(request)
        if self._left and not isinstance(request.query, Nothing):
            self._left -= 1
            add(self._engine, "second" if not self._left else f"more{self._left}")
        return found


def add(engine: Engine, article_id: str, title: str = "هدنة") -> None:
    with engine.writer() as writer:
        writer.add(parts().documents.make(Article(id=article_id, title=title, text=title)))


@pytest.mark.parametrize("name", ["receipt", "search.json", "search.csv"])
def test_a_download_shows_one_generation_of_an_index_that_is_being_written(
    tmp_path: Path, name: str
) -> None:
    engine = open_engine(str(tmp_path / "index"), parts().analyzer, create=True)
    add(engine, "first")
    answer = app_of(cast("Engine", WrittenTo(engine))).test_client().get(f"/{name}?q=هدنة")
    stats = engine.stats()
    engine.close()

    if name == "search.csv":
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert int(answer.headers["X-Total-Count"]) == len(rows)
        return
    record = answer.get_json()
    assert record["total"]["documents"] == record["corpus"]["documents"] == 2
    assert record["corpus"]["generation"] == stats.generation
    assert len(record.get("results", "12")) == 2
    assert record.get("content_sha256", stats.content) == stats.content


def test_a_receipt_is_refused_while_the_index_changes_all_the_time(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "index"), parts().analyzer, create=True)
    answer = app_of(cast("Engine", WrittenTo(engine, 100))).test_client().get("/receipt?q=هدنة")
    engine.close()

    assert answer.status_code == 503
    assert answer.get_json()["title"] == "Service Unavailable"


def test_a_receipt_has_all_that_is_needed_to_repeat_the_search(
    client: FlaskClient, engine: Engine
) -> None:
    receipt = client.get("/receipt?q=هدنة&filter:language=ar").get_json()

    assert receipt["content_sha256"] == engine.stats().content
    assert receipt["total"]["documents"] == total(client, "q=هدنة&filter:language=ar")
    assert ["filter:language", "ar"] in receipt["parameters"]


@pytest.mark.parametrize("suffix", ["txt", "ris"])
def test_the_citation_links_of_a_hit_lead_to_its_article_even_if_other_ids_look_like_formats(
    tmp_path: Path, suffix: str
) -> None:
    ids = ("doc", f"doc.{suffix}", f"doc.{suffix}.{suffix}")
    engine = open_engine(str(tmp_path / "index"), parts().analyzer, create=True)
    for article_id in ids:
        add(engine, article_id, f"هدنة في {article_id}")
    client = app_of(engine).test_client()
    rows = client.get("/search?q=هدنة&collapse=0").text.split("<article")[1:]
    said = {}
    for row in rows:
        (shown,) = re.findall(r'class="address" dir="ltr">/article/([^<]+)<', row)
        (link,) = re.findall(rf'href="([^"]+{suffix})"', row.partition('class="cite"')[2])
        said[shown] = client.get(html.unescape(link)).text
    engine.close()

    assert set(said) == set(ids)
    assert all(re.search(rf"في {re.escape(name)}\r?$", said[name], re.MULTILINE) for name in ids)


@pytest.mark.parametrize("fold", ["", "&collapse=1", "&collapse=0"])
def test_the_page_says_how_many_articles_an_export_has(client: FlaskClient, fold: str) -> None:
    query = f"lang=en&q=قوات حفظ السلام قره باغ{fold}"
    (said,) = re.findall(r"All results \((\d+) articles\)", client.get(f"/search?{query}").text)
    if not fold:
        found = client.get(f"/api/v1/search?{query}&collapse=1").get_json()
        assert found["total"]["stories"] < found["total"]["documents"], "some are copies"

    assert client.get(f"/search.csv?{query}").headers["X-Total-Count"] == said


def test_contradictory_parameters_of_downloads_are_refused(client: FlaskClient) -> None:
    (found,) = client.get("/api/v1/search?q=هدنة&per_page=10").get_json()["results"][:1]
    path = f"/article/{found['id']}"

    for url in (
        f"{path}.ris?format=bib",
        f"{path}?format=ris&format=bib",
        "/search.csv?bom=1&bom=0",
    ):
        assert client.get(url).status_code == 400
    for url in (f"{path}.ris?format=ris", f"{path}?format=ris&format=ris"):
        assert client.get(url).mimetype == "application/x-research-info-systems"
    assert client.get(f"{path}?format=").mimetype == "text/html"
    for url in (
        "/compare?left=a&left=b&right=c",
        "/suggest?q=a&q=b",
        "/api/v1/analyze?text=a&text=b",
    ):
        assert client.get(url).status_code == 400
    for number in ("0", "501", "049999123", "٢"):
        assert client.get(f"/facet/place?values_page={number}").status_code == 400


def test_the_number_of_concurrent_exports_is_limited_and_pages_still_answer(engine: Engine) -> None:
    client = app_of(engine).test_client()
    begun = [client.get("/search.jsonl") for _ in range(EXPORTS_AT_ONCE)]

    one_more = client.get("/search.csv")

    assert {answer.status_code for answer in begun} == {200}
    assert one_more.status_code == 503
    assert int(one_more.headers["Retry-After"]) > 0
    assert client.get("/search").status_code == 200
    begun.pop().close()
    with client.get("/search.csv") as again:
        assert again.status_code == 200
    for answer in begun:
        answer.close()
    for _ in range(EXPORTS_AT_ONCE + 1):
        with client.head("/search.csv") as head:
            assert head.status_code == 200
        assert client.get("/search.csv?q=هدنة").data, "what is sent to its end holds no place"
