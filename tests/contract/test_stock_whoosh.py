"""Stock Whoosh on our index: its searcher, parser, phrases, prefixes and highlights, unpatched.

`make test` runs this file with each supported version of Whoosh; see `test_whoosh_versions`.
"""

import datetime as dt
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whoosh import query, sorting
from whoosh.index import FileIndex
from whoosh.qparser import FuzzyTermPlugin, QueryParser

from marsad.corpus.article import Article
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.parts import parts
from marsad.indexer.query.tree import (
    And,
    AndMaybe,
    AtLeast,
    Chain,
    Lead,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Term,
)
from marsad.indexer.segments.engine import open_index
from marsad.indexer.whoosh_compat import index as compat
from marsad.indexer.whoosh_compat.index import ColumnIndex, open_dir
from tests.contract.oracle import OracleEngine
from tests.contract.stock import query_of
from tests.contract.strategies import batches, requests
from tests.contract.test_engine_contract import assert_same_answer, stock_engine, write


def as_whoosh_has_it(node: Node) -> Node:
    """Return *node* without parts that Whoosh does not have: it has slop for two words only."""
    match node:
        case Phrase() if len(node.terms) != 2:
            return Phrase(node.field, node.terms, node.boost)
        case Chain() | Lead() | AtLeast():
            return Nothing()
        case And() | Or():
            return type(node)(tuple(as_whoosh_has_it(child) for child in node.children))
        case Not():
            return Not(as_whoosh_has_it(node.child))
        case AndMaybe():
            return AndMaybe(as_whoosh_has_it(node.required), as_whoosh_has_it(node.optional))
        case _:
            return node


@settings(
    max_examples=150,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(batches, st.lists(requests, min_size=4, max_size=8))
def test_stock_whoosh_answers_as_the_oracle_does(
    written: list[list[Document | str]], asked: list[SearchRequest]
) -> None:
    oracle = OracleEngine()
    with stock_engine() as engine:
        for batch in written:
            write(oracle, batch)
            write(engine, batch)
        for wanted in asked:
            request = replace(wanted, query=as_whoosh_has_it(wanted.query))
            assert_same_answer(engine.search(request), oracle.search(request), request)


ARTICLES = (
    ("قوات حفظ السلام في باكو", "وصلت قوّات حفظ السلام إلى باكو. وقال الوزير إن السلام قريب.", 21),
    ("محادثات في يريفان", "جرت محادثات السلام في يريفان، وحفظ الأرشيف نصوصها للسلام.", 22),
    ("أخبار الرياضة", "فاز الفريق في المباراة وخسر الفريق الآخر.", 23),
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ColumnIndex]:
    """Three documents in three commits, made by the analyzer of the program."""
    made = parts()
    engine = open_index(tmp_path, made.analyzer.version, create=True)
    for number, (title, text, day) in enumerate(ARTICLES):
        published = dt.date(2023, 9, day)
        with engine.writer() as writer:
            article = Article(id=f"a{number}", title=title, text=text, published=published)
            writer.add(made.documents.make(article))
    opened = open_dir(tmp_path, made.analyzer)
    yield opened
    opened.close()
    engine.close()


def found(index: ColumnIndex, field: str, typed: str) -> list[str]:
    with index.searcher() as searcher:
        asked = QueryParser(field, index.schema).parse(typed)
        return sorted(hit["id"] for hit in searcher.search(asked, limit=None))


def test_the_example_of_the_docstring_runs_in_a_process_of_its_own(
    tmp_path: Path, index: ColumnIndex
) -> None:
    text = str(compat.__doc__)
    example = textwrap.dedent(text[text.index("    from marsad") : text.index("`open_dir` takes")])
    assert 'open_dir("news", parts().analyzer)' in example
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "news").symlink_to(index.storage.folder)

    done = subprocess.run(
        [sys.executable, "-c", example.replace("هدنة", "السلام")],
        cwd=tmp_path / "run",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert {line[:10] for line in lines} == {"2023-09-21", "2023-09-22"}
    assert all("محادثات في يريفان" in line or "حفظ السلام في باكو" in line for line in lines)
    assert '<b class="match term0">السلام</b>' in done.stdout


def test_the_index_is_an_index_of_whoosh(index: ColumnIndex) -> None:
    assert isinstance(index, FileIndex)
    assert (index.doc_count(), index.is_empty(), index.up_to_date()) == (3, False, True)
    with pytest.raises(NotImplementedError, match="marsad index"):
        index.writer()


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("body_stem", "للسلام", ["a0", "a1"]),
        ("body_surface", "للسلام", ["a1"]),
        ("body_stem", '"حفظ السلام"', ["a0"]),
        ("body_surface", '"السلام حفظ"~3', []),
        ("body_surface", "الفر*", ["a2"]),
        ("body_stem", "السلام NOT باكو", ["a1"]),
        ("title_stem", "باكو OR يريفان", ["a0", "a1"]),
        ("body_stem", "date:[2023-09-22 TO 2023-09-23]", ["a1", "a2"]),
        ("body_stem", "place:*", ["a0", "a1"]),
        ("body_stem", "id:a2", ["a2"]),
        ("body_stem", "السلامم~1", ["a0", "a1"]),
    ],
)
def test_the_stock_parser_and_searcher_find(
    index: ColumnIndex, field: str, typed: str, expected: list[str]
) -> None:
    with index.searcher() as searcher:
        parser = QueryParser(field, index.schema)
        parser.add_plugin(FuzzyTermPlugin())
        results = searcher.search(parser.parse(typed), limit=None)
        assert sorted(hit["id"] for hit in results) == expected


def test_highlights_mark_words_as_they_are_printed(index: ColumnIndex) -> None:
    with index.searcher() as searcher:
        asked = QueryParser("body_stem", index.schema).parse("بالسلام")
        hits = {hit["id"]: hit.highlights("body_stem") for hit in searcher.search(asked)}

    assert '<b class="match term0">السلام</b>' in hits["a0"]
    assert "للسلام</b>" in hits["a1"]


def test_whoosh_sorts_and_groups_by_our_columns(index: ColumnIndex) -> None:
    with index.searcher() as searcher:
        newest = searcher.search(query.Every(), sortedby="date", reverse=True)
        grouped = searcher.search(
            query.Every(), groupedby=sorting.FieldFacet("place", allow_overlap=True)
        )

        assert [hit["id"] for hit in newest] == ["a2", "a1", "a0"]
        counts = {place: len(docs) for place, docs in grouped.groups("place").items() if place}
    assert sorted(counts.values()) == [1, 1]


@pytest.mark.parametrize(
    "tree",
    [
        Term("body_stem", "سلام"),
        Or((Term("body_stem", "سلام"), Term("title_stem", "باكو", 2.0))),
        And((Term("body_stem", "سلام"), Term("body_surface", "في", 0.3))),
        Phrase("body_stem", ("حفظ", "سلام")),
        AndMaybe(Term("body_stem", "سلام"), Term("title_stem", "باكو")),
    ],
)
def test_scores_equal_those_of_whooshs_bm25f(index: ColumnIndex, tree: Node) -> None:
    engine = open_index(Path(index.storage.folder), parts().analyzer.version)
    own = {hit.id: hit.score for hit in engine.search(SearchRequest(query=tree)).hits}
    engine.close()
    with index.searcher() as searcher:
        theirs = {hit["id"]: hit.score for hit in searcher.search(query_of(tree))}

    assert own == pytest.approx(theirs, rel=1e-5)


def test_a_commit_is_seen_by_a_refreshed_searcher(index: ColumnIndex) -> None:
    searcher = index.searcher()
    engine = open_index(Path(index.storage.folder), parts().analyzer.version)
    with engine.writer() as writer:
        writer.remove("a0")
        writer.add(parts().documents.make(Article(id="a9", title="خبر", text="هدنة")))
    engine.close()

    assert not searcher.up_to_date()
    assert searcher.doc_count() == 3
    renewed = searcher.refresh()
    ids = {hit["id"] for hit in renewed.search(query.Every(), limit=None)}
    assert ids == {"a1", "a2", "a9"}
    assert found(index, "body_stem", "هدنة") == ["a9"]
