"""Batch: the only loop that puts records into an index.

    records -> [is it new or changed?] -> [Documents.prepare] -> [ClusteredBatch] -> Writer

Documents are committed in batches, which are bounded by records and by characters. A run that is
killed loses the batches in work at most, and running it again skips what is already in the index.
With several workers, the articles of a batch are analysed and inverted in other processes, two
batches at a time; batches are committed in the order in which they were read.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read
from marsad.corpus.source import Record, Refusal, Skipped
from marsad.indexer.build.document import Documents
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.build.gc_tuning import reduced_gc
from marsad.indexer.build.identity import Comparison, Identities
from marsad.indexer.build.reports import BATCH, IndexReport
from marsad.indexer.build.workers import WorkerResult, Workers, analyse
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import WorkerLostError

_LOG = logging.getLogger("marsad.build")
# Characters that a run commits at once; a batch of usual articles has fewer. Each takes up to
# 20 bytes until then.
MOST_CHARS = 32_000_000
# Batches that workers have at a time.
_IN_WORK = 2
# Articles that this process analyses before it starts workers.
_FIRST = 500


def index_records(
    records: Iterator[Record],
    engine: Engine,
    documents: Documents,
    quarantine: Quarantine,
    progress: Callable[[Record], None],
    batch: int = BATCH,
    workers: Workers | None = None,
    duplicates: DuplicateTracker | None = None,
    on_commit: Callable[[int], None] | None = None,
    identities: Identities | None = None,
) -> IndexReport:
    """Put the articles of *records* into *engine*.

    Args:
        records: Articles, refusals and skipped files, as `marsad.corpus.read.read` yields them.
        engine: The index.
        documents: Makes the documents.
        quarantine: Keeps refused records; the run goes on after one.
        progress: Called with each record once the run is done with it.
        batch: Records a commit; fewer where their texts have MOST_CHARS.
        workers: Processes to analyse in; they are started with the first batch that is full.
        duplicates: Finds near-duplicates; without it, clusters stay as they are.
        on_commit: Called after each commit with the number of records, from the first on,
            that are committed.
        identities: Keeps different articles of one id apart; without it, the last one wins.

    Raises:
        IndexBusyError: another run writes to the index.
        WorkerLostError: a worker was killed.
    """
    report = IndexReport()
    began = time.monotonic()
    try:
        with ExitStack() as stack, engine.writer() as writer, reduced_gc():
            out = ClusteredBatch(writer, duplicates)
            run = _Run(engine, documents, quarantine, report, progress, out, on_commit, identities)
            _index_all(run, records, batch, workers, stack)
    except BrokenProcessPool as error:
        raise WorkerLostError from error
    report.seconds = time.monotonic() - began
    _LOG.info("indexed in %.1f s, %.0f articles a second", report.seconds, report.rate)
    return report


def _index_all(
    run: "_Run",
    records: Iterator[Record],
    batch: int,
    workers: Workers | None,
    stack: ExitStack,
) -> None:
    """Index *records* a batch at a time, in other processes from the first full batch on."""
    pool: ProcessPoolExecutor | None = None
    for chunk, is_full in _chunks(records, batch):
        run.position += len(chunk)
        changed = run.sort(chunk)
        if workers is not None and workers.count > 1:
            if pool is None and is_full:
                # Workers are forked with the caches of this process, so it fills them first:
                # otherwise each worker would look up the same words again.
                run.add(changed[:_FIRST], whole=len(changed) <= _FIRST)
                changed = changed[_FIRST:]
                pool = stack.enter_context(workers.start(run.documents))
            if pool is not None:
                run.send(changed, pool, workers.count)
                continue
        run.add(changed)
    run.finish()


def _chunks(records: Iterator[Record], batch: int) -> Iterator[tuple[list[Record], bool]]:
    """Yield *records* in chunks, each with whether it is full: more may follow.

    A full one has *batch* records, or fewer with MOST_CHARS of text in them.
    """
    chunk: list[Record] = []
    chars = 0
    for record in records:
        chunk.append(record)
        chars += _chars_of(record)
        if len(chunk) >= batch or chars >= MOST_CHARS:
            yield chunk, True
            chunk, chars = [], 0
    if chunk:
        yield chunk, False


def _chars_of(record: Record) -> int:
    """Return about how much memory a record takes until its batch is committed, in characters."""
    if isinstance(record, Article):
        return len(record.text) + len(record.title)
    return len(record.raw) if isinstance(record, Refusal) else 0


@dataclass(slots=True)
class _Run:
    """One run. `_sent` are the batches that workers have, oldest first.

    `_coming` maps the ids of their articles to digests: the index does not have them yet.
    """

    engine: Engine
    documents: Documents
    quarantine: Quarantine
    report: IndexReport
    progress: Callable[[Record], None]
    out: ClusteredBatch
    on_commit: Callable[[int], None] | None = None
    identities: Identities | None = None
    position: int = 0
    _sent: deque[tuple[list[Future[WorkerResult]], list[Article], int]] = field(
        default_factory=deque
    )
    _coming: dict[str, str] = field(default_factory=dict)

    def sort(self, chunk: list[Record]) -> list[Article]:
        """Count every record; return the articles that are new or changed."""
        changed: dict[str, Article] = {}
        for found in chunk:
            record = found
            match found:
                case Refusal():
                    self.quarantine.add(found)
                    self.report.refused += 1
                case Skipped():
                    self.report.notes.add_skipped(found)
                case Article():
                    compared, record = self._compare(found, changed)
                    self.report.read += 1
                    self.report.added += compared == "new"
                    self.report.updated += compared == "changed"
                    self.report.unchanged += compared == "same"
                    self.report.notes.add_article(record)
                    if compared != "same":
                        changed[record.id] = record
            if not isinstance(record, Article) or record.id not in changed:
                self.progress(record)
        return list(changed.values())

    def _compare(
        self, article: Article, changed: Mapping[str, Article]
    ) -> tuple[Comparison, Article]:
        """Return how an article compares to the one of its id, and the article with its id."""
        if self.identities is not None:
            return self.identities.resolve_and_compare(article)
        if article.id in changed:
            known: str | None = self.documents.digest(changed[article.id])
        else:
            known = self._coming.get(article.id) or self.engine.digest(article.id)
        if known is None:
            return "new", article
        return "same" if known == self.documents.digest(article) else "changed", article

    def add(self, changed: list[Article], *, whole: bool = True) -> None:
        """Index *changed* in this process and commit; *whole* says that the chunk ends with it."""
        self.finish()
        for article in changed:
            prepared = self.documents.prepare(article)
            if isinstance(prepared, Refusal):
                self._refuse(article.id, prepared)
                continue
            self.out.add(prepared)
            self.progress(article)
        self._commit(changed, self.position if whole else 0)

    def _refuse(self, article_id: str, refusal: Refusal) -> None:
        """Refuse an article; take back the count of `sort`, as added or updated."""
        self.quarantine.add(refusal)
        self.report.refused += 1
        known = self.engine.digest(article_id) is not None
        self.report.updated -= known
        self.report.added -= not known
        self.progress(refusal)

    def _commit(self, articles: Sequence[Article], position: int) -> None:
        size = self.out.size
        self.out.commit()
        if self.identities is not None:
            self.identities.passed.drop(articles)
        _LOG.info(
            "committed a batch of %d articles; so far: %d read, %d refused",
            size,
            self.report.read,
            self.report.refused,
        )
        if self.on_commit is not None:
            self.on_commit(position)

    def send(self, changed: list[Article], pool: ProcessPoolExecutor, slices: int) -> None:
        """Give *changed* to the workers; commit the oldest batch if they have enough of them."""
        if changed:
            size = -(-len(changed) // slices)
            build = self.out.writer.part_builder()
            futures = [
                pool.submit(analyse, changed[start : start + size], build)
                for start in range(0, len(changed), size)
            ]
            self._sent.append((futures, changed, self.position))
            if self.identities is None:
                self._coming |= {article.id: self.documents.digest(article) for article in changed}
        while len(self._sent) > _IN_WORK:
            self._take_oldest()

    def finish(self) -> None:
        """Commit every batch that workers have."""
        while self._sent:
            self._take_oldest()

    def _take_oldest(self) -> None:
        futures, articles, position = self._sent.popleft()
        reported = set()
        for future in futures:
            part, sketches, refused = future.result()
            for article_id, refusal in refused:
                self._refuse(article_id, refusal)
                reported.add(article_id)
            if part.ids:
                self.out.add_part(part, sketches)
        self._commit(articles, position)
        for article in articles:
            if article.id not in reported:
                self.progress(article)
        if not self._sent:
            self._coming.clear()


def read_articles(
    sources: Iterable[Path], mapping: Mapping[str, str] | None = None
) -> Iterator[Article | Refusal]:
    """Yield the articles and refusals of *sources*, for commands that need no index."""
    for record in read(sources, mapping):
        if not isinstance(record, Skipped):
            yield record
