"""Compare: our ranking, our ranking without each of its parts, and other systems.

    python -m tests.quality.retrieval.compare SET... [--jar lucene.jar]

A SET is a folder with `docs.jsonl` (id, title, text), `queries.jsonl` (id, text, overlap) and
`qrels.tsv` (query, document, grade). It prints the table of RESULTS.md: MRR@10 and nDCG@10, and the
difference of MRR@10 to Lucene's ArabicAnalyzer with a 95% interval (paired bootstrap).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.analysis.terms import Terms
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Document, Engine
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer
from marsad.indexer.fields import BODY, SURFACE_WEIGHT, TITLE, index_field
from marsad.indexer.query.parse import parse
from marsad.indexer.query.tree import And, AndMaybe, Near, Node, Nothing, Or, Term
from marsad.indexer.search.rerank import reranker_of
from marsad.indexer.segments.engine import open_index
from tests.quality.retrieval.measures import bootstrap, gain, reciprocal_rank
from tests.quality.retrieval.peers import folded, light10, lucene, rank, raw_words, snowball

LOW_OVERLAP = 0.5
_TOP = 10


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    documents: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    grades: list[dict[str, int]]


def read_set(folder: Path) -> Set:
    graded: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")[:3]
        graded[query][document] = int(grade)
    queries = [query for query in _lines(folder / "queries.jsonl") if query["id"] in graded]
    return Set(
        folder.name,
        _lines(folder / "docs.jsonl"),
        queries,
        [graded[query["id"]] for query in queries],
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one system on one set, with a value for each query."""

    ranks: list[float]
    gains: list[float]


def measured(asked: Set, ranked: Sequence[Sequence[str]]) -> Row:
    pairs = list(zip(ranked, asked.grades, strict=True))
    return Row([reciprocal_rank(*pair) for pair in pairs], [gain(*pair) for pair in pairs])


def peer(asked: Set, analyse: Callable[[Sequence[str]], Any]) -> Row | None:
    texts = [" ".join((d.get("title", ""), d["text"])) for d in asked.documents]
    terms = analyse([*texts, *(query["text"] for query in asked.queries)])
    if terms is None:
        return None
    numbers = rank(terms[: len(texts)], terms[len(texts) :], _TOP)
    return measured(asked, [[asked.documents[n]["id"] for n in best] for best in numbers])


@contextmanager
def indexed(asked: Set, analyzer: Analyzer) -> Iterator[Engine]:
    """Yield an index of a set's documents, without entities, which the ranking does not use."""
    with TemporaryDirectory() as folder:
        engine = open_index(Path(folder) / "index", analyzer.version, create=True)
        with engine.writer() as writer:
            for record in asked.documents:
                fields: dict[str, Terms] = {}
                for field, text in ((TITLE, record.get("title", "")), (BODY, record["text"])):
                    analyzed = analyzer.columns(text)
                    for level in field.levels:
                        fields[index_field(field, level)] = analyzed.terms(level)
                stored = json.dumps({"title": record.get("title", ""), "text": record["text"]})
                writer.add(Document(record["id"], "", None, fields, {}, stored))
        yield engine
        engine.close()


Change = Callable[[Node], Node]


def answers(
    asked: Set, engine: Engine, analyzer: Analyzer, change: Change, *, again: bool = True
) -> Row:
    gazetteer = bundled_gazetteer()
    ranked = []
    for query in asked.queries:
        parsed = parse(
            query["text"],
            analyzer,
            gazetteer.resolve,
            any_word=True,
            variants=gazetteer.variants,
        )
        request = SearchRequest(
            query=change(parsed.tree),
            limit=_TOP,
            exact_total=False,
            stored=False,
            again=reranker_of(parsed) if again else None,
        )
        ranked.append([hit.id for hit in engine.search(request).hits])
    return measured(asked, ranked)


def same(node: Node) -> Node:
    return node


def without(left_out: Callable[[Term | Near], bool]) -> Change:
    """Return a function that removes some terms and Near nodes from a tree."""

    def change(node: Node) -> Node:
        match node:
            case AndMaybe():
                return AndMaybe(change(node.required), change(node.optional))
            case Or():
                return Or(tuple(map(change, node.children)))
            case And():
                return And(tuple(map(change, node.children)))
            case Term() | Near() if left_out(node):
                return Nothing()
            case _:
                return node

    return change


def is_near(leaf: Term | Near) -> bool:
    return isinstance(leaf, Near)


def is_root(leaf: Term | Near) -> bool:
    return isinstance(leaf, Term) and leaf.field.endswith("_root")


def with_surfaces(node: Node) -> Node:
    """Give a word more weight if it is spelt as it was typed."""
    match node:
        case AndMaybe():
            return AndMaybe(with_surfaces(node.required), with_surfaces(node.optional))
        case Or():
            return Or(tuple(map(with_surfaces, node.children)))
        case And():
            return And(tuple(map(with_surfaces, node.children)))
        case Term() if not node.boost:
            return replace(node, boost=SURFACE_WEIGHT)
        case _:
            return node


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def ours(asked: Set) -> Iterator[tuple[str, Row]]:
    """Yield our figures: with all parts, then without each part."""
    names = bundled_gazetteer().names()
    analyzer = Analyzer(names)
    with indexed(asked, analyzer) as engine:
        yield "**ours**", answers(asked, engine, analyzer, same)
        yield "- shared letters (rerank)", answers(asked, engine, analyzer, same, again=False)
        for label, change in (
            ("- close words (Near)", without(is_near)),
            (
                "- roots",
                without(lambda leaf: leaf.field.endswith("_root") and isinstance(leaf, Term)),
            ),
            ("+ folded words", with_surfaces),
        ):
            yield label, answers(asked, engine, analyzer, change)
    yield "- lemmas (folded words)", _whole(asked, Analyzer(names, stemming=False))
    yield "- names left whole", _whole(asked, Analyzer(Names()))


def _whole(asked: Set, analyzer: Analyzer) -> Row:
    with indexed(asked, analyzer) as engine:
        return answers(asked, engine, analyzer, same)


def compare(sets: Sequence[Set], jar: Path | None) -> dict[str, list[Row | None]]:
    table: dict[str, list[Row | None]] = {}
    peers: list[tuple[str, Callable[[Sequence[str]], Any]]] = [
        ("raw words", raw_words),
        ("folding only", folded),
        ("Snowball (PyStemmer)", snowball),
        ("light10, our stop list", light10),
    ]
    if jar is not None:
        peers.append(("Lucene's ArabicAnalyzer", lucene(jar)))
    for label, analyse in peers:
        table[label] = [peer(asked, analyse) for asked in sets]
    for asked in sets:
        for label, row in ours(asked):
            table.setdefault(label, []).append(row)
    return table


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def printed(sets: Sequence[Set], table: dict[str, list[Row | None]]) -> Iterator[str]:
    heads = [asked.name for asked in sets]
    yield "| system | " + " | ".join(heads) + " | low overlap | mean over Lucene |"
    yield "|---|" + "---|" * (len(heads) + 2)
    base = table.get("Lucene's ArabicAnalyzer")
    for label, rows in table.items():
        cells = [f"{_mean(r.ranks):.4f} / {_mean(r.gains):.4f}" if r else "-" for r in rows]
        low: list[float] = []
        for asked, row in zip(sets, rows, strict=True):
            pairs = zip(asked.queries, row.ranks if row else [], strict=False)
            low += [value for query, value in pairs if query.get("overlap", 1) <= LOW_OVERLAP]
        over = ""
        if base and all(rows) and all(base):
            gains = [
                _mean(row.ranks) - _mean(own.ranks)
                for row, own in zip(rows, base, strict=True)
                if row and own
            ]
            over = f"{_mean(gains):+.4f}"
        yield f"| {label} | " + " | ".join(cells) + f" | {_mean(low):.4f} | {over} |"


def differences(table: dict[str, list[Row | None]], base: str) -> Iterator[str]:
    """Yield, for each row, MRR@10 minus the MRR@10 of *base*, with its 95% interval."""
    for label, rows in table.items():
        cells = []
        for row, own in zip(rows, table[base], strict=True):
            if row is None or own is None or label == base:
                cells.append("")
                continue
            mean, low, high = bootstrap(row.ranks, own.ranks)
            noise = " (noise)" if low <= 0 <= high else ""
            cells.append(f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]{noise}")
        yield f"| {label} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--jar", type=Path)
    args = parser.parse_args()
    sets = [read_set(folder) for folder in args.sets]
    table = compare(sets, args.jar)
    lines = [*printed(sets, table), ""]
    for base in ("Lucene's ArabicAnalyzer", "**ours**"):
        if base in table:
            lines += [f"MRR@10 against {base}:", "", *differences(table, base), ""]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
