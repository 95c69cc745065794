"""Sync: an index kept in step with a folder.

    folder -> [compare] -> new, changed, vanished -> [index_records] -> [Remover] -> folder state

A file with the same size and time as before is not opened. A file with the same bytes is not
parsed. The state of a file is written after its batch is committed, so a killed run goes on where
it was; articles that it had not written down are looked for in the index. A file that could not
be read for a reason outside of it is read again in the next run. If
the index lost a commit to damage, or the state lines, all files are read again. An article that no
file holds any more is removed and gets a tombstone, unless `marsad index` brought it.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Record
from marsad.indexer.build.document import Documents
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.reports import BATCH, MOST_LISTED, RefusalEntry, SyncReport
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import IndexDamagedError
from marsad.indexer.sync.intake import Intake
from marsad.indexer.sync.owners import Owners, claim_rest
from marsad.indexer.sync.removal import Remover, strays
from marsad.indexer.sync.scan import UNSURE
from marsad.indexer.sync.state import FolderState
from marsad.indexer.sync.told import refused_before, tell
from marsad.indexer.sync.tombstones import Tombstones
from marsad.indexer.sync.unchanged import Comparison, compare

_LOG = logging.getLogger("marsad.sync")


@dataclass(slots=True)
class Sync:
    """A folder and the index that it is synced into; `run` may be called repeatedly.

    `own` are files and folders that the run itself writes; they are left out if they are in the
    folder. `found` is the comparison for the first run, if it was made already. `follow_links`
    reads links that lead out of the folder.
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
    namespace: str = ""
    found: Comparison | None = None
    follow_links: bool = False
    _owners: Owners = field(init=False)
    _intake: Intake = field(init=False)
    _has_told_of_links: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Read the claims of `marsad index`."""
        self._owners = Owners(self.state.path.parent)
        self._intake = Intake(
            self.folder,
            self.engine,
            self.documents,
            self.quarantine,
            self.state,
            self.duplicates,
            self.tombstones,
            self._owners,
            self.mapping,
            self.workers,
            self.batch,
            self.namespace,
        )

    def run(self, progress: Callable[[Record], None]) -> SyncReport:
        """Bring the index in step with the folder; call *progress* with each record.

        Raises:
            FolderVanishedError: most articles are gone, and `allow_vanished` is not set. New and
                changed articles were indexed, nothing was removed.
            IndexDamagedError: the newest commit was damaged since the index was opened.
        """
        began = time.monotonic()
        if self.state.refresh():
            self.found = None
        if not self.state.compare_with_index():
            reason = "its newest commit is damaged; the next run indexes its articles again"
            raise IndexDamagedError(self.state.index, reason)
        is_damaged = self.state.damaged > 0
        if is_damaged:
            self.state.count_all_as_lost()
        elif not self._owners.is_there:
            claim_rest(self.engine, self.state.path.parent, self.state.index)
            self._owners.refresh()
        report = SyncReport()
        self._intake.clear()
        told = refused_before(self.state)
        found = self._compare(report)
        was_unfinished = self.state.is_unfinished
        if found.wanted or found.gone or is_damaged:
            self.state.mark_run(is_unfinished=True)
        if found.wanted:
            self._intake.index(found.wanted, report, progress)
        self._intake.before |= {name: self.state.files[name].ids for name in found.gone}
        lost = {each: name for name, ids in self._intake.before.items() for each in ids}
        if is_damaged or was_unfinished:
            lost |= self._strays(found, is_damaged=is_damaged)
        if lost or found.gone:
            self._tell_of_links(found)
            self._remove(found.gone, lost, report, progress)
        self._settle(found, is_damaged=is_damaged, was_unfinished=was_unfinished)
        tell(report, self.state, self.folder, told, found.left_out)
        report.seconds = time.monotonic() - began
        return report

    def _compare(self, report: SyncReport) -> Comparison:
        found = self.found
        if found is None or self.checksum or self.state.files.sure_from:
            own = [str(path) for path in self.own]
            found = compare(
                self.state,
                self.folder,
                own,
                checksum=self.checksum,
                follow_links=self.follow_links,
            )
        self.found = None
        report.seen = found.seen
        report.unchanged = found.seen - len(found.wanted)
        report.vanished = len(found.gone)
        for prefix in found.unreadable[:MOST_LISTED]:
            place = str(self.folder / prefix)
            report.refusals.append(
                RefusalEntry(place, 0, "not readable; its articles stay in the index")
            )
        return found

    def _tell_of_links(self, found: Comparison) -> None:
        """Say once if files count as gone because a link that led to them is not followed."""
        links = tuple(f"{each.path}/" for each in found.left_out if each.kind == "outside-link")
        behind = [name for name in found.gone if f"{name}/".startswith(links)]
        if behind and not self._has_told_of_links:
            self._has_told_of_links = True
            _LOG.warning(
                "%s: %d files that were read before are behind links out of the folder, such as "
                "%s, and count as vanished; --follow-links reads them",
                self.folder,
                len(behind),
                self._intake.printed(behind[0]),
            )

    def _settle(self, found: Comparison, *, is_damaged: bool, was_unfinished: bool) -> None:
        """End a run that reached its end: what it knows is written down."""
        for name in found.gone:
            self._intake.saw(name)
        if is_damaged or was_unfinished:
            self._intake.saw_stale(found.unreadable)
        self.quarantine.drop_mended()
        self.state.write_commit()
        if not (found.unreadable and (is_damaged or was_unfinished)):
            # Otherwise the articles of what was unreadable are compared in the next run.
            self.state.mark_run(is_unfinished=False)
        self.state.compact(always=is_damaged)
        self.state.keep_known()

    def _strays(self, found: Comparison, *, is_damaged: bool) -> dict[str, str]:
        """Return articles of the folder that its state does not know, each with its file.

        The state lost them, or a run was killed after a commit, before it wrote them down, and
        their file has changed since then.
        """
        lost: dict[str, str] = {}
        for each, name, is_unsure in strays(
            self.engine,
            self.state,
            self._owners,
            self.folder,
            found.unreadable,
            is_damaged=is_damaged,
        ):
            if not is_unsure:
                lost[each] = name
            elif name in self.state.files:
                state = self.state.files[name]
                self.state.add([(name, state._replace(ids=(*state.ids, each)))])
        return lost

    def _remove(
        self,
        gone: list[str],
        lost: Mapping[str, str],
        report: SyncReport,
        progress: Callable[[Record], None],
    ) -> None:
        """Remove the articles that no file holds any more."""
        ids = Remover(
            self.folder,
            self.engine,
            self.state,
            self.duplicates,
            self.tombstones,
            self._owners,
            self.allow_vanished,
        ).remove(gone, lost, self._intake.final, self._intake.new)
        report.removed = len(ids)
        report.removed_ids = ids[:MOST_LISTED]
        self.state.add([*((name, None) for name in gone), *self._intake.final.items()])
        self._intake.final.clear()
        again = self._held_elsewhere(lost)
        if again:
            # Several files held the same id, and the index may have had the copy that is gone.
            self._intake.index(dict.fromkeys(again, UNSURE), report, progress, forced=True)
            self.state.add(self._intake.final.items())

    def _held_elsewhere(self, moved: Collection[str]) -> list[str]:
        """Return the files to read again, although they have not changed.

        A file is one of them if it holds one of the articles *moved*, which another file held
        before this run and does not hold now. Files that this run has read already are not
        returned.
        """
        if not moved:
            return []
        return [
            name
            for name, state in self.state.files.states()
            if name not in self._intake.fresh and any(each in moved for each in state.ids)
        ]
