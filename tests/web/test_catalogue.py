"""Catalogues: every language has all texts, its plurals, its dates and its digits."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.extract.mentions import INFERRED
from marsad.indexer.fields import FACETS
from marsad.indexer.query.diagnostics import DiagnosticKind
from marsad.indexer.query.strictness import MATCH_RULES
from marsad.indexer.query.syntax import SearchField
from marsad.indexer.search.suggest import SuggestionKind
from marsad.webui.i18n.catalogue import catalogue, languages
from marsad.webui.pages.highlighted_text import Span, number_highlights, runs
from tests.conftest import ROOT


def test_every_catalogue_has_the_same_keys_and_placeholders() -> None:
    known = {code: catalogue(code, "latn")._words for code in languages()}

    def places(words: str | dict[str, str]) -> set[str]:
        forms = [words] if isinstance(words, str) else [words["other"]]
        return set(re.findall(r"\{(\w+)\}", " ".join(forms)))

    assert set(known) == {"ar", "en", "ru"}
    for words in known.values():
        assert set(words) == set(known["ar"])
        assert {key: places(form) for key, form in words.items()} == {
            key: places(form) for key, form in known["ar"].items()
        }


def test_every_key_of_the_catalogue_is_used() -> None:
    sources = [*ROOT.glob("webui/**/*.py"), *ROOT.glob("webui/templates/*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    made = re.findall(r"""f["'](\w+?_)\{|"(key_)" ~""", text)
    stems = tuple({stem for found in made for stem in found if stem})

    unused = [
        key
        for key in catalogue("ar", "latn")._words
        if not key.startswith(stems) and not re.search(f"[\"']{re.escape(key)}[\"']", text)
    ]

    assert unused == []


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


@pytest.mark.parametrize(("number", "said"), [(1, "статья"), (3, "статьи"), (11, "статей")])
def test_russian_has_its_own_plurals(number: int, said: str) -> None:
    assert catalogue("ru", "latn").count("articles", number) == f"{number} {said}"


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2023-09-21", "21 سبتمبر 2023 (6 ربيع الأول 1445 هـ)"),
        ("2023-09", "سبتمبر 2023"),
        ("1900-01-01", "1 يناير 1900"),
    ],
)
def test_the_hijri_date_follows_a_day_of_the_umm_al_qura_calendar(iso: str, said: str) -> None:
    assert catalogue("ar", "latn", "islamic-umalqura").date(iso) == said


@given(st.text(max_size=40), st.data())
def test_the_runs_of_a_text_join_to_the_same_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    spans = [Span(a, b, "person") for a, b in zip(edges[::2], edges[1::2], strict=False)]

    cut, count = number_highlights(runs(text, pairs, spans))

    assert "".join(run.text for run in cut) == text
    assert sum(len(run.text) for run in cut if run.highlighted) == sum(b - a for a, b in pairs)
    assert sum(len(run.text) for run in cut if run.kind) == sum(s.end - s.start for s in spans)
    assert count == len([run for run in cut if run.number])


def test_every_kind_of_a_query_facet_and_reason_has_a_text() -> None:
    words = set(catalogue("ar", "latn")._words)

    assert {f"field_{name}" for name in get_args(SearchField)} <= words
    assert {f"remark_{kind}" for kind in get_args(DiagnosticKind)} <= words
    assert {f"facet_{name}" for name in FACETS} <= words
    assert {f"reason_{rule}" for rule in MATCH_RULES} <= words
    assert {f"suggested_{kind}" for kind in get_args(SuggestionKind)} <= words
    assert {f"by_{by}" for by in INFERRED} <= words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2020-12-31", "31 ديسمبر 2020"),
        ("2020-02-30", "2020-02-30"),
        ("2020-9", "2020-9"),
        ("0000", "0000"),
    ],
)
def test_a_typed_date_is_shown_in_words_if_it_is_a_valid_date(typed: str, said: str) -> None:
    assert catalogue("ar", "latn").typed_date(typed) == said


def test_numbers_have_the_separator_of_their_digits() -> None:
    assert catalogue("ar", "arab").number(1234567) == "١٬٢٣٤٬٥٦٧"
    assert catalogue("en", "latn").number(1234567) == "1,234,567"
    assert catalogue("ru", "latn").number(1234567) == "1\u00a0234\u00a0567"
