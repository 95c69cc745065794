"""Parser: typed queries, their trees and their diagnostics."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.indexer.parts import parts
from marsad.indexer.query.names import FIELD_NAMES
from marsad.indexer.query.parse import Parsed, parse, parse_article
from marsad.indexer.query.tree import (
    All,
    And,
    AndMaybe,
    AtLeast,
    Chain,
    DateRange,
    Keyword,
    Lead,
    Link,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Spot,
    Term,
    Wildcard,
)


def shape(node: Node) -> str:
    """Return a tree in one line, with the stems of the body only, so that tests can be read."""
    match node:
        case All():
            return "all"
        case Nothing():
            return "nothing"
        case Term():
            return node.text
        case Phrase():
            return f'"{" ".join(node.terms)}"' + (f"~{node.slop}" if node.slop else "")
        case Chain():
            told = " ".join(
                f"{spot}{_told(link)}"
                for spot, link in zip(map(_spot, node.spots), (*node.links, None), strict=True)
            )
            return f"{{{told}}}"
        case Lead():
            return f"lead[{_spot(node.spot)}]"
        case AtLeast():
            return f"{_spot(node.spots[-1])}x{node.count}"
        case Prefix():
            return f"{node.text}*"
        case Wildcard():
            return node.pattern
        case Keyword():
            return f"{node.field}={node.value}"
        case DateRange():
            return f"[{node.since}, {node.until})"
        case Not():
            return f"-{shape(node.child)}"
        case AndMaybe(optional=Near() | Or(children=(Term(field="title_root"), *_))):
            return shape(node.required)
        case Near():
            return " ".join(node.terms)
        case AndMaybe():
            return f"{shape(node.required)} ~ {shape(node.optional)}"
        case Or(children=(Term(field="title_stem"), *_, Term(field="body_surface"))):
            return _stem_of(node)
        case Or(children=(Phrase(field="title_stem"), Phrase() as last)):
            return shape(last)
        case Or(children=(Chain(), Chain() as last)) if shape(last) == shape(node.children[0]):
            return shape(last)
        case Or(children=(Wildcard(field="title_surface"), Wildcard() as last)):
            return shape(last)
        case Or(children=(Prefix(field="title_surface"), Prefix() as last)):
            return shape(last)
        case And():
            return f"({' & '.join(shape(child) for child in node.children)})"
        case Or():
            return f"({' | '.join(shape(child) for child in node.children)})"


def _spot(spot: Spot) -> str:
    return "/".join(" ".join("|".join(terms) for terms in row) for row in spot.rows)


def _told(link: Link | None) -> str:
    return f" {'>' if link.ordered else ''}{link.reach}" if link else ""


def _stem_of(node: Or) -> str:
    return next(c.text for c in node.children if isinstance(c, Term) and c.field == "body_stem")


def understand(typed: str, *, any_word: bool = False) -> Parsed:
    known = parts()
    return parse(typed, known.analyzer, known.gazetteer.resolve, any_word=any_word)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "all"),
        ("   ", "all"),
        ("سلام", "سلام"),
        ("باكو يريفان", "(باكو & يريفان)"),
        ("باكو AND يريفان", "(باكو & يريفان)"),
        ("باكو OR يريفان", "(باكو | يريفان)"),
        ("باكو أو يريفان", "(باكو | يريفان)"),
        ("باكو و يريفان", "(باكو & يريفان)"),
        ("باكو -يريفان", "(باكو & -يريفان)"),
        ("باكو NOT يريفان", "(باكو & -يريفان)"),
        ("-باكو", "-باكو"),
        ("باكو (يريفان أو موسكو)", "(باكو & (يريفان | موسكو))"),
        ('"حفظ السلام"', '"حفظ سلام"'),
        ("«حفظ السلام»", '"حفظ سلام"'),
        ("“حفظ السلام”", '"حفظ سلام"'),
        ("كارابا*", "كارابا*"),
        ("كار?باخ", "كار?باخ"),
        ("قُرَّ*ةٌ", "قر*ه"),
        ("*باغ", "*باغ"),
        ("ك*ب*", "ك*ب*"),
        ("باكو?", "باكو"),
        ('"قوات السلام"~3', '"قوة سلام"~3'),
        ("«قوات السلام»~٣", '"قوة سلام"~3'),
        ("عنوان:باكو", "(باكو | باكو)"),
        ("title:باكو", "(باكو | باكو)"),
        ("شخص:علييف", "person=ilham-aliyev"),
        ("person:Aliyev", "person=ilham-aliyev"),
        ('شخص:"إلهام علييف"', "person=ilham-aliyev"),
        ("مكان:كاراباخ", "place=nagorno-karabakh"),
        ("منظمة:الكرملين", "organisation=kremlin"),
        ("جماعة:حماس", "armed_group=hamas"),
        ("مصدر:تاس", "تاس"),
        ("لغة:ru", "language=ru"),
        ("date:2020..2021-06", "[2020-01-01, 2021-07-01)"),
        ("تاريخ:٢٠٢٠..٢٠٢١", "[2020-01-01, 2022-01-01)"),
        ("date:2020-09", "[2020-09-01, 2020-10-01)"),
        ("date:..2020", "[None, 2021-01-01)"),
        ("date:2020..", "[2020-01-01, None)"),
        ("http://x.example/a", '"http x example a"'),
    ],
)
def test_a_query_gives_the_expected_tree(typed: str, expected: str) -> None:
    parsed = understand(typed)

    assert shape(parsed.tree) == expected
    assert [d.kind for d in parsed.diagnostics if d.kind != "stop-word"] == []


@pytest.mark.parametrize(
    ("typed", "kind", "span", "expected"),
    [
        ("(باكو", "unbalanced-parenthesis", (0, 1), "باكو"),
        ("باكو)", "unbalanced-parenthesis", (4, 5), "باكو"),
        ('باكو "حفظ السلام', "unclosed-quote", (5, 6), '(باكو & "حفظ سلام")'),
        ("باكو OR", "dangling-operator", (5, 7), "باكو"),
        ("AND باكو", "dangling-operator", (0, 3), "باكو"),
        ("NOT", "dangling-operator", (0, 3), "nothing"),
        ('"قوات السلام"~999', "too-wide", (13, 17), '"قوة سلام"~50'),
        ('""', "empty-phrase", (0, 2), "nothing"),
        ("ك*", "prefix-too-short", (0, 2), "nothing"),
        ("?ك*", "prefix-too-short", (0, 3), "nothing"),
        ("باكو حفظ-ال*م", "bad-pattern", (5, 13), "باكو"),
        ("باكو date:2020-13", "bad-date", (10, 17), "باكو"),
        ("date:2022..2020", "bad-date", (5, 15), "nothing"),
        ("شخص:زخرفخر", "unknown-name", (4, 10), "nothing"),
        ("باكو شخص:", "empty-field", (5, 9), "باكو"),
        ("!؟", "no-word", (0, 2), "nothing"),
        ("سلام في باكو", "stop-word", (5, 7), "(سلام & باكو)"),
    ],
)
def test_a_problem_is_reported_with_its_span(
    typed: str,
    kind: str,
    span: tuple[int, int],
    expected: str,
) -> None:
    parsed = understand(typed)

    (remark,) = parsed.diagnostics
    assert (remark.kind, (remark.start, remark.end)) == (kind, span)
    assert shape(parsed.tree) == expected


def test_a_query_of_stop_words_alone_searches_for_them() -> None:
    assert shape(understand("من في").tree) == "(من & في)"


def test_any_word_does_not_weaken_exclusions() -> None:
    parsed = understand("باكو يريفان -موسكو", any_word=True)

    assert shape(parsed.tree) == "((باكو | يريفان) & -موسكو)"


_PIECES = st.sampled_from(
    [*'()"«»“”-*?~:', " ", "..", "AND", "OR", "NOT", "أو", "و", "باكو", "في", "2020", *FIELD_NAMES]
)


@settings(max_examples=400, deadline=None)
@given(st.text() | st.lists(_PIECES, max_size=25).map("".join) | st.lists(_PIECES).map(" ".join))
def test_any_text_gives_a_tree_and_diagnostics_inside_it(typed: str) -> None:
    for any_word in (False, True):
        parsed = understand(typed, any_word=any_word)

        assert shape(parsed.tree)
        for remark in parsed.diagnostics:
            assert 0 <= remark.start <= remark.end <= len(typed)
        if isinstance(parsed.tree, Nothing):
            assert parsed.diagnostics
    parse_article(typed, parts().analyzer)


def test_deep_and_long_queries_are_cut_with_a_diagnostic() -> None:
    deep = understand("(" * 500 + "باكو")
    long = understand("باكو " * 5_000)

    assert "too-deep" in {d.kind for d in deep.diagnostics}
    assert "too-long" in {d.kind for d in long.diagnostics}
