"""Snippet: the passages of a text that answer most of a query."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.parts import parts
from marsad.indexer.search.highlight import Highlight, find_highlights, highlight_query
from marsad.indexer.search.snippet import LONGEST_PASSAGE, _best_window, best_passages, sentences


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


def test_a_word_that_a_text_repeats_costs_no_more_than_its_length() -> None:
    # Seconds where the work grows with the square of the number of words.
    text = "هدنة غزة " * 50_000
    began = time.process_time()

    (shown,) = passages(text, '"هدنة زخرفة"~90000 OR هدنة')

    assert shown.startswith("هدنة غزة هدنة")
    assert time.process_time() - began < 20


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from("abcd"), st.booleans()), min_size=1
    ).map(lambda made: sorted(Highlight(at, at + 3, key, name) for at, key, name in made))
)
def test_the_part_of_a_long_sentence_has_most_words(highlights: list[Highlight]) -> None:
    reach = LONGEST_PASSAGE * 3 // 4

    def worth(first: Highlight) -> float:
        within = {
            h.key: h.name for h in highlights if first.start <= h.start <= first.start + reach
        }
        return sum(1.5 if name else 1.0 for name in within.values())

    best = max(highlights, key=lambda one: (worth(one), -one.start))

    assert _best_window(highlights) == best.start
