"""Pages: their contents in every language, and the safety of what they show."""

import csv
import html
import io
import json
import re
from collections.abc import Mapping
from threading import Event
from typing import Any, cast
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.corpus.letters import fold_digits
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.query.tree import Keyword
from tests.web.conftest import app_of, warmed


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def text_of(source: str) -> str:
    """Return the text of a page without tags and without bidi isolate characters."""
    return re.sub("[\u2066-\u2069]", "", html.unescape(re.sub(r"<[^>]+>", "", source)))


def total(source: str) -> int:
    (words,) = re.findall(r"<h1>([\d,]+) article", source)
    return int(words.replace(",", ""))


def first_hit(client: FlaskClient, url: str) -> str:
    found: str = html.unescape(
        re.findall(r'<h2[^>]*><a href="(/article[^"]+)"', page(client, url))[0]
    )
    return found


def test_an_article_shows_its_date_in_words_and_as_printed(client: FlaskClient) -> None:
    told = [json.loads(line) for line in page(client, "/search.jsonl").splitlines()]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(page(client, "/search.csv")))}
    dated = [one for one in told if one["published"]]
    shown = text_of(page(client, f"/article/{dated[0]['id']}?lang=en"))

    assert dated
    for one in dated:
        printed = one["published_as_printed"]
        assert str(int(one["published"]["date"][:4])) in fold_digits(printed)
        assert rows[one["id"]]["published_as_printed"] == printed
    assert dated[0]["published_as_printed"] in shown
    assert [one["published_as_printed"] for one in told if not one["published"]] == [""]


def test_the_first_page_shows_the_size_of_the_corpus_and_its_top_entities(
    client: FlaskClient,
) -> None:
    shown = page(client, "/")

    assert '<html lang="ar" dir="rtl">' in shown
    assert "في المدوّنة 78 مقالاً" in shown
    assert 'href="/entity/ilham-aliyev"' in shown
    assert shown.count('<path class="col"') > 5


def test_a_hit_highlights_whole_words_with_their_clitics_and_diacritics(
    client: FlaskClient,
) -> None:
    assert "<mark>الكريملِن</mark>" in page(client, "/search?q=الكريملن")


def test_the_language_can_be_switched_without_losing_the_search(client: FlaskClient) -> None:
    shown = page(client, "/search?q=هدنة&lang=en")

    assert '<html lang="en" dir="ltr">' in shown
    assert "Forces and groups" in shown
    assert f'href="/search?q={quote("هدنة")}"' in shown
    assert "статей" in page(client, "/search?q=هدنة&lang=ru")


def test_digits_and_calendar_can_be_chosen(client: FlaskClient) -> None:
    shown = page(client, "/search?digits=arab&calendar=islamic-umalqura&sort=published:asc")

    assert "٧٨ مقالاً" in shown
    assert re.search(r"[٠-٩]{1,2} [^<]*[٠-٩]{4} \([٠-٩]+ [^<]* [٠-٩]{4} هـ\)", shown)


def test_a_facet_narrows_the_search_and_its_chip_removes_the_choice(client: FlaskClient) -> None:
    shown = page(client, "/search?q=قوات&filter:person=ilham-aliyev&filter:published_year=2020")

    q = quote("قوات")
    assert "الشخص: إلهام علييف" in text_of(shown)
    assert f'href="/search?q={q}&amp;filter%3Apublished_year=2020"' in shown
    assert f'href="/search?q={q}"' in shown


def test_values_of_one_facet_are_joined_by_or_and_facets_by_and(client: FlaskClient) -> None:
    def count(query: str) -> int:
        return total(page(client, f"/search?lang=en&{query}"))

    gaza, kyiv = count("filter:place=gaza-strip"), count("filter:place=kyiv")
    both = count("filter:place=gaza-strip&filter:place=kyiv")
    assert max(gaza, kyiv) < both <= gaza + kyiv
    assert count("filter:place=gaza-strip&filter:language=ar") <= gaza
    assert count("exclude:place=gaza-strip") == count("") - gaza
    assert count("empty:person=true") < count("")


def test_a_date_range_includes_both_ends(client: FlaskClient) -> None:
    day = "2020-11-10"
    shown = page(client, f"/search?lang=en&filter:gte:published={day}&filter:lte:published={day}")

    assert total(shown) == 4
    assert "Published: 10 November 2020" in text_of(shown)


def test_event_dates_are_searched_separately_from_publication_dates(client: FlaskClient) -> None:
    published = total(page(client, "/search?lang=en&filter:lte:published=1999"))
    speaking = page(client, "/search?lang=en&filter:lte:event=1999&timeline=event")

    assert published == 0
    assert total(speaking) > 0
    assert "Articles by" in speaking


def test_the_timeline_zooms_from_years_to_days_and_back(client: FlaskClient) -> None:
    years = page(client, "/search?lang=en")
    months = page(client, "/search?lang=en&filter:gte:published=2020&filter:lte:published=2020")
    days = page(client, "/search?lang=en&filter:gte:published=2020-11&filter:lte:published=2020-11")

    assert 'data-interval="year"' in years
    assert "filter%3Agte%3Apublished=2020&amp;filter%3Alte%3Apublished=2020&amp;lang=en" in years
    assert 'data-interval="month"' in months
    assert "filter%3Agte%3Apublished=2020-11&amp;filter%3Alte%3Apublished=2020-11" in months
    assert 'data-interval="day"' in days
    assert '<a class="zoom" href="/search?filter%3Agte%3Apublished=2020&amp;' in days
    counted = sum(map(int, re.findall(r'<td class="num">(\d+)</td>', days)))
    assert counted == total(days)


def test_the_page_of_a_facet_lists_every_value(client: FlaskClient) -> None:
    listed = page(client, "/facet/place?lang=en")
    narrowed = page(client, "/facet/place?lang=en&contains=gaz&order=name")

    assert listed.count("filter%3Aplace=") == 100
    assert "Gaza Strip" in narrowed
    assert "Kyiv" not in narrowed
    assert "filter%3Aplace=" in page(client, "/facet/place?lang=en&values_page=2")
    assert page(client, "/facet/colour", 404)


def test_a_search_without_hits_is_not_relaxed_but_offers_broader_searches_with_counts(
    client: FlaskClient,
) -> None:
    shown = page(client, "/search?q=باكو زخرفخر&lang=en&filter:published_year=2023")

    assert "Nothing found" in shown
    (wider, href) = re.findall(r'<li><a href="([^"]+any=1[^"]*)">([^<]+)</a>', shown)[-1][::-1]
    count = int(re.findall(r"\((\d+) article", wider)[0])
    assert count == total(page(client, html.unescape(href)))


def test_the_page_summarizes_how_the_query_was_understood(client: FlaskClient) -> None:
    shown = text_of(page(client, '/search?lang=en&q="قوات السلام"~3 أو شخص:علييف -كارابا*'))

    assert "Understood as" in shown
    assert "«قوات السلام» within 3 words" in shown
    assert "person: علييف = Ilham Aliyev" in shown
    assert "starts with this" in shown
    assert "قوس بلا نظير" in page(client, "/search?q=(باكو")


def test_the_summary_of_a_query_explains_operators_of_other_systems(client: FlaskClient) -> None:
    typed = "هدنة w/5 غزة /s اتفاق atleast2(سلام) lead:(حرب or هدنة) pre/3"
    shown = text_of(page(client, f"/search?lang=en&q={typed}"))
    arabic = text_of(page(client, f"/search?q={typed}"))

    assert "within 5 words of" in shown
    assert "in one sentence with" in shown
    assert "at least 2 times" in shown
    assert "first words:" in shown
    assert "Read as an operator" in shown
    assert "في جملة واحدة مع" in arabic
    api = client.get("/api/v1/search", query_string={"q": "هدنة - غزة or سلام"}).get_json()
    kinds = [remark["kind"] for remark in api["query"]["diagnostics"]]
    assert kinds == ["lone-dash", "operator-word"]


def test_an_article_page_says_how_the_article_satisfies_a_condition(client: FlaskClient) -> None:
    shown = text_of(page(client, first_hit(client, "/search?lang=en&q=تاريخ:2020 -زخرفة")))

    assert "published 2020" in shown
    assert "it is not in the article" in shown


def test_an_article_page_has_sections_metadata_and_highlighted_entities(
    client: FlaskClient,
) -> None:
    shown = page(client, first_hit(client, "/search?q=عنوان:«بيان ثلاثي»"))

    assert "إعادة المناطق المحيطة بالإقليم</h2>" in shown
    assert re.search(r'class="e person" title="إلهام علييف">إلهام علييف</span>', shown)
    assert 'class="e date" title="2020-09-27"' in shown
    assert "الموقع الرسمي لرئيس روسيا" in shown
    assert '<meta name="citation_date" content="2020-11-10">' in shown
    (schema,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown)
    assert json.loads(schema)["@type"] == "NewsArticle"


def test_an_article_page_shows_its_rank_among_the_results(client: FlaskClient) -> None:
    first = first_hit(client, "/search?q=هدنة&lang=en")
    shown = page(client, first)
    (following,) = re.findall(r'<a rel="next" href="([^"]+)"', shown)
    second = page(client, html.unescape(following))

    assert "Result 1 of" in shown
    assert "Result 2 of" in second
    assert html.unescape(re.findall(r'<a rel="prev" href="([^"]+)"', second)[0]) == first
    assert 'id="h1"' in shown


def test_two_articles_are_compared_word_by_word(client: FlaskClient, engine: Engine) -> None:
    found = engine.search(SearchRequest(query=Keyword("place", "nagorno-karabakh"), limit=2))
    left, right = (hit.id for hit in found.hits)

    shown = page(client, f"/compare?left={left}&right={right}&lang=en")

    assert "% shared" in shown
    assert "<del>" in shown
    assert "<ins>" in shown
    assert page(client, f"/compare?left={left}&lang=en", 400)
    assert page(client, f"/compare?left={left}&right=none", 404)


def test_an_entity_page_has_names_a_timeline_and_cooccurring_entities(client: FlaskClient) -> None:
    shown = page(client, "/entity/ilham-aliyev?lang=en")

    assert "Ильхам Алиев" in shown
    assert "Azerbaijan" in shown
    assert "Mentioned together with" in shown
    assert page(client, "/entity/nobody", 404)


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("/article/none", 404, "لا صفحة هنا"),
        ("/nowhere", 404, "لا صفحة هنا"),
        ("/search?color=red", 400, "color"),
        ("/search?page=5000", 400, "10,000"),
        ("/search?page=5000&lang=en", 400, "narrow the search"),
        ("/search?lang=en&q=" + "+".join(f"w{n}" for n in range(400)), 400, "too large"),
        (
            "/search?lang=en&q=" + "+".join(f"ab{c}*" for c in "abcdefghijklmnopqrst"),
            400,
            "Too many patterns",
        ),
    ],
)
def test_an_error_is_a_page_that_says_what_to_do(
    client: FlaskClient, url: str, status: int, said: str
) -> None:
    assert said in page(client, url, status)


@pytest.mark.parametrize("url", ["/", "/search?q=هدنة", "/search?q=زخرفخر", "/nowhere", "/help"])
def test_no_page_loads_foreign_resources_or_has_inline_code(client: FlaskClient, url: str) -> None:
    shown = client.get(url).get_data(as_text=True)
    loaded = re.findall(r'(?:\bsrc|<link rel="(?:stylesheet|icon)"[^>]*href)="([^"]+)"', shown)

    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert not re.findall(r"<script(?![^>]* src=)(?![^>]*ld\+json)", shown)
    assert not re.findall(r" (?:style|on[a-z]+)=", shown)


def test_hostile_text_is_shown_and_never_run(client: FlaskClient) -> None:
    shown = page(client, "/search?q=<script>alert(1)</script>\"'&filter:source=<img src=x>")

    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


_names = st.sampled_from(
    ("q", "page", "sort", "filter:person", "empty:place", "x", "lang", "any", "at", "timeline")
) | st.sampled_from(
    ("filter:gte:event", "filter:lte:published", "facet_interval:event", "digits", "left")
)
_paths = st.sampled_from(
    ("/search", "/", "/article/none", "/facet/place", "/entity/ilham-aliyev", "/search.csv")
) | st.sampled_from(("/api/v1/search", "/suggest", "/search.atom", "/help", "/receipt", "/compare"))
_odd = st.text(max_size=30) | st.sampled_from(
    ['"', "(((", "OR OR", "*", "شخص:", "تاريخ:٢٠٢٠..", "~9"]
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=_paths, arguments=st.lists(st.tuples(_names, _odd), max_size=4))
def test_any_parameters_give_an_answer_or_a_helpful_4xx(
    client: FlaskClient, path: str, arguments: list[tuple[str, str]]
) -> None:
    clean = [(name, value.encode("utf-8", "replace").decode()) for name, value in arguments]

    with client.get(path, query_string=clean) as answer:
        assert answer.status_code in (200, 400, 404)
        if answer.status_code != 200:
            assert answer.data


def test_the_page_shows_the_counts_of_the_engine(client: FlaskClient, engine: Engine) -> None:
    result = engine.search(
        SearchRequest(query=Keyword("place", "nagorno-karabakh"), facets=(FacetRequest("source"),))
    )
    shown = page(client, "/search?filter:place=nagorno-karabakh&lang=en")

    assert total(shown) == result.total
    for source, count in result.facets[0].values[:6]:
        assert re.search(rf"<bdi>{source}</bdi></a>.*?<span class=\"num\">{count}</span>", shown)


def test_the_strictness_of_matching_can_be_switched_on_the_page(client: FlaskClient) -> None:
    def count(query: str) -> int:
        return total(page(client, f"/search?lang=en&q=القوات&{query}"))

    counts = [count(f"match={level}") for level in ("exact", "folded", "default", "root")]
    without = page(client, "/search?lang=en&q=القوات&off=clitic")

    assert counts == sorted(counts)
    assert counts[0] < counts[2]
    assert total(without) < counts[2]
    assert "without clitics and the article" in text_of(without)


def test_other_names_are_shown_and_can_be_switched_off(client: FlaskClient) -> None:
    shown = page(client, "/search?lang=en&q=قره باغ")
    (off,) = re.findall(r'<a class="off" href="([^"]+)"', shown)
    without = page(client, html.unescape(off))

    assert "كاراباخ" in text_of(shown.split('class="strictness"')[0])
    assert total(without) < total(shown)


def test_a_hit_gives_its_reasons_and_its_article_gives_all_of_them(client: FlaskClient) -> None:
    shown = page(client, "/search?lang=en&q=كاراباخ قوات")
    lines = [text_of(line) for line in re.findall(r'<p class="why">.*?</p>', shown)]
    article = text_of(page(client, first_hit(client, "/search?lang=en&q=كاراباخ قوات")))

    assert lines
    assert any("القوات (clitic)" in line for line in lines)
    assert all(line.startswith("Why?") for line in lines)
    assert "(other name)" in article
    assert "Score" in article


def test_a_misspelt_word_gets_suggestions_with_counts_but_is_searched_as_typed(
    client: FlaskClient,
) -> None:
    shown = page(client, "/search?lang=en&q=باشينيانن")
    href, offered = re.findall(r'<li><a href="([^"]+)"><bdi>([^<]+)</bdi></a> <span', shown)[0]
    found = page(client, html.unescape(href))

    assert "Nothing found" in shown
    assert "Did you mean?" in shown
    assert offered == "باشينيان"
    assert total(found) > 0


class SlowWords:
    """A real engine whose words cannot be read before `go` is set."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.go = Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def words(self, field: str) -> Mapping[str, int]:
        if not self.go.wait(20):
            raise TimeoutError
        return self._engine.words(field)


@pytest.mark.parametrize(
    "search", ["page=3", "page=2000", "per_page=50", "q=هدنة", "filter:place=baku", "at=5"]
)
def test_the_first_page_ignores_search_parameters(client: FlaskClient, search: str) -> None:
    def home(query: str) -> str:
        # The footer prints the URL, which differs.
        return re.sub(r'<p class="address".*?</p>', "", page(client, f"/?{query}"))

    whole = home("lang=en&facet_interval:published=month")

    assert home(f"{search}&lang=en&facet_interval:published=month") == whole
    assert home("lang=en") != whole, "the interval is obeyed"


def test_no_page_waits_for_the_vocabulary(engine: Engine) -> None:
    slow = SlowWords(engine)
    app = app_of(cast("Engine", slow))
    client, url = app.test_client(), "/search?lang=en&q=باشينيانن"

    early = client.get(url)
    slow.go.set()
    later = warmed(app).test_client().get(url, headers={"If-None-Match": early.headers["ETag"]})

    assert early.status_code == 200
    assert "Did you mean?" not in early.text
    assert "Did you mean?" in later.text


def test_a_page_beyond_the_last_leads_back_and_does_not_say_that_nothing_was_found(
    client: FlaskClient,
) -> None:
    shown = page(client, "/search?lang=en&page=60")

    assert total(shown) > 0
    assert "No results on this page" in shown
    assert "Nothing found" not in shown


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("+".join(f"{a}{b}*" for a in "بتثج" for b in "حخدذ"), 200),
        ("+".join(f"{a}{b}*" for a in "بتثجس" for b in "حخدذ"), 400),
        ("+".join(["هدنة", "باكو"] * 10) + "&off=clitic", 200),
        ("+".join(["هدنة", "باكو"] * 11) + "&off=clitic", 400),
        ("+".join(["هدنة", "باكو"] * 60), 200),
    ],
)
def test_the_size_of_a_query_is_limited_by_its_cost(
    client: FlaskClient, query: str, status: int
) -> None:
    assert client.get(f"/search?q={query}").status_code == status


@pytest.mark.parametrize(
    "asked",
    [
        "timeline=event",
        "timeline=event&filter:gte:event=1990",
        "timeline=event&filter:lte:event=2020",
        "facet_interval:event=month",
        "facet_interval:event=day",
        "facet_interval:event=month&filter:gte:event=2020&filter:lte:event=2020",
        "timeline=event&q=هدنة",
        "facet_interval:published=day",
        "filter:gte:published=2020",
    ],
)
def test_each_bar_of_a_chart_has_the_count_that_its_link_finds(
    client: FlaskClient, asked: str
) -> None:
    source = page(client, f"/search?lang=en&{asked}")
    rows = re.findall(
        r'<tr><th scope="row"><a href="/search([^"]+)">[^<]+</a></th><td class="num">([\d,]+)</td>',
        source,
    )

    assert rows
    for href, count in rows:
        found = client.get(f"/api/v1/search{html.unescape(href)}").get_json()
        assert found["total"]["documents"] == int(count.replace(",", "")), href


def test_a_page_number_that_is_too_high_links_back_to_the_last_page(client: FlaskClient) -> None:
    source = page(client, "/search?lang=en&page=900")
    back = html.unescape(re.findall(r'<link rel="prev" href="([^"]+)"', source)[0])

    assert '<article class="hit">' in page(client, back)
