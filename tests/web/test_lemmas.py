"""Lemmas: if a word may be a form of several lemmas, the page lists them and can exclude each."""

import html
import json
import re
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from tests.conftest import Marsad

WORD, FIRST, OTHER = "المعارضة", "معارضة", "معارض"


def total(client: FlaskClient, query: str) -> int:
    answer = json.loads(client.get(f"/api/v1/search?{query}").get_data(as_text=True))
    return int(answer["total"]["documents"])


def test_the_query_summary_lists_the_lemmas_with_links_that_exclude_them(
    client: FlaskClient,
) -> None:
    page = client.get(f"/search?q={quote(WORD)}").get_data(as_text=True)

    links = [html.unescape(href) for href in re.findall(r'class="off" href="([^"]+)"', page)]
    assert [
        f"not_lemma={quote(lemma)}" in link
        for lemma, link in zip((FIRST, OTHER), links, strict=False)
    ] == [
        True,
        True,
    ]
    narrowed = client.get(links[1])
    assert narrowed.status_code == 200
    assert f"«{OTHER}»" in narrowed.get_data(as_text=True)


def test_an_excluded_lemma_is_not_found(client: FlaskClient) -> None:
    whole, without = f"q={quote(WORD)}", f"q={quote(WORD)}&not_lemma={quote(OTHER)}"
    opponents = total(client, f"q={quote(OTHER)}&not_lemma={quote(FIRST)}")

    assert total(client, without) <= total(client, whole)
    assert total(client, whole) <= total(client, without) + opponents


def test_a_word_with_a_single_lemma_lists_no_readings(client: FlaskClient) -> None:
    page = client.get(f"/search?q={quote('هدنة')}").get_data(as_text=True)

    assert "not_lemma" not in page


def test_an_excluded_lemma_is_excluded_from_exports(client: FlaskClient) -> None:
    page = client.get(f"/search?q={quote(WORD)}&not_lemma={quote(OTHER)}").get_data(as_text=True)

    assert re.search(rf"/search\.csv\?[^\"]*not_lemma={quote(OTHER)}", page)


def test_the_commands_exclude_a_lemma_and_explain_by_lemmas(
    corpus_index: Path, marsad: Marsad
) -> None:
    asked = ("search", WORD, "--index", corpus_index, "--json")
    whole = json.loads(marsad(*asked).stdout)
    without = json.loads(marsad(*asked, "--not-lemma", OTHER).stdout)
    assert without["total"] <= whole["total"]

    hit = whole["hits"][0]["id"]
    told = json.loads(marsad("explain", WORD, hit, "--index", corpus_index, "--json").stdout)
    joined = [form for word in told["words"] for form in word["forms"] if form["lemma"]]
    assert all(form["lemma"] in (FIRST, OTHER) for form in joined)
