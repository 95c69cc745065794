"""Suggest: other words for the words of a query that few articles hold, with counts."""

import random
import tracemalloc
from collections.abc import Iterator

import pytest

from marsad.indexer.analysis.folding import fold
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.indexer.search.suggest import (
    MOST_LOOKED_AT,
    Suggestion,
    iter_suggestions,
    suggest,
    vocabulary_of,
)
from marsad.indexer.search.vocabulary import Vocabulary
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


def suggestions(typed: str, engine: Engine) -> tuple[Suggestion, ...]:
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
def test_the_first_suggestion_is_the_intended_word(
    engine: Engine, typed: str, text: str, kind: str, count: int
) -> None:
    first = suggestions(typed, engine)[0]

    assert (first.text, first.count) == (text, count)
    assert first.kind == kind or {first.kind, kind} == {"spelling", "sound"}


@pytest.mark.parametrize("typed", ["علييف", "الهدنة", "في", "", "=هدنة", "ق", "٢٠٢٣"])
def test_a_frequent_word_a_stop_word_or_a_number_gets_no_suggestion(
    engine: Engine, typed: str
) -> None:
    assert suggestions(typed, engine) == ()


def test_a_suggestion_has_the_whole_query_with_its_word(engine: Engine) -> None:
    (suggestion,) = [
        o for o in suggestions("علييف (عليف OR سلام) -موسكو", engine) if o.text == "علييف"
    ]

    assert suggestion.query == "علييف (علييف OR سلام) -موسكو"


def test_only_suggested_words_are_looked_up_in_every_spelling(
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

    (suggestion,) = suggest(parsed, vocabulary, engine, KNOWN.analyzer, most=1)

    assert looked_up == {fold(suggestion.text)}


def test_only_the_first_rare_words_of_a_query_get_suggestions(engine: Engine) -> None:
    looked_at: list[str] = []

    class Noted(Vocabulary):
        def near(self, word: str) -> Iterator[tuple[str, int]]:
            looked_at.append(word)
            return super().near(word)

    parsed = KNOWN.parse(f"الهدنة {'عليف ' * (MOST_LOOKED_AT + 3)}")
    vocabulary = Noted(vocabulary_of(engine).counts)

    assert {one.asked for one in suggest(parsed, vocabulary, engine, KNOWN.analyzer)} == {"عليف"}
    assert len(looked_at) == MOST_LOOKED_AT
    looked_at.clear()
    assert next(iter_suggestions(parsed, vocabulary, engine, KNOWN.analyzer)).text == "علييف"
    assert len(looked_at) == 1


def test_long_nonsense_from_the_other_keyboard_is_not_remembered(engine: Engine) -> None:
    rng = random.Random(3)
    typed = ["".join(rng.choices("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", k=1_000)) for _ in range(60)]
    suggestions(typed[0], engine)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for word in typed[1:]:
            suggestions(word, engine)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert held < 100_000
