"""Print: paper shows the text, its source and its addresses, and no controls."""

import re
import unicodedata
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

PRESSED = (
    "header",
    "footer",
    ".filters",
    ".strictness",
    ".sorts",
    ".export",
    ".dates",
    ".cite",
    ".legend",
    ".hits",
    ".formats",
    ".pager",
    "button",
)


def printed(page: Page) -> str:
    """Return the text of the page as Chromium prints it on A4, with letters in their base form."""
    reader = PdfReader(BytesIO(page.pdf(format="A4")))
    text = "\n".join(sheet.extract_text() for sheet in reader.pages)
    return unicodedata.normalize("NFKC", text)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", unicodedata.normalize("NFKC", text)))


def missing(wanted: set[str], paper: str) -> set[str]:
    """Return the words that are not on paper; a PDF may give Arabic words in reverse."""
    return {word for word in wanted if word not in paper and word[::-1] not in paper}


def test_an_article_is_printed_in_full_with_its_addresses(page: Page) -> None:
    page.goto("/search?q=قوات حفظ السلام قره باغ")
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/article/**")
    identity = page.url.split("?")[0].rpartition("/")[2]
    article = page.request.get(f"/api/v1/articles/{identity}").json()
    digest = page.locator(".hash code").inner_text()
    names = page.locator(".panel .e").all_inner_texts()
    paper = printed(page)
    whole = re.sub(r"\s", "", paper)

    assert missing(words(article["text"]) | words(article["title"]), paper) == set()
    assert f"/article/{identity}" in whole
    assert digest in whole
    assert names
    assert "من وأين" not in paper
    assert "لماذا ظهرت" not in paper


def test_an_address_is_printed_beside_each_hit(page: Page) -> None:
    page.goto("/search?q=هدنة")
    titles = words(" ".join(page.locator(".hit h2").all_inner_texts()))
    paths = page.locator(".hit h2 a").evaluate_all("all => all.map(link => link.pathname)")
    facets = page.locator(".filters .facet h2").all_inner_texts()
    paper = printed(page)
    whole = re.sub(r"\s", "", paper)

    assert paths
    assert missing(titles, paper) == set()
    assert [path for path in paths if path not in whole] == []
    assert "/search?q=" in whole
    assert [facet for facet in facets if facet in paper] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/search?q=هدنة", "@article"])
def test_print_shows_highlights_as_lines_and_hides_controls(
    page: Page, path: str, scheme: str
) -> None:
    page.goto("/search?q=هدنة")
    if path == "@article":
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/article/**")
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    style = "mark => [getComputedStyle(mark).textDecorationLine, getComputedStyle(mark).color]"
    marks = page.locator("mark").evaluate_all(f"all => all.map({style})")

    assert {tuple(mark) for mark in marks} == {("underline", "rgb(0, 0, 0)")}
    assert [name for name in PRESSED if page.locator(f"{name}:visible").count()] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
