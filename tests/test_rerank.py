"""Rerank: letters that words share order what was found, and find nothing."""

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.letters import DRAWN_OUT, fold_letters
from indexer.analysis.analyzer import Analyzer, Names
from indexer.analysis.grams import count_grams, grams_of
from indexer.analysis.tokenizer import tokenize
from indexer.engine import Hit
from indexer.rerank import rerank

ANALYZER = Analyzer(Names())


def hit(name: str, text: str, score: float) -> Hit:
    return Hit(name, score, None, json.dumps({"title": "", "text": text}))


def test_of_equal_hits_the_one_that_shares_letters_comes_first() -> None:
    hits = (hit("a", "سافر الوزير إلى برلين", 1.0), hit("b", "سافر زيلنسكي إلى برلين", 1.0))

    ranked = rerank(hits, "زيلينسكي", ANALYZER)

    assert [found.id for found in ranked] == ["b", "a"]
    assert ranked[1].score == 1.0


def test_no_hit_is_lost_and_no_score_falls() -> None:
    hits = tuple(hit(str(n), "هدنة في غزة " * n, 9.0 - n) for n in range(5))

    ranked = rerank(hits, "الهدنة في غزّة", ANALYZER)

    assert {found.id for found in ranked} == {found.id for found in hits}
    assert all(found.score >= hits[int(found.id)].score for found in ranked)


@given(st.text(alphabet="ابتثقهةأى ًـ،x٣", max_size=40))
def test_grams_are_those_of_the_folded_words(text: str) -> None:
    assume(not DRAWN_OUT.search(fold_letters(text)))  # grams are of the letters that stand
    words = [surface for surface, _, _ in tokenize(text) if surface.isalpha()]
    grams = [gram for word in words for gram in grams_of(word)]
    wanted = sorted(set(grams))

    counts, total = count_grams(text, wanted)

    assert counts.tolist() == [grams.count(gram) for gram in wanted]
    assert total == len(grams)
