"""Strictness: how similar words must be to match, with each rule on or off."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.indexer.parts import parts
from marsad.indexer.query.relation import forms_of, relation
from marsad.indexer.query.strictness import SWITCHES, MatchRule, Strictness
from marsad.indexer.query.tree import And, AndMaybe, Node, Not, Or, Phrase, Term
from tests.contract.oracle import matches
from tests.quality.articles import document

KNOWN = parts()


def finds(typed: str, text: str, *, level: Strictness = "default", off: str = "") -> bool:
    switched = frozenset(rule for rule in SWITCHES if rule in off.split())
    tree = KNOWN.parse(typed, level=level, off=switched).tree
    return matches(tree, document(KNOWN, "a", text))


@pytest.mark.parametrize(
    ("typed", "text", "levels"),
    [
        ("إعتذاره", "قدم إعتذاره", "exact folded default root"),
        ("إعتذاره", "قدم اعتذارهُ", "folded default root"),
        ("إعتذاره", "قدم الاعتذار", "default root"),
        ("إعتذاره", "له عذر", "root"),
        ("إعتذاره", "قدم هدية", ""),
        ("قائد", "القادة", "default root"),
        ("قائد", "قيادة", "root"),
        ("حفظ السلام", "حفظ السلام", "exact folded default root"),
        ("كاراباخ", "معارك في قره باغ", "default root"),
        ("قره باغ", "معارك في كاراباخ", "default root"),
        ("باكو", "عاد إلى باكو", "exact folded default root"),
    ],
)
def test_each_level_finds_exactly_its_own_matches(typed: str, text: str, levels: str) -> None:
    found = {
        level: finds(typed, text, level=level) for level in ("exact", "folded", "default", "root")
    }

    assert " ".join(level for level, was in found.items() if was) == levels


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("=إعتذاره", "قدم إعتذاره", True),
        ("=إعتذاره", "قدم اعتذاره", False),
        ("حرفيا:إعتذاره", "قدم اعتذاره", False),
        ("رسم:إعتذاره", "قدم اعتذاره", True),
        ("رسم:إعتذاره", "قدم اعتذارا", False),
        ('="قوات السلام"', "قوات السلام", True),
        ('="قوات السلام"', "القوات والسلام", False),
        ("√قتل", "مقتل جنود واغتيال", True),
        ("root:قتل", "المقاتلون", True),
        ("جذر:قتل", "سلام", False),
        ("√قتل =المقاتلون", "المقاتلون", True),
        ("√قتل =المقاتلون", "مقاتلون", False),
        ("title:=باكو", "باكو", False),
        ("-=باكو سلام", "سلام في باكو", False),
        ("-=باكو سلام", "سلام لباكو", True),
    ],
)
def test_a_word_can_have_its_own_level(typed: str, text: str, *, expected: bool) -> None:
    assert finds(typed, text) is expected


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("الكرملين", "بيان للكريملِن"),
        ("Aliyev", "قدم علييف"),
        ("Алиев", "قال لعلييف"),
        ("علييف", "said Aliyev"),
        ("إلهام علييف", "وعلييف"),
        ("ناغورنو قره باغ", "في كاراباخ"),
        ("لكاراباخ", "ناغورني قره باغ"),
        ("ستيباناكيرت", "خانكندي"),
    ],
)
def test_a_name_finds_the_other_names_of_its_entity(typed: str, text: str) -> None:
    assert finds(typed, text)
    assert not finds(typed, text, off="name")
    assert not finds(typed, text, level="folded")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("عليف", "علييف"),
        ("اشينيان", "باشينيان"),
        ("سليماني", "سلمان"),
        ("الجبير", "الجابر"),
        ("بوتين", "باكو"),
        ("روسيا", "موسكو"),
    ],
)
def test_unrelated_words_never_match(typed: str, text: str) -> None:
    assert not finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text", "rule"),
    [
        ("إعتذاره", "اعتذاره", "folded"),
        ("قوات", "والقوات", "clitic"),
        ("قائد", "قائدان", "stem"),
        ("قائد", "قادة", "plural"),
        ("كاراباخ", "قره باغ", "name"),
    ],
)
def test_a_rule_that_is_off_matches_no_words(typed: str, text: str, rule: MatchRule) -> None:
    others = " ".join(other for other in SWITCHES if other not in (rule, "folded"))

    assert finds(typed, text)
    assert not finds(typed, text, off=rule)
    assert rule in ("plural", "stem") or finds(typed, text, off=others)


@pytest.mark.parametrize("rule", SWITCHES)
def test_switching_a_rule_off_finds_no_additional_sources(rule: MatchRule) -> None:
    made = KNOWN.documents.make(Article(id="a", title="", text="", source="الوكالات"))

    assert matches(KNOWN.parse("source:الوكالات", off=frozenset({rule})).tree, made)
    assert not matches(KNOWN.parse("source:وكالات").tree, made)
    assert not matches(KNOWN.parse("source:وكالات", off=frozenset({rule})).tree, made)


WORDS = [
    *("قائد", "القائد", "وقادتهم", "قائدان", "قيادة", "سلام", "السلام", "قوات"),
    *("إعتذاره", "اعتذار", "باكو", "لباكو", "علييف"),
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, "=قائد", "√قيادة", '"قائد القوات"']), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.sets(st.sampled_from(SWITCHES)),
)
def test_a_wider_level_finds_everything_that_a_narrower_level_finds(
    typed: list[str], text: list[str], off: set[MatchRule]
) -> None:
    made = document(KNOWN, "a", " ".join(text))
    levels: tuple[Strictness, ...] = ("exact", "folded", "default", "root")
    found = [matches(KNOWN.parse(" ".join(typed), level=level).tree, made) for level in levels]
    fewer = KNOWN.parse(" ".join(typed), off=frozenset(off)).tree

    assert found == sorted(found)
    assert found[2] or not matches(fewer, made)


def test_the_known_forms_of_a_word_have_its_stem() -> None:
    (asked,) = KNOWN.analyzer.analyze("قائد")

    forms = list(forms_of(asked, KNOWN.analyzer))

    assert {"قاده", "القاده", "وقايد", "لقادتهم"} <= {form.surface for form in forms}
    assert all(relation(asked, form, KNOWN.analyzer) for form in forms)


def leaves(node: Node) -> list[Term | Phrase]:
    match node:
        case Term() | Phrase():
            return [node]
        case And() | Or():
            return [leaf for child in node.children for leaf in leaves(child)]
        case Not():
            return leaves(node.child)
        case AndMaybe():
            return leaves(node.required)
        case _:
            return []


def test_a_query_of_one_word_has_four_terms() -> None:
    assert len(leaves(KNOWN.parse("هدنة").tree)) == 4
