"""Snippet: the passages of a text that answer most of a query."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.parts import parts
from marsad.indexer.search.highlight import find_highlights, highlight_query
from marsad.indexer.search.snippet import LONGEST_PASSAGE, best_passages, sentences


def passages(text: str, typed: str, count: int = 2) -> list[str]:
    known = parts()
    tree = known.parse(typed).tree
    highlights = find_highlights(text, highlight_query(tree, "body"), known.analyzer)
    return [passage.text for passage in best_passages(text, highlights, count)]


STORY = (
    "وصل الوفد يوم أمس. بحث الوفد الهدنة. قال د. سامي إن النسبة 3.5 في المئة!\n"
    "التقى بوتين وفد الهدنة في موسكو. انتهت الهدنة."
)


def test_the_passages_together_hold_most_words_of_the_query() -> None:
    assert passages(STORY, "سامي OR هدنة OR موسكو") == [
        "قال د. سامي إن النسبة 3.5 في المئة!",
        "التقى بوتين وفد الهدنة في موسكو.",
    ]


def test_of_sentences_with_as_many_words_the_one_with_a_name_comes_first() -> None:
    assert passages(STORY, "وصل OR بوتين", 1) == ["التقى بوتين وفد الهدنة في موسكو."]


def test_a_text_without_a_highlight_shows_its_first_sentence() -> None:
    assert passages(STORY, "زخرفة") == ["وصل الوفد يوم أمس."]


def test_a_long_sentence_is_cut_where_most_words_are() -> None:
    text = "هدنة " + "كلام " * 80 + "قال بوتين إن الهدنة في موسكو قائمة " + "كلام " * 80

    (passage,) = passages(text, "هدنة OR بوتين OR موسكو")

    assert "بوتين إن الهدنة في موسكو" in passage
    assert len(passage) <= LONGEST_PASSAGE


@given(st.text(alphabet="اب .!؟\n»5x", max_size=60))
def test_sentences_hold_all_of_a_text_except_white_space(text: str) -> None:
    spans = list(sentences(text))
    gaps = pairwise([0, *(place for span in spans for place in span), len(text)])

    assert not any(text[a:b].strip() for a, b in list(gaps)[::2])
    assert all(text[a:b].strip() == text[a:b] for a, b in spans)
