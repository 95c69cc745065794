"""Rebuild: a new index is made from the stored articles of an old one, without the raw files.

    stored articles -> [Pass] -> a new index beside the old -> verified -> replaces the old

Terms, entities, dates, facets and near-duplicates are made anew. The old index does not change
until the new one is whole and was read back. A killed run goes on where it was.
"""

import errno
import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from marsad.corpus.source import Record
from marsad.indexer.build.document import Documents, load_hit
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import (
    IndexerError,
    IndexWriteError,
    RebuildFailedError,
    RebuildShrunkError,
)
from marsad.indexer.parts import Parts
from marsad.indexer.rebuild.copy_pass import Pass, RebuildReport
from marsad.indexer.rebuild.place import RebuildPlace
from marsad.indexer.rebuild.refusals import KeptRefusals
from marsad.indexer.registry import open_engine
from marsad.indexer.segments.adopt import disown
from marsad.indexer.segments.generation import newest_number
from marsad.indexer.segments.old_index import open_old

# If more is lost, something is wrong that a person must look at.
MOST_LOST_SHARE, LEAST_LOST = 0.05, 1
_MOST_ROUNDS = 5
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def content_of(digests: dict[str, bytes]) -> str:
    """Return the `content` that `Engine.stats` reports for an index with these documents."""
    content = hashlib.sha256()
    for line in sorted(f"{article} {digest.hex()}\n" for article, digest in digests.items()):
        content.update(line.encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def fault_of(engine: Engine, documents: Documents, digests: dict[str, bytes]) -> str:
    """Return what is wrong with an index that should hold these documents, empty if it is whole.

    Every file is checked, and every article is read back and its digest computed again.
    """
    stats = engine.stats()
    if (stats.documents, stats.content) != (len(digests), content_of(digests)):
        found = f"{stats.documents} articles with content {stats.content[:16]}"
        return f"it holds {found}, but {len(digests)} with other digests were read"
    faults = (*engine.lost_commits(), *engine.check())
    if faults:
        return faults[0]
    for hit in engine.walk(SearchRequest(sort="oldest")):
        found = documents.digest(load_hit(hit).article)
        if bytes.fromhex(found) != digests[hit.id]:
            return f"article {hit.id!r} is not what was read"
    return ""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One rebuild; `refused` is written to the quarantine when the new index is put in place."""

    place: RebuildPlace
    wanted: Parts
    workers: Workers
    batch: int
    refused: KeptRefusals

    def run(
        self, begun: Callable[[int], object], progress: Callable[[Record], None]
    ) -> RebuildReport:
        """Rebuild; call *begun* with the number of articles, then *progress* with each.

        Raises:
            IndexerError: as `RebuildPlace.held` and `begin` do, or because the new index is not
                whole, or because too many articles were lost.
        """
        began = time.monotonic()
        with self.place.held():
            try:
                report = (
                    self._placed_before() if self.place.begin() else self._made(begun, progress)
                )
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                raise IndexWriteError(self.place.target, error.strerror or "") from error
        report.seconds = time.monotonic() - began
        return report

    def _placed_before(self) -> RebuildReport:
        """Return the report after a killed run that had put the new index in place."""
        with closing(self._open(self.place.target)) as engine:
            stats = engine.stats()
        return RebuildReport(
            found=f"analyzer {stats.analyzer}, put in place by an earlier run that was killed",
            read=stats.documents,
            kept=stats.documents,
            documents=stats.documents,
            content=stats.content,
            generation=stats.generation,
        )

    def _made(
        self, begun: Callable[[int], object], progress: Callable[[Record], None]
    ) -> RebuildReport:
        with closing(self._new_engine()) as engine:
            duplicates = DuplicateTracker(self.place.built, engine, self.wanted.documents)
            for _ in range(_MOST_ROUNDS):
                newest = newest_number(self.place.source)
                with closing(open_old(self.place.source)) as old:
                    begun(old.documents)
                    self.refused.begin()
                    taken = Pass(old, engine, self.wanted, self.refused)
                    taken.run(duplicates, self.workers, self.batch, progress)
                # A source in another folder is not locked, so it may have grown meanwhile.
                if newest_number(self.place.source) == newest:
                    break
            else:
                taken.report.lost.append(
                    f"{self.place.source} was written to meanwhile: articles that came after "
                    f"generation {newest} are not in the new index"
                )
            self._guard(taken.report)
            fault = fault_of(engine, self.wanted.documents, taken.digests)
        if fault:
            self.place.discard()
            raise RebuildFailedError(self.place.target, fault)
        self._put(taken)
        return taken.report

    def _put(self, taken: Pass) -> None:
        """Put the new index in place, and verify it there before the old one is removed."""
        target, report = self.place.target, taken.report
        self.refused.write(self.place.source)
        number = self.place.put(incomplete=not report.is_whole)
        try:
            with closing(self._open(target)) as engine:
                stats, lost_commits = engine.stats(), engine.lost_commits()
        except IndexerError as error:
            disown(target, number)
            raise RebuildFailedError(target, str(error)) from error
        if lost_commits or stats.content != content_of(taken.digests):
            disown(target, number)
            raise RebuildFailedError(
                target, "; ".join(lost_commits) or "its content is not the content that was built"
            )
        report.documents, report.content = stats.documents, stats.content
        report.generation = stats.generation
        self.place.confirm(number)

    def _guard(self, report: RebuildReport) -> None:
        """Refuse to replace the old index if too many of its articles are lost."""
        lost = report.refused + report.lost_documents
        held = report.read + report.lost_documents
        if self.place.inside and lost > max(LEAST_LOST, MOST_LOST_SHARE * held):
            self.place.discard()
            raise RebuildShrunkError(self.place.source, lost, held)

    def _new_engine(self) -> Engine:
        """Open the index that was built so far; if it is damaged, start again."""
        try:
            return self._open(self.place.built, create=True)
        except IndexerError:
            self.place.empty()
            return self._open(self.place.built, create=True)

    def _open(self, folder: Path, *, create: bool = False) -> Engine:
        return open_engine(f"whoosh:{folder}", self.wanted.analyzer, create=create)
