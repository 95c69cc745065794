"""Keyboard: the tasks of a day without a pointer, and the focus is always visible."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, total

MOST_STOPS = 400
FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const box = element.closest("form.q input[type=search]") ? element.form : element;
    const place = box.getBoundingClientRect(), bar = document.querySelector("header");
    const over = bar.contains(element) || element.matches(".skip");
    const below = getComputedStyle(bar).position === "sticky" && !over
        ? bar.getBoundingClientRect().bottom : 0;
    const hits = document.querySelector(".hits");
    const above = hits && !hits.contains(element) && hits.parentElement.contains(element)
        ? hits.getBoundingClientRect().top : innerHeight;
    return {
        name: `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 30)}`,
        page: element === document.body,
        main: document.querySelector("main").contains(element),
        ringed: style.outlineStyle !== "none" || getComputedStyle(box).boxShadow !== "none",
        opaque: Number(style.opacity) === 1,
        seen: place.width > 0 && place.height > 0
            && place.bottom > below && place.top >= below - 1 && place.top < above,
    };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on *selector*."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no stop is {selector}")


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def searched(page: Page, query: str) -> int:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    return total(page)


def test_facet_values_are_chosen_excluded_and_removed(page: Page) -> None:
    found = searched(page, "هدنة")
    press_on(page, ".filters .place li:not(.on) > a:first-child")
    page.wait_for_url("**filter%3Aplace**")
    narrowed = total(page)
    tab_to(page, ".filters .person .x")
    expect(page.locator(".filters .person .x:focus")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.wait_for_url("**exclude%3Aperson**")
    fewer = total(page)
    press_on(page, ".clear")
    expect(page.locator(".chip")).to_have_count(0)

    assert found > narrowed > fewer > 0
    assert total(page) == found


def test_the_table_of_the_chart_narrows_the_range_to_a_day(page: Page) -> None:
    found = searched(page, "هدنة")
    for unit in ("year", "month", "day"):
        assert page.locator(".timeline svg").get_attribute("data-interval") == unit
        press_on(page, ".timeline summary")
        with page.expect_navigation():
            press_on(page, ".timeline tbody a")
    on_a_day = total(page)
    for _ in range(3):
        with page.expect_navigation():
            press_on(page, ".timeline .zoom")

    assert 0 < on_a_day < found
    assert total(page) == found


def test_a_search_is_sorted_exported_and_opened_by_keyboard(page: Page, tmp_path: Path) -> None:
    searched(page, "هدنة")
    press_on(page, ".sorts a")
    page.wait_for_url("**sort=**")
    press_on(page, ".export summary")
    tab_to(page, '.export a[href*="search.ris"]')
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "found.ris")
    page.keyboard.press("Escape")
    assert page.locator(".export[open]").count() == 0

    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    press_on(page, ".show-place", "Space")
    decorated = "place => getComputedStyle(place).textDecorationLine"
    assert page.locator(".body .e.place").first.evaluate(decorated) == "none"
    tab_to(page, '.formats a[href$=".bib"]')
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    assert "ER  - " in (tmp_path / "found.ris").read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".bib")


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/search?q=هدنة")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(
    ("path", "lang"),
    [("/", "ar"), ("/search?q=هدنة&filter:language=ar", "ar"), ("@article", "en")],
)
def test_the_focus_is_visible_at_every_tab_stop(new_page: NewPage, path: str, lang: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 700}, reduced_motion="reduce")
    if path == "@article":
        page.goto(f"/search?q=هدنة&lang={lang}")
        path = page.locator(".hit h2 a").first.get_attribute("href") or ""
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}" if "lang=" not in path else path)
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop.pop("page"):
            break
        stops.append(stop)
    lost = [stop for stop in stops if not (stop["ringed"] and stop["seen"] and stop["opaque"])]

    assert lost == []
    assert len(stops) > 10
    assert any(stop["main"] for stop in stops)
