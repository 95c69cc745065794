"""Analyzer: the terms of a text, checked against golden files and by properties."""

import os
import random
import subprocess
import sys
import tracemalloc
import unicodedata
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.indexer.analysis import analyzer
from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.analysis.folding import LONGEST_REMEMBERED, fold
from marsad.indexer.analysis.kernels import names, reading
from marsad.indexer.analysis.kernels.learn import learn
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.analysis.morphology import morphology
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.suffixes import strip_suffixes
from marsad.indexer.analysis.term_table import TermTable
from marsad.indexer.compiled import digest
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer
from marsad.indexer.extract.entities.words import WordTable
from marsad.indexer.parts import Parts
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
_LINES = (GOLDEN / "analysis.txt").read_text(encoding="utf-8").splitlines()


def test_the_golden_lines_keep_their_terms(wanted: Parts, request: pytest.FixtureRequest) -> None:
    found = [
        " ".join(f"{t.surface}>{t.stem}" for t in wanted.analyzer.analyze(line)) for line in _LINES
    ]
    path = Path(GOLDEN / "analysis.golden")
    if request.config.getoption("--update-golden"):
        path.write_text("\n".join(found) + "\n", encoding="utf-8")

    assert found == path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "words",
    [
        "الكريملِن الكريملن",
        "إعتذاره اعتذارهُ",
        "قـــوات قوات",
        "ناغورنى ناغورني",
        "کاراباخ كاراباخ",
        "ﻻجئ لاجئ",
        "٢٠٢٣ 2023",
        "مُحَمَّد محمد",
        "أذر\u200cبيجان أذربيجان",
    ],
)
def test_spellings_of_one_word_fold_together(words: str) -> None:
    first, second = words.split()

    assert fold(first) == fold(second)


@pytest.mark.parametrize(
    "words",
    [
        "أخبار الأخبار",
        "كثير كثيرون",
        "أغراض وأغراضها",
        "بوتين لبوتين",
        "بوتين وبوتين",
        "باكو لباكو",
        "علييف وعلييف",
        "أذربيجان الأذربيجاني",
        "الكرملين للكرملين",
        "مقاتل المقاتلين",
    ],
)
def test_forms_of_one_word_have_one_stem(wanted: Parts, words: str) -> None:
    first, second = wanted.analyzer.analyze(words)

    assert first.stem == second.stem


@pytest.mark.parametrize("words", ["سليماني سلمان", "الجبير الجابر", "وزير زير", "باكو اكو"])
def test_words_that_only_look_alike_have_different_stems(wanted: Parts, words: str) -> None:
    first, second = wanted.analyzer.analyze(words)

    assert first.stem != second.stem


def test_stop_words_keep_their_positions_and_are_few() -> None:
    tokens = Analyzer(Names()).analyze("سلام في باكو")

    assert [token.stop for token in tokens] == [False, True, False]
    assert 70 <= len(stopwords()) <= 100


def test_offsets_include_the_marks_of_a_word() -> None:
    text = "أكّدَ الكريملِنُ\u200f، و٢١"

    assert [token.text for token in Analyzer(Names()).analyze(text)] == [
        "أكّدَ", "الكريملِنُ", "و", "٢١",
    ]  # fmt: skip


@given(st.text())
def test_tokens_are_slices_of_the_text_without_spaces(text: str) -> None:
    end = 0
    for token in Analyzer(Names()).analyze(text):
        assert text[token.start : token.end] == token.text
        assert token.surface
        assert token.stem
        assert not any(char.isspace() for char in token.surface + token.stem)
        assert token.start >= 0
        end = max(end, token.end)
    assert end <= len(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x0600, max_codepoint=0x06FF)))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.text(alphabet="ابتلو", min_size=1, max_size=6), st.sampled_from("\u064b\u0651\u0640\u200f")
)
def test_a_mark_never_changes_a_term(word: str, mark: str) -> None:
    marked = unicodedata.normalize("NFC", mark.join(word) + mark)

    assert fold(marked) == fold(word)


def test_another_rule_or_list_is_another_version() -> None:
    versions = {
        Analyzer(Names()).version,
        Analyzer(Names(frozenset({"باكو"}))).version,
        Analyzer(Names(), stemming=False).version,
    }

    assert len(versions) == 3


def test_reading_a_text_again_adds_no_words() -> None:
    text = "قال 😀 ﷺ في باكو ﷺ"
    table = TermTable()
    table.analyze(text)
    known = len(table)

    for _ in range(3):
        table.analyze(text)

    assert len(table) == known


def test_a_table_counts_each_spelling_of_a_word() -> None:
    marks = ("", "\u064b", "\u064e", "\u0651", "\u0640", "\u0640\u0640")
    spelled = [f"ك{a}ت{b}اب{c}ه" for a, b, c in product(marks, repeat=3)]
    table, words = TermTable(), WordTable()
    table.analyze(" ".join(spelled))
    words.read(" ".join(spelled))

    assert len(table.words["exact"]) == 1
    assert len(table) == len(words) == len(spelled)


def test_a_table_counts_long_words_by_their_letters() -> None:
    table = TermTable()
    table.analyze(" ".join("ك" + "\u0640" * n + "تاب" for n in range(900, 950)))

    assert len(table) > 50 * 900 / 20


def test_a_full_table_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzer, "FULL", 4)
    reader = Analyzer(Names(), stemming=False)
    first, second, third = (reader.columns(text) for text in ("كِتاب كُتاب", "كَتاب", "كتاب"))

    assert first.words is second.words
    assert third.words is not second.words
    assert [list(each.surfaces) for each in (first, third)] == [["كتاب"] * 2, ["كتاب"]]


@pytest.mark.parametrize("word", ["كتاب{}ه", "ﷺ{}", "استخباراتيه{}كم", "ab\u00e9{}", "😀 ب{}ﷺ"])
@pytest.mark.parametrize("length", [1_001, 70_000])
def test_a_token_too_long_for_a_word_is_read_but_not_kept(word: str, length: int) -> None:
    table = TermTable()
    plain = table.analyze(word.format(""))
    known = len(table)

    for longer in range(length, length + 20):
        again = table.analyze(" ".join([word.format("\u0640" * longer)] * 2))
        assert list(again.surfaces) == list(plain.surfaces) * 2

    assert len(table) == known


# Letters, marks that are removed or that compose, ligatures, other alphabets and planes, and
# affixes.
_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
_OTHERS = "پچکگیەﻻﷺ\u064e\u0651\u0640\u0653\u0654\u0670\u200c\u200fabÉß٢5😀𝐀\ud800 "
_BEFORE = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "كال", "لل", "ولل", "س", "ي", "ت")
_BEHIND = ("", "ه", "ها", "هم", "تهم", "وا", "ا", "ت", "ات", "ون", "ين", "يه", "ي", "هما", "تان")


@cache
def _known_words() -> list[str]:
    table = morphology()
    every_tenth = np.arange(0, len(table.arrays["values"]), 10)
    tables = lexicon().forms, table.forms(every_tenth), bundled_gazetteer().by_name
    return sorted({word for table in tables for key in table for word in _split(key)})


def _split(key: str | tuple[str, ...]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


@cache
def _analyzers() -> tuple[Analyzer, Analyzer]:
    """Return two analyzers of one chain: one uses the compiled rules, the other those in Python."""
    names = bundled_gazetteer().names()
    return Analyzer(names), Analyzer(names)


def _assert_the_same_terms(text: str) -> None:
    compiled, written = _analyzers()
    columns = compiled.columns(text)
    tokens = written.analyze(text)

    for level in columns.words:
        assert list(columns.terms(level)) == [token.term(level) for token in tokens]
    assert list(columns.starts) == [token.start for token in tokens]


@pytest.mark.parametrize(
    "text",
    [
        "\u0625duzc\u061c\u0301e",
        "\u0625duz\u0107e \u0625duzc\u061c\u0301e",
        "\u0625duzc\u061c\u0301e \u0625duz\u0107e",
        "\u0625" + "o\u0301" * 140,
        "\u0625" + "\u00e9" * 100 + "c\u061c\u0301" * 40,
        "\u00e9" * 127 + "\ufb03",
        "\ufdfa \u0648\ufdfa",
    ],
)
def test_words_with_composing_marks_have_one_exact_term_in_both_chains(text: str) -> None:
    _assert_the_same_terms(text)


_COMPOSING = "إوabcezoéćийё\u0301\u0306\u0308\u061c\u200d\u0640\u064e\ufb03\ufdfa "


@settings(deadline=None)
@given(st.text(alphabet=_COMPOSING, max_size=30), st.sampled_from([1, 1, 1, 12]))
def test_composing_marks_give_the_same_terms_in_both_chains(text: str, times: int) -> None:
    _assert_the_same_terms(text * times)


@settings(deadline=None)
@given(st.text(alphabet=_LETTERS * 3 + _OTHERS, max_size=60))
def test_compiled_rules_read_any_text_as_the_python_rules_do(text: str) -> None:
    _assert_the_same_terms(text)


@settings(deadline=None)
@given(st.data())
def test_compiled_rules_remove_the_same_affixes(data: st.DataObject) -> None:
    word = st.tuples(
        st.sampled_from(_BEFORE), st.sampled_from(_known_words()), st.sampled_from(_BEHIND)
    )
    _assert_the_same_terms(" ".join(map("".join, data.draw(st.lists(word, max_size=20)))))


def test_compiled_rules_read_every_word_of_the_tables_as_the_python_rules_do() -> None:
    _assert_the_same_terms(" ".join(_known_words()))


def test_a_cached_kernel_is_used_only_for_the_rules_it_was_compiled_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = digest(learn)
    monkeypatch.setattr(reading, "_NO_HAMZA", 31)

    assert digest(learn) != before


def test_a_cached_kernel_is_used_only_with_the_options_it_was_compiled_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = digest(learn)
    for made, option in ((learn, "error_model"), (names.read_word, "_nrt")):
        with monkeypatch.context() as patch:
            patch.setitem(vars(made)["targetoptions"], option, "another")

            assert digest(learn) != before
    assert digest(learn) == before
    cache = vars(learn)["_cache"]
    assert cache._cache_file._source_stamp[1] == before


_WITHOUT_A_STAMP = """
from numba.core.caching import FunctionCache
FunctionCache._cache_file = property(lambda cache: None, lambda cache, file: None)
"""
_PACK = "from marsad.indexer.analysis.packed import FOLDED; print(*FOLDED.pack(['باكو']))"
_READ = """
from marsad.indexer.analysis.analyzer import Analyzer, Names
print(*Analyzer(Names()).columns("قال الوزير في باكو").stems)
"""


@pytest.mark.parametrize(
    ("settings", "program", "said"),
    [
        ({"NUMBA_DISABLE_JIT": "1"}, _READ, "قال وزير في باكو\n"),
        ({}, _WITHOUT_A_STAMP + _PACK, "101116\n"),
    ],
    ids=["not compiled", "no stamp"],
)
def test_kernels_work_without_a_writable_cache(
    settings: dict[str, str], program: str, said: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == said


def test_very_long_words_are_not_kept_in_memory(wanted: Parts) -> None:
    rng = random.Random(3)

    def read(length: int) -> None:
        word = "".join(rng.choices(_LETTERS, k=length))
        for printed in (word, "\u0640".join(word), f"وال{word[:90]}اتها"):
            for token in wanted.analyzer.analyze(printed):
                wanted.analyzer.stems(token)
                strip_suffixes(token.surface)
                assert len(token.stem) > LONGEST_REMEMBERED

    read(1_990)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(200):
            read(rng.choice((100, 1_990)))
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert held < 50_000
