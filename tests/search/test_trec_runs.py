"""TREC runs: files of queries are read, and answered a line a hit."""

from pathlib import Path

import pytest

from marsad.indexer.parts import parts
from marsad.indexer.search.trec_runs import QueryFileError, read_queries, run_queries
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()


def queries(tmp_path: Path, name: str, text: str) -> list[tuple[str, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(read_queries(path))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.tsv", "1\tهدنة\n\n2\tسلام في غزة\n"),
        ("q.tsv", "\ufeff1\tهدنة\r\n2\tسلام في غزة"),
        ("q.jsonl", '{"id": 1, "text": "هدنة"}\n{"id": "2", "text": "سلام في غزة"}\n'),
    ],
)
def test_queries_are_read_from_both_formats(tmp_path: Path, name: str, text: str) -> None:
    assert queries(tmp_path, name, text) == [("1", "هدنة"), ("2", "سلام في غزة")]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("q.tsv", "1\tهدنة\n2 سلام\n", "no tab"),
        ("q.tsv", "1\tهدنة\na b\tسلام\n", "the id 'a b'"),
        ("q.jsonl", '{"id": "1", "text": "هدنة"}\n{"id": "2"}\n', "no text"),
        ("q.jsonl", '{"id": "1", "text": "هدنة"}\nهدنة\n', "invalid JSON"),
        ("q.jsonl", '{"id": "1", "text": "هدنة"}\n{"text": "هدنة"}\n', "the id ''"),
    ],
)
def test_a_line_that_is_no_query_is_named(tmp_path: Path, name: str, text: str, found: str) -> None:
    with pytest.raises(QueryFileError, match=f"line 2: found {found}"):
        queries(tmp_path, name, text)


def test_a_run_has_the_best_hits_of_each_query_best_first() -> None:
    with segment_engine() as engine:
        with engine.writer() as writer:
            for number, text in enumerate(("هدنة في باكو", "سلام", "هدنة في غزة", "قصف غزة")):
                writer.add(document(KNOWN, f"a{number}", text))
        lines = list(
            run_queries(
                [("1", "هدنة غزة"), ("2", " "), ("3", "سلام")],
                engine,
                lambda text: KNOWN.parse(text, any_word=True),
                top=2,
                tag="test",
            )
        )

    rows = [line.split(" ") for line in lines]
    assert [(row[0], row[3]) for row in rows] == [("1", "1"), ("1", "2"), ("3", "1")]
    assert (rows[0][2], rows[2][2]) == ("a2", "a1")
    assert float(rows[0][4]) > float(rows[1][4]) > 0
    assert all((row[1], row[5]) == ("Q0", "test") for row in rows)
