"""Rerank: letters that a text shares with the query change the order of hits, never the hits."""

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from marsad.corpus.letters import DRAWN_OUT, fold_letters
from marsad.indexer.analysis.grams import count_grams, grams_of
from marsad.indexer.analysis.tokenizer import tokenize
from marsad.indexer.parts import parts
from marsad.indexer.search.rerank import reranker_of

KNOWN = parts()


def record(text: str) -> str:
    return json.dumps({"title": "", "text": text}, ensure_ascii=False)


def additions(typed: str, *texts: str) -> list[float]:
    again = reranker_of(KNOWN.parse(typed, any_word=True))
    assert again is not None
    return list(again([record(text) for text in texts]))


def test_an_article_that_shares_letters_gets_more() -> None:
    other, sharing = additions("زيلينسكي", "سافر الوزير إلى برلين", "سافر زيلنسكي إلى برلين")

    assert other == 0.0
    assert sharing > 0.0


def test_excluded_words_and_words_of_other_fields_add_nothing() -> None:
    assert additions("باكو -زيلينسكي مصدر:رويترز", "سافر زيلينسكي، رويترز") == [0.0]


def test_only_a_search_by_any_word_is_reranked() -> None:
    assert reranker_of(KNOWN.parse("هدنة غزة")) is None
    assert reranker_of(KNOWN.parse("", any_word=True)) is None


@given(st.text(alphabet="ابتثقهةأى ًـ،x٣", max_size=40))
def test_grams_are_those_of_the_folded_words(text: str) -> None:
    assume(not DRAWN_OUT.search(fold_letters(text)))  # drawn-out letters are folded to one
    words = [surface for surface, _, _ in tokenize(text) if surface.isalpha()]
    grams = [gram for word in words for gram in grams_of(word)]
    wanted = sorted(set(grams))

    counts, total = count_grams(text, wanted)

    assert counts.tolist() == [grams.count(gram) for gram in wanted]
    assert total == len(grams)
