"""Sync: an index follows a folder, loses nothing, and does no work twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Record
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import FolderVanishedError
from marsad.indexer.parts import Parts
from marsad.indexer.registry import newest_commit, open_engine
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.sync import Sync
from marsad.indexer.sync.tombstones import Tombstones
from tests.conftest import CORPUS, Marsad


class Folder:
    """A folder, an index, and what a sync of them reads."""

    def __init__(self, place: Path, wanted: Parts) -> None:
        self.source, self.index = place / "news", place / "index"
        self.source.mkdir(parents=True)
        self.wanted = wanted
        self.read: list[Record] = []

    def write(self, name: str, *ids: str, text: str = "أعلنت هدنة في الجنوب") -> None:
        path = self.source / name
        path.parent.mkdir(exist_ok=True)
        lines = [json.dumps({"id": each, "title": each, "text": f"{text} {each}"}) for each in ids]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def job(self, engine: Engine, **more: object) -> Sync:
        documents = self.wanted.documents
        return Sync(
            self.source,
            engine,
            documents,
            Quarantine(self.index.with_suffix(".quarantine")),
            FolderState(state_path(self.index, self.source), str(self.index), documents.version),
            DuplicateTracker(self.index, engine, documents),
            Tombstones(self.index),
            **more,  # type: ignore[arg-type]
        )

    def sync(self, **more: object) -> str:
        self.read = []
        engine = open_engine(str(self.index), self.wanted.analyzer, create=True)
        try:
            done = self.job(engine, **more).run(self.read.append)
        finally:
            engine.close()
        return (
            f"{done.new} new, {done.changed} changed, {done.vanished} vanished; "
            f"{done.articles.added} added, {done.articles.updated} updated, {done.removed} removed"
        )

    def holds(self, *ids: str) -> bool:
        engine = open_engine(str(self.index), self.wanted.analyzer)
        try:
            return all(engine.get(each) for each in ids) and engine.stats().documents == len(ids)
        finally:
            engine.close()


@pytest.fixture
def folder(tmp_path: Path, wanted: Parts) -> Folder:
    return Folder(tmp_path, wanted)


def test_new_changed_and_vanished_articles_are_followed(folder: Folder) -> None:
    folder.write("a.jsonl", "a1", "a2")
    folder.write("in/b.jsonl", "b")
    assert folder.sync() == "2 new, 0 changed, 0 vanished; 3 added, 0 updated, 0 removed"

    folder.write("a.jsonl", "a1", text="خرقت الهدنة في الشمال")
    (folder.source / "in" / "b.jsonl").unlink()
    folder.write("c.jsonl", "c")

    assert folder.sync() == "1 new, 1 changed, 1 vanished; 1 added, 1 updated, 2 removed"
    assert folder.holds("a1", "c")
    stone = Tombstones(folder.index).get("b")
    assert stone is not None
    assert (stone.title, Path(stone.path).name) == ("b", "b.jsonl")


def test_an_unchanged_file_is_not_read(folder: Folder) -> None:
    folder.write("a.jsonl", "a")
    folder.write("b.jsonl", "b")
    folder.sync()
    os.utime(folder.source / "a.jsonl", (1_000_000, 1_000_000))

    touched = folder.sync()
    checked = folder.sync(checksum=True)

    assert touched == checked == "0 new, 0 changed, 0 vanished; 0 added, 0 updated, 0 removed"
    assert folder.read == []


def test_an_article_that_moved_or_is_held_twice_stays(folder: Folder) -> None:
    folder.write("a.jsonl", "a", "b")
    folder.write("b.jsonl", "b")
    folder.sync()
    (folder.source / "a.jsonl").rename(folder.source / "z.jsonl")
    (folder.source / "b.jsonl").unlink()

    assert folder.sync() == "1 new, 0 changed, 2 vanished; 0 added, 0 updated, 0 removed"
    assert folder.holds("a", "b")


def test_a_tombstone_is_lifted_when_the_article_is_back(folder: Folder) -> None:
    folder.write("a.jsonl", "a")
    folder.write("b.jsonl", "b")
    folder.sync()
    (folder.source / "b.jsonl").unlink()
    folder.sync()
    stones = Tombstones(folder.index)
    assert stones.get("b") is not None

    folder.write("b.jsonl", "b")
    folder.sync()

    assert stones.get("b") is None
    assert folder.holds("a", "b")


def test_a_disk_that_is_not_mounted_removes_nothing(folder: Folder) -> None:
    for number in range(30):
        folder.write(f"{number}.jsonl", f"a{number}")
    folder.sync()
    for number in range(25):
        (folder.source / f"{number}.jsonl").unlink()

    with pytest.raises(FolderVanishedError, match="25 of 30 articles are gone"):
        folder.sync()

    assert folder.sync(allow_vanished=True).endswith("25 removed")


@pytest.mark.parametrize("damage", ["", '{"id": "a1", "te', "\x00\x01\x02\x03"])
def test_a_damaged_file_loses_none_of_its_articles(folder: Folder, damage: str) -> None:
    folder.write("a.jsonl", "a1", "a2")
    folder.write("b.jsonl", "b")
    folder.sync()
    (folder.source / "a.jsonl").write_text(damage)

    assert folder.sync().endswith("0 removed")
    assert folder.holds("a1", "a2", "b")
    folder.write("a.jsonl", "a1")
    assert folder.sync().endswith("1 removed")
    assert folder.holds("a1", "b")


def test_a_folder_without_any_file_removes_nothing(folder: Folder) -> None:
    folder.write("a.jsonl", *(f"a{number}" for number in range(5)))
    folder.sync()
    (folder.source / "a.jsonl").unlink()

    with pytest.raises(FolderVanishedError, match="5 of 5 articles are gone"):
        folder.sync()
    assert folder.holds(*(f"a{number}" for number in range(5)))


def test_articles_that_a_failed_run_did_not_remove_are_removed_later(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.jsonl", "a1", "a2")
    folder.write("b.jsonl", "b")
    folder.sync()
    folder.write("a.jsonl", "a1", text="خبر آخر")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Sync, "_remove", killed)
        with pytest.raises(KeyboardInterrupt):
            folder.sync()

    assert folder.holds("a1", "a2", "b")
    assert folder.sync().endswith("1 removed")
    assert folder.holds("a1", "b")


def test_an_article_of_another_folder_stays(folder: Folder, tmp_path: Path) -> None:
    folder.write("a.jsonl", "a", "both")
    folder.write("b.jsonl", "b")
    folder.sync()
    first, folder.source = folder.source, tmp_path / "other"
    folder.source.mkdir()
    folder.write("c.jsonl", "both")
    folder.sync()
    folder.source = first
    folder.write("a.jsonl", "a")

    assert folder.sync().endswith("0 removed")
    assert folder.holds("a", "b", "both")


def test_an_article_that_another_sync_adds_meanwhile_stays(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.jsonl", "a", "moved")
    folder.write("b.jsonl", "b")
    folder.sync()
    folder.write("a.jsonl", "a")
    other = Folder(tmp_path / "second", folder.wanted)
    other.index = folder.index
    other.write("c.jsonl", "moved")
    remove = Sync._remove

    def late(self: Sync, *args: Any) -> None:
        writer = self.engine.writer

        def after_the_other() -> object:
            monkeypatch.undo()
            other.sync()
            return writer()

        monkeypatch.setattr(self.engine, "writer", after_the_other)
        remove(self, *args)

    monkeypatch.setattr(Sync, "_remove", late)

    assert folder.sync().endswith("0 removed")
    assert folder.holds("a", "b", "moved")


def test_the_index_has_the_copy_that_is_left(folder: Folder) -> None:
    folder.write("a.jsonl", "a", text="خبر قديم")
    folder.write("b.jsonl", "a", text="خبر جديد")
    folder.sync()
    (folder.source / "b.jsonl").unlink()

    folder.sync()

    engine = open_engine(str(folder.index), folder.wanted.analyzer)
    hit = engine.get("a")
    engine.close()
    assert hit is not None
    assert "خبر قديم" in hit.stored


def test_a_folder_that_cannot_be_read_has_not_vanished(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.jsonl", "a")
    folder.write("in/b.jsonl", "b")
    folder.sync()
    real = os.open

    def shut(path: str, flags: int, *more: int) -> int:
        if str(path).endswith("/in/"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", shut)
        assert folder.sync() == "0 new, 0 changed, 0 vanished; 0 added, 0 updated, 0 removed"
    assert folder.holds("a", "b")


@pytest.mark.parametrize(
    ("lost", "between"),
    [("manifest", ()), ("segments", ("merge",)), ("manifest", ("index",)), ("all", ("index",))],
)
def test_articles_of_a_damaged_commit_are_indexed_again(
    tmp_path: Path, marsad: Marsad, lost: str, between: tuple[str, ...]
) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    for name in "ab":
        lines = [f'{{"id": "{name}{n}", "text": "هدنة"}}\n' for n in range(20)]
        (source / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        os.utime(source / f"{name}.jsonl", (1_000_000, 1_000_000))
        before = set(index.glob("*"))
        assert marsad("sync", source, "--index", index).returncode == 0
    assert "2 seen, 2 unchanged" in marsad("sync", source, "--index", index).stdout
    if lost == "manifest":
        max(index.glob("manifest.*")).write_text("x")
    elif lost == "segments":
        for path in set(index.glob("*.seg")) - before:
            path.unlink()
    else:
        for path in [*index.glob("*.seg"), *index.glob("manifest.*")]:
            path.unlink()
    for command in between:
        (tmp_path / "c.jsonl").write_text('{"id": "c", "text": "هدنة"}\n')
        added = [tmp_path / "c.jsonl"] if command == "index" else []
        marsad(command, *added, "--index", index)

    done = marsad("sync", source, "--index", index)
    again = marsad("sync", source, "--index", index)

    assert f"articles: {40 if lost == 'all' else 20} added" in done.stdout, done.stderr
    held = json.loads(marsad("stats", "--index", index, "--json").stdout)["documents"]
    assert held == 40 + (between == ("index",))
    assert "2 seen, 2 unchanged" in again.stdout
    assert known_commit(index, source) == newest_commit(str(index)) != ""


def known_commit(index: Path, source: Path) -> str:
    return FolderState(state_path(index, source), str(index), None).commit


def test_a_killed_sync_goes_on_where_it_was(tmp_path: Path, wanted: Parts) -> None:
    folder = Folder(tmp_path, wanted)
    for number in range(40):
        folder.write(f"{number:02}.jsonl", f"a{number}")
    command = [
        str(Path(sys.executable).parent / "marsad"),
        *("sync", str(folder.source), "--index", str(folder.index), "--batch", "1"),
    ]
    state = state_path(folder.index, folder.source)
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while running.poll() is None and not (state.exists() and state.read_bytes().count(b"\n") > 5):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    known = len(FolderState(state, str(folder.index), wanted.documents.version).files)

    done = folder.sync()

    assert done.startswith(f"{40 - known} new, 0 changed, 0 vanished")
    assert sum(isinstance(record, Article) for record in folder.read) == 40 - known
    assert folder.holds(*(f"a{number}" for number in range(40)))


def test_the_command_reports_and_logs(tmp_path: Path, marsad: Marsad) -> None:
    source, index, report = tmp_path / "news", tmp_path / "index", tmp_path / "report.json"
    source.mkdir()
    (source / "a.txt").write_text((CORPUS / "gaza-2012-11-truce.txt").read_text(encoding="utf-8"))
    (source / "b.jsonl").write_text("{bad\n")

    done = marsad("sync", source, "--index", index, "--report", report)
    again = marsad("sync", source, "--index", index)

    assert (done.returncode, again.returncode) == (1, 1)
    assert "1 records are still refused" in again.stdout
    told = json.loads(report.read_text(encoding="utf-8"))
    counts = {"seen": 2, "unchanged": 0, "new": 2, "changed": 0, "vanished": 0, "skipped": 0}
    assert told["files"] == counts
    assert (told["articles"]["added"], told["articles"]["refused"]) == (1, 1)
    assert told["refusals"][0]["line"] == 1
    assert len((index / "runs.jsonl").read_text().splitlines()) == 2
    assert marsad("sync", tmp_path / "none", "--index", index).returncode == 2


def test_a_run_is_logged_though_its_report_cannot_be_written(
    tmp_path: Path, marsad: Marsad
) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    report = tmp_path / "none" / "r.json"
    command = ("sync", source, "--index", index, "--report", report)

    before = marsad(*command)
    made = index.exists()
    inside = marsad(*command[:3], tmp_path / "new", "--report", tmp_path / "new" / "r.json")
    report.with_name("r.json.new").mkdir(parents=True)
    done = marsad(*command)

    assert (before.returncode, made, inside.returncode) == (2, False, 0)
    assert f"there is no folder {report.parent}" in before.stderr
    assert done.returncode == 2
    assert "1 added" in done.stdout
    assert "r.json.new" in done.stderr
    logged = [json.loads(line) for line in (index / "runs.jsonl").read_text().splitlines()]
    assert [run["exit_code"] for run in logged] == [0]
