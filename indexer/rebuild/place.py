"""Rebuild place: where a new index is built, and how it gets to where it is wanted.

    TARGET/rebuild/index, batch by batch -> verified -> [adopt] -> TARGET, in one commit

`TARGET/rebuild.json` says what is being made of what, by which program: a run that was
killed is gone on with where that is the same, and begun anew where it is not. Until the commit
TARGET is what it was: the old index, or no index.
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
from marsad.indexer.sync.state import mark_all_changed

WORK, PLAN = "rebuild", "rebuild.json"
_HERE = "."
# They are made anew with the index, or belong to one process.
_NOT_CARRIED = (LOCK, PLAN, JOURNAL, "copies.settled")
_OF_A_BEGINNING = {LOCK, WORK, PLAN, f"{PLAN}.tmp"}


class RebuildPlace:
    """The place of one rebuild, from *source* to *target*, which may be the same folder."""

    def __init__(self, source: Path, target: Path, program: str) -> None:
        """Take the folders and what names the program with its settings."""
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
        """Hold the right to write to the target, which is made where it is not there.

        Raises:
            IndexerError: there is no index to rebuild, or none whose articles can be read.
            IndexBusyError: another process writes to the target.
            RebuildTargetError: the target holds something else.
        """
        # What cannot be rebuilt is refused before anything is made.
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
        """Make ready to build; tell whether the new index stands in its place already.

        What was begun from another index, or by another program, goes.

        Raises:
            NoRoomError: the disk has not the room.
            RebuildTargetError: another program has made the index that stands there.
        """
        plan = self._read_plan()
        same = {name: plan.get(name) for name in self._wanted} == self._wanted
        if plan.get("source") == self._wanted["source"] and self._stands(plan):
            if "placed" in plan:
                self.finish()
            else:
                self.settle(max(generations(self.target)))
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

    def put(self, *, doubted: bool) -> int:
        """Make what was built the index in the target; return the number of its generation.

        Where it is *doubted* that all is there, the next sync reads every file again: one may
        hold what is not.
        """
        if not self.inside:
            self._carry()
        if doubted:
            mark_all_changed(self.target)
        # Before the commit: a run that ends between the two leaves the journal unsettled, so that
        # whoever writes next tells the index of every cluster.
        journal = Journal(self.target / JOURNAL)
        journal.unsettle()
        _copy(self.built / JOURNAL, journal.path)
        return adopt(self.target, self.built)

    def settle(self, number: int) -> None:
        """Say that the new index stands in its place, and remove what is not needed any more."""
        Journal(self.target / JOURNAL).settle()
        write_durably(self._plan, json.dumps({**self._wanted, "placed": number}).encode())
        self.finish()

    def finish(self) -> None:
        """Remove the old generations, as far as no reader holds them, and what was built."""
        retire_all_but(self.target, max(generations(self.target)))
        self.discard()

    def empty(self) -> None:
        """Remove what was built, to build it anew."""
        shutil.rmtree(self.built, ignore_errors=True)

    def discard(self) -> None:
        """Remove what was built; the plan, which says what that was, goes last."""
        shutil.rmtree(self.built.parent, ignore_errors=True)
        self._plan.unlink(missing_ok=True)

    def _stands(self, plan: dict[str, Any]) -> bool:
        """Tell whether a run that was killed had put the new index in its place."""
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
            if generations(self.target) and not self._stands(plan):
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
        """Copy what lies in the old index beside its generations: states of syncs, tombstones."""
        for path in sorted(self.source.iterdir()):
            name = path.name
            own = MANIFEST.fullmatch(name) or name.endswith((*OWN_SUFFIXES, ".new"))
            if path.is_file() and not own and name not in _NOT_CARRIED:
                _copy(path, self.target / name)


def _copy(file: Path, to: Path) -> None:
    """Copy a file whole or not at all; where there is none, there is none after it."""
    with clear_errors(to.parent):
        if not file.exists():
            to.unlink(missing_ok=True)
            return
        beside = to.with_name(f"{to.name}.tmp")
        shutil.copy2(file, beside)
        fsync_file(beside)
        beside.replace(to)
        fsync_folder(to.parent)
