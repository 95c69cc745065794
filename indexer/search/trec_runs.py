"""TREC runs: answers a file of queries in the format that evaluation tools read."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from marsad.indexer.engine.request import Hit, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import IndexerError
from marsad.indexer.query.parse import Parsed
from marsad.indexer.search.rerank import reranker_of


class QueryFileError(IndexerError):
    """A line of a query file is not a query with an id."""

    def __init__(self, path: Path, line: int, found: str) -> None:
        super().__init__(
            f"{path}, line {line}: found {found}, expected an object with the strings `id` and "
            f"`text` (.jsonl), or an id, a tab and the text (.tsv). Mend the line and run again."
        )
        self.path, self.line = path, line


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield `(id, text)` of each query of a `.jsonl` or `.tsv` file; empty lines are skipped.

    Raises:
        QueryFileError: a line has no text, or its id is empty or holds white space.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if line.strip():
            query_id, text = _query(path, number, line)
            # White space separates the columns of a run.
            if not query_id or query_id.split() != [query_id]:
                raise QueryFileError(path, number, f"the id {query_id!r}")
            yield query_id, text


def _query(path: Path, number: int, line: str) -> tuple[str, str]:
    if path.suffix == ".tsv":
        query_id, tab, text = line.partition("\t")
        if not tab:
            raise QueryFileError(path, number, "no tab")
        return query_id, text
    try:
        record = json.loads(line)
    except ValueError as error:
        raise QueryFileError(path, number, f"invalid JSON ({error})") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise QueryFileError(path, number, "no text")
    return str(record.get("id", "")), record["text"]


def run_queries(
    queries: Iterable[tuple[str, str]],
    engine: Engine,
    parse: Callable[[str], Parsed],
    *,
    top: int,
    tag: str,
) -> Iterator[str]:
    """Yield the lines of a TREC run, `qid Q0 docid rank score tag`, the best hit first.

    Args:
        queries: `(id, text)` of each query.
        engine: The engine to search.
        parse: Parses a text as a search by any word.
        top: How many hits to list for each query, at most.
        tag: The name of the run, for its last column.
    """
    for query_id, text in queries:
        # An empty query finds every article on a page; in a run that would only be noise.
        hits = best_hits(parse(text), engine, top) if text.strip() else ()
        for rank, hit in enumerate(hits, 1):
            yield f"{query_id} Q0 {hit.id} {rank} {hit.score:.6f} {tag}"


def best_hits(parsed: Parsed, engine: Engine, top: int) -> tuple[Hit, ...]:
    """Return the *top* best hits of a query, without their stored articles."""
    request = SearchRequest(
        query=parsed.tree,
        limit=top,
        exact_total=False,
        stored=False,
        again=reranker_of(parsed),
    )
    return engine.search(request).hits
