"""Batch: the one loop that turns sources into an index.

    sources -> [read] -> [digest: unchanged?] -> [Documents.make] -> Writer -> report

Documents are committed in batches, so that a run that is killed loses at most what
was in work, and running it again skips what is already there. With several workers
the articles of a batch are analysed and inverted in processes of their own, two
batches at a time; batches are committed in the order they were read.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read
from marsad.corpus.source import Record, Refusal, Skipped
from marsad.indexer.build.document import Documents
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.gc_tuning import reduced_gc
from marsad.indexer.build.reports import BATCH, IndexReport
from marsad.indexer.build.workers import Made, Workers, analyse, make_document
from marsad.indexer.copies.sketch import Sketches, join
from marsad.indexer.engine.seam import Engine, Writer
from marsad.indexer.errors import WorkerLostError

_LOG = logging.getLogger("marsad.build")
_IN_WORK = 2
_FIRST = 500


def index_sources(
    sources: Iterable[Path],
    engine: Engine,
    documents: Documents,
    quarantine: Quarantine,
    progress: Callable[[Record], None],
    batch: int = BATCH,
    workers: Workers | None = None,
    mapping: Mapping[str, str] | None = None,
    stories: DuplicateTracker | None = None,
    own: Collection[Path] = (),
) -> IndexReport:
    """Read *sources* into *engine*; call *progress* with each record when it was dealt with.

    A refused record goes to *quarantine* and the run goes on. *workers* are started with
    the first batch that is full. *mapping* is field to column of tables and objects.
    *stories* finds which articles are copies. *own* are paths that the run writes, beside the
    quarantine: they are no sources.
    """
    records = read(sources, mapping, (*own, quarantine.path))
    return index_records(records, engine, documents, quarantine, progress, batch, workers, stories)


def index_records(
    records: Iterator[Record],
    engine: Engine,
    documents: Documents,
    quarantine: Quarantine,
    progress: Callable[[Record], None],
    batch: int = BATCH,
    workers: Workers | None = None,
    stories: DuplicateTracker | None = None,
    settled: Callable[[int], None] | None = None,
) -> IndexReport:
    """Take *records* into *engine*, as `index_sources` does with those of its sources.

    *settled* is called after each commit with how many records, from the first on, are in
    the index for good.

    Raises:
        IndexBusyError: another run writes to the index.
        WorkerLostError: a process of *workers* was killed.
    """
    report = IndexReport()
    began = time.monotonic()
    try:
        with ExitStack() as stack, engine.writer() as writer, reduced_gc():
            run = _Run(engine, documents, quarantine, report, progress, writer, stories, settled)
            _take_in(run, records, batch, workers, stack)
    except BrokenProcessPool as error:
        raise WorkerLostError from error
    report.seconds = time.monotonic() - began
    _LOG.info("indexed in %.1f s, %.0f articles a second", report.seconds, report.rate)
    return report


def _take_in(
    run: "_Run",
    records: Iterator[Record],
    batch: int,
    workers: Workers | None,
    stack: ExitStack,
) -> None:
    """Take *records* a batch at a time, in other processes from the first full one on."""
    pool: ProcessPoolExecutor | None = None
    while chunk := list(islice(records, batch)):
        run.position += len(chunk)
        changed = run.sort(chunk)
        if workers is not None and workers.count > 1:
            if pool is None and len(chunk) == batch:
                # What is learnt from some articles, the workers need not learn again.
                run.add(changed[:_FIRST], whole=len(changed) <= _FIRST)
                changed = changed[_FIRST:]
                pool = stack.enter_context(workers.start(run.documents))
            if pool is not None:
                run.send(changed, pool, workers.count)
                continue
        run.add(changed)
    run.finish()


@dataclass(slots=True)
class _Run:
    """A run over one writer; `_sent` are the batches that workers have, oldest first."""

    engine: Engine
    documents: Documents
    quarantine: Quarantine
    report: IndexReport
    progress: Callable[[Record], None]
    writer: Writer
    stories: DuplicateTracker | None = None
    settled: Callable[[int], None] | None = None
    position: int = 0
    _sent: deque[tuple[list[Future[Made]], list[Article], int]] = field(default_factory=deque)
    _coming: dict[str, str] = field(default_factory=dict)

    def sort(self, chunk: list[Record]) -> list[Article]:
        """Count every record; return the articles that the index does not have as they are."""
        changed: dict[str, Article] = {}
        for record in chunk:
            match record:
                case Refusal():
                    self.quarantine.add(record)
                    self.report.refused += 1
                case Skipped():
                    self.report.passed += 1
                case Article():
                    self.report.read += 1
                    self._sort_in(record, changed)
            if not isinstance(record, Article) or record.id not in changed:
                self.progress(record)
        return list(changed.values())

    def _sort_in(self, article: Article, changed: dict[str, Article]) -> None:
        digest = self.documents.digest(article)
        if article.id in changed:
            known: str | None = self.documents.digest(changed[article.id])
            changed[article.id] = article
        else:
            known = self._coming.get(article.id) or self.engine.digest(article.id)
            if known != digest:
                changed[article.id] = article
        self.report.added += known is None
        self.report.unchanged += known == digest
        self.report.updated += known not in (None, digest)

    def add(self, changed: list[Article], *, whole: bool = True) -> None:
        """Index *changed* in this process and commit; *whole* where the chunk ends with it."""
        self.finish()
        sketches = []
        for article in changed:
            document = make_document(self.documents, article)
            if isinstance(document, Refusal):
                self._refuse(article.id, document)
                continue
            sketches.append(self.documents.sketch(document))
            self.writer.add(document)
            self.progress(article)
        self._commit(sketches, self.position if whole else 0)

    def _refuse(self, article_id: str, refusal: Refusal) -> None:
        """Refuse an article that was counted as one to come."""
        self.quarantine.add(refusal)
        self.report.refused += 1
        known = self.engine.digest(article_id) is not None
        self.report.updated -= known
        self.report.added -= not known
        self.progress(refusal)

    def _commit(self, sketches: list[Sketches], position: int) -> None:
        """Commit, with what the new articles say of copies."""
        if self.stories is not None and sketches:
            self.writer.assign_clusters(self.stories.note(join(sketches)))
        self.writer.commit()
        _LOG.info(
            "committed a batch of %d articles; so far: %d read, %d refused",
            sum(len(each) for each in sketches),
            self.report.read,
            self.report.refused,
        )
        if self.stories is not None and sketches:
            self.stories.settle()
        if self.settled is not None:
            self.settled(position)

    def send(self, changed: list[Article], pool: ProcessPoolExecutor, slices: int) -> None:
        """Give *changed* to the workers; commit the oldest batch when enough are in work."""
        if changed:
            size = -(-len(changed) // slices)
            build = self.writer.part_builder()
            futures = [
                pool.submit(analyse, changed[start : start + size], build)
                for start in range(0, len(changed), size)
            ]
            self._sent.append((futures, changed, self.position))
            self._coming |= {article.id: self.documents.digest(article) for article in changed}
        while len(self._sent) > _IN_WORK:
            self._take()

    def finish(self) -> None:
        """Commit every batch that workers have."""
        while self._sent:
            self._take()

    def _take(self) -> None:
        futures, articles, position = self._sent.popleft()
        sketches = []
        told = set()
        for future in futures:
            part, some, refused = future.result()
            for article_id, refusal in refused:
                self._refuse(article_id, refusal)
                told.add(article_id)
            if not part.ids:
                continue
            self.writer.add_part(part)
            sketches.append(some)
        self._commit(sketches, position)
        for article in articles:
            if article.id not in told:
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
