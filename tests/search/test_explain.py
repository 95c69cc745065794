"""Explain: the rule by which each word matches, on golden pairs; the parts of a score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.engine.request import RANKED_AGAIN, SearchRequest
from marsad.indexer.parts import parts
from marsad.indexer.query.answers import find_answers
from marsad.indexer.query.strictness import (
    MATCH_RULES,
    STRICTNESSES,
    SWITCHES,
    MatchRule,
    Strictness,
)
from marsad.indexer.search.explain import explain, explain_hit
from marsad.indexer.search.highlight import find_highlights, highlight_query
from marsad.indexer.search.rerank import reranker_of
from tests.conftest import ROOT
from tests.contract.oracle import matches
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()
PAIRS = [
    line.split("\t")
    for line in (ROOT / "tests/golden/explain.tsv").read_text(encoding="utf-8").splitlines()
]


def stored(text: str, title: str = "") -> StoredArticle:
    made = KNOWN.documents.make(Article(id="a", title=title, text=text))
    return load_stored(made.stored)


def test_there_are_a_hundred_golden_pairs() -> None:
    assert len(PAIRS) >= 100
    assert {rule for _, _, rule in PAIRS} >= {"exact", "folded", "clitic", "stem", "plural", "name"}


@pytest.mark.parametrize(("asked", "found", "rule"), PAIRS)
def test_a_word_matches_by_its_rule(asked: str, found: str, rule: str) -> None:
    parsed = KNOWN.parse(asked)

    answers = find_answers(KNOWN.analyzer.analyze(found), parsed.asked, KNOWN.analyzer)

    assert [answer.rule for answer in answers] == ([] if rule == "none" else [rule])
    assert matches(parsed.tree, document(KNOWN, "a", found)) == bool(answers)


def test_each_word_of_a_query_has_its_forms_rules_and_counts() -> None:
    article = stored("قال القائد إن القادة في قره باغ، والقائد عاد.", title="كاراباخ")

    why = explain(KNOWN.parse("قائد كاراباخ هدنة"), article, KNOWN.analyzer)

    assert [
        (reason.asked, [(form.text, form.rule, form.count) for form in reason.forms])
        for reason in why.reasons
    ] == [
        ("قائد", [("القائد", "clitic", 1), ("والقائد", "clitic", 1), ("القادة", "plural", 1)]),
        ("كاراباخ", [("كاراباخ", "exact", 1), ("قره باغ", "name", 1)]),
        ("هدنة", []),
    ]
    assert [(one.field, one.text) for one in why.occurrences if one.asked == 1] == [
        ("title", "كاراباخ"),
        ("body", "قره باغ"),
    ]


def test_phrases_patterns_and_entities_are_explained_too() -> None:
    article = stored("وصلت قوات حفظ السلام، وقال بوتين إن الهدنة قائمة.")
    parsed = KNOWN.parse('"حفظ سلام" شخص:Putin هدن* ه?نة -باكو √قتل')

    why = explain(parsed, article, KNOWN.analyzer)

    assert [(r.asked, [(f.text, f.rule) for f in r.forms]) for r in why.reasons] == [
        ("حفظ سلام", [("حفظ السلام", "clitic")]),
        ("Putin", [("بوتين", "name")]),
        ("هدن", []),
        ("ه?نة", []),
        ("قتل", []),
    ]


def test_the_parts_of_a_score_add_up_to_it() -> None:
    texts = ["قائد في كاراباخ وباكو", "القادة في قره باغ " * 3, "هدنة", "سلام القائد هدنة كاراباخ"]
    parsed = KNOWN.parse('قائد كاراباخ "قره باغ" هدن*', any_word=True)
    with segment_engine() as engine:
        with engine.writer() as writer:
            for number, text in enumerate(texts):
                writer.add(document(KNOWN, f"a{number}", text, title="كاراباخ"))
        request = SearchRequest(query=parsed.tree, again=reranker_of(parsed))
        hits = engine.search(request).hits
        for hit in hits:
            why = explain_hit(parsed, load_stored(hit.stored), KNOWN.analyzer, engine)

            assert why.score == pytest.approx(hit.score, rel=1e-4)
            assert why.parts
        assert {part.kind for hit in hits for part in engine.explain(parsed.tree, hit.id)} == {
            "term", "phrase", "pattern", "near",
        }  # fmt: skip
        assert engine.explain(parsed.tree, "no such id") == ()
        assert engine.explain(KNOWN.parse("زخرفة").tree, "a0") == ()


def test_a_phrase_without_a_rule_is_explained_as_it_was_searched() -> None:
    parsed = KNOWN.parse('"حفظ سلام"', off=frozenset({"plural"}))

    (reason,) = explain(parsed, stored("حفظ السلام، ثم حفظ سلام"), KNOWN.analyzer).reasons

    assert reason.strictness == "folded"
    assert [(form.text, form.rule, form.count) for form in reason.forms] == [
        ("حفظ سلام", "exact", 1)
    ]


@pytest.mark.parametrize(("typed", "text"), [("كاراباخ", "القره باغ"), ("قره باغ", "لكاراباخ")])
def test_another_name_without_a_rule_is_explained_as_it_was_searched(typed: str, text: str) -> None:
    parsed = KNOWN.parse(typed, off=frozenset({"clitic"}))

    assert not matches(parsed.tree, document(KNOWN, "a", text))
    assert not explain(parsed, stored(text), KNOWN.analyzer).occurrences


def test_near_is_a_part_of_the_score_of_the_best_documents_alone() -> None:
    parsed = KNOWN.parse("قائد هدنة")
    with segment_engine() as engine:
        with engine.writer() as writer:
            for number in range(RANKED_AGAIN + 30):
                text = "قائد هدنة " + "باكو " * number
                writer.add(document(KNOWN, f"a{number}", text))
        hits = engine.search(SearchRequest(query=parsed.tree, limit=RANKED_AGAIN + 30)).hits
        parts_of = [engine.explain(parsed.tree, hit.id) for hit in hits]

    assert [sum(part.score for part in parts) for parts in parts_of] == pytest.approx(
        [hit.score for hit in hits], rel=1e-4
    )
    assert [any(part.kind == "near" for part in parts) for parts in parts_of] == (
        [True] * RANKED_AGAIN + [False] * 30
    )


WORDS = ["قائد", "القادة", "وقادتهم", "قيادة", "سلام", "إعتذاره", "اعتذار", "باكو"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [*WORDS, "كاراباخ", "=قائد", "√قيادة", '"قائد القوات"', '"قيادة سلام"~1', "قاد*", "ناغورنو"]
    ),
    st.lists(
        st.sampled_from([*WORDS, "القوات", "قره باغ", "وناغورني", "والقره باغ", "لكاراباخ"]),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    st.sampled_from(STRICTNESSES),
    st.sets(st.sampled_from(SWITCHES)),
)
def test_an_article_is_explained_exactly_if_it_matches(
    typed: str, text: str, level: Strictness, off: set[MatchRule]
) -> None:
    parsed = KNOWN.parse(typed, level=level, off=frozenset(off))

    forms = [f for r in explain(parsed, stored(text), KNOWN.analyzer).reasons for f in r.forms]

    assert matches(parsed.tree, document(KNOWN, "a", text)) == bool(forms)
    assert all(form.rule in MATCH_RULES and form.rule not in off for form in forms)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("جسر w/2 شارع", ["الجسر", "الشارع"]),
        ("جسر w/s قصف", ["الجسر", "والقصف"]),
        ("جسر /p ضفة", ["جسر", "الجسر", "الضفة"]),
        ("lead:جسر", ["الجسر", "الجسر"]),
        ("شارع pre/1 جسر", []),
        ("atleast2(جسر)", ["جسر", "الجسر", "الجسر"]),
        ("-(جسر w/2 شارع) قصف", ["والقصف"]),
    ],
)
def test_only_the_places_that_match_are_explained_and_highlighted(
    typed: str, found: list[str]
) -> None:
    text = "الجسر فوق الشارع. انهار أمس الجسر والقصف مستمر.\nالضفة بعيدة."
    parsed = KNOWN.parse(typed)
    article = stored(text, title="جسر")
    if typed.startswith("جسر /p"):
        article = stored("انهار جسر. الجسر في الضفة.\nالجسر.")

    why = explain(parsed, article, KNOWN.analyzer)
    marked = [
        field_text[one.start : one.end]
        for name, field_text in (("title", article.article.title), ("body", article.article.text))
        for one in find_highlights(field_text, highlight_query(parsed.tree, name), KNOWN.analyzer)
    ]

    assert [one.text for one in why.occurrences] == found
    assert marked == found
