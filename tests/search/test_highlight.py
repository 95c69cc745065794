"""Highlight: the words of a text that match a query."""

import pytest

from marsad.indexer.parts import parts
from marsad.indexer.query.parse import parse
from marsad.indexer.search.highlight import find_highlights, highlight_query

TEXT = "دخلت قوّات حفظ السلام قرَّه باغ، ثم غادرت قواتُ الأمم المتحدة لحفظ السلام كاراباخ."


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("سلام", ["السلام", "السلام"]),
        ("=كاراباخ", ["كاراباخ"]),
        ('="قوات الامم"', []),
        ('="قواتُ الأمم"', ["قواتُ الأمم"]),
        ("√سلم", ["السلام", "السلام"]),
        ("كار*", ["كاراباخ"]),
        ("ك?راباخ", ["كاراباخ"]),
        ("قر*ه باغ", ["قرَّه", "باغ"]),
        ('"حفظ السلام"', ["حفظ السلام", "لحفظ السلام"]),
        ('"قوات السلام"', []),
        ('"قوات السلام"~1', ["قوّات", "السلام"]),
        ('"قوات السلام"~3', ["قوّات", "السلام", "قواتُ", "السلام"]),
    ],
)
def test_a_highlight_covers_whole_words_as_they_are_printed(typed: str, marked: list[str]) -> None:
    known = parts()
    tree = parse(typed, known.analyzer, known.gazetteer.resolve).tree

    highlights = find_highlights(TEXT, highlight_query(tree, "body"), known.analyzer)

    assert [TEXT[one.start : one.end] for one in highlights] == marked


@pytest.mark.parametrize(("typed", "is_marked"), [("*a*a*a*a*a*a*a*b", False), ("*a*a*a?a", True)])
def test_a_pattern_that_fits_in_many_ways_takes_no_longer(typed: str, is_marked: bool) -> None:
    known, text = parts(), "a" * 5_000
    tree = parse(typed, known.analyzer, known.gazetteer.resolve).tree

    assert bool(find_highlights(text, highlight_query(tree, "body"), known.analyzer)) == is_marked
