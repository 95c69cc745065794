"""Sync: an index follows a folder, loses nothing, and does no work twice."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Record
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import FolderVanishedError
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.parts import Parts
from marsad.indexer.registry import newest_commit, open_engine
from marsad.indexer.sync.scan import look_at, scan
from marsad.indexer.sync.state import FileState, FolderState, state_path
from marsad.indexer.sync.sync import Sync
from marsad.indexer.sync.tombstones import Tombstones
from marsad.indexer.sync.unchanged import known_stamps, unchanged
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


def test_what_is_unchanged_is_not_read(folder: Folder) -> None:
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


def test_a_disk_that_is_not_there_removes_nothing(folder: Folder) -> None:
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


def test_what_a_run_that_failed_had_still_to_remove_is_removed_later(
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


def test_an_article_that_another_sync_takes_up_meanwhile_stays(
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


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "a.txt").write_text("x")

    assert [name for name, _ in scan(tmp_path)] == ["a.txt"]
    assert look_at(str(tmp_path / "pipe.jsonl"))[1] == hashlib.sha256(b"").hexdigest()


def test_the_copy_that_is_left_is_the_one_in_the_index(folder: Folder) -> None:
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


def test_a_folder_that_cannot_be_looked_at_is_not_gone(
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


def test_a_version_that_changed_is_not_forgotten_by_a_run_that_failed(tmp_path: Path) -> None:
    FolderState(tmp_path / "s.tsv", "none", "1").add([("a", FileState("5 7", "abc", ("x",)))])
    FolderState(tmp_path / "s.tsv", "none", "2")

    assert FolderState(tmp_path / "s.tsv", "none", "2").files["a"] == ("-", "-", ("x",))


def test_a_file_of_another_version_is_read_again(tmp_path: Path) -> None:
    state = FolderState(tmp_path / "s.tsv", "none", "1")
    state.add([("a", FileState("5 7", "abc", ("x", "y")))])

    again = FolderState(tmp_path / "s.tsv", "none", "1").files["a"]
    other = FolderState(tmp_path / "s.tsv", "none", "2").files["a"]

    assert again == ("5 7", "abc", ("x", "y"))
    assert other == ("-", "-", ("x", "y"))


@given(st.dictionaries(st.text(min_size=1), st.lists(st.sampled_from("abc"), max_size=3)))
def test_any_file_name_is_kept(names: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "s.tsv"
        kept = {
            name.encode("utf-8", "surrogateescape" if name.isascii() else "replace").decode(
                "utf-8", "surrogateescape"
            ): FileState("1 2", "h", tuple(ids))
            for name, ids in names.items()
        }
        FolderState(path, "none", "v").add(kept.items())

        assert FolderState(path, "none", "v").files == kept


def test_a_line_that_was_cut_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    FolderState(path, "none", "v").add(
        [("a", FileState("1 2", "h", ())), ("b", FileState("1 2", "h", ()))]
    )
    path.write_bytes(path.read_bytes()[:-3])

    state = FolderState(path, "none", "v")
    state.add([("c", FileState("1 2", "h", ()))])

    assert set(FolderState(path, "none", "v").files) == {"a", "c"}


def test_a_quiet_night_is_known_without_opening_anything(tmp_path: Path, marsad: Marsad) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    marsad("sync", source, "--index", index)
    state = state_path(index, source)
    mark = FolderState(state, str(index), None).fingerprint

    assert unchanged(str(index), source, mark) == 1
    assert unchanged(str(index), source, "another") is None
    assert unchanged(str(index), source, mark, checksum=True) == 1
    (source / "a.jsonl").write_text('{"id": "a", "text": "y"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    assert unchanged(str(index), source, mark) == 1
    assert unchanged(str(index), source, mark, checksum=True) is None
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    assert "1 seen, 1 unchanged" in marsad("sync", source, "--index", index).stdout
    (source / "b.jsonl").write_text('{"id": "b", "text": "x"}\n')
    assert unchanged(str(index), source, mark) is None
    assert "1 added" in marsad("sync", source, "--index", index).stdout
    assert fingerprint(1) == fingerprint(1) != fingerprint(2)


@pytest.mark.parametrize(
    ("lost", "between"),
    [("manifest", ()), ("segments", ("merge",)), ("manifest", ("index",)), ("all", ("index",))],
)
def test_what_a_damaged_commit_lost_is_taken_up_again(
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


def test_a_commit_of_another_command_puts_no_file_in_doubt(tmp_path: Path, marsad: Marsad) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    marsad("sync", source, "--index", index)
    (tmp_path / "c.jsonl").write_text('{"id": "c", "text": "هدنة"}\n')
    marsad("index", tmp_path / "c.jsonl", "--index", index)
    mark = FolderState(state_path(index, source), str(index), None).fingerprint
    assert unchanged(str(index), source, mark) is None

    done = marsad("sync", source, "--index", index)

    assert "1 seen, 1 unchanged, 0 new, 0 changed" in done.stdout
    assert unchanged(str(index), source, mark) == 1


_LINES = ["a\t1 2\th\tx", "a\t3 4\th\tx", "b\t1 2\th\t", "a", "a\t3 4\th", "\\t\t5 6\th\t"]


@given(
    st.lists(st.sampled_from([*_LINES, "\tv\tnow", "\tw\tnow", "\tv\tthen", "\t\t1 c", "\t\t-"]))
)
def test_a_quiet_night_knows_what_the_state_knows(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "s.tsv"
        path.write_text("".join(f"{line}\n" for line in lines))
        state = FolderState(path, "none", None)

        known, commit = known_stamps(path.read_text(), "now")

    assert commit == state.commit
    if state.fingerprint != "now":
        assert known is None
    else:
        assert known is not None
        found = {name: said.partition("\t")[0] for name, said in known.items()}
        assert found == {name: each.stamp for name, each in state.files.items()}


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (2 << 20) + 7])
def test_the_digest_of_a_file_is_that_of_all_its_bytes(tmp_path: Path, size: int) -> None:
    raw = os.urandom(size)
    (tmp_path / "a").write_bytes(raw)

    assert look_at(str(tmp_path / "a"))[1] == hashlib.sha256(raw).hexdigest()


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("x")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)

    assert [name for name, _ in scan(tmp_path)] == ["in/a.txt"]
    stamp, digest = look_at(str(tmp_path / "in" / "a.txt"))
    assert (stamp, digest[:8]) == ("-", "2d711642")


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

    assert (done.returncode, again.returncode) == (1, 0)
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["files"] == {"seen": 2, "unchanged": 0, "new": 2, "changed": 0, "vanished": 0}
    assert (told["articles"]["added"], told["articles"]["refused"]) == (1, 1)
    assert told["refusals"][0]["line"] == 1
    assert len((index / "runs.jsonl").read_text().splitlines()) == 2
    assert marsad("sync", tmp_path / "none", "--index", index).returncode == 2


def test_a_report_that_cannot_be_written_hides_no_run(tmp_path: Path, marsad: Marsad) -> None:
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
    assert len((index / "runs.jsonl").read_text().splitlines()) == 1


def test_mended_records_are_taken_up_and_others_stay(tmp_path: Path, marsad: Marsad) -> None:
    index, kept = tmp_path / "index", tmp_path / "index.quarantine.jsonl"
    table = tmp_path / "a.csv"
    table.write_text("id,text,date\na,هدنة,2020-13-01\nb,قمة,2020-01-01\nc,قمة,never\n")
    broken = tmp_path / "b.txt"
    broken.write_text("عنوان فقط")
    assert marsad("index", table, broken, "--index", index).returncode == 1
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("2020-13-01", "2020-12-01"), encoding="utf-8")
    broken.write_text("عنوان\n\nنص الخبر وصل الآن.")

    done = marsad("retry", kept, "--index", index, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "mended": 2,
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
    }
    (left,) = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    assert "never" in left["reason"]
    found = json.loads(marsad("search", "هدنة", "--index", index, "--json").stdout)
    assert found["hits"][0]["origin"]["record"] == 2
    table.write_text("id,text,date\na,هدنة,2020-12-01\nb,قمة,2020-01-01\nc,قمة,2021\n")
    assert marsad("retry", kept, "--index", index).returncode == 0
    assert not kept.exists()


def test_a_quarantine_that_is_none_is_named(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"path": "a", "line": 1}\nno\n')

    done = marsad("retry", path, "--index", tmp_path / "i")

    assert done.returncode == 2
    assert "q.jsonl, line 2: found no JSON" in done.stderr
