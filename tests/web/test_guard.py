"""Guard: headers, password, rate limit, time limit, caching and compression of all answers."""

import base64
import gzip
import re
from itertools import count, product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.seam import Engine
from marsad.webui.state.settings import Settings
from tests.web.conftest import app_of, warmed

FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.mark.parametrize("url", ["/", "/search", "/nowhere", "/api/v1/corpus", "/static/page.css"])
def test_every_answer_has_strict_headers(client: FlaskClient, url: str) -> None:
    with client.get(url) as answer:
        policy = answer.headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/search?q=هدنة")
    tag = first.headers["ETag"]
    again = client.get("/search?q=هدنة", headers={"If-None-Match": tag})
    other = client.get("/search?q=معاهدة", headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in client.get("/nowhere").headers


def test_a_page_is_compressed_for_a_client_that_accepts_gzip(client: FlaskClient) -> None:
    plain = client.get("/search?q=هدنة")
    small = client.get("/search?q=هدنة", headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 3
    assert "Content-Encoding" not in plain.headers


def test_every_page_needs_the_password_except_health_checks(engine: Engine) -> None:
    client = app_of(engine, Settings(password="سر 1")).test_client()
    key = base64.b64encode("any:سر 1".encode()).decode()
    wrong = base64.b64encode(b"any:x").decode()

    refused = client.get("/search?lang=en")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert "password" in refused.get_data(as_text=True)
    assert client.get("/", headers={"Authorization": f"Basic {key}"}).status_code == 200
    assert client.get("/", headers={"Authorization": f"Basic {wrong}"}).status_code == 401
    assert client.get("/search.csv").status_code == 401
    assert client.get("/healthz").status_code == 200


def test_a_reverse_proxy_may_name_the_user(engine: Engine) -> None:
    client = app_of(engine, Settings(user_header="X-Remote-User")).test_client()

    assert client.get("/search").status_code == 403
    assert client.get("/search", headers={"X-Remote-User": "samia"}).status_code == 200


def test_the_rate_limit_holds_for_other_machines_but_not_for_loopback(engine: Engine) -> None:
    client = app_of(engine, Settings(rate="3 per minute")).test_client()

    far = [client.get("/search", environ_base=FAR).status_code for _ in range(5)]
    last = client.get("/api/v1/corpus", environ_base=FAR)
    near = [client.get("/search").status_code for _ in range(5)]

    assert far == [200, 200, 200, 429, 429]
    assert last.status_code == 200
    assert [client.get("/search", environ_base=FAR).status_code] == [429]
    assert int(client.get("/search", environ_base=FAR).headers["Retry-After"]) > 0
    assert near == [200] * 5


def test_behind_a_proxy_the_rate_limit_counts_the_client_that_the_proxy_names(
    engine: Engine,
) -> None:
    client = app_of(engine, Settings(rate="1 per minute", proxies=1)).test_client()
    headers = {"X-Forwarded-For": "203.0.113.9"}

    assert client.get("/search", headers=headers).status_code == 200
    assert client.get("/search", headers=headers).status_code == 429
    assert client.get("/search", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/search", "/facet/place", "/search.atom", "/search.csv", "/receipt", "/api/v1/search"]
)
def test_a_request_that_takes_too_long_gets_its_time_limit_and_advice(
    engine: Engine, path: str
) -> None:
    # So short a limit is over before the first search.
    app = app_of(engine, Settings(time_limit_s=1e-9))
    client = app.test_client()

    page = client.get(path, query_string={"q": "هدنة", "lang": "en"})
    unlimited = app_of(engine, Settings()).test_client()

    assert page.status_code == 503
    assert page.headers["Cache-Control"] == "no-store"
    assert unlimited.get(path, query_string={"q": "هدنة"}).status_code == 200
    if page.mimetype == "application/problem+json":
        problem = page.get_json(force=True)
        assert problem["type"] == "urn:marsad:problem:time-limit"
        assert problem["limit_seconds"] == 1e-9
        assert "Narrow it by" in problem["detail"]
    else:
        assert "given 1e-09 s" in page.text
        assert "Narrow it by" in page.text
    assert client.get("/healthz").status_code == 200


# Routes that neither search nor read articles, and need no deadline.
WITHOUT_DEADLINE = frozenset(
    (
        "/static/<path:filename>",
        "/help",
        "/healthz",
        "/readyz",
        "/robots.txt",
        "/opensearch.xml",
        "/font.css",
        "/font",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/api/v1/docs/<name>",
    )
)


def test_every_route_that_searches_or_reads_articles_checks_its_deadline(engine: Engine) -> None:
    late = app_of(engine, Settings(time_limit_s=1e-9))
    free, hurried = warmed(app_of(engine)).test_client(), warmed(late).test_client()
    (one, other) = free.get("/api/v1/search?q=هدنة").get_json()["results"][:2]
    parts = {
        "article_id": [one["id"]],
        "entity_id": ["country-az"],
        "field": ["place"],
        "name": ["csv", "jsonl", "ris", "bib", "json"],
    }
    queries = {
        "/article/<path:article_id>": ["", "?format=json"],
        "/compare": [f"?left={one['id']}&right={other['id']}"],
        "/suggest": ["?q=هد"],
        "/api/v1/suggest": ["?q=هد"],
        "/api/v1/analyze": ["?text=هدنة"],
    }
    asked = []
    for rule in late.url_map.iter_rules():
        if rule.rule in WITHOUT_DEADLINE:
            continue
        for values in product(*(parts[name] for name in sorted(rule.arguments))):
            built = rule.build(dict(zip(sorted(rule.arguments), values, strict=True)))
            assert built is not None
            asked += [built[1] + query for query in queries.get(rule.rule, [""])]

    assert len(asked) > 20
    assert {url: free.get(url).status_code for url in asked} == dict.fromkeys(asked, 200)
    assert {url: hurried.get(url).status_code for url in asked} == dict.fromkeys(asked, 503)


@pytest.mark.parametrize(
    ("path", "least"),
    [
        pytest.param("/suggest?q=هد", 5, id="each word that is counted"),
        pytest.param("/entity/country-az", 20, id="each article that names it"),
        pytest.param("/search?q=هذنةة صرخاا علييفف", 15, id="each word that is rare"),
    ],
)
def test_the_deadline_is_checked_between_steps(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, path: str, least: int
) -> None:
    client = warmed(app_of(engine, Settings(time_limit_s=10))).test_client()
    asked = count()
    monkeypatch.setattr(Deadline, "after", lambda _: Deadline(1, 10**9, lambda: next(asked)))

    assert client.get(path).status_code == 200
    assert next(asked) >= least


@pytest.mark.parametrize(("lang", "said"), [("ar", "ضيّقه"), ("ru", "Сузьте")])
def test_a_time_limit_is_explained_in_the_language_of_the_page(
    engine: Engine, lang: str, said: str
) -> None:
    client = app_of(engine, Settings(time_limit_s=1e-9)).test_client()

    assert said in client.get(f"/search?q=هدنة&lang={lang}").text


@pytest.mark.parametrize(
    ("limit_s", "language", "said"),
    [
        (10, "lang=ar", "مُنح هذا البحث 10 ثوانٍ ولم"),
        (10, "lang=ar&digits=arab", "مُنح هذا البحث ١٠ ثوانٍ ولم"),
        (1, "lang=ar", "مُنح هذا البحث ثانية واحدة ولم"),
        (2, "lang=ar", "مُنح هذا البحث ثانيتين ولم"),
        (60, "lang=ar", "مُنح هذا البحث 60 ثانية ولم"),
        (0.5, "lang=ar&digits=arab", "مُنح هذا البحث ٠٫٥ ثانية ولم"),
        (0.5, "lang=ar", "مُنح هذا البحث 0.5 ثانية ولم"),
        (1, "lang=en", "was given 1 second and"),
        (10, "lang=en", "was given 10 seconds and"),
        (21, "lang=ru", "— 21 секунда;"),
        (10, "lang=ru", "— 10 секунд;"),
        (2.5, "lang=ru", "— 2,5 секунды;"),
    ],
)
def test_a_time_limit_is_shown_with_the_right_plural(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, limit_s: float, language: str, said: str
) -> None:
    monkeypatch.setattr(Deadline, "after", lambda limit: Deadline(limit, -1))
    client = app_of(engine, Settings(time_limit_s=limit_s)).test_client()

    assert said in client.get(f"/search?q=هدنة&{language}").text


def test_a_timeout_without_a_search_gives_no_advice_to_narrow(engine: Engine) -> None:
    client = app_of(engine, Settings(time_limit_s=1e-9)).test_client()
    article = client.get("/article/x?lang=en")

    assert article.status_code == 503
    assert "The page took too long" in article.text
    assert "Try again" in article.text
    assert "Narrow" not in article.text
    assert "Narrow" not in client.get("/api/v1/corpus").get_json(force=True)["detail"]


@pytest.mark.parametrize(
    "path", ["/search?per_page=20", "/api/v1/search?per_page=20", "/search?match=exact"]
)
def test_a_request_that_times_out_at_any_step_gives_no_partial_page(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = warmed(app_of(engine, Settings(time_limit_s=10))).test_client()
    url = f"{path}&q={'هذنة' if 'exact' in path else 'هدنة'}"
    whole = client.get(url).text
    steps = [0]

    def struck(_: float) -> Deadline:
        clock = count()
        return Deadline(1, steps[0], lambda: next(clock))

    monkeypatch.setattr(Deadline, "after", struck)
    seen = [client.get(url)]
    while seen[-1].status_code != 200:
        assert seen[-1].status_code == 503
        steps[0] += 3
        seen.append(client.get(url))

    assert seen[-1].text == whole
    assert steps[0] > (20 if "exact" not in path else 2)


def test_an_export_that_has_started_is_sent_in_full_after_the_time_limit(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(Deadline, "after", lambda _: Deadline(1, 1, lambda: now[0]))
    client = app_of(engine, Settings(time_limit_s=10)).test_client()
    expected = client.get("/search.jsonl").data

    answer = client.get("/search.jsonl")
    now[0] = 2.0

    assert answer.data == expected
    assert len(expected) > 1 << 15, "more than one piece is sent"
    assert client.get("/search.jsonl").status_code == 503


def test_only_a_file_with_its_hash_in_the_url_is_cached_for_ever(engine: Engine) -> None:
    client, closed = app_of(engine).test_client(), app_of(engine, Settings(password="x"))
    (address,) = re.findall(r'href="(/static/page\.css[^"]+)"', client.get("/").text)

    def kept(answer: TestResponse) -> str:
        with answer:
            return answer.headers["Cache-Control"]

    assert "immutable" in kept(client.get(address))
    assert "immutable" not in kept(client.get("/static/page.css"))
    assert "immutable" not in kept(client.get("/static/page.css?v=0123456789"))
    assert kept(client.get("/static/none.css?v=0123456789")) == "no-store"
    assert kept(closed.test_client().get(address)) == "no-store"


@pytest.mark.parametrize("path", ["/search", "/search.csv", "/api/v1/search", "/article/x"])
def test_only_read_methods_are_allowed_and_the_answer_lists_them(
    client: FlaskClient, path: str
) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        answer = client.open(path, method=method)

        assert answer.status_code == 405
        assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_if_none_match_with_a_star_gives_no_304_for_a_missing_page(
    client: FlaskClient,
) -> None:
    anything = {"If-None-Match": "*"}

    assert client.get("/article/none", headers=anything).status_code == 404
    assert client.get("/search?page=x", headers=anything).status_code == 400


def test_the_vary_header_is_the_same_on_a_page_and_on_its_304(
    client: FlaskClient,
) -> None:
    for path in ("/search", "/api/v1/corpus", "/static/page.css"):
        with client.get(path) as first:
            tag = first.headers["ETag"]
        with client.get(path, headers={"If-None-Match": tag}) as again:
            assert again.status_code == 304
            assert "Accept-Encoding" in first.vary
            assert "Accept-Encoding" in again.vary


def test_a_byte_range_counts_bytes_of_the_uncompressed_file(client: FlaskClient) -> None:
    with client.get("/static/page.css") as answer:
        whole = answer.data
    wanted = {"Range": "bytes=100-5099", "Accept-Encoding": "gzip"}
    with client.get("/static/page.css", headers=wanted) as part:
        assert part.status_code == 206
        assert part.data == whole[100:5100]
        assert "Content-Encoding" not in part.headers
    with client.get("/static/page.css", headers={"Accept-Encoding": "gzip"}) as small:
        assert gzip.decompress(small.data) == whole
        assert small.headers["ETag"].startswith("W/")
    with client.get("/static/page.css", headers={"Range": "bytes=99999999-"}) as beyond:
        assert beyond.status_code == 416
        assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_health_checks_robots_and_opensearch_are_answered(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/readyz").data.startswith(b"ready, generation")
    assert b"Disallow: /search" in client.get("/robots.txt").data
    assert b"{searchTerms}" in client.get("/opensearch.xml?lang=en").data


def test_the_font_that_the_operator_chose_is_served_with_the_pages(
    engine: Engine, tmp_path: Path
) -> None:
    font = tmp_path / "Naskh.woff2"
    font.write_bytes(b"wOF2 font")
    client = app_of(engine, Settings(font=font)).test_client()
    (style,) = re.findall(r'href="(/font\.css[^"]+)"', client.get("/").get_data(as_text=True))
    (address,) = re.findall(r'url\("([^"]+)"\)', client.get(style).get_data(as_text=True))
    answer = client.get(address)

    assert (answer.data, answer.mimetype) == (b"wOF2 font", "font/woff2")
    assert "immutable" in answer.headers["Cache-Control"]
