"""Rerank: letters that words share order what was found, and find nothing."""

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


def added(typed: str, *texts: str) -> list[float]:
    again = reranker_of(KNOWN.parse(typed, any_word=True))
    assert again is not None
    return list(again([record(text) for text in texts]))


def test_an_article_that_shares_letters_gets_more() -> None:
    other, sharing = added("زيلينسكي", "سافر الوزير إلى برلين", "سافر زيلنسكي إلى برلين")

    assert other == 0.0
    assert sharing > 0.0


def test_what_is_excluded_or_of_another_field_has_no_letters_here() -> None:
    assert added("باكو -زيلينسكي مصدر:رويترز", "سافر زيلينسكي، رويترز") == [0.0]


def test_only_a_search_by_any_word_is_ranked_once_more() -> None:
    assert reranker_of(KNOWN.parse("هدنة غزة")) is None
    assert reranker_of(KNOWN.parse("", any_word=True)) is None


@given(st.text(alphabet="ابتثقهةأى ًـ،x٣", max_size=40))
def test_grams_are_those_of_the_folded_words(text: str) -> None:
    assume(not DRAWN_OUT.search(fold_letters(text)))  # grams are of the letters that stand
    words = [surface for surface, _, _ in tokenize(text) if surface.isalpha()]
    grams = [gram for word in words for gram in grams_of(word)]
    wanted = sorted(set(grams))

    counts, total = count_grams(text, wanted)

    assert counts.tolist() == [grams.count(gram) for gram in wanted]
    assert total == len(grams)
