"""Vocabulary: the words at a small edit distance, beside a comparison with every word."""

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.search.vocabulary import Vocabulary, distance


@given(st.text(alphabet="ابتكغخaekg ـx", max_size=8), st.text(alphabet="ابتكغخ", max_size=8))
def test_a_distance_is_the_same_both_ways_and_zero_for_equal_words(first: str, second: str) -> None:
    assert distance(first, second, 3) == distance(second, first, 3)
    assert (distance(first, second, 3) == 0) == (first == second)


@given(st.sets(st.text(alphabet="ابتك", min_size=3, max_size=8), max_size=30), st.data())
def test_near_finds_every_word_within_the_edits(words: set[str], data: st.DataObject) -> None:
    asked = data.draw(st.text(alphabet="ابتك", min_size=3, max_size=8))
    most = 2 if len(asked) >= 7 else 1

    found = dict(Vocabulary(dict.fromkeys(words, 1)).near(asked))

    assert found == {
        word: edits for word in words if 0 < (edits := distance(asked, word, most)) <= most
    }
