"""Snippets: what a query marks in a text."""

import pytest

from indexer.query.parse import parse
from indexer.registry import parts
from indexer.snippet import find_marks, wanted_in

TEXT = "دخلت قوّات حفظ السلام قرَّه باغ، ثم غادرت قواتُ الأمم المتحدة لحفظ السلام كاراباخ."


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("سلام", ["السلام", "السلام"]),
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

    marks = find_marks(TEXT, wanted_in(tree, "body"), known.analyzer)

    assert [TEXT[mark.start : mark.end] for mark in marks] == marked
