"""The pages, asked for as a browser does, without one."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article
from indexer.engine import FacetRequest, SearchRequest
from indexer.fields import FACETS
from indexer.query.tree import Keyword
from indexer.registry import open_engine, parts
from webui.app import create_app
from webui.forms import DIGITS, FACET_SIZES, PAGE_SIZES, SORTS, FormError, SearchForm
from webui.i18n.catalogue import catalogue, languages
from webui.marked import Span, runs


@pytest.fixture(scope="module")
def client(corpus_index: Path) -> Iterator[FlaskClient]:
    known = parts()
    engine = open_engine(str(corpus_index), known.analyzer)
    app = create_app(engine, known.analyzer, known.gazetteer)
    yield app.test_client()
    engine.close()


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def text_of(source: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", source))


def test_the_first_page_lists_every_article(client: FlaskClient) -> None:
    assert client.get("/").location == "/search"
    shown = page(client, "/search")

    assert '<html lang="ar" dir="rtl">' in shown
    assert "78 مقالاً" in shown
    assert shown.count('<article class="hit">') == 10


def test_a_hit_marks_whole_words_with_their_clitics_and_marks(client: FlaskClient) -> None:
    shown = page(client, "/search?q=الكريملن")

    assert "<mark>الكريملِن</mark>" in shown


def test_english_is_a_switch_away(client: FlaskClient) -> None:
    shown = page(client, "/search?q=هدنة&lang=en")

    assert '<html lang="en" dir="ltr">' in shown
    assert "articles" in shown
    assert "Forces and groups" in shown
    assert 'href="/search?q=%D9%87%D8%AF%D9%86%D8%A9"' in shown


def test_digits_are_a_choice(client: FlaskClient) -> None:
    assert "٧٨ مقالاً" in page(client, "/search?digits=arab")


def test_a_facet_narrows_and_its_chip_takes_it_back(client: FlaskClient) -> None:
    shown = page(client, "/search?q=قوات&filter:person=ilham-aliyev&filter:published_year=2020")

    assert "الشخص: إلهام علييف" in text_of(shown)
    assert 'href="/search?q=%D9%82%D9%88%D8%A7%D8%AA&amp;filter%3Apublished_year=2020"' in shown
    assert 'href="/search?q=%D9%82%D9%88%D8%A7%D8%AA"' in shown


def test_excluded_and_missing_values_are_choices_too(client: FlaskClient) -> None:
    every = int(re.findall(r"<h1>(\d+)", page(client, "/search?lang=en"))[0])
    without = page(client, "/search?lang=en&exclude:person=ilham-aliyev")
    missing = page(client, "/search?lang=en&empty:person=true")

    assert int(re.findall(r"<h1>(\d+)", without)[0]) < every
    assert "without Ilham Aliyev" in text_of(without)
    assert "Person: not named" in text_of(missing)


def test_dates_narrow_with_both_ends_included(client: FlaskClient) -> None:
    shown = page(
        client, "/search?filter:gte:published=2020-11-10&filter:lte:published=2020-11-10&lang=en"
    )

    assert "4 articles" in shown
    assert "since 2020-11-10" in text_of(shown)


def test_every_value_of_a_facet_can_be_reached(client: FlaskClient) -> None:
    short = page(client, "/search?lang=en")
    (href,) = re.findall(r'class="more"><a href="([^"]*place=20[^"]*)"', short)[:1]
    longer = page(client, html.unescape(href))
    whole = page(client, "/search?lang=en&facet_size:place=1000")

    counts = [shown.count("filter%3Aplace=") for shown in (short, longer, whole)]
    assert counts == sorted(set(counts))


def test_nothing_found_is_said_and_nothing_is_relaxed(client: FlaskClient) -> None:
    shown = page(client, "/search?q=باكو زخرفخر")

    assert "لا نتائج لهذا البحث" in shown
    assert "any=1" in shown


def test_a_remark_is_shown(client: FlaskClient) -> None:
    assert "قوس بلا نظير" in page(client, "/search?q=(باكو")


def test_an_article_has_its_sections_metadata_and_marked_entities(client: FlaskClient) -> None:
    listed = page(client, "/search?q=عنوان:«بيان ثلاثي»")
    href = html.unescape(re.findall(r'<h3[^>]*><a href="([^"]+)"', listed)[0])

    shown = page(client, href)

    assert "إعادة المناطق المحيطة بالإقليم</h2>" in shown
    assert re.search(r'class="e person" title="إلهام علييف">إلهام علييف</span>', shown)
    assert 'class="e date" title="2020-09-27"' in shown
    assert "الموقع الرسمي لرئيس روسيا" in shown
    assert "10 نوفمبر 2020" in shown


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("/article/none", 404, "لا صفحة هنا"),
        ("/nowhere", 404, "لا صفحة هنا"),
        ("/search?color=red", 400, "color"),
        ("/search?page=0", 400, "page"),
        ("/search?filter:colour=x", 400, "colour"),
        ("/search?filter:gte:published=soon", 400, "soon"),
        ("/search?filter:gte:published=2021&filter:lte:published=2020", 400, "2020"),
        ("/search?page=5000", 400, "10,000"),
        ("/search?lang=xx", 400, "xx"),
        ("/search?page=5000&lang=en", 400, "narrow the search"),
    ],
)
def test_an_error_is_a_page_that_says_what_to_do(
    client: FlaskClient, url: str, status: int, said: str
) -> None:
    assert said in page(client, url, status)


def test_every_answer_has_strict_headers(client: FlaskClient) -> None:
    for url in ("/search", "/nowhere", "/static/page.css"):
        with client.get(url) as answer:
            policy = answer.headers["Content-Security-Policy"]

            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_needs_anything_from_elsewhere_or_a_script(client: FlaskClient) -> None:
    for url in ("/search?q=هدنة", "/search?q=زخرفخر", "/nowhere"):
        shown = client.get(url).get_data(as_text=True)
        loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', shown)

        assert all(address.startswith("/static/") for address in loaded)
        assert "<script" not in shown
        assert " style=" not in shown


def test_hostile_text_is_shown_and_never_run(client: FlaskClient) -> None:
    shown = page(client, "/search?q=<script>alert(1)</script>\"'&filter:source=<img src=x>")

    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


_values = st.text(min_size=1).map(str.strip).filter(bool)
_forms = st.builds(
    SearchForm,
    q=st.text(max_size=50).map(str.strip),
    choices=st.lists(
        st.tuples(st.sampled_from(["include", "exclude"]), st.sampled_from(FACETS), _values)
        | st.tuples(st.just("missing"), st.sampled_from(FACETS), st.just("true")),
        max_size=4,
        unique=True,
    ).map(tuple),
    since=st.sampled_from(["", "2020", "2020-09"]),
    until=st.sampled_from(["", "2021", "2021-09-01"]),
    sort=st.sampled_from(sorted(SORTS)),
    any_word=st.booleans(),
    page=st.integers(1, 999_999),
    sizes=st.dictionaries(st.sampled_from(FACETS), st.sampled_from(FACET_SIZES), max_size=2).map(
        lambda chosen: tuple(sorted(chosen.items()))
    ),
    per_page=st.sampled_from(PAGE_SIZES),
    lang=st.sampled_from(["ar", "en"]),
    digits=st.sampled_from(DIGITS),
)


@given(_forms)
def test_a_url_says_the_whole_state_of_a_search(form: SearchForm) -> None:
    query = urlsplit(form.url()).query

    assert SearchForm.read(parse_qsl(query, errors="surrogatepass"), languages()) == form


_names = st.sampled_from(["q", "page", "sort", "filter:person", "empty:place", "x", "lang", "any"])


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(arguments=st.lists(st.tuples(_names, st.text(max_size=30)), max_size=4))
def test_any_parameters_give_a_page_or_a_helpful_400(
    client: FlaskClient, arguments: list[tuple[str, str]]
) -> None:
    clean = [(name, value.encode("utf-8", "replace").decode()) for name, value in arguments]

    answer = client.get("/search", query_string=clean)

    assert answer.status_code in (200, 400)
    assert b"<h1>" in answer.data


def test_the_counts_of_the_page_are_the_engines(client: FlaskClient, corpus_index: Path) -> None:
    engine = open_engine(str(corpus_index), parts().analyzer)
    result = engine.search(
        SearchRequest(query=Keyword("place", "nagorno-karabakh"), facets=(FacetRequest("source"),))
    )
    engine.close()
    shown = page(client, "/search?filter:place=nagorno-karabakh&lang=en")

    assert f"<h1>{result.total} articles" in shown
    for source, count in result.facets[0].values[:8]:
        assert re.search(rf"<bdi>{source}</bdi></a>.*?<span class=\"num\">{count}</span>", shown)


def test_every_language_has_every_word() -> None:
    keys = {code: set(catalogue(code, "latn")._words) for code in languages()}

    assert len(keys) >= 2
    assert all(known == keys["ar"] for known in keys.values())


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا مقالات"),
        (1, "مقال واحد"),
        (2, "مقالان"),
        (3, "3 مقالات"),
        (11, "11 مقالاً"),
        (100, "100 مقال"),
        (3692, "3,692 مقالاً"),
    ],
)
def test_arabic_has_six_plurals(number: int, said: str) -> None:
    assert catalogue("ar", "latn").count("articles", number) == said


@given(st.text(max_size=40), st.data())
def test_runs_are_the_text_again(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))

    cut = runs(text, pairs, [Span(0, len(text), "person")])

    assert "".join(run.text for run in cut) == text
    assert sum(len(run.text) for run in cut if run.marked) == sum(b - a for a, b in pairs)


def test_a_bad_form_names_the_parameter() -> None:
    with pytest.raises(FormError, match="per_page: found '7', expected one of 10, 20, 50, 100"):
        SearchForm.read([("per_page", "7")], ["ar"])


def test_an_article_without_a_date_is_undated() -> None:
    assert Article(id="a", title="", text="x").published_iso() is None
