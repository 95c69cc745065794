"""Ranking: pages, API, exports and commands give the same order in a search by any word."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient

from tests.conftest import Marsad

Factory = pytest.TempPathFactory

QUERIES = [
    "هدنة في كاراباخ",
    "أمريكا وأوروبا وغزة",
    "الأميركيون والانكليز",
    "قوات حفظ السلام الروسية تنسحب من ناغورنو كاراباخ",
    "قائد -موسكو",
    '"حفظ السلام" باكو أو يريفان',
    "وزير/خارجية أرمينيا",
    "زيلينسكى",
    "=هدنة √قتل",
    "متى وقعت الهدنة ومن هو القائد الذي وقعها؟",
    "من في",
]
ANY = pytest.mark.parametrize("query", QUERIES)
TOP = 200


@pytest.fixture(scope="module")
def ran(corpus_index: Path, marsad: Marsad, tmp_path_factory: Factory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("run")
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(QUERIES)]
    asked, made = folder / "queries.jsonl", folder / "run"
    asked.write_text("\n".join(lines), encoding="utf-8")
    marsad("run", asked, "--index", corpus_index, "--top", str(TOP), "--output", made)
    found: dict[str, list[str]] = {query: [] for query in QUERIES}
    for line in made.read_text(encoding="utf-8").splitlines():
        number, _, article_id, *_ = line.split()
        found[QUERIES[int(number)]].append(article_id)
    return found


def paged(client: FlaskClient, path: str, query: str) -> Iterator[str]:
    """Yield the body of each page of a search by any word, up to the last page."""
    for page in range(1, TOP):
        asked = f"{path}?q={quote(query)}&any=1&collapse=0&per_page=20&page={page}"
        body = client.get(asked).get_data(as_text=True)
        yield body
        if f"page={page + 1}" not in body:
            return


@ANY
def test_the_api_ranks_like_a_trec_run(
    client: FlaskClient, ran: dict[str, list[str]], query: str
) -> None:
    pages = [json.loads(body) for body in paged(client, "/api/v1/search", query)]

    assert [hit["id"] for page in pages for hit in page["results"]] == ran[query]
    assert {page["total"]["documents"] for page in pages} == {len(ran[query])}
    scores = [hit["score"] for page in pages for hit in page["results"]]
    assert scores == sorted(scores, reverse=True)


@ANY
def test_the_page_ranks_like_a_trec_run(
    client: FlaskClient, ran: dict[str, list[str]], query: str
) -> None:
    hit = re.compile(r'<span class="address" dir="ltr">/article/([^<]+)</span>')
    shown = [unquote(one) for body in paged(client, "/search", query) for one in hit.findall(body)]

    assert shown == ran[query]


@ANY
def test_exports_and_feeds_rank_like_a_trec_run(
    client: FlaskClient, ran: dict[str, list[str]], query: str
) -> None:
    asked = f"q={quote(query)}&any=1&collapse=0"
    rows = csv.DictReader(
        io.StringIO(client.get(f"/search.csv?{asked}").get_data(as_text=True), newline="")
    )
    feed = client.get(f"/search.atom?{asked}&sort=relevance").get_data(as_text=True)
    entries = re.findall(r"<entry.*?<id>[^<]*/article/([^<]+)</id>", feed, re.DOTALL)

    assert [row["id"] for row in rows] == ran[query]
    assert list(map(unquote, entries)) == ran[query][:50]


def test_the_search_command_ranks_like_a_trec_run(
    corpus_index: Path, marsad: Marsad, ran: dict[str, list[str]]
) -> None:
    for query, offsets in ((QUERIES[0], range(0, TOP, 40)), (QUERIES[5], (0,))):
        found: list[str] = []
        for offset in offsets:
            options = ["--any", "--json", "--offset", str(offset), "--limit", "40"]
            shown = marsad("search", *options, "--index", corpus_index, query).stdout
            found += [hit["id"] for hit in json.loads(shown)["hits"]]
            if len(found) < offset + 40:
                break

        assert found == ran[query][: offsets[-1] + 40]


def test_the_explain_command_shows_the_score_of_shared_letters(
    corpus_index: Path, marsad: Marsad, ran: dict[str, list[str]]
) -> None:
    query = QUERIES[0]
    asked = ["explain", query, ran[query][0], "--index", corpus_index, "--json"]

    some, every = (json.loads(marsad(*asked, *more).stdout) for more in (["--any"], []))
    hit = json.loads(marsad("search", query, "--any", "--json", "--index", corpus_index).stdout)[
        "hits"
    ][0]

    assert "again" in [part["kind"] for part in some["parts"]]
    assert some["score"] == pytest.approx(hit["score"], rel=1e-4)
    assert "again" not in [part["kind"] for part in every["parts"]]


LONG = "هدنة كاراباخ زخرفخر"


def test_any_word_is_offered_with_its_count_if_all_words_find_few(
    client: FlaskClient, corpus_index: Path, marsad: Marsad
) -> None:
    shown = client.get(f"/search?q={quote(LONG)}&lang=en").get_data(as_text=True)
    record = client.get(f"/api/v1/search?q={quote(LONG)}").get_json()
    done = marsad("search", LONG, "--json", "--index", corpus_index)
    offered = record["any_word"]
    count = offered["documents"]

    assert record["total"]["documents"] == 0
    assert client.get(offered["link"]).get_json()["total"]["documents"] == count > 0
    assert f"Any of the words ({count} articles)" in shown
    assert json.loads(done.stdout)["any_word"] == count
    assert f"all words found 0 articles, any of them finds {count}: add --any" in done.stderr


@pytest.mark.parametrize("asked", ["q=هدنة", f"q={LONG}&any=1", "q=زخرفخر", "q="])
def test_any_word_is_not_offered_if_it_finds_no_more(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/api/v1/search?{asked}").get_json()["any_word"] is None


def test_an_offered_search_keeps_the_filters(client: FlaskClient) -> None:
    asked = f"q={quote(LONG)}&filter:published_year=2023"
    offered = client.get(f"/api/v1/search?{asked}").get_json()["any_word"]

    assert "published_year=2023" in unquote(offered["link"])
    assert client.get(offered["link"]).get_json()["total"]["documents"] == offered["documents"]


def test_spellings_of_one_name_find_the_same_articles(
    client: FlaskClient, corpus_index: Path, marsad: Marsad, tmp_path: Path
) -> None:
    pairs = [("أميركا", "أمريكا"), ("لأميركا", "وأمريكا"), ("غزة", "غزّة")]
    lines = [f"{n}{i}\t{text}" for n, pair in enumerate(pairs) for i, text in enumerate(pair)]
    (tmp_path / "q.tsv").write_text("\n".join(lines), encoding="utf-8")
    marsad("run", tmp_path / "q.tsv", "--index", corpus_index, "--output", tmp_path / "run")
    ran: dict[str, set[str]] = {}
    for line in (tmp_path / "run").read_text(encoding="utf-8").splitlines():
        asked, _, article, *_ = line.split()
        ran.setdefault(asked, set()).add(article)

    for number, pair in enumerate(pairs):
        assert ran.get(f"{number}0") == ran.get(f"{number}1")
        totals = {
            client.get(f"/api/v1/search?q={quote(text)}&any=1").get_json()["total"]["documents"]
            for text in pair
        }
        assert totals == {len(ran.get(f"{number}0", ()))}
