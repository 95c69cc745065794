"""tantivy: the Rust library through tantivy-py, with analysed terms and fast fields."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from tests.benchmarks.peers.protocol import (
    FACET_SIZE,
    FACETS,
    HITS,
    Page,
    Query,
    month,
    month_name,
    records,
    run,
)
from tests.benchmarks.peers.snippets import Highlighter

_HEAP_BYTES = 512 << 20
_THREADS = 2


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    builder.add_bytes_field("text", stored=True)
    builder.add_integer_field("month", fast=True)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(source: Path, folder: Path) -> None:
    """Index the analysed terms."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), str(folder))
    writer = index.writer(_HEAP_BYTES, _THREADS)
    for record in records(source):
        document = tantivy.Document()
        document.add_text("id", record["id"])
        document.add_text("body", record["terms"])
        document.add_bytes("text", record["text"].encode())
        document.add_integer("month", month(record["date"]))
        for name in FACETS:
            for value in record[name]:
                document.add_text(name, value)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Tantivy:
    """An opened tantivy index."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._highlight = Highlighter()
        self._wanted = {
            "months": {"histogram": {"field": "month", "interval": 1, "min_doc_count": 1}}
        } | {name: {"terms": {"field": name, "size": FACET_SIZE}} for name in FACETS}

    def _query(self, query: Query) -> Any:
        make = tantivy.Query
        if query.kind == "phrase":
            return make.phrase_query(self._schema, "body", list(query.terms))
        terms = [make.term_query(self._schema, "body", t, "freq") for t in query.terms]
        if query.kind == "term":
            return terms[0]
        occur = tantivy.Occur.Must if query.kind == "and" else tantivy.Occur.Should
        return make.boolean_query([(occur, term) for term in terms])

    def _ids(self, hits: Sequence[tuple[float, Any]]) -> list[Any]:
        return [self._searcher.doc(address) for _, address in hits]

    def page(self, query: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        asked = self._query(query)
        result = self._searcher.search(asked, limit=HITS, count=True)
        counts = self._searcher.aggregate(asked, self._wanted)
        found = self._ids(result.hits)
        return Page(
            [document["id"][0] for document in found],
            result.count or 0,
            {
                month_name(int(bucket["key"])): bucket["doc_count"]
                for bucket in counts["months"]["buckets"]
            },
            {
                name: [(bucket["key"], bucket["doc_count"]) for bucket in counts[name]["buckets"]]
                for name in FACETS
            },
            [self._highlight(bytes(d["text"][0]).decode(), query.terms) for d in found]
            if snippets
            else [],
        )

    def top(self, query: Query) -> Page:
        """Answer the best ten and nothing else."""
        result = self._searcher.search(self._query(query), limit=HITS, count=False)
        return Page([document["id"][0] for document in self._ids(result.hits)])


if __name__ == "__main__":
    run(build, Tantivy)
