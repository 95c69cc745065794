"""Accessibility: axe-core finds nothing on any page, both directions, light and dark."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/",
    "/search?q=هدنة&filter:place=gaza-strip&exclude:person=ilham-aliyev",
    "/search?q=زخرفخر (باكو",
    "/search?timeline=event&digits=arab",
    "@article",
    "/facet/place?contains=ا",
    "/entity/ilham-aliyev",
    "@compare",
    "/help",
    "/api/v1/docs",
    "/search?color=red",
)


def opened(page: Page, url: str, lang: str) -> None:
    """Go to a page; `@` stands for what a search leads to."""
    tail = "" if lang == "ar" else f"lang={lang}"
    if not url.startswith("@"):
        page.goto(f"{url}{'&' if '?' in url else '?'}{tail}" if tail else url)
        return
    found = page.request.get("/api/v1/search?q=هدنة").json()["results"]
    if url == "@article":
        page.goto(f"{found[0]['url']}?q=هدنة&at=1&{tail}")
    else:
        page.goto(f"/compare?left={found[0]['id']}&right={found[1]['id']}&{tail}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_axe_finds_no_violation(new_page: NewPage, lang: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, bypass_csp=True)
    faults = []
    for url in PAGES:
        opened(page, url, lang)
        page.evaluate("for (const menu of document.querySelectorAll('details')) menu.open = true")
        page.evaluate(AXE)
        for fault in page.evaluate("axe.run().then(found => found.violations)"):
            nodes = [node["target"] for node in fault["nodes"]][:3]
            faults.append((url, fault["id"], fault["help"], nodes))
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert faults == []
    assert (sum(map(int, colour[4:-1].split(","))) < 200) == (scheme == "dark")
