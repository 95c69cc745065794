"""Marsad: our engine. The build analyses raw articles, in two processes like `marsad index`."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from marsad.corpus.article import Article
from marsad.indexer.analysis.terms import Terms
from marsad.indexer.analysis.tokenizer import token_end
from marsad.indexer.build.document import StoredArticle, dump_stored, load_stored
from marsad.indexer.build.gc_tuning import reduced_gc
from marsad.indexer.build.workers import FORK
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Document, Part, PartBuilder
from marsad.indexer.extract.extract import Extracted
from marsad.indexer.fields import BODY, TITLE, index_field
from marsad.indexer.parts import parts
from marsad.indexer.query.tree import All, And, Node, Or, Phrase, Term
from marsad.indexer.segments.engine import SegmentEngine, open_index
from tests.benchmarks.peers.protocol import FACET_SIZE, FACETS, HITS, Page, Query, run
from tests.benchmarks.peers.snippets import passage

# If set, index and search as the program does: title and body at all levels, typed queries.
PRODUCT = os.environ.get("MARSAD_BENCH_RANKING") == "product"
TITLE_CHARACTERS = 60

FIELD = "body_stem"
WORKERS = 2
_BATCH, _FIRST = 10_000, 2_000


def documents(lines: list[bytes]) -> Iterator[Document]:
    """Yield the documents of raw records: one analysed field, three facets, the text stored."""
    analyzer = parts().analyzer
    for line in lines:
        record = json.loads(line)
        analyzed = analyzer.columns(record["text"])
        fields: dict[str, Terms] = {FIELD: analyzed.stems}
        stored, published = record["text"], date.fromisoformat(record["date"])
        if PRODUCT:
            head = record["text"][:TITLE_CHARACTERS]
            article = Article(id=record["id"], title=head, text=record["text"], published=published)
            stored = dump_stored(StoredArticle(article, Extracted((), ())))
            for field, columns in ((TITLE, analyzer.columns(head)), (BODY, analyzed)):
                fields |= {index_field(field, lv): columns.terms(lv) for lv in field.levels}
        yield Document(
            id=record["id"],
            digest="",
            date=published,
            fields=fields,
            facets={name: tuple(record[name]) for name in FACETS},
            stored=stored,
            starts=analyzed.starts,
        )


def _work(lines: list[bytes], build: PartBuilder) -> Part:
    return build(documents(lines))


def build(source: Path, folder: Path) -> None:
    """Index the raw articles, then merge to one segment."""
    engine = open_index(folder, parts().analyzer.version, create=True)
    with (
        (source / "articles.jsonl").open("rb") as file,
        engine.writer() as writer,
        reduced_gc(),
        ExitStack() as stack,
    ):
        # As in `build.batch`: the analyzer fills its caches before the workers are forked.
        writer.add_part(_work(list(islice(file, _FIRST)), writer.part_builder()))
        writer.commit()
        context = get_context("fork" if FORK else "spawn")
        pool = stack.enter_context(ProcessPoolExecutor(WORKERS, mp_context=context))
        waiting: list[Future[Part]] = []
        while lines := list(islice(file, _BATCH)):
            waiting.append(pool.submit(_work, lines, writer.part_builder()))
            if len(waiting) > WORKERS:
                writer.add_part(waiting.pop(0).result())
                writer.commit()
        for made in waiting:
            writer.add_part(made.result())
    engine.merge()
    # The generation before the merge is kept until the next commit.
    with engine.writer() as writer:
        writer.remove("no such id")
    engine.close()


def tree(query: Query) -> Node:
    """Return the tree of a query."""
    if PRODUCT and query.kind != "count":
        return parts().parse(_typed(query)).tree
    terms = tuple(Term(FIELD, term) for term in query.terms)
    match query.kind:
        case "phrase":
            return Phrase(FIELD, query.terms)
        case "or":
            return Or(terms)
        case "and":
            return And(terms)
        case "count":
            return All()
        case _:
            return terms[0]


def _typed(query: Query) -> str:
    match query.kind:
        case "phrase":
            return f'"{" ".join(query.words)}"'
        case "or":
            return " OR ".join(query.words)
        case _:
            return " ".join(query.words)


@cache
def _name(first: date) -> str:
    return first.isoformat()[:7]


class Marsad:
    """Our engine."""

    def __init__(self, folder: Path) -> None:
        self._engine: SegmentEngine = open_index(folder, parts().analyzer.version)

    def page(self, query: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        result = self._engine.search(
            SearchRequest(
                query=tree(query),
                limit=HITS,
                facets=tuple(FacetRequest(name, FACET_SIZE) for name in FACETS),
                histogram="month",
                matches=(FIELD,) if snippets else (),
                stored=snippets,
            )
        )
        made = []
        if snippets:
            for hit in result.hits:
                text = load_stored(hit.stored).article.text if PRODUCT else hit.stored
                marks = [(m.start, token_end(text, m.start)) for m in hit.matches]
                made.append(passage(text, marks))
        return Page(
            [hit.id for hit in result.hits],
            result.total,
            {_name(first): count for first, count in result.histogram},
            {counts.field: list(counts.values) for counts in result.facets},
            made,
        )

    def top(self, query: Query) -> Page:
        """Answer the best ten and nothing else."""
        result = self._engine.search(
            SearchRequest(query=tree(query), limit=HITS, exact_total=False, stored=False)
        )
        return Page([hit.id for hit in result.hits])


if __name__ == "__main__":
    run(build, Marsad)
