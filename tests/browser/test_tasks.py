"""Tasks: the daily tasks of a researcher, from the first search to a citation, in Chromium."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewPage, shot, total

PLACE = ".filters .facet.place li:not(.missing)"


def test_a_search_narrows_by_facets_and_opens_an_article_without_leaving_the_machine(
    page: Page, site: str
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto("/")
    page.get_by_role("combobox").fill("قوات حفظ السلام")
    page.keyboard.press("Enter")
    found = total(page)
    page.locator(".facet.place a", has_text="قره باغ").first.click()
    narrowed = total(page)
    page.locator(".facet.published_year a", has_text="2020").first.click()
    in_year = total(page)
    page.locator(".hit h2 a").first.click()

    assert found >= narrowed >= in_year > 0
    assert page.locator(".body mark").count() > 0
    assert page.locator(".body .e.place").count() > 0
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert all(url.startswith(site) for url in asked)


def test_a_misspelt_name_is_found_by_a_suggestion_of_the_page(page: Page) -> None:
    page.goto("/search?q=باشينيانن")
    assert total(page) == 0
    page.locator(".wider a", has_text="باشينيان").first.click()

    assert total(page) > 0
    assert "باشينيان" in page.locator(".why").first.inner_text()


def test_a_name_is_completed_while_it_is_typed(page: Page) -> None:
    page.goto("/search")
    box = page.get_by_role("combobox")
    box.press_sequentially("لعلي")
    option = page.get_by_role("option", name="إلهام علييف")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(box).to_have_value("إلهام علييف")
    box.press("Enter")
    page.wait_for_url("**/search?q=*")

    assert total(page) > 0


def test_a_word_of_the_index_is_completed_by_keys_after_other_words(page: Page) -> None:
    page.goto("/search")
    box = page.get_by_role("combobox")
    box.press_sequentially("غارة قص")
    option = page.get_by_role("option", name="غارة قصف")
    expect(option).to_be_visible()
    expect(option).to_contain_text("كلمة · ")
    while box.input_value() != "غارة قصف":
        box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url("**/search?q=*")

    assert page.get_by_role("combobox").input_value() == "غارة قصف"


def test_a_value_is_excluded_and_included_again(page: Page) -> None:
    page.goto("/search?q=هدنة")
    found = total(page)
    row = page.locator(PLACE).first
    count = int(row.locator(".num").inner_text())
    row.hover()
    row.locator("a.x").click()
    without = total(page)
    page.locator(".chip").click()

    assert without == found - count
    assert total(page) == found


def test_two_places_are_joined_by_or(page: Page) -> None:
    page.goto("/facet/place")
    page.locator("li a", has_text="قطاع غزة").first.click()
    one = total(page)
    page.goto(page.url + "&filter:place=kyiv")
    shot(page, "two-places")

    assert total(page) > one
    assert page.locator(".chip").count() == 2


def test_articles_without_persons_are_found(page: Page) -> None:
    page.goto("/search?q=هدنة")
    row = page.locator(".facet.person li.missing")
    count = int(row.locator(".num").inner_text())
    row.locator("a").click()

    assert total(page) == count
    assert page.locator(".hit").count() == count


def test_the_chart_zooms_from_years_to_a_day_and_back(page: Page) -> None:
    page.goto("/search")
    every = total(page)
    for interval in ("year", "month", "day"):
        chart = page.locator(".timeline svg")
        assert chart.get_attribute("data-interval") == interval
        chart.locator("a").last.click(force=True)
    on_a_day = total(page)
    for _ in range(3):
        page.locator(".timeline .zoom").click()

    assert 0 < on_a_day < every
    assert total(page) == every


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_range_of_dates_is_chosen_by_dragging_over_the_chart(page: Page, lang: str) -> None:
    page.goto(f"/search?lang={lang}")
    place = page.locator(".timeline svg").bounding_box()
    assert place
    # Time runs in the reading direction: the drag covers the second half of the chart.
    newest, middle = (0.98, 0.52) if lang == "en" else (0.02, 0.48)
    page.mouse.move(place["x"] + place["width"] * newest, place["y"] + 20)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] * middle, place["y"] + 20, steps=6)
    expect(page.locator(".brush")).to_be_visible()
    page.mouse.up()
    page.wait_for_url("**filter*")
    since, until = (field.input_value() for field in page.locator(".dates input:visible").all())
    ends = f"filter:gte:published={since}&filter:lte:published={until}"
    counted = page.request.get(f"/search.json?{ends}").json()["total"]["documents"]

    assert "2015" < since < until
    assert total(page) == counted > 0


def test_chart_table_and_undated_articles_add_up_to_all_hits(page: Page) -> None:
    page.goto("/search")
    every = total(page)
    bars = page.locator(".timeline svg a title").evaluate_all("all => all.map(t => t.textContent)")
    page.locator(".timeline summary").click()
    table = page.locator(".timeline tbody td").all_inner_texts()
    undated = page.locator(".undated")
    expect(undated).to_have_text("واحد غير مؤرخ")
    undated.click()

    assert len(bars) == len(table)
    assert sum(map(int, table)) + total(page) == every
    assert page.locator(".hit time").count() == 0


def test_two_date_fields_set_the_range_without_a_mouse(page: Page) -> None:
    page.goto("/search")
    page.get_by_label("من", exact=True).fill("2020-11")
    page.get_by_label("إلى", exact=True).fill("2020-11-10")
    page.keyboard.press("Enter")
    page.wait_for_url("**filter*")

    assert total(page) == 4


def test_the_timeline_can_count_event_dates(page: Page) -> None:
    page.goto("/search")
    page.locator(".kinds a").click()
    page.locator(".dates input:visible").first.fill("1980")
    page.locator(".dates input:visible").last.fill("1995")
    page.keyboard.press("Enter")
    page.wait_for_url("**event*")

    assert total(page) > 0
    assert page.locator(".chip").first.inner_text().startswith("الحدث")


def test_a_rare_value_is_found_on_the_page_of_its_facet(page: Page) -> None:
    page.goto("/search")
    page.locator(".facet.place .more a").click()
    page.get_by_label("الاسم يحوي").fill("باخموت")
    page.keyboard.press("Enter")
    page.wait_for_url("**contains*")
    page.locator("li a", has_text="باخموت").first.click()

    assert total(page) >= 1


def test_keys_move_through_matches_and_results(page: Page) -> None:
    page.goto("/search?q=هدنة")
    page.keyboard.press("j")
    page.keyboard.press("j")
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    assert page.locator("h1").inner_text() == title
    for _ in range(2):
        page.keyboard.press("n")
    assert page.locator("mark.now").get_attribute("id") == "h2"
    page.keyboard.press("p")
    assert page.locator("mark.now").get_attribute("id") == "h1"
    page.keyboard.press("j")
    page.wait_for_url("**at=3*")
    assert page.locator("h1").inner_text() != title


def test_a_whole_task_is_done_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("هدنة")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")

    assert page.locator(".body mark").count() > 0


def test_highlights_can_be_switched_off_by_class(page: Page) -> None:
    page.goto("/search?q=هدنة")
    page.locator(".hit h2 a").first.click()
    place = page.locator(".body .e.place").first
    before = place.evaluate("element => getComputedStyle(element).textDecorationLine")
    page.locator(".show-place").uncheck()
    after = place.evaluate("element => getComputedStyle(element).textDecorationLine")

    assert (before, after) == ("underline", "none")


def test_a_filtered_search_is_exported_for_a_citation_manager(page: Page, tmp_path: Path) -> None:
    page.goto("/search?q=هدنة&filter:place=gaza-strip")
    found = total(page)
    kept = {}
    for name in ("RIS (Zotero, EndNote)", "CSV", "BibTeX"):
        page.locator(".export summary").click()
        with page.expect_download() as download:
            page.locator(".export").get_by_role("link", name=name, exact=True).click()
        kept[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(kept[name])
        page.keyboard.press("Escape")

    records = kept["RIS (Zotero, EndNote)"].read_text(encoding="utf-8").split("ER  - ")
    tags = [
        dict(re.findall(r"^([A-Z][A-Z0-9])  - (.*)$", one, re.MULTILINE)) for one in records[:-1]
    ]
    with kept["CSV"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(tags) == len(rows) == found
    assert {one["TY"] for one in tags} == {"NEWS"}
    assert [one["TI"] for one in tags] == [row["title"] for row in rows]
    assert kept["BibTeX"].read_text(encoding="utf-8").count("@online{") == found


def test_an_article_is_cited_and_its_text_can_be_verified_by_hash(page: Page) -> None:
    page.goto("/search?q=هدنة")
    page.locator(".hit h2 a").first.click()
    heading = page.locator("h1").inner_text()
    digest = page.locator(".hash code").inner_text()
    schema = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    answer = page.request.get(page.url.split("?")[0] + ".csl.json")
    text = page.request.get(page.url.split("?")[0] + ".txt")

    assert schema["headline"] == answer.json()[0]["title"] == heading
    assert text.headers["x-content-sha256"] == digest
    assert page.locator('meta[name="citation_title"]').get_attribute("content") == heading


def test_every_state_is_a_link_to_share(page: Page, new_page: NewPage) -> None:
    page.goto("/search?q=هدنة")
    page.locator(PLACE).first.locator("a").first.click()
    page.locator(".sorts a", has_text="الأحدث").click()
    page.get_by_role("link", name="English").click()
    shot(page, "search-en")
    other = new_page()
    other.goto(page.url)

    assert other.locator(".results").inner_text() == page.locator(".results").inner_text()
    assert other.locator("html").get_attribute("dir") == "ltr"


def test_everything_works_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("هدنة")
    page.keyboard.press("Enter")
    found = total(page)
    page.locator(PLACE).first.locator("a").first.click()
    assert 0 < total(page) <= found
    page.locator(".hit h2 a").first.click()
    page.locator(".hits a").first.click()
    assert page.url.endswith("#h1")
    page.locator(".show-date").uncheck()
    page.locator(".back").click()
    assert 0 < total(page) <= found


def test_empty_fields_stay_out_of_the_address_and_can_be_typed_in_again(page: Page) -> None:
    page.goto("/search?q=هدنة")
    page.evaluate(
        """() => {
            addEventListener("submit", (event) => event.preventDefault(), {once: true});
            document.querySelector("form.dates").requestSubmit();
        }"""
    )
    assert page.locator("form.dates input").count() > 0
    assert page.locator("form.dates input:disabled").count() == 0
    page.evaluate(
        """() => {
            const form = document.querySelector("form.dates");
            form.querySelector("input:not([type=hidden])").value = "2020";
            form.requestSubmit();
        }"""
    )
    page.wait_for_url("**2020*")
    assert "filter%3Agte" in page.url
    assert "filter%3Alte" not in page.url


def test_the_page_is_right_to_left_and_can_be_switched_to_left_to_right(page: Page) -> None:
    def sides() -> tuple[float, float]:
        filters = page.locator(".filters").bounding_box()
        results = page.locator(".results").bounding_box()
        assert filters
        assert results
        return filters["x"], results["x"]

    page.goto("/search?q=هدنة")
    filters, results = sides()
    assert filters > results
    page.get_by_role("link", name="Русский").click()
    filters, results = sides()
    assert filters < results
    assert "q=" in page.url


def test_a_phone_gets_one_column_without_sideways_scrolling(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 780})
    page.goto("/search?q=هدنة")
    assert not page.locator(".filters").is_visible()
    page.locator("p.narrow a").click()
    page.locator(PLACE).first.locator("a").first.click()
    assert "filter%3Aplace" in page.url
    article = page.locator(".hit h2 a").first.get_attribute("href") or ""
    for url in ("/", "/search", page.url, article, "/facet/place", "/entity/ilham-aliyev", "/help"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
