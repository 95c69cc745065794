"""A researcher's first steps, in a real Chromium against the real server.

Screenshots go to `.screens/`, to be looked at.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from corpus.article import Article
from corpus.read import read
from indexer.engine import FacetFilter, FacetRequest, SearchRequest
from indexer.query.parse import parse
from indexer.registry import Parts
from tests.browser.find_chromium import find_chromium
from tests.conftest import EVAL, ROOT, Marsad
from tests.contract.oracle import OracleEngine

SCREENS = ROOT / ".screens"
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "no Chromium: run tests/browser/find_chromium.py --install"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield opened
        opened.close()


def serve(index: Path) -> Iterator[str]:
    """Run the real server on a free port; yield its address."""
    program = str(Path(sys.executable).parent / "marsad")
    command = [program, "serve", "--index", str(index), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    yield line.split()[-1].rstrip("/")
    server.terminate()
    server.wait(timeout=10)
    server.stdout.close()


@pytest.fixture(scope="module")
def site(corpus_index: Path) -> Iterator[str]:
    yield from serve(corpus_index)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context(base_url=site, viewport={"width": 1280, "height": 1000}) as context:
        yield context.new_page()


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def total(page: Page) -> int:
    words = page.locator(".head h1").inner_text()
    plain = {"مقال واحد": 1, "مقالان": 2, "لا مقالات": 0}
    first = words.split("·")[0].strip()
    return plain.get(first, -1) if first in plain else int(re.sub(r"\D", "", first))


def test_a_search_from_the_box_narrows_by_facets_and_opens_an_article(
    page: Page, site: str
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto("/")
    page.get_by_role("searchbox").fill("قوات حفظ السلام")
    page.keyboard.press("Enter")
    found = total(page)
    shot(page, "search-ar")
    page.locator(".facet.place a", has_text="قره باغ").first.click()
    narrowed = total(page)
    page.locator(".facet.published_year a", has_text="2020").first.click()
    in_year = total(page)
    shot(page, "facets-ar")
    page.locator("article.hit h3 a").first.click()
    shot(page, "article-ar")

    assert found >= narrowed >= in_year > 0
    assert page.locator(".body mark").count() > 0
    assert page.locator(".body .e.place").count() > 0
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert all(url.startswith(site) for url in asked)


def test_the_page_reads_from_the_right_and_switches_to_the_left(page: Page) -> None:
    page.goto("/search?q=هدنة")
    facets = page.locator("main > aside").bounding_box()
    results = page.locator("section.results").bounding_box()
    page.get_by_role("link", name="English").click()
    shot(page, "search-en")
    english_facets = page.locator("main > aside").bounding_box()
    english_results = page.locator("section.results").bounding_box()

    assert facets
    assert results
    assert english_facets
    assert english_results
    assert facets["x"] > results["x"]
    assert english_facets["x"] < english_results["x"]
    assert "q=" in page.url


def test_a_phone_gets_one_column_without_sideways_scrolling(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, viewport={"width": 360, "height": 780}) as context:
        page = context.new_page()
        page.goto("/search?q=هدنة")
        shot(page, "search-phone")
        page.locator("details.narrow summary").click()
        page.locator("details.narrow .facet.place a").first.click()

        assert "filter%3Aplace" in page.url
        for url in ("/search", page.url):
            page.goto(url)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_is_dark_where_the_reader_wants_it(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, color_scheme="dark") as context:
        page = context.new_page()
        page.goto("/search?q=هدنة")
        shot(page, "search-dark")

        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 60


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    page.goto("/search?q=هدنة")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('[class]')?.className ?? ''"))

    assert {"q", "name"} <= {name.split(" ")[0] for name in reached}
    assert any("w" in name for name in reached)


def test_hostile_articles_run_no_script(browser: Browser, tmp_path: Path, marsad: Marsad) -> None:
    nasty = '"><script>document.title="owned"</script><img src=x onerror=document.title="owned">'
    record = dict.fromkeys(("title", "text", "source", "author", "language"), nasty)
    record |= {"id": "x'\"<b>", "url": "javascript:document.title='owned'"}
    source = tmp_path / "nasty.jsonl"
    source.write_text(json.dumps(record) + "\n", encoding="utf-8")
    marsad("index", source, "--index", tmp_path / "index")
    servers = serve(tmp_path / "index")
    site = next(servers)
    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.goto("/search")
        titles = [page.title()]
        page.locator("article.hit h3 a").click()
        titles.append(page.title())

        assert "owned" not in {title.strip() for title in titles}
        assert page.locator("img").count() == 0
        assert page.locator('a[href^="javascript"]').count() == 0
        assert page.locator(".body p").count() == 1
    next(servers, None)


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation data is not beside the checkout")
def test_real_news_narrows_by_year_place_and_person_as_the_oracle_says(
    browser: Browser, tmp_path: Path, marsad: Marsad, wanted: Parts
) -> None:
    source = EVAL / "news/ant.jsonl.gz"
    done = marsad("index", source, "--index", tmp_path / "index")
    assert "read 3630, added 3630" in done.stdout
    oracle = OracleEngine()
    with oracle.writer() as writer:
        for record in read([source]):
            if isinstance(record, Article):
                writer.add(wanted.documents.make(record))
    tree = parse("ليبيا", wanted.analyzer, wanted.gazetteer.resolve).tree

    servers = serve(tmp_path / "index")
    with browser.new_context(base_url=next(servers)) as context:
        page = context.new_page()
        page.goto("/search?q=ليبيا")
        chosen: tuple[FacetFilter, ...] = ()
        for field in ("published_year", "place", "person"):
            asked = SearchRequest(query=tree, filters=chosen, facets=(FacetRequest(field, 8),))
            expected = oracle.search(asked)
            assert total(page) == expected.total
            (counts,) = expected.facets
            value = counts.values[0][0]
            shown = page.locator(f"main > aside .facet.{field} li:not(.missing) .num")
            assert sorted(map(int, shown.all_inner_texts())) == sorted(c for _, c in counts.values)
            page.locator(f'main > aside .facet.{field} li > a[href*="={value}"]').first.click()
            chosen = (*chosen, FacetFilter(field, (value,)))
        last = oracle.search(SearchRequest(query=tree, filters=chosen))
        shot(page, "ant-narrowed")

        assert total(page) == last.total > 0
    next(servers, None)
