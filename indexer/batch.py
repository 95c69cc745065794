"""Batch: the one loop that turns sources into an index.

    sources -> [read] -> [digest: unchanged?] -> [Documents.make] -> Writer -> report

Documents are committed in batches, so that a run that is killed loses at most one,
and running it again skips what is already there.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus.article import Article
from corpus.quarantine import Quarantine
from corpus.read import Passed, Record, Refusal, read
from indexer.document import Documents
from indexer.engine import Engine

BATCH = 1_000


@dataclass(slots=True)
class IndexReport:
    """What a run did with every record it met; `passed` are files that are no articles."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    passed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles read in a second."""
        return self.read / self.seconds if self.seconds else 0.0


def index_sources(
    sources: Iterable[Path],
    engine: Engine,
    documents: Documents,
    quarantine: Quarantine,
    progress: Callable[[Record], None],
    batch: int = BATCH,
) -> IndexReport:
    """Read *sources* into *engine*; call *progress* with each record when it was dealt with.

    A refused record goes to *quarantine* and the run goes on.
    """
    report = IndexReport()
    began = time.monotonic()
    records = read(sources)
    while chunk := list(islice(records, batch)):
        _index_chunk(chunk, engine, documents, quarantine, report, progress)
    report.seconds = time.monotonic() - began
    return report


def _index_chunk(
    chunk: list[Record],
    engine: Engine,
    documents: Documents,
    quarantine: Quarantine,
    report: IndexReport,
    progress: Callable[[Record], None],
) -> None:
    changed: dict[str, Article] = {}
    for record in chunk:
        match record:
            case Refusal():
                quarantine.add(record)
                report.refused += 1
            case Passed():
                report.passed += 1
            case Article():
                report.read += 1
                _sort_in(record, changed, engine, documents, report)
        if not isinstance(record, Article) or record.id not in changed:
            progress(record)
    if changed:
        with engine.writer() as writer:
            for article in changed.values():
                writer.add(documents.make(article))
                progress(article)


def _sort_in(
    article: Article,
    changed: dict[str, Article],
    engine: Engine,
    documents: Documents,
    report: IndexReport,
) -> None:
    """Put *article* among the changed ones unless the index, or this batch, has it as it is."""
    if article.id in changed:
        same = changed[article.id].digest() == article.digest()
        changed[article.id] = article
        report.unchanged += same
        report.updated += not same
        return
    known = engine.digest(article.id)
    if known == documents.digest(article):
        report.unchanged += 1
        return
    report.added += known is None
    report.updated += known is not None
    changed[article.id] = article


def read_articles(sources: Iterable[Path]) -> Iterator[Article | Refusal]:
    """Yield the articles and refusals of *sources*, for commands that need no index."""
    for record in read(sources):
        if not isinstance(record, Passed):
            yield record
