"""Nights: an index follows a folder that changes each night, through every fault that we know.

    python -m tests.faults.nights --nights 40 --seed 1
    python -m tests.faults.nights --kills 200 --seed 1

Each night the folder changes at random, and something may happen to the index or to the run: it is
killed, the state is damaged or lost or of an earlier version, a backup is put back, the folder
moves, `marsad index` brings a file from elsewhere. After each whole run, the articles, the refused
records, the tombstones and the report are compared with a model. With --kills, runs are killed at
random moments; when the next run is done, everything must be as after an undisturbed run.

Commands run in forked children that the rights of files bind: a file may be closed to them.
"""

import argparse
import copy
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marsad.indexer.sync.state import FolderState, state_files
from marsad.indexer.sync.tombstones import Tombstones
from tests.faults.nights_folder import Disk, Made, Model
from tests.faults.nights_runs import Ended, contents, drop_rights, run, states, warm

HAPPENS = {
    "nothing": 8,
    "killed": 6,
    "state damaged": 3,
    "state lost": 1,
    "backup put back": 3,
    "earlier version": 2,
    "index of another file": 3,
    "folder moved": 3,
    "subfolder closed": 2,
    "checksum": 1,
}
GONE = "articles are gone"


@dataclass
class Backup:
    """A copy of the index of an earlier night, and what it held."""

    folder: Path
    model: Model
    has_quarantine: bool
    root: Path
    is_loose: bool


@dataclass
class Nights:
    """A folder, its index, and what happened."""

    place: Path
    rng: random.Random
    disk: Disk = field(init=False)
    model: Model = field(default_factory=Model)
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _backups: list[Backup] = field(default_factory=list)
    _ids: frozenset[str] = frozenset()
    _length_s: float = 0.5
    # Whether the quarantine may have entries of earlier nights, and where the folder was then.
    _loose_quarantine: bool = False
    _root_then: Path | None = None

    def __post_init__(self) -> None:
        self.disk = Disk(self.place / "news", self.rng)
        self.index = self.place / "index"
        self.kept = self.place / "index.quarantine.jsonl"
        for _ in range(24):
            self.disk.new()

    def command(self, *args: object, kill_after: float | None = None) -> Ended:
        given = [*args, "--index", self.index]
        return run(*given, output=self.place / "said.txt", kill_after=kill_after)

    def sync(self, *more: object, kill_after: float | None = None) -> Ended:
        report = ("--report", self.place / "report.json", "--workers", 1, "--batch", 5)
        return self.command("sync", self.disk.root, *report, *more, kill_after=kill_after)

    def night(self, number: int) -> None:
        """Change the folder, let something happen, run to the end, and compare."""
        rng, disk = self.rng, self.disk
        names, weights = list(HAPPENS), list(HAPPENS.values())
        what = rng.choices(names, weights)[0] if number else "nothing"
        disk.lock(closed=what == "subfolder closed")
        for _ in range(rng.randint(0, 7)):
            disk.change()
        options: list[object] = []
        was_lost = False
        match what:
            case "killed":
                self._kill()
            case "state damaged" | "state lost":
                was_lost = self._damage(lost=what == "state lost")
            case "backup put back":
                was_lost = self._put_back()
            case "earlier version":
                self._downgrade()
            case "index of another file":
                self._index_another(number)
            case "folder moved":
                old = self._root_then = disk.root
                disk.move_root(self.place / f"news{number}")
                options = ["--moved-from", old] if rng.random() < 0.4 else []
            case "checksum":
                options = ["--checksum"]
            case _:
                pass
        self.counts[what] += 1
        before = self._ids
        done = self.sync(*options)
        if what in {"backup put back", "folder moved"} and self._root_then != disk.root:
            done = self._tell_where(done)
        if done.code == 2 and GONE in done.output:
            self.counts["allowed to remove"] += 1
            done = self.sync(*options, "--allow-vanished")
        self._length_s = max(0.05, done.seconds)
        self.model.completed(disk, state_was_lost=was_lost)
        for fault in self._compare(done, before):
            self.faults.append(f"night {number} ({what}): {fault}")
        if rng.random() < 0.4:
            self._back_up(number)

    def _tell_where(self, done: Ended) -> Ended:
        """Name the path that the folder had then, if it was not recognised and the run said so."""
        if "--moved-from" not in done.output:
            return done
        self.counts["--moved-from was asked for"] += 1
        return self.sync("--moved-from", self._root_then)

    def _kill(self) -> None:
        for _ in range(self.rng.randint(1, 3)):
            moment = self.rng.uniform(0, 1.1) * self._length_s
            ended = self.sync(kill_after=moment)
            self.model.killed(self.disk)
            self.counts["kill -9"] += ended.code < 0
            for _ in range(self.rng.randint(0, 4)):
                self.disk.change()

    def _damage(self, *, lost: bool) -> bool:
        (path,) = state_files(self.index)
        raw = bytearray(path.read_bytes())
        at = self.rng.randrange(len(raw))
        how = "lost" if lost else self.rng.choice(("empty", "cut", "bit", "zeros"))
        match how:
            case "lost":
                path.unlink()
            case "empty":
                path.write_bytes(b"")
            case "cut":
                path.write_bytes(raw[:at])
            case "bit":
                raw[at] ^= 1 << self.rng.randrange(8)
                path.write_bytes(raw)
            case _:
                path.write_bytes(raw[:at] + bytes(len(raw[at:])))
        found = self.command("check")
        sentences = [line for line in found.output.splitlines() if path.name in line]
        if found.code != 1 or (len(sentences) != 1 and how != "bit"):
            self.faults.append(f"check did not tell a state that is {how}: {found.output}")
        return True

    def _back_up(self, number: int) -> None:
        folder = self.place / "backups" / str(number)
        shutil.copytree(self.index, folder / "index")
        if self.kept.exists():
            shutil.copy(self.kept, folder / "quarantine")
        model = copy.deepcopy(self.model)
        back = Backup(folder, model, self.kept.exists(), self.disk.root, self._loose_quarantine)
        self._backups.append(back)

    def _put_back(self) -> bool:
        if not self._backups:
            return False
        back = self.rng.choice(self._backups[-4:])
        shutil.rmtree(self.index)
        shutil.copytree(back.folder / "index", self.index)
        self._loose_quarantine = back.is_loose or self.rng.random() < 0.3
        if not self._loose_quarantine or back.is_loose:
            self.kept.unlink(missing_ok=True)
            if back.has_quarantine:
                shutil.copy(back.folder / "quarantine", self.kept)
        self.model = copy.deepcopy(back.model)
        self._ids = frozenset(contents(self.index))
        self._root_then = back.root
        return False

    def _downgrade(self) -> None:
        """Write the state as an earlier version did."""
        now_there = [FolderState(each, str(self.index), None) for each in state_files(self.index)]
        # The earlier version would not know that a run is not finished.
        if self.model.seen or any(state.is_unfinished for state in now_there):
            return
        for now in now_there:
            rows = [f"\tearlier\t{now.fingerprint}\n\t\t{now.commit}\n"]
            rows += [
                f"{name}\t{each.stamp}\t{each.sha256}\t{' '.join(each.ids)}\n"
                for name, each in now.files.states()
            ]
            now.path.write_text("".join(rows), encoding="utf-8", errors="surrogateescape")
        # With this file goes what the paths of the folder were before; so do old entries.
        (self.index / "folders.json").unlink(missing_ok=True)
        self._loose_quarantine = True
        if self.rng.random() < 0.5:
            (self.index / "claims.bin").unlink(missing_ok=True)
            self.model.claims_lost()

    def _index_another(self, number: int) -> None:
        shared = [
            each
            for file in self.disk.files.values()
            if file.form != "txt"
            for each in file.readable
            if each.id
        ]
        taken = self.rng.sample(shared, min(3, len(shared)))
        rows = [*taken, *(self.disk.made("jsonl") for _ in range(3))]
        dump = self.place / f"dump{number}.jsonl"
        one: dict[tuple[str, str], Made] = {(each.source, each.id): each for each in rows}
        text = ""
        for each in one.values():
            self.disk.versions.setdefault(each.key, set()).add(each.content)
            self.model.brought.add(each.key)
            row = {"id": each.id, "title": each.title, "text": each.text, "source": each.source}
            text += json.dumps(row, ensure_ascii=False) + "\n"
        dump.write_text(text, encoding="utf-8")
        done = self.command("index", dump, "--workers", 1)
        if done.code != 0:
            self.faults.append(f"night {number}: index ended with {done.code}: {done.output}")

    def _compare(self, done: Ended, before: frozenset[str]) -> list[str]:
        refused = {
            name
            for name, file in self.disk.files.items()
            if file.fate != "whole" and not self._is_locked(name)
        }
        closed = {self.disk.locked} if self.disk.locked else set()
        expected = 1 if refused or closed else 0
        if done.code not in (0, 1):
            return [f"exit code {done.code}: {done.output}"]
        told = [] if done.code == expected else [f"exit code {done.code}, expected {expected}"]
        found = contents(self.index)
        self._ids = frozenset(found)
        told += self.model.faults(self.disk, found)
        told += self._stones(before, self._ids)
        told += self._refusals(refused, closed)
        check = self.command("check")
        if check.code != 0:
            told.append(f"check: {check.output}")
        return told

    def _is_locked(self, name: str) -> bool:
        return bool(self.disk.locked) and name.startswith(f"{self.disk.locked}/")

    def _stones(self, before: frozenset[str], now: frozenset[str]) -> list[str]:
        stones = {stone.id for stone in Tombstones(self.index).all()}
        told = [f"no tombstone of {each}" for each in before - now - stones]
        return told + [f"a tombstone of an article that is there: {each}" for each in stones & now]

    def _refusals(self, refused: set[str], closed: set[str]) -> list[str]:
        shown: dict[str, Any] = json.loads((self.place / "report.json").read_text("utf-8"))
        listed = [*shown["refusals"], *shown["still_refused"]["first"]]
        named = {self._relative(each["path"]) for each in listed}
        told = [f"refused and not told: {each}" for each in (refused | closed) - named]
        hidden = {name for name in self.disk.files if self._is_locked(name)}
        told += [f"told and not refused: {e}" for e in named - refused - closed - hidden]
        entries = [json.loads(line) for line in self._lines()]
        keys = Counter((each["path"], each["line"]) for each in entries)
        told += [
            f"entries of one record: {count} of {key}" for key, count in keys.items() if count > 1
        ]
        there = Counter(self._relative(path) for path, _ in keys)
        # What the scan cannot look at (a loop, a closed folder) has no record to keep.
        kept = {name for name in refused if self.disk.files[name].fate != "loop"}
        told += [f"not in the quarantine: {each}" for each in kept - there.keys()]
        if not self._loose_quarantine:
            loops = {name for name in self.disk.files if self.disk.is_hidden(name)}
            told += [f"left in the quarantine: {e}" for e in there.keys() - kept - loops]
        return told

    def _lines(self) -> list[str]:
        return self.kept.read_text("utf-8").splitlines() if self.kept.exists() else []

    def _relative(self, path: str) -> str:
        inside = path.removeprefix(f"{self.place}/").partition("/")[2]
        return inside.partition("!")[0].rstrip("/")


def outcome(nights: Nights) -> dict[str, Any]:
    """Return everything that a run leaves, without times."""
    entries = [json.loads(line) for line in nights._lines()]
    return {
        "articles": contents(nights.index),
        # A time in the future is trusted when it is seen a second time.
        "state": {
            path: {
                name: state._replace(stamp=state.stamp.lstrip("~")) for name, state in files.items()
            }
            for path, files in states(nights.index).items()
        },
        "quarantine": sorted((e["path"], e["line"], e["reason"]) for e in entries),
        "tombstones": sorted(stone.id for stone in Tombstones(nights.index).all()),
        "check": nights.command("check").code,
    }


def read_only(nights: Nights) -> list[str]:
    """Sync a folder without changes while nothing can be written; return what was wrong."""
    for name, file in list(nights.disk.files.items()):
        if file.fate != "whole":
            nights.disk.take(name)
    for _ in range(3):
        # A time in the future is trusted when it is seen a second time.
        nights.sync()
    nights.model.completed(nights.disk, state_was_lost=True)
    before = contents(nights.index)
    closed = [nights.place, nights.index, *nights.index.rglob("*")]
    modes = {path: path.stat().st_mode for path in closed}
    output = Path(tempfile.mkdtemp()) / "said.txt"
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    done = run("sync", nights.disk.root, "--index", nights.index, output=output)
    for path, mode in modes.items():
        path.chmod(mode)
    shutil.rmtree(output.parent)
    told = [] if done.code == 0 else [f"a quiet night on a read-only disk: {done}"]
    return told if contents(nights.index) == before else [*told, "it changed the index"]


def kills(nights: Nights, count: int) -> list[str]:
    """Kill runs at random moments; return how the next whole run differs from a calm one."""
    told: list[str] = []
    base = nights.place / "base"
    calm: dict[str, Any] = {}
    # Which of two articles gets the id of both may depend on where a run was killed.
    nights.disk.has_clashes = False
    for name in list(nights.disk.files):
        nights.disk.take(name)
    for _ in range(24):
        nights.disk.new()
    nights.sync("--allow-vanished")
    for number in range(count):
        if number % 10 == 0:
            # Another night.
            for _ in range(12):
                nights.disk.change()
            shutil.rmtree(base, ignore_errors=True)
            _copy(nights, base, back=False)
            nights._length_s = nights.sync().seconds
            calm = outcome(nights)
        _copy(nights, base, back=True)
        for _ in range(nights.rng.choice((1, 1, 2))):
            moment = nights.rng.uniform(0, 1.05) * nights._length_s
            nights.counts["kill -9"] += nights.sync(kill_after=moment).code < 0
        nights.counts["runs to kill"] += 1
        done = nights.sync()
        after = outcome(nights)
        if done.code not in (0, 1):
            told.append(f"kill {number}: exit code {done.code}: {done.output}")
        for name, value in calm.items():
            if after[name] != value:
                told.append(f"kill {number}: {name}: {_difference(value, after[name])}")
    return told


def _difference(wanted: Any, found: Any) -> str:
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = [name for name in wanted | found if wanted.get(name) != found.get(name)]
        return "; ".join(
            f"{name}: {_difference(wanted.get(name), found.get(name))}" for name in names[:3]
        )
    return f"found {found}, expected {wanted}"


def _copy(nights: Nights, base: Path, *, back: bool) -> None:
    """Copy index and quarantine to *base*, or back."""
    for one, other in ((nights.index, base / "index"), (nights.kept, base / "kept")):
        start, end = (other, one) if back else (one, other)
        if end.is_dir():
            shutil.rmtree(end)
        end.unlink(missing_ok=True)
        end.parent.mkdir(exist_ok=True)
        if start.is_dir():
            shutil.copytree(start, end)
        elif start.exists():
            shutil.copy2(start, end)


def main() -> int:
    """Run nights or kills; print figures and faults; exit code 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    given = parser.parse_args()
    time.monotonic()
    began = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="nights-"))
    try:
        warm(place)
        drop_rights()
        nights = Nights(place, random.Random(given.seed))
        for number in range(given.nights):
            nights.night(number)
        nights.disk.lock(closed=False)
        told = [*nights.faults, *read_only(nights)]
        held = sum(map(len, nights.model.held.values()))
        told += kills(nights, given.kills) if given.kills else []
    finally:
        if not given.keep:
            shutil.rmtree(place, ignore_errors=True)
    figures = {
        "nights": given.nights,
        "faults": len(told),
        "seconds": round(time.monotonic() - began, 1),
        "articles": held,
        **dict(sorted(nights.counts.items())),
    }
    sys.stdout.write("\n".join([*told, json.dumps(figures)]) + "\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
