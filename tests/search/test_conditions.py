"""Conditions: which conditions of a query an article meets, and what shows it."""

import datetime as dt
from dataclasses import replace

import pytest

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.parts import parts
from marsad.indexer.search.explain import explain_hit
from tests.contract.test_engine_contract import segment_engine

KNOWN = parts()


@pytest.mark.parametrize(
    ("typed", "kind", "shown"),
    [
        ("لغة:ar", "language", ("ar",)),
        ("تاريخ:2021-05", "date", ("2021-05-20",)),
        ("حدث:2021-03", "event", ("يوم 7 مارس 2021",)),
        ("شخص:Putin", "person", ("بوتين",)),
        ("كيان:بوتين", "entity", ("بوتين",)),
        ("-زلزال", "without", ()),
        ('-"جسر النهر"', "without", ()),
        ("جسر w/3 بوتين", "near", ()),
        ("atleast2(جسر)", "often", ()),
    ],
)
def test_a_hit_without_a_word_is_explained_by_its_conditions(
    typed: str, kind: str, shown: tuple[str, ...]
) -> None:
    day = dt.date(2021, 5, 20)
    text = "فتح بوتين الجسر يوم 7 مارس 2021. ويصل الجسر بين ضفتين من نهر واحد."
    made = KNOWN.documents.make(Article(id="a", title="جسر", text=text, published=day))
    with segment_engine() as engine:
        with engine.writer() as writer:
            writer.add(replace(made, facets={**made.facets, "language": ("ar",)}))
        parsed = KNOWN.parse(typed)
        found = load_stored(made.stored)
        found = StoredArticle(replace(found.article, language="ar"), found.extracted)
        why = explain_hit(parsed, found, KNOWN.analyzer, engine)
        other = explain_hit(KNOWN.parse(f"({typed}) زلزال"), found, KNOWN.analyzer, engine)

    assert why.is_hit
    assert [(each.kind, each.holds, each.shown) for each in why.conditions] == [(kind, True, shown)]
    assert not other.is_hit
