"""Rebuild place: where a new index is built, and how it replaces the old one.

    TARGET/rebuild/index, batch by batch -> verified -> [adopt] -> TARGET, in one commit

`TARGET/rebuild.json` is the plan: it names the source and the program. If a run was killed, a new
run with the same plan continues it, and any other starts from the beginning. Until the commit,
TARGET stays as it was: the old index, or no index.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marsad.indexer.copies.journal import NAME as JOURNAL
from marsad.indexer.copies.journal import Journal
from marsad.indexer.errors import NoRoomError, RebuildTargetError
from marsad.indexer.segments.adopt import (
    adopt,
    generation_size,
    holds,
    retire_all_but,
)
from marsad.indexer.segments.commits import MANIFEST
from marsad.indexer.segments.faults import clear_errors
from marsad.indexer.segments.files import fsync_file, fsync_folder, write_durably
from marsad.indexer.segments.known_files import OWN_SUFFIXES
from marsad.indexer.segments.lock import NAME as LOCK
from marsad.indexer.segments.lock import WriterLock
from marsad.indexer.segments.manifest import generations
from marsad.indexer.segments.old_index import open_old
from marsad.indexer.sync.folders import mark_all_changed

WORK, PLAN = "rebuild", "rebuild.json"
_HERE = "."
# These are made anew with the index, or belong to one process.
_NOT_CARRIED = (LOCK, PLAN, JOURNAL, "copies.settled")
_OF_A_BEGINNING = {LOCK, WORK, PLAN, f"{PLAN}.tmp"}


class RebuildPlace:
    """The place of one rebuild, from *source* to *target*, which may be the same folder."""

    def __init__(self, source: Path, target: Path, program: str) -> None:
        """Take the two folders, and the fingerprint of the program with its settings."""
        self.source = source
        self.target = target
        self.inside = os.path.realpath(source) == os.path.realpath(target)
        self.built = target / WORK / "index"
        self._plan = target / PLAN
        self._wanted = {
            "source": _HERE if self.inside else os.path.realpath(source),
            "program": program,
        }

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the writer lock of the target; the folder is made if it does not exist.

        Raises:
            IndexerError: there is no index to rebuild, or its articles cannot be read.
            IndexBusyError: another process writes to the target.
            RebuildTargetError: the target holds something else.
        """
        # An index that cannot be rebuilt is refused before anything is made.
        open_old(self.source).close()
        if not self.inside:
            self._check_target()
        with clear_errors(self.target):
            self.target.mkdir(parents=True, exist_ok=True)
            lock = WriterLock(self.target)
        try:
            if not self.inside:
                self._check_target()
            yield
        finally:
            lock.release()

    def begin(self) -> bool:
        """Prepare to build; tell whether an earlier run has put the new index in place already.

        A build that was begun from another index, or by another program, is removed.

        Raises:
            NoRoomError: the disk has not enough free space.
            RebuildTargetError: another program has made the index in the target.
        """
        plan = self._read_plan()
        same = {name: plan.get(name) for name in self._wanted} == self._wanted
        if plan.get("source") == self._wanted["source"] and self._is_placed(plan):
            if "placed" in plan:
                self.finish()
            else:
                self.confirm(max(generations(self.target)))
            if same:
                return True
            if not self.inside:
                raise RebuildTargetError(self.target, "found an index")
            same = False
        needed = generation_size(self.source) - (generation_size(self.built) if same else 0)
        free = shutil.disk_usage(self.target).free
        if needed > free:
            raise NoRoomError(self.target, needed, free)
        if not same:
            with clear_errors(self.target):
                self.discard()
                write_durably(self._plan, json.dumps(self._wanted).encode())
        return False

    def put(self, *, incomplete: bool) -> int:
        """Make the built index the index of the target; return the number of its generation.

        With *incomplete*, some articles of the old index are missing. The next sync then reads
        every file again, because a file may hold one of them.
        """
        if not self.inside:
            self._carry()
        if incomplete:
            mark_all_changed(self.target)
        # Before the commit: if the run ends between the two, the journal is not marked as applied,
        # and the next batch assigns every cluster again.
        journal = Journal(self.target / JOURNAL)
        journal.unmark_applied()
        _copy(self.built / JOURNAL, journal.path)
        return adopt(self.target, self.built)

    def confirm(self, number: int) -> None:
        """Say that the new index is in place and whole, and remove what is not needed any more."""
        Journal(self.target / JOURNAL).mark_applied()
        write_durably(self._plan, json.dumps({**self._wanted, "placed": number}).encode())
        self.finish()

    def finish(self) -> None:
        """Remove the old generations that no reader holds, and the folder of the build."""
        retire_all_but(self.target, max(generations(self.target)))
        self.discard()

    def empty(self) -> None:
        """Remove the built index, to build it again."""
        shutil.rmtree(self.built, ignore_errors=True)

    def discard(self) -> None:
        """Remove the built index, and then the plan, which describes it."""
        shutil.rmtree(self.built.parent, ignore_errors=True)
        self._plan.unlink(missing_ok=True)

    def _is_placed(self, plan: dict[str, Any]) -> bool:
        """Tell whether a run that was killed had put the new index in place."""
        placed = plan.get("placed")
        if placed is not None:
            return placed in generations(self.target)
        return holds(self.target, self.built)

    def _read_plan(self) -> dict[str, Any]:
        try:
            plan = json.loads(self._plan.read_bytes())
        except (OSError, ValueError):
            return {}
        return plan if isinstance(plan, dict) else {}

    def _check_target(self) -> None:
        one, two = (Path(os.path.realpath(path)) for path in (self.source, self.target))
        if one in two.parents or two in one.parents:
            raise RebuildTargetError(self.target, f"one of it and {self.source} lies in the other")
        if not self.target.exists():
            return
        if not self.target.is_dir():
            raise RebuildTargetError(self.target, "found a file")
        plan = self._read_plan()
        if plan.get("source") == self._wanted["source"]:
            if generations(self.target) and not self._is_placed(plan):
                raise RebuildTargetError(self.target, "found an index")
            return
        if plan:
            reason = f"found an unfinished rebuild of {plan.get('source')}"
            raise RebuildTargetError(self.target, reason)
        if generations(self.target):
            raise RebuildTargetError(self.target, "found an index")
        others = sorted({path.name for path in self.target.iterdir()} - _OF_A_BEGINNING)
        if others:
            raise RebuildTargetError(self.target, f"found {others[0]}")

    def _carry(self) -> None:
        """Copy the files that belong to the old index: states of syncs, tombstones, reports."""
        for path in sorted(self.source.iterdir()):
            name = path.name
            own = MANIFEST.fullmatch(name) or name.endswith((*OWN_SUFFIXES, ".new"))
            if path.is_file() and not own and name not in _NOT_CARRIED:
                _copy(path, self.target / name)


def _copy(file: Path, to: Path) -> None:
    """Copy a file whole or not at all; if there is no *file*, remove *to*."""
    with clear_errors(to.parent):
        if not file.exists():
            to.unlink(missing_ok=True)
            return
        beside = to.with_name(f"{to.name}.tmp")
        shutil.copy2(file, beside)
        fsync_file(beside)
        beside.replace(to)
        fsync_folder(to.parent)
