"""Snippets: what a query marks in a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.parts import parts
from marsad.indexer.query.parse import parse
from marsad.indexer.search.highlight import find_highlights, highlight_query
from marsad.indexer.search.snippet import LONGEST_PASSAGE, best_passages, sentences

TEXT = "دخلت قوّات حفظ السلام قرَّه باغ، ثم غادرت قواتُ الأمم المتحدة لحفظ السلام كاراباخ."


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("سلام", ["السلام", "السلام"]),
        ("=كاراباخ", ["كاراباخ"]),
        ('="قوات الامم"', []),
        ('="قواتُ الأمم"', ["قواتُ الأمم"]),
        ("√سلم", ["السلام", "السلام"]),
        ("كار*", ["كاراباخ"]),
        ("ك?راباخ", ["كاراباخ"]),
        ("قر*ه باغ", ["قرَّه", "باغ"]),
        ('"حفظ السلام"', ["حفظ السلام", "لحفظ السلام"]),
        ('"قوات السلام"', []),
        ('"قوات السلام"~1', ["قوّات", "السلام"]),
        ('"قوات السلام"~3', ["قوّات", "السلام", "قواتُ", "السلام"]),
    ],
)
def test_marks_are_whole_words_as_printed(typed: str, marked: list[str]) -> None:
    known = parts()
    tree = parse(typed, known.analyzer, known.gazetteer.resolve).tree

    marks = find_highlights(TEXT, highlight_query(tree, "body"), known.analyzer)

    assert [TEXT[mark.start : mark.end] for mark in marks] == marked


def passages(text: str, typed: str, count: int = 2) -> list[str]:
    known = parts()
    tree = known.parse(typed).tree
    marks = find_highlights(text, highlight_query(tree, "body"), known.analyzer)
    return [passage.text for passage in best_passages(text, marks, count)]


STORY = (
    "وصل الوفد يوم أمس. بحث الوفد الهدنة. قال د. سامي إن النسبة 3.5 في المئة!\n"
    "التقى بوتين وفد الهدنة في موسكو. انتهت الهدنة."
)


def test_the_passages_together_answer_most_words() -> None:
    assert passages(STORY, "سامي OR هدنة OR موسكو") == [
        "قال د. سامي إن النسبة 3.5 في المئة!",
        "التقى بوتين وفد الهدنة في موسكو.",
    ]


def test_of_sentences_with_as_many_words_the_one_with_a_name_comes_first() -> None:
    assert passages(STORY, "وصل OR بوتين", 1) == ["التقى بوتين وفد الهدنة في موسكو."]


def test_a_text_without_a_mark_shows_its_first_sentence() -> None:
    assert passages(STORY, "زخرفة") == ["وصل الوفد يوم أمس."]


def test_a_long_sentence_is_cut_where_most_words_are() -> None:
    text = "هدنة " + "كلام " * 80 + "قال بوتين إن الهدنة في موسكو قائمة " + "كلام " * 80

    (passage,) = passages(text, "هدنة OR بوتين OR موسكو")

    assert "بوتين إن الهدنة في موسكو" in passage
    assert len(passage) <= LONGEST_PASSAGE


@given(st.text(alphabet="اب .!؟\n»5x", max_size=60))
def test_sentences_are_all_of_a_text_but_its_spaces(text: str) -> None:
    spans = list(sentences(text))
    gaps = pairwise([0, *(place for span in spans for place in span), len(text)])

    assert not any(text[a:b].strip() for a, b in list(gaps)[::2])
    assert all(text[a:b].strip() == text[a:b] for a, b in spans)


@pytest.mark.parametrize(("typed", "is_marked"), [("*a*a*a*a*a*a*a*b", False), ("*a*a*a?a", True)])
def test_a_pattern_takes_no_longer_for_many_ways_to_fit(typed: str, is_marked: bool) -> None:
    known, text = parts(), "a" * 5_000
    tree = parse(typed, known.analyzer, known.gazetteer.resolve).tree

    assert bool(find_highlights(text, highlight_query(tree, "body"), known.analyzer)) == is_marked
