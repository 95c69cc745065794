"""Sync: an index kept in step with a folder.

    folder -> [scan] -> new, changed, vanished -> [index_records] -> tombstones -> folder state

A file whose size and time are as they were is not opened; one whose bytes are, is not
read. What each file held is written down after its batch is committed, so a run that is
killed goes on where it was. An article that no file holds any more is removed, and a
tombstone says so.
"""

import datetime as dt
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.article import Article
from corpus.quarantine import Quarantine
from corpus.read import read_file
from corpus.source import Record, Refusal
from indexer.batch import BATCH, IndexReport, Workers, index_records
from indexer.document import Documents, load_stored
from indexer.engine import Engine
from indexer.errors import FolderVanishedError
from indexer.extract.duplicates.sketch import join
from indexer.folder_state import FileState, FolderState, look_at, scan
from indexer.stories import Stories
from indexer.tombstones import Tombstone, Tombstones

# More gone at once than this is a disk that is not there, until a person says otherwise.
MOST_VANISHED_SHARE, LEAST_VANISHED = 0.5, 20
_MOST_TOLD = 1_000


@dataclass(slots=True)
class SyncReport:
    """What a run met and did: files, articles, and the ids that were removed."""

    seen: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    removed: int = 0
    removed_ids: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    articles: IndexReport = field(default_factory=IndexReport)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: how many records had come by its end."""

    position: int
    name: str
    state: FileState


@dataclass(slots=True)
class Sync:
    """One folder and one index; `run` may be called again and again."""

    folder: Path
    engine: Engine
    documents: Documents
    quarantine: Quarantine
    state: FolderState
    stories: Stories
    tombstones: Tombstones
    mapping: Mapping[str, str] = field(default_factory=dict)
    workers: Workers | None = None
    batch: int = BATCH
    checksum: bool = False
    allow_vanished: bool = False
    _read: deque[_Read] = field(default_factory=deque)
    _position: int = 0

    def run(self, progress: Callable[[Record], None]) -> SyncReport:
        """Bring the index in step.

        Raises:
            FolderVanishedError: most files are gone, which nobody said may be.
        """
        began = time.monotonic()
        report = SyncReport()
        wanted, gone = self._compare(report)
        before = {name: self.state.files[name].ids for name in [*gone, *wanted] if self._has(name)}
        if wanted:
            self._index(wanted, report, progress)
        if gone or any(before.values()):
            self._remove(gone, before, report)
        self.state.compact()
        report.seconds = time.monotonic() - began
        return report

    def _has(self, name: str) -> bool:
        return name in self.state.files

    def _compare(self, report: SyncReport) -> tuple[list[str], list[str]]:
        """Return the files to read and the files that are gone, each in name order."""
        known = self.state.files
        wanted: list[str] = []
        missing = set(known)
        for name, stamp in scan(self.folder):
            report.seen += 1
            missing.discard(name)
            state = known.get(name)
            if state is None or self.checksum or state.stamp != stamp:
                wanted.append(name)
        report.unchanged = report.seen - len(wanted)
        report.vanished = len(missing)
        if (
            not self.allow_vanished
            and len(missing) >= LEAST_VANISHED
            and len(missing) > MOST_VANISHED_SHARE * len(known)
        ):
            raise FolderVanishedError(self.folder, len(missing), len(known))
        return sorted(wanted), sorted(missing)

    def _index(
        self, wanted: list[str], report: SyncReport, progress: Callable[[Record], None]
    ) -> None:
        self._read.clear()
        self._position = 0
        report.articles = index_records(
            self._records(wanted, report),
            self.engine,
            self.documents,
            self.quarantine,
            progress,
            self.batch,
            self.workers,
            self.stories,
            self._settle,
        )
        self._settle(self._position)

    def _records(self, wanted: list[str], report: SyncReport) -> Iterator[Record]:
        """Yield the records of files whose bytes are new, and note where each file ends."""
        for name in wanted:
            state = self.state.files.get(name)
            try:
                stamp, digest = look_at(f"{self.folder}/{name}")
            except OSError as error:
                self._position += 1
                yield self._refused(self.folder / name, error, report)
                continue
            if state is not None and state.sha256 == digest:
                report.unchanged += 1
                if state.stamp != stamp:
                    self._note(name, FileState(stamp, digest, state.ids))
                continue
            report.new += state is None
            report.changed += state is not None
            ids: dict[str, None] = {}
            for record in read_file(self.folder / name, self.mapping, named=False):
                self._position += 1
                if isinstance(record, Article):
                    ids[record.id] = None
                elif isinstance(record, Refusal) and len(report.refusals) < _MOST_TOLD:
                    report.refusals.append(record)
                yield record
            self._note(name, FileState(stamp, digest, tuple(ids)))

    def _refused(self, path: Path, error: OSError, report: SyncReport) -> Refusal:
        refusal = Refusal(str(path), 0, f"file not readable: {error.strerror or error}")
        report.refusals.append(refusal)
        return refusal

    def _note(self, name: str, state: FileState) -> None:
        self._read.append(_Read(self._position, name, state))

    def _settle(self, position: int) -> None:
        """Write down the files whose records are all committed: the first *position* are."""
        done = []
        while self._read and self._read[0].position <= position:
            read = self._read.popleft()
            done.append((read.name, read.state))
        self.tombstones.lift((each for _, state in done for each in state.ids), _now())
        self.state.add(done)

    def _remove(
        self, gone: list[str], before: Mapping[str, tuple[str, ...]], report: SyncReport
    ) -> None:
        """Remove the articles that no file holds any more."""
        vanished = set(gone)
        left = Counter(
            each
            for name, state in self.state.files.items()
            if name not in vanished
            for each in state.ids
        )
        lost = {each: name for name, ids in before.items() for each in ids if not left[each]}
        stones = [stone for each, name in lost.items() if (stone := self._stone(each, name))]
        if stones:
            # Before the commit: a run that is killed here sets them again.
            self.tombstones.add(stones)
            ids = [stone.id for stone in stones]
            with self.engine.writer() as writer:
                for each in ids:
                    writer.remove(each)
                writer.regroup(self.stories.note(join(()), ids))
            report.removed = len(ids)
            report.removed_ids = ids[:_MOST_TOLD]
        self.state.add((name, None) for name in gone)

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
