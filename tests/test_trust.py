"""Trust: what a sync cannot read is told each night, and it removes only what is its own."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marsad.indexer.cli.main import marsad as program
from marsad.indexer.sync.folders import faults
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.sync import Sync
from marsad.indexer.sync.tombstones import Tombstones

LONG_AGO = (1_000_000, 1_000_000)


class News:
    """A folder of articles, an index, and commands over them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder, self.index = place / "news", place / "index"
        self.folder.mkdir()
        self.kept = place / "index.quarantine.jsonl"

    def put(self, name: str, *ids: str, folder: Path | None = None, after: str = "") -> Path:
        path = (folder or self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"id": each, "title": each, "text": f"هدنة {each}"}) for each in ids]
        path.write_text("".join(f"{line}\n" for line in lines) + after, encoding="utf-8")
        os.utime(path, LONG_AGO)
        return path

    def run(self, command: str, *args: object) -> Result:
        given = [command, *map(str, args), "--index", str(self.index)]
        done = CliRunner().invoke(program, given)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def sync(self, *args: object, folder: Path | None = None) -> dict[str, Any]:
        report = self.place / "report.json"
        report.unlink(missing_ok=True)
        self.run("sync", folder or self.folder, "--report", report, *args)
        shown: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return shown

    def holds(self) -> set[str]:
        done = self.run("search", "هدنة", "--limit", "100", "--json")
        return {hit["id"] for hit in json.loads(done.stdout)["hits"]}

    def refused(self) -> list[dict[str, Any]]:
        if not self.kept.exists():
            return []
        return [json.loads(line) for line in self.kept.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def news(tmp_path: Path) -> News:
    return News(tmp_path)


def test_records_that_are_still_refused_are_told_each_night(news: News) -> None:
    news.put("a.jsonl", "a1", after="{broken\n{broken too\n")
    news.put("b.jsonl", "b1")
    (news.folder / "c.pdfx").write_bytes(b"\0\1")

    first, quiet = news.sync(), news.sync()
    news.put("d.jsonl", "d1")
    busy = news.sync()
    news.put("a.jsonl", "a1", "a2")
    mended = news.sync()

    assert (first["exit_code"], first["still_refused"]["count"]) == (1, 0)
    assert first["articles"]["refused"] == 2
    for night in (quiet, busy):
        assert (night["exit_code"], night["still_refused"]["count"]) == (1, 2)
        (one, _) = night["still_refused"]["first"]
        assert (one["path"], one["line"]) == (str(news.folder / "a.jsonl"), 2)
        assert night["skipped"]["counts"] == first["skipped"]["counts"] != {}
        assert night["files"]["skipped"] == 1
    assert (mended["exit_code"], mended["still_refused"]["count"]) == (0, 0)
    assert news.refused() == []


def test_a_file_that_could_not_be_opened_is_read_as_soon_as_it_can(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = news.put("a.jsonl", "a1")
    news.put("b.jsonl", "b1")
    real = os.open

    def shut(name: Any, *args: Any, **more: Any) -> int:
        if str(name) == str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(name, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", shut)
        nights = [news.sync() for _ in range(3)]
    after = news.sync()

    assert [night["exit_code"] for night in nights] == [1, 1, 1]
    assert [night["still_refused"]["count"] for night in nights] == [0, 1, 1]
    assert [night["files"]["unchanged"] for night in nights] == [0, 2, 2]
    assert "Permission denied" in nights[2]["refusals"][0]["reason"]
    assert (after["exit_code"], after["articles"]["added"]) == (0, 1)
    assert news.holds() == {"a1", "b1"}
    assert news.refused() == []


def test_a_file_whose_reader_is_not_installed_is_tried_again_each_night(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    (news.folder / "a.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    os.utime(news.folder / "a.parquet", LONG_AGO)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    nights = [news.sync() for _ in range(3)]

    assert [night["articles"]["refused"] for night in nights] == [1, 1, 1]
    assert [night["still_refused"]["count"] for night in nights] == [0, 1, 1]
    assert "pip install" in nights[2]["refusals"][0]["reason"]
    assert len(news.refused()) == 1


@pytest.mark.parametrize("how", ["recognised", "named", "link"])
def test_what_is_deleted_after_a_folder_moved_leaves_the_index(news: News, how: str) -> None:
    old, new = news.folder, news.place / "moved"
    for name in "abc":
        news.put(f"{name}.jsonl", name)
    given, after = old, new
    if how == "link":
        given = after = news.place / "current"
        given.symlink_to(old)
    news.sync(folder=given)
    if how == "link":
        shutil.copytree(old, new)
        given.unlink()
        given.symlink_to(new)
    else:
        old.rename(new)
    (new / "c.jsonl").unlink()

    options = ("--moved-from", old) if how == "named" else ()
    moved = news.sync(*options, folder=after)

    assert moved["files"] == {
        "seen": 2, "unchanged": 2, "new": 0, "changed": 0, "vanished": 1, "skipped": 0
    }  # fmt: skip
    assert moved["removed_ids"] == ["c"]
    assert news.holds() == {"a", "b"}
    assert len(list(news.index.glob("sync-*.tsv"))) == 1


def test_the_state_that_an_earlier_version_left_at_the_old_path_claims_nothing(
    news: News,
) -> None:
    new = news.place / "moved"
    for name in "abc":
        news.put(f"{name}.jsonl", name)
    news.sync()
    state = next(news.index.glob("sync-*.tsv"))
    kept = state.read_bytes()
    news.folder.rename(new)
    news.sync(folder=new)
    state.write_bytes(kept)
    (new / "c.jsonl").unlink()

    assert news.sync(folder=new)["removed_ids"] == ["c"]
    assert news.holds() == {"a", "b"}


def test_a_copy_of_a_folder_is_another_folder(news: News) -> None:
    for name in "abc":
        news.put(f"{name}.jsonl", name)
    news.sync()
    shutil.copytree(news.folder, news.place / "copy")

    news.sync(folder=news.place / "copy")
    (news.folder / "a.jsonl").unlink()

    assert news.sync()["articles"]["removed"] == 0
    assert news.holds() == {"a", "b", "c"}
    assert len(list(news.index.glob("sync-*.tsv"))) == 2


def test_a_folder_is_listed_and_forgotten(news: News) -> None:
    other = news.place / "other"
    news.put("a.jsonl", "a", "both")
    news.put("b.jsonl", "both", "b", folder=other)
    news.put("bad.jsonl", after="{broken\n", folder=other)
    news.sync()
    news.sync(folder=other)
    shutil.rmtree(other)

    listed = news.run("sync", "--list").stdout.splitlines()
    forgotten = news.run("sync", other, "--forget")

    assert listed[0].startswith(f"{news.folder}: 1 files, 2 articles, last run 20")
    assert listed[1].endswith("; it is not there")
    assert "with refused records" in listed[1]
    assert "1 of 2 articles were removed" in forgotten.stdout
    assert news.holds() == {"a", "both"}
    assert Tombstones(news.index).get("b") is not None
    assert news.refused() == []
    assert len(json.loads(news.run("sync", "--list", "--json").stdout)) == 1
    unknown = news.run("sync", other, "--forget")
    assert unknown.exit_code == 2


def test_a_forgotten_folder_may_leave_its_articles(news: News) -> None:
    news.put("a.jsonl", "a")
    news.sync()
    news.run("sync", news.folder, "--forget", "--keep-articles")

    # Now they are those of `index`, and another sync does not remove them.
    other = news.place / "other"
    news.put("b.jsonl", "a", "b", folder=other)
    news.sync(folder=other)
    news.put("b.jsonl", "b", folder=other)
    os.utime(other / "b.jsonl", (2_000_000, 2_000_000))

    assert news.sync(folder=other)["articles"]["removed"] == 0
    assert news.holds() == {"a", "b"}


def test_a_sync_removes_nothing_that_index_brought_from_elsewhere(news: News) -> None:
    dump = news.put("dump.jsonl", "x1", "x2", folder=news.place)
    news.run("index", dump)
    news.put("a.jsonl", "x1", "x2")
    news.put("b.jsonl", "x3", "x4")
    news.sync()
    (news.folder / "a.jsonl").unlink()

    assert news.sync()["articles"]["removed"] == 0
    assert news.holds() == {"x1", "x2", "x3", "x4"}
    news.put("b.jsonl", "x3", "x5")
    os.utime(news.folder / "b.jsonl", (2_000_000, 2_000_000))
    assert news.sync()["removed_ids"] == ["x4"]


@pytest.mark.parametrize("again", [False, True])
def test_a_folder_that_index_read_belongs_to_the_sync_that_follows_it(
    news: News, *, again: bool
) -> None:
    news.put("a.jsonl", "a")
    news.put("b.jsonl", "b")
    news.run("index", news.folder)
    news.sync()
    if again:
        news.run("index", news.folder)
    (news.folder / "b.jsonl").rename(news.folder / "c.jsonl")
    news.sync()
    (news.folder / "c.jsonl").unlink()

    assert news.sync()["removed_ids"] == ["b"]
    assert news.holds() == {"a"}


def test_in_an_index_of_an_earlier_version_what_no_folder_holds_is_of_index(news: News) -> None:
    news.run("index", news.put("dump.jsonl", "x1", folder=news.place))
    news.put("a.jsonl", "a1")
    news.put("b.jsonl", "b1")
    news.sync()
    (news.index / "claims.bin").unlink()

    news.put("a.jsonl", "a1", "x1")
    os.utime(news.folder / "a.jsonl", (2_000_000, 2_000_000))
    news.sync()
    news.put("a.jsonl", "a2")
    news.sync()

    assert news.holds() == {"a2", "b1", "x1"}


def test_an_article_of_a_retry_leaves_with_its_file(news: News) -> None:
    news.put("a.jsonl", "a1", after='{"id": "r1", "title": "r1", "text": ""}\n')
    news.put("b.jsonl", "b1")
    news.sync()
    text = news.kept.read_text(encoding="utf-8")
    news.kept.write_text(text.replace(r"\"text\": \"\"", r"\"text\": \"هدنة\""), encoding="utf-8")
    assert news.run("retry", news.kept).exit_code == 0
    assert news.holds() == {"a1", "b1", "r1"}
    quiet = news.sync()

    (news.folder / "a.jsonl").unlink()

    assert (quiet["exit_code"], quiet["still_refused"]["count"]) == (0, 0)
    assert sorted(news.sync()["removed_ids"]) == ["a1", "r1"]
    assert news.holds() == {"b1"}


def damage(path: Path, how: str) -> None:
    raw = path.read_bytes()
    lines = raw.splitlines(keepends=True)
    match how:
        case "lost":
            path.unlink()
        case "cut":
            path.write_bytes(raw[: len(raw) // 2])
        case "cut at a line":
            path.write_bytes(b"".join(lines[:-2]))
        case "a line less":
            path.write_bytes(b"".join(lines[:-3] + lines[-2:]))
        case "bit":
            at = raw.index(b"b.jsonl")
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        case _:
            path.write_bytes(b"")


@pytest.mark.parametrize("how", ["lost", "cut", "cut at a line", "a line less", "bit", "empty"])
def test_a_damaged_state_is_named_and_healed(news: News, how: str) -> None:
    for name in "abcdefgh":
        news.put(f"{name}.jsonl", name)
    news.put("bad.jsonl", "kept")
    news.sync()
    damage(state_path(news.index, news.folder), how)
    (news.folder / "b.jsonl").unlink()
    news.put("bad.jsonl", after="{broken\n")

    found = faults(news.index, str(news.index))
    healed = news.sync()

    assert len(found) == 1
    assert str(news.folder) in found[0]
    assert healed["removed_ids"] == ["b"]
    assert news.holds() == {*"acdefgh", "kept"}
    assert faults(news.index, str(news.index)) == []
    (news.folder / "c.jsonl").unlink()
    assert news.sync()["removed_ids"] == ["c"]


def test_a_lost_state_removes_nothing_of_a_disk_that_is_not_mounted(news: News) -> None:
    for name in "abcdefgh":
        news.put(f"{name}.jsonl", name)
    news.sync()
    damage(state_path(news.index, news.folder), "lost")
    for path in news.folder.iterdir():
        path.unlink()

    night = news.sync()

    assert night["exit_code"] == 2
    assert "8 of 8 articles are gone" in night["error"]
    assert news.holds() == set("abcdefgh")


def test_after_a_lost_state_a_cut_file_keeps_an_article_that_another_file_has_too(
    news: News,
) -> None:
    news.put("a.jsonl", "a1", "a2")
    news.put("b.jsonl", "a2", "b1")
    news.put("c.jsonl", "c1")
    news.sync()
    news.put("a.jsonl", "a1", after='{"id": "a2", "ti')
    news.sync()

    state_path(news.index, news.folder).unlink()
    news.sync()
    news.put("b.jsonl", "b1")
    cut = news.sync()
    held = news.holds()
    news.put("a.jsonl", "a1")
    mended = news.sync()

    assert (cut["exit_code"], cut["articles"]["removed"]) == (1, 0)
    assert held == {"a1", "a2", "b1", "c1"}
    assert (mended["exit_code"], mended["articles"]["removed"]) == (0, 1)
    assert news.holds() == {"a1", "b1", "c1"}


def test_a_state_of_an_earlier_version_is_read_and_renewed(news: News) -> None:
    news.put("a b.jsonl", "a1", "a2")
    news.put("c.jsonl", "c1")
    news.sync()
    state = state_path(news.index, news.folder)
    now = FolderState(state, str(news.index), None)
    old = f"\t{now.version}\t{now.fingerprint}\n\t\t{now.commit}\n" + "".join(
        f"{name}\t{each.stamp}\t{each.sha256}\t{' '.join(each.ids)}\n"
        for name, each in now.files.states()
    )
    (news.index / "folders.json").unlink()
    state.write_text(old, encoding="utf-8")

    quiet = news.sync()
    (news.folder / "c.jsonl").unlink()
    after = news.sync()

    assert quiet["files"]["unchanged"] == 2
    assert after["removed_ids"] == ["c1"]
    assert FolderState(state, str(news.index), None).is_whole


def test_a_file_with_a_time_in_the_future_is_quiet_from_the_third_night(news: News) -> None:
    path = news.put("a.jsonl", "a")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    state = state_path(news.index, news.folder)

    stamps = []
    for _ in range(3):
        news.sync()
        stamps.append(FolderState(state, str(news.index), None).files["a.jsonl"].stamp)
    size = state.stat().st_size
    news.sync()

    assert stamps[0] == f"~{stamps[1]}"
    assert stamps[1] == stamps[2]
    assert state.stat().st_size == size
    path.write_text('{"id": "a", "title": "a", "text": "هدنة أخرى"}\n', encoding="utf-8")
    assert news.sync()["articles"]["updated"] == 1


def test_exit_code_1_for_skipped_files_on_request(news: News) -> None:
    news.put("a.jsonl", "a")
    (news.folder / "style.css").write_text("p {}")
    os.utime(news.folder / "style.css", LONG_AGO)

    codes = [news.sync()["exit_code"], news.sync("--fail-on", "skipped")["exit_code"]]
    indexed = news.run("index", news.folder, "--fail-on", "skipped").exit_code

    assert codes == [0, 1]
    assert indexed == 1
    assert news.sync("--fail-on", "remarks")["exit_code"] == 0


@pytest.mark.parametrize("command", ["index", "sync"])
def test_a_run_with_wrong_arguments_writes_its_report(news: News, command: str) -> None:
    report = news.place / "report.json"
    report.write_text('{"exit_code": 0}')

    done = news.run(command, news.folder, "--report", report, "--nonsense")

    shown = json.loads(report.read_text(encoding="utf-8"))
    assert (done.exit_code, shown["exit_code"]) == (2, 2)
    assert "--nonsense" in shown["error"]
    assert shown["index"] == str(news.index)


def test_a_run_that_was_ended_by_a_signal_reports_and_logs_it(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.put("a.jsonl", "a")
    news.sync()
    news.put("b.jsonl", "b")

    def ended(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(Sync, "_settle", ended)
        night = news.sync()

    runs = (news.index / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert night["exit_code"] == json.loads(runs[-1])["exit_code"] == 143
    assert "SIGTERM" in night["error"]
    assert news.sync()["exit_code"] == 0
    assert news.holds() == {"a", "b"}
