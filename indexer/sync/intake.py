"""Intake: reads the files of a folder that are wanted, indexes them, and writes down their states.

wanted files -> [records] -> [index_records] -> commit -> state of each file
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.hashes import Hashes, hash_of
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read_file
from marsad.corpus.source import Record, Refusal
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import Documents
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.identity import Identities, InWork
from marsad.indexer.build.reports import MOST_LISTED, RefusalEntry, SyncReport
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.seam import Engine
from marsad.indexer.sync.known import read_known
from marsad.indexer.sync.lines import FileState, Note
from marsad.indexer.sync.owners import Owners, Places
from marsad.indexer.sync.removal import file_in, held_by_others, utc_now
from marsad.indexer.sync.scan import AHEAD, UNSURE, Hidden, look_at
from marsad.indexer.sync.state import FolderState
from marsad.indexer.sync.tombstones import Tombstones


@dataclass(slots=True)
class _ReadFile:
    """A file that was read, with its new state and its note.

    `position` is the number of records of this run up to the end of the file.
    """

    position: int
    name: str
    state: FileState
    note: Note


@dataclass(slots=True)
class Intake:
    """Reads files of a folder into an index.

    `final` has the states of files that lost articles, to be written once these are removed, and
    `before` the ids that these files lost. `fresh` and `new` are the names of files that this run
    read, and that were not known.

    Of the private fields, `_read` are files whose records are not all committed. `_passing` are
    refusals that readers gave, by identity; any other refusal is of an article that could not be
    analysed, and is kept in `_late` until its file is committed.
    """

    folder: Path
    engine: Engine
    documents: Documents
    quarantine: Quarantine
    state: FolderState
    duplicates: DuplicateTracker
    tombstones: Tombstones
    owners: Owners
    mapping: Mapping[str, str]
    workers: Workers | None
    batch: int
    namespace: str
    final: dict[str, FileState] = field(default_factory=dict)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    _places: Places = field(default_factory=Places)
    _read: deque[_ReadFile] = field(default_factory=deque)
    _passing: set[int] = field(default_factory=set)
    _late: list[Refusal] = field(default_factory=list)
    _position: int = 0
    # Paths that the folder had before it moved, unless another folder is synced from there.
    _was: tuple[str, ...] = ()
    # Ids that a file of this run holds too, and those that several files of the state hold.
    _copied: Hashes = field(default_factory=Hashes)
    _shared: Hashes | None = None

    def clear(self) -> None:
        """Forget the last run."""
        for each in (self.final, self.before, self.fresh, self.new, self._passing, self._late):
            each.clear()
        self._copied, self._shared = Hashes(), None
        known = read_known(self.state.path.parent)
        own = known.pop(self.state.path.name, None)
        taken = {path for each in known.values() for path in (each.given, each.real)}
        was = own.was if own is not None else ()
        self._was = tuple(path for path in was if path not in taken | {str(self.folder)})

    def index(
        self,
        wanted: Mapping[str, str],
        report: SyncReport,
        progress: Callable[[Record], None],
        *,
        forced: bool = False,
    ) -> None:
        """Read the files *wanted* and index them; with *forced*, also those with equal bytes."""
        self._read.clear()
        self._position = 0
        identities = Identities(self.engine, self.documents, InWork(), self._is_shared)

        def noted(record: Record) -> None:
            if isinstance(record, Refusal):
                if id(record) in self._passing:
                    self._passing.discard(id(record))
                else:
                    self._late.append(record)
                    self._list(record, report)
            progress(record)

        done = index_records(
            self._records(wanted, report, identities, forced=forced),
            self.engine,
            self.documents,
            self.quarantine,
            noted,
            self.batch,
            self.workers,
            self.duplicates,
            self._write_committed,
            identities,
        )
        if not forced:
            report.articles = done
        self._write_committed(self._position)

    def _records(
        self,
        wanted: Mapping[str, str],
        report: SyncReport,
        identities: Identities,
        *,
        forced: bool,
    ) -> Iterator[Record]:
        """Yield the records of files with new bytes, and remember where each file ends."""
        for name in wanted:
            state = self.state.files.get(name)
            try:
                stamp, digest = look_at(f"{self.folder}/{name}")
            except FileNotFoundError:
                # It vanished a moment ago: the next run will find it gone.
                report.unchanged += 1
                continue
            except OSError as error:
                report.new += state is None
                report.unchanged += state is not None
                yield self._unreadable(name, error, state, report)
                continue
            if state is not None and state.sha256 == digest and not forced:
                report.unchanged += 1
                if not Note.of(state.note).refused:
                    self.saw(name)
                if stamp.startswith(AHEAD) and state.stamp in (stamp, stamp[len(AHEAD) :]):
                    stamp = stamp[len(AHEAD) :]
                if state.stamp != stamp:
                    self._finish_file(name, state._replace(stamp=stamp), state.ids)
                continue
            if not forced:
                # One that could not be read whole before is tried again, and has not changed.
                again = state is not None and state.sha256 == UNSURE and state.note != ""
                report.new += state is None
                report.unchanged += again
                report.changed += state is not None and not again
            if state is None:
                self.new.add(name)
            yield from self._read_file(
                name, FileState(stamp, digest, ()), state, report, identities
            )

    def _is_shared(self, article_id: str) -> bool:
        """Tell whether another file, folder or `marsad index` holds an article too."""
        number = hash_of(article_id)
        if number in self._copied or self.owners.has(article_id):
            return True
        if self._shared is None:
            # Few runs ask: a row of a file was replaced by another article.
            self._shared, once = held_by_others(self.state), Hashes()
            for _, state in self.state.files.states():
                for each in map(hash_of, state.ids):
                    if not once.add(each):
                        self._shared.add(each)
        return number in self._shared

    def _read_file(
        self,
        name: str,
        found: FileState,
        state: FileState | None,
        report: SyncReport,
        identities: Identities,
    ) -> Iterator[Record]:
        ids: dict[str, None] = {}
        old = state.ids if state is not None else ()
        note = Note()
        is_outside = False
        place = self.printed(name)
        for each in read_file(
            self.folder / name, self.mapping, named=False, namespace=self.namespace
        ):
            record = each
            self._position += 1
            if isinstance(record, Article):
                compared, record = identities.resolve_and_compare(record)
                ids[record.id] = None
                if compared == "same" and record.id not in old:
                    self._copied.add(hash_of(record.id))
            elif isinstance(record, Refusal):
                self._passing.add(id(record))
                is_outside |= record.outside
                note.add_refusal(record.path.removeprefix(place), record.line, record.reason)
                self._list(record, report)
            else:
                note.add_skipped(record.kind, record.reason)
            yield record
        if note.refused:
            # The unreadable records may be the articles that the file held, so none is removed.
            ids |= dict.fromkeys(old)
        if is_outside:
            found = FileState(UNSURE, UNSURE, ())
        self.saw(name)
        self.fresh.add(name)
        self._finish_file(name, found._replace(ids=tuple(ids)), old, note)

    def _unreadable(
        self, name: str, error: OSError, state: FileState | None, report: SyncReport
    ) -> Refusal:
        """Refuse a file that cannot be opened; it is tried again in each run."""
        refusal = Refusal(
            self.printed(name),
            0,
            f"file not readable: {error.strerror or error}",
            outside=True,
        )
        self._position += 1
        self._passing.add(id(refusal))
        self._list(refusal, report)
        note = Note()
        note.add_refusal("", 0, refusal.reason)
        ids = state.ids if state is not None else ()
        self._finish_file(name, FileState(UNSURE, UNSURE, ids), (), note)
        return refusal

    def _list(self, refusal: Refusal, report: SyncReport) -> None:
        if len(report.refusals) < MOST_LISTED:
            report.refusals.append(RefusalEntry(refusal.path, refusal.line, refusal.reason))

    def _finish_file(
        self, name: str, state: FileState, old: tuple[str, ...], note: Note | None = None
    ) -> None:
        """Remember the state of a file that was read; *old* are the ids that it held before."""
        noted = note if note is not None else Note.of(state.note)
        pending = state
        lost = set(old) - set(state.ids)
        if lost:
            # If this run is killed before the lost articles are removed, the next one must read
            # the file again.
            pending = FileState(UNSURE, UNSURE, tuple(dict.fromkeys([*state.ids, *old])))
            self.final[name] = state
            self.before[name] = tuple(lost)
        self._read.append(_ReadFile(self._position, name, pending, noted))

    def _write_committed(self, position: int) -> None:
        """Write the states of files whose records are all among the first *position*."""
        done = []
        while self._read and self._read[0].position <= position:
            file = self._read.popleft()
            place = self.printed(file.name)
            for refusal in [each for each in self._late if _is_in(each.path, place)]:
                self._late.remove(refusal)
                member = refusal.path.removeprefix(place)
                file.note.add_refusal(member, refusal.line, refusal.reason)
            note = file.note.text()
            if file.name in self.final:
                self.final[file.name] = self.final[file.name]._replace(note=note)
            done.append((file.name, file.state._replace(note=note)))
        held = [(name, self.final.get(name, state).ids) for name, state in done]
        self.tombstones.lift((each for _, ids in held for each in ids), utc_now())
        if len(self.owners):
            for name, ids in held:
                self.owners.release(ids, self._places.of(f"{self.folder}/{name}"))
        self.state.add(done)

    def saw(self, name: str) -> None:
        """Tell the quarantine that a file was read or is gone, by each path that it ever had."""
        for root in (str(self.folder), *self._was):
            self.quarantine.saw(_printed(root, name))

    def saw_stale(self, unreadable: Collection[str]) -> None:
        """Tell the quarantine which of its files have no refused records by the state.

        A killed run wrote such an entry, and not the state of the file; or the state is lost.
        """
        hidden = Hidden(unreadable)
        for path in self.quarantine.paths():
            for root in (str(self.folder), *self._was):
                if not path.startswith(f"{root}/") or "\\" in path:
                    continue
                name = file_in(self.state, path[len(root) + 1 :])
                known = self.state.files.get(name)
                if known is None and name in hidden:
                    continue
                if known is None or not Note.of(known.note).refused:
                    self.quarantine.saw(path)

    def printed(self, name: str) -> str:
        """Return the path of a file as records have it."""
        return _printed(str(self.folder), name)


def _printed(root: str, name: str) -> str:
    raw = f"{root}/{name}".encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")


def _is_in(path: str, place: str) -> bool:
    """Tell whether the record at *path* is of the file at *place*, or of a member of it."""
    return path == place or path.startswith(f"{place}!")
