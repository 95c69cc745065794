"""Any word: the count that is offered where few articles hold all words of a query."""

import pytest

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.parts import parts
from marsad.indexer.search.any_word import FEW, count_any
from tests.contract.oracle import OracleEngine
from tests.quality.articles import document

KNOWN = parts()


@pytest.mark.parametrize(
    ("typed", "total", "expected"),
    [
        pytest.param("هدنة غزة", 1, 3, id="more by any word"),
        pytest.param("هدنة", 2, None, id="no more by any word"),
        pytest.param("هدنة غزة", FEW + 1, None, id="enough by all words"),
        pytest.param(" ", 0, None, id="no words"),
    ],
)
def test_any_word_is_counted_where_few_articles_hold_all(
    typed: str, total: int, expected: int | None
) -> None:
    oracle = OracleEngine()
    with oracle.writer() as writer:
        for number, text in enumerate(("هدنة في غزة", "هدنة في باكو", "قصف غزة", "سلام")):
            writer.add(document(KNOWN, f"a{number}", text))
    request = SearchRequest(query=KNOWN.parse(typed).tree)

    found = count_any(oracle, request, KNOWN.parse(typed, any_word=True), total)

    assert found == expected
