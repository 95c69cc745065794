"""Sync: an index kept in step with a folder.

    folder -> [scan] -> new, changed, vanished -> [index_records] -> tombstones -> folder state

A file with the same size and time as before is not opened. A file with the same bytes is not
parsed. The state of a file is written after its batch is committed, so a killed run goes on where
it was. If the index lost a commit to damage, all files are read again. An article that no file
holds any more is removed and gets a tombstone.
"""

import datetime as dt
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read_file
from marsad.corpus.source import Record, Refusal
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import Documents, load_stored
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.build.reports import BATCH, MOST_LISTED, RefusalEntry, SyncReport
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import FolderVanishedError, IndexDamagedError
from marsad.indexer.sync.scan import UNSURE, look_at, scan
from marsad.indexer.sync.state import FileState, FolderState
from marsad.indexer.sync.tombstones import Tombstone, Tombstones

# If a folder lost more than this, or all of its files, its disk is probably not mounted: nothing is
# removed until a person allows it.
MOST_VANISHED_SHARE, LEAST_VANISHED = 0.5, 20


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """A file that was read, with its new state.

    `position` is the number of records of this run up to the end of the file.
    """

    position: int
    name: str
    state: FileState


@dataclass(slots=True)
class Sync:
    """A folder and the index that it is synced into; `run` may be called repeatedly.

    `own` are files and folders that the run itself writes; they are left out if they are in the
    folder. Of the private fields, `_read` are files whose records are not all committed, `_final`
    the states of files that lost articles, to be written once these are removed, and `_fresh` the
    names of all files that this run read.
    """

    folder: Path
    engine: Engine
    documents: Documents
    quarantine: Quarantine
    state: FolderState
    duplicates: DuplicateTracker
    tombstones: Tombstones
    mapping: Mapping[str, str] = field(default_factory=dict)
    workers: Workers | None = None
    batch: int = BATCH
    checksum: bool = False
    allow_vanished: bool = False
    own: Collection[Path] = ()
    _read: deque[_ReadFile] = field(default_factory=deque)
    _final: dict[str, FileState] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _position: int = 0

    def run(self, progress: Callable[[Record], None]) -> SyncReport:
        """Bring the index in step with the folder; call *progress* with each record.

        Raises:
            FolderVanishedError: most articles are gone, and `allow_vanished` is not set. New and
                changed articles were indexed, nothing was removed.
            IndexDamagedError: the newest commit was damaged since the index was opened.
        """
        began = time.monotonic()
        if not self.state.compare_with_index():
            reason = "its newest commit is damaged; the next run indexes its articles again"
            raise IndexDamagedError(self.state.index, reason)
        report = SyncReport()
        self._final.clear()
        self._fresh.clear()
        wanted, gone = self._compare(report)
        known = {name: state.ids for name, state in self.state.files.items()}
        if wanted:
            self._index(wanted, report, progress)
        before = {name: known[name] for name in [*gone, *self._final] if name in known}
        if any(before.values()) or gone:
            self._remove(gone, before, known, report)
            again = self._held_elsewhere(before)
            if again:
                # Several files held the same id, and the index may have had the copy that is gone.
                self._index(dict.fromkeys(again, UNSURE), report, progress, forced=True)
                self.state.add(self._final.items())
        self.state.write_commit()
        self.state.compact()
        report.seconds = time.monotonic() - began
        return report

    def _compare(self, report: SyncReport) -> tuple[dict[str, str], list[str]]:
        """Return the files to read with their stamps, and the files that are gone."""
        known = self.state.files
        wanted: dict[str, str] = {}
        missing = set(known)
        unreadable: list[str] = []
        for name, stamp in scan(self.folder, unreadable, [str(path) for path in self.own]):
            report.seen += 1
            missing.discard(name)
            state = known.get(name)
            if state is None or self.checksum or state.stamp != stamp:
                wanted[name] = stamp
        report.unchanged = report.seen - len(wanted)
        for prefix in unreadable:
            # An unreadable file is not a vanished one.
            missing = {name for name in missing if not name.startswith(prefix)}
            place = str(self.folder / prefix)
            report.refusals.append(
                RefusalEntry(place, 0, "not readable; its articles stay in the index")
            )
        report.vanished = len(missing)
        return dict(sorted(wanted.items())), sorted(missing)

    def _index(
        self,
        wanted: Mapping[str, str],
        report: SyncReport,
        progress: Callable[[Record], None],
        *,
        forced: bool = False,
    ) -> None:
        self._read.clear()
        self._position = 0
        done = index_records(
            self._records(wanted, report, forced=forced),
            self.engine,
            self.documents,
            self.quarantine,
            progress,
            self.batch,
            self.workers,
            self.duplicates,
            self._write_committed,
        )
        if not forced:
            report.articles = done
        self._write_committed(self._position)

    def _records(
        self, wanted: Mapping[str, str], report: SyncReport, *, forced: bool
    ) -> Iterator[Record]:
        """Yield the records of files with new bytes, and remember where each file ends."""
        for name, seen in wanted.items():
            state = self.state.files.get(name)
            try:
                stamp, digest = look_at(f"{self.folder}/{name}")
            except OSError as error:
                self._position += 1
                yield self._refused(self.folder / name, error, report)
                # It is not tried again until its size or time changes.
                self._finish_file(name, FileState(seen, UNSURE, state.ids if state else ()), ())
                continue
            if state is not None and state.sha256 == digest and not forced:
                report.unchanged += 1
                if state.stamp != stamp:
                    self._finish_file(name, FileState(stamp, digest, state.ids), state.ids)
                continue
            if not forced:
                report.new += state is None
                report.changed += state is not None
            yield from self._read_file(name, FileState(stamp, digest, ()), state, report)

    def _read_file(
        self, name: str, found: FileState, state: FileState | None, report: SyncReport
    ) -> Iterator[Record]:
        ids: dict[str, None] = {}
        damaged = False
        for record in read_file(self.folder / name, self.mapping, named=False):
            self._position += 1
            if isinstance(record, Article):
                ids[record.id] = None
            elif isinstance(record, Refusal):
                damaged = True
                if len(report.refusals) < MOST_LISTED:
                    report.refusals.append(RefusalEntry(record.path, record.line, record.reason))
            yield record
        old = state.ids if state is not None else ()
        if damaged:
            # The unreadable records may be the articles that the file held, so none is removed.
            ids |= dict.fromkeys(old)
        self._finish_file(name, found._replace(ids=tuple(ids)), old)

    def _refused(self, path: Path, error: OSError, report: SyncReport) -> Refusal:
        refusal = Refusal(str(path), 0, f"file not readable: {error.strerror or error}")
        report.refusals.append(RefusalEntry(refusal.path, refusal.line, refusal.reason))
        return refusal

    def _finish_file(self, name: str, state: FileState, old: tuple[str, ...]) -> None:
        """Remember the state of a file that was read; *old* are the ids that it held before."""
        pending = state
        if set(old) - set(state.ids):
            # If this run is killed before the lost articles are removed, the next one must read
            # the file again.
            pending = FileState(UNSURE, UNSURE, tuple(dict.fromkeys([*state.ids, *old])))
            self._final[name] = state
        self._fresh.add(name)
        self._read.append(_ReadFile(self._position, name, pending))

    def _write_committed(self, position: int) -> None:
        """Write the states of files whose records are all among the first *position*."""
        done = []
        while self._read and self._read[0].position <= position:
            file = self._read.popleft()
            done.append((file.name, file.state))
        held = (each for name, state in done for each in self._final.get(name, state).ids)
        self.tombstones.lift(held, _now())
        self.state.add(done)

    def _remove(
        self,
        gone: list[str],
        before: Mapping[str, tuple[str, ...]],
        known: Mapping[str, tuple[str, ...]],
        report: SyncReport,
    ) -> None:
        """Remove the articles that no file holds any more."""
        # The writer is opened first, so that no sync of another folder adds one of them meanwhile.
        with self.engine.writer() as writer:
            stones = self._stones(gone, before, known)
            ids = [stone.id for stone in stones]
            if ids:
                # Before the commit: if the run is killed here, the next one adds them again.
                self.tombstones.add(stones)
                batch = ClusteredBatch(writer, self.duplicates)
                for each in ids:
                    batch.remove(each)
                batch.commit()
        report.removed = len(ids)
        report.removed_ids = ids[:MOST_LISTED]
        self.state.add([*((name, None) for name in gone), *self._final.items()])
        self._final.clear()

    def _stones(
        self,
        gone: list[str],
        before: Mapping[str, tuple[str, ...]],
        known: Mapping[str, tuple[str, ...]],
    ) -> list[Tombstone]:
        """Return the tombstones of articles that no file of any folder holds any more."""
        vanished = set(gone)
        left = {
            each
            for name, state in self.state.files.items()
            if name not in vanished
            for each in self._final.get(name, state).ids
        }
        held = left | self.state.ids_of_other_folders()
        lost = {each: name for name, ids in before.items() for each in ids if each not in held}
        self._guard(gone, len({each for ids in known.values() for each in ids}), len(left), lost)
        return [stone for each, name in lost.items() if (stone := self._stone(each, name))]

    def _guard(self, gone: list[str], known: int, left: int, lost: Mapping[str, str]) -> None:
        """Refuse to remove most of the articles that the folder held."""
        if self.allow_vanished or not lost:
            return
        empty = len(gone) == len(self.state.files)
        shrunk = len(lost) >= LEAST_VANISHED and left < (1 - MOST_VANISHED_SHARE) * known
        if empty or shrunk:
            raise FolderVanishedError(self.folder, len(lost), known)

    def _held_elsewhere(self, before: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Return the files to read again, although they have not changed.

        A file is one of them if it holds an article that another file held *before* this run and
        does not hold now. Files that this run has read already are not returned.
        """
        moved = {
            each
            for name, ids in before.items()
            for each in ids
            if name not in self.state.files or each not in self.state.files[name].ids
        }
        if not moved:
            return []
        return [
            name
            for name, state in self.state.files.items()
            if name not in self._fresh and not moved.isdisjoint(state.ids)
        ]

    def _stone(self, article_id: str, name: str) -> Tombstone | None:
        hit = self.engine.get(article_id)
        if hit is None:
            return None
        article = load_stored(hit.stored).article
        return Tombstone(
            id=article_id,
            title=article.title,
            published=article.published_iso(),
            source=article.source,
            path=str(self.folder / name),
            gone_at=_now(),
        )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
