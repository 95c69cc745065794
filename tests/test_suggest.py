"""Suggest: offers for words that few articles hold, with counts, never taken by themselves."""

import random
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.analysis.folding import fold
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.indexer.search.phonetic import other_layout, phonetic_key
from marsad.indexer.search.suggest import (
    MOST_LOOKED_AT,
    Suggestion,
    iter_suggestions,
    suggest,
    vocabulary_of,
)
from marsad.indexer.search.vocabulary import Vocabulary, distance
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()
TEXTS = (
    "قال علييف إن باشينيان وافق على الهدنة، والسلام قريب.",
    "هدنة في كاراباخ: علييف يلتقي باشينيان.",
    "زيلينسكي يصل إلى الحديدة، والهدنة قائمة، والسلام بعيد.",
    "حديث عنيف مع علييف عن الهدنة والسلام.",
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with segment_engine() as opened:
        with opened.writer() as writer:
            for number, text in enumerate(TEXTS):
                writer.add(document(KNOWN, f"a{number}", text))
        yield opened


def offers(typed: str, engine: Engine) -> tuple[Suggestion, ...]:
    return suggest(KNOWN.parse(typed), vocabulary_of(engine), engine, KNOWN.analyzer)


@pytest.mark.parametrize(
    ("typed", "text", "kind", "count"),
    [
        ("عليف", "علييف", "spelling", 3),
        ("اشينيان", "باشينيان", "spelling", 2),
        ("هذنة", "هدنة", "spelling", 4),
        ("hgsghl", "السلام", "keyboard", 3),
        ("i]km", "هدنة", "keyboard", 4),
        ("bashinian", "باشينيان", "alphabet", 2),
        ("zelenski", "زيلينسكي", "alphabet", 1),
        ("зеленскы", "زيلينسكي", "alphabet", 1),
        ("زلنسكي", "زيلينسكي", "sound", 1),
    ],
)
def test_the_first_offer_is_what_was_meant(
    engine: Engine, typed: str, text: str, kind: str, count: int
) -> None:
    first = offers(typed, engine)[0]

    assert (first.text, first.count) == (text, count)
    assert first.kind == kind or {first.kind, kind} == {"spelling", "sound"}


@pytest.mark.parametrize("typed", ["علييف", "الهدنة", "في", "", "=هدنة", "ق", "٢٠٢٣"])
def test_what_is_found_or_says_nothing_gets_no_offer(engine: Engine, typed: str) -> None:
    assert offers(typed, engine) == ()


def test_an_offer_puts_its_word_into_the_whole_query(engine: Engine) -> None:
    (offer,) = [o for o in offers("علييف (عليف OR سلام) -موسكو", engine) if o.text == "علييف"]

    assert offer.query == "علييف (علييف OR سلام) -موسكو"


def test_only_the_words_that_are_offered_are_spelled_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: set[str] = set()
    count = engine.count

    def noted(field: str, text: str) -> int:
        if field == "body_exact":
            looked_up.add(fold(text))
        return count(field, text)

    vocabulary = vocabulary_of(engine)
    parsed = KNOWN.parse("عليف")
    assert len(suggest(parsed, vocabulary, engine, KNOWN.analyzer)) > 1
    monkeypatch.setattr(engine, "count", noted)

    (offer,) = suggest(parsed, vocabulary, engine, KNOWN.analyzer, most=1)

    assert looked_up == {fold(offer.text)}


def test_of_a_query_of_rare_words_the_first_few_are_looked_at(engine: Engine) -> None:
    looked_at: list[str] = []

    class Noted(Vocabulary):
        def near(self, word: str) -> Iterator[tuple[str, int]]:
            looked_at.append(word)
            return super().near(word)

    parsed = KNOWN.parse(f"الهدنة {'عليف ' * (MOST_LOOKED_AT + 3)}")
    vocabulary = Noted(vocabulary_of(engine).counts)

    assert {offer.asked for offer in suggest(parsed, vocabulary, engine, KNOWN.analyzer)} == {
        "عليف"
    }
    assert len(looked_at) == MOST_LOOKED_AT
    looked_at.clear()
    assert next(iter_suggestions(parsed, vocabulary, engine, KNOWN.analyzer)).text == "علييف"
    assert len(looked_at) == 1


def test_what_is_no_word_on_the_other_keyboard_fills_no_memory(engine: Engine) -> None:
    rng = random.Random(3)
    typed = ["".join(rng.choices("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", k=1_000)) for _ in range(60)]
    offers(typed[0], engine)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for word in typed[1:]:
            offers(word, engine)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert held < 100_000


def test_the_other_layout_goes_both_ways() -> None:
    for word in ("السلام", "هدنة", "كاراباخ", "الكرملين"):
        assert other_layout(other_layout(word)) == word


@given(st.text(alphabet="ابتكغخaekg ـx", max_size=8), st.text(alphabet="ابتكغخ", max_size=8))
def test_a_distance_is_the_same_both_ways_and_keys_hold_no_vowel(first: str, second: str) -> None:
    assert distance(first, second, 3) == distance(second, first, 3)
    assert (distance(first, second, 3) == 0) == (first == second)
    assert not set(phonetic_key(second)) & set("ا")


@given(st.sets(st.text(alphabet="ابتك", min_size=3, max_size=8), max_size=30), st.data())
def test_near_words_are_all_that_are_few_edits_away(words: set[str], data: st.DataObject) -> None:
    asked = data.draw(st.text(alphabet="ابتك", min_size=3, max_size=8))
    most = 2 if len(asked) >= 7 else 1

    found = dict(Vocabulary(dict.fromkeys(words, 1)).near(asked))

    assert found == {
        word: edits for word in words if 0 < (edits := distance(asked, word, most)) <= most
    }
