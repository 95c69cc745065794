"""Questions: the effect of leaving question words out of the search.

    python -m tests.quality.retrieval.questions ant_knownitem xquad_ar

A line of `questions.tsv` is the id of an article and a question that it answers, in words other
than the article's. The articles of all sets are searched together. It prints MRR@10 of the ranking
by any word, and the number of questions that find their article if all words must match; both with
question words as ordinary words, and with question words left out.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import marsad.indexer.query.parse as parse_module
from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer
from tests.quality.retrieval.compare import (
    Row,
    Set,
    answers,
    indexed,
    read_set,
    replaced,
    same,
)
from tests.quality.retrieval.measures import bootstrap

_MANY = 10_000


def read_questions(sets: Sequence[Set]) -> Set:
    """Return the questions of this folder over the documents of *sets*.

    Raises:
        SystemExit: a question is about an article that no set has.
    """
    documents = [document for asked in sets for document in asked.documents]
    known = {document["id"] for document in documents}
    path = Path(__file__).parent / "questions.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    unknown = sorted({article for article, _ in rows} - known)
    if unknown:
        sys.exit(f"no set given has {', '.join(unknown)}")
    queries = [{"id": str(n), "text": text} for n, (_, text) in enumerate(rows)]
    return Set("questions", documents, queries, [{article: 1} for article, _ in rows])


def found_by_all(asked: Set, engine: Engine, analyzer: Analyzer) -> int:
    """Return the number of questions that find their article if all words must match."""
    gazetteer, count = bundled_gazetteer(), 0
    for query, grades in zip(asked.queries, asked.grades, strict=True):
        parsed = parse_module.parse(
            query["text"], analyzer, gazetteer.resolve, variants=gazetteer.variants
        )
        request = SearchRequest(query=parsed.tree, limit=_MANY, stored=False)
        count += any(hit.id in grades for hit in engine.search(request).hits)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    asked = read_questions([read_set(folder) for folder in parser.parse_args().sets])
    analyzer, rows = Analyzer(bundled_gazetteer().names()), list[Row]()
    with indexed(asked, analyzer) as engine:
        for label, reading in (
            ("words as others", replaced(parse_module, "frame_of", lambda *_: {})),
            ("as they are read", nullcontext()),
        ):
            with reading:
                row = answers(asked, engine, analyzer, same)
                rows.append(row)
                score = sum(row.ranks) / len(row.ranks)
                first = sum(rank == 1 for rank in row.ranks)
                every = found_by_all(asked, engine, analyzer)
            sys.stdout.write(
                f"{label}: MRR@10 {score:.4f}, {first} of {len(row.ranks)} first;"
                f" by all words {every} found\n"
            )
    mean, low, high = bootstrap(rows[1].ranks, rows[0].ranks)
    sys.stdout.write(f"difference {mean:+.4f} [{low:+.4f}, {high:+.4f}]\n")


if __name__ == "__main__":
    main()
