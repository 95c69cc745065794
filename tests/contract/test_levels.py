"""Levels: in real text, every engine finds the same articles at every strictness."""

from collections.abc import Iterator

import pytest

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.indexer.query.strictness import MatchRule, Strictness
from tests.contract.test_engine_contract import oracle_engine, segment_engine, stock_engine, write
from tests.quality.articles import document

TEXTS = {
    "a": ("قادة القوات", "قدم القائد إعتذاره عن مقتل جنود في قره باغ."),
    "b": ("القيادة والجيش", "قدّمت القيادة اعتذارا، وقُتل قائدان في كاراباخ."),
    "c": ("سلام", "المقاتلون يعودون من باكو إلى بيوتهم، وقال بيان للكريملِن."),
    "d": ("Aliyev in Baku", "علييف استقبل قادتهم؛ حفظ السلام مهمة."),
}


@pytest.fixture(scope="module", params=[oracle_engine, segment_engine, stock_engine])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    known = parts()
    with request.param() as opened:
        # Two batches, so that an engine of segments has two.
        for names in ("ab", "cd"):
            write(opened, [document(known, n, TEXTS[n][1], TEXTS[n][0]) for n in names])
        yield opened


@pytest.mark.parametrize(
    ("typed", "level", "off", "expected"),
    [
        ("إعتذاره", "exact", "", "a"),
        ("إعتذاره", "folded", "", "a"),
        ("إعتذاره", "default", "", "a b"),
        ("اعتذارا", "exact", "", "b"),
        ("قائد", "exact", "", ""),
        ("قائد", "default", "", "a b d"),
        ("قائد", "default", "plural", "a b"),
        ("قائد", "default", "plural clitic", "b"),
        ("قائد", "default", "plural clitic stem", ""),
        ("قائد", "root", "", "a b d"),
        ("القيادة", "default", "", "b"),
        ("√قتل", "default", "", "a b c"),
        ("√قتل -=المقاتلون", "default", "", "a b"),
        ("كاراباخ", "default", "", "a b"),
        ("كاراباخ", "default", "name", "b"),
        ("كاراباخ", "folded", "", "b"),
        ("الكرملين", "default", "", "c"),
        ("باكو", "default", "", "c d"),
        ("=باكو", "default", "", "c"),
        ("Алиев", "default", "", "d"),
        ("عنوان:قائد", "default", "", "a"),
        ('"حفظ السلام"', "exact", "", "d"),
        ('"حفظ سلام"', "exact", "", ""),
        ('"حفظ سلام"', "default", "", "d"),
    ],
)
def test_every_engine_finds_the_same_at_a_level(
    engine: Engine, typed: str, level: Strictness, off: str, expected: str
) -> None:
    rules: frozenset[MatchRule] = frozenset(off.split())  # type: ignore[arg-type]
    parsed = parts().parse(typed, level=level, off=rules)

    found = engine.search(SearchRequest(query=parsed.tree)).hits

    assert " ".join(sorted(hit.id for hit in found)) == expected


def test_every_engine_lists_its_terms_with_document_frequencies(engine: Engine) -> None:
    words = engine.words("body_surface")

    assert words["قره"] == 1
    assert words["في"] == 2
    assert all(engine.count("body_surface", word) == count for word, count in words.items())
    assert engine.count("body_surface", "زخرفه") == 0
    assert "قوة" in engine.words("title_stem")
