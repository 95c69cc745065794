"""Accessibility: axe-core finds nothing on any page, in any language, light and dark."""

from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import render_template
from playwright.sync_api import Page, Route

from marsad.indexer.sync.tombstones import Tombstone
from marsad.webui.app import open_app
from marsad.webui.http.errors import Problem
from marsad.webui.i18n.catalogue import languages
from marsad.webui.request.forms import FormError
from marsad.webui.state.settings import Settings
from tests.browser.conftest import NewPage

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
STORY = "قوات حفظ السلام قره باغ"
PAGES = (
    "/",
    "/search?q=هدنة&filter:place=gaza-strip&exclude:person=ilham-aliyev",
    "/search?q=زخرفخر (باكو",
    "/search?timeline=event&digits=arab",
    "@article",
    "/facet/place?contains=ا",
    "/entity/ilham-aliyev",
    "@cluster",
    "@compare",
    "/help",
    "/api/v1/docs",
    "/search?color=red",
    "/nowhere",
)
# Error pages that the test server does not give to loopback clients, or only if it fails.
REFUSALS = {
    "401": Problem(status=401),
    "403": Problem(status=403),
    "410": Problem(
        status=410, tombstone=Tombstone("a", "هدنة", "2023", "تاس", "a.txt", "2026-11-24")
    ),
    "429": Problem(status=429),
    "500": Problem(status=500),
    "503": Problem(status=503),
    "slow": Problem(status=503, limit_s=2.5),
    "value": Problem(status=400, error=FormError("sort", "سعر", "relevance")),
}


@pytest.fixture(scope="module")
def refusal(corpus_index: object) -> Iterator[object]:
    """Answer `/refused/NAME` with the error page of that status, as the application renders it."""
    app = open_app(str(corpus_index), Settings())

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        problem = REFUSALS[url.path.rpartition("/")[2]]
        with app.test_request_context(url.path):
            body = render_template("error.html", page=problem.page(dict(parse_qsl(url.query))))
        route.fulfill(status=problem.status, content_type="text/html", body=body)

    yield answer
    app.extensions["marsad"].engine.close()


def addresses(page: Page, lang: str) -> Iterator[str]:
    """Yield the URL of every kind of page; those with an id take it from a search."""
    page.goto(f"/search?q={STORY}")
    cluster = page.locator('a[href^="/cluster/"]').first.get_attribute("href") or ""
    article = page.locator(".hit h2 a").first.get_attribute("href") or ""
    page.goto(cluster)
    compare = page.locator('.copies a[href^="/compare"]').first.get_attribute("href") or ""
    found = {"@article": article, "@cluster": cluster, "@compare": compare}
    for url in (*PAGES, *(f"/refused/{name}" for name in REFUSALS)):
        address = found.get(url, url)
        yield f"{address}{'&' if '?' in address else '?'}lang={lang}"


def faults(page: Page, url: str, options: str = "{}") -> list[tuple[str, str, str, list[str]]]:
    """Return the violations that axe-core finds on the open page."""
    page.evaluate(AXE)
    violations = page.evaluate(f"axe.run({options}).then(found => found.violations)")
    return [
        (url, one["id"], one["help"], [node["target"] for node in one["nodes"]][:3])
        for one in violations
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", languages())
def test_axe_finds_no_violation(new_page: NewPage, refusal: object, lang: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, bypass_csp=True)
    page.route("**/refused/*", refusal)  # type: ignore[arg-type]
    found = []
    for url in addresses(page, lang):
        page.goto(url)
        assert page.locator("html").get_attribute("lang") == lang
        page.evaluate("for (const menu of document.querySelectorAll('details')) menu.open = true")
        found += faults(page, url)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert found == []
    assert (sum(map(int, colour[4:-1].split(","))) < 200) == (scheme == "dark")


@pytest.mark.parametrize("lang", languages())
def test_controls_are_wide_enough_for_a_finger_on_a_phone(
    new_page: NewPage, refusal: object, lang: str
) -> None:
    page = new_page(viewport={"width": 360, "height": 780}, bypass_csp=True)
    page.route("**/refused/*", refusal)  # type: ignore[arg-type]
    found = []
    for url in addresses(page, lang):
        page.goto(url)
        found += faults(page, url, "{runOnly: ['target-size']}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url

    assert found == []
