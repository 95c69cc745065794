"""Rebuild: an index made anew from the articles that it holds, without the raw files.

    stored articles -> [Pass] -> a new index beside -> verified -> in the place of the old

Terms, entities, dates, facets and copies are made anew. Nothing of the old index changes until
the new one is whole and was read back. A run that is killed goes on where it was.
"""

import errno
import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from marsad.corpus.source import Record
from marsad.indexer.build.document import Documents, load_stored
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

# More than this is a fault to be looked at, not articles to be given up.
MOST_LOST_SHARE, LEAST_LOST = 0.05, 1
_MOST_ROUNDS = 5
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def content_of(digests: dict[str, bytes]) -> str:
    """Return what `Engine.stats` gives as the content of an index with these documents."""
    content = hashlib.sha256()
    for line in sorted(f"{article} {digest.hex()}\n" for article, digest in digests.items()):
        content.update(line.encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def fault_of(engine: Engine, documents: Documents, digests: dict[str, bytes]) -> str:
    """Return what is wrong with an index that should hold these documents; empty if nothing is.

    Every file is checked, and every article read back and digested anew.
    """
    stats = engine.stats()
    if (stats.documents, stats.content) != (len(digests), content_of(digests)):
        return f"it holds {stats.documents} articles, {len(digests)} were read, or others of them"
    faults = (*engine.lost_commits(), *engine.check())
    if faults:
        return faults[0]
    for hit in engine.walk(SearchRequest(sort="oldest")):
        found = documents.digest(load_stored(hit.stored).article)
        if bytes.fromhex(found) != digests[hit.id]:
            return f"article {hit.id!r} is not what was read"
    return ""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What a rebuild works with; *refused* goes to the quarantine with the new index."""

    place: RebuildPlace
    wanted: Parts
    workers: Workers
    batch: int
    refused: KeptRefusals

    def run(
        self, begun: Callable[[int], object], progress: Callable[[Record], None]
    ) -> RebuildReport:
        """Rebuild; call *begun* with how many articles there are, *progress* with each.

        Raises:
            IndexerError: as `RebuildPlace.held` and `begin` say, or the new index is not whole,
                or too much was lost to put it in the place of the old one.
        """
        began = time.monotonic()
        with self.place.held():
            try:
                report = self._standing() if self.place.begin() else self._made(begun, progress)
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                raise IndexWriteError(self.place.target, error.strerror or "") from error
        report.seconds = time.monotonic() - began
        return report

    def _standing(self) -> RebuildReport:
        """Return the report of a run whose work was done, but for its end."""
        with closing(self._open(self.place.target)) as engine:
            stats = engine.stats()
        return RebuildReport(
            found=f"analyzer {stats.analyzer}, put in its place by a run that was killed then",
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
            stories = DuplicateTracker(self.place.built, engine, self.wanted.documents)
            for _ in range(_MOST_ROUNDS):
                newest = newest_number(self.place.source)
                with closing(open_old(self.place.source)) as old:
                    begun(old.documents)
                    self.refused.begin()
                    taken = Pass(old, engine, self.wanted, self.refused)
                    taken.run(stories, self.workers, self.batch, progress)
                # Another folder's index may have grown meanwhile; this one's writers wait.
                if newest_number(self.place.source) == newest:
                    break
            else:
                taken.report.lost.append(
                    f"{self.place.source} was written to meanwhile: what came after generation "
                    f"{newest} is not in the new index"
                )
            self._guard(taken.report)
            fault = fault_of(engine, self.wanted.documents, taken.digests)
        if fault:
            self.place.discard()
            raise RebuildFailedError(self.place.target, fault)
        self._put(taken)
        return taken.report

    def _put(self, taken: Pass) -> None:
        """Put the new index in its place, and look at it there before the old one goes."""
        target, report = self.place.target, taken.report
        self.refused.write(self.place.source)
        number = self.place.put(doubted=not report.is_whole)
        try:
            with closing(self._open(target)) as engine:
                stats, lost_commits = engine.stats(), engine.lost_commits()
        except IndexerError as error:
            disown(target, number)
            raise RebuildFailedError(target, str(error)) from error
        if lost_commits or stats.content != content_of(taken.digests):
            disown(target, number)
            raise RebuildFailedError(
                target, "; ".join(lost_commits) or "it does not hold what was made"
            )
        report.documents, report.content = stats.documents, stats.content
        report.generation = stats.generation
        self.place.settle(number)

    def _guard(self, report: RebuildReport) -> None:
        """Refuse to give up many articles for good."""
        lost = report.refused + report.lost_documents
        held = report.read + report.lost_documents
        if self.place.inside and lost > max(LEAST_LOST, MOST_LOST_SHARE * held):
            self.place.discard()
            raise RebuildShrunkError(self.place.source, lost, held)

    def _new_engine(self) -> Engine:
        """Open what was built so far; what is damaged of it is built anew."""
        try:
            return self._open(self.place.built, create=True)
        except IndexerError:
            self.place.empty()
            return self._open(self.place.built, create=True)

    def _open(self, folder: Path, *, create: bool = False) -> Engine:
        return open_engine(f"whoosh:{folder}", self.wanted.analyzer, create=create)
