"""The JSON reports of `index` and `sync`, in a file and on stdout."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPUS, Marsad

GOOD = '{"id": "a", "text": "أعلنت هدنة في باكو"}\n'


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD + "{broken\n", encoding="utf-8")
    (folder / "README.md").write_text("no article\n")
    return folder


def read(path: Path) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return shown


def test_a_run_with_refusals_is_reported_whole(tmp_path: Path, news: Path, marsad: Marsad) -> None:
    index, report = tmp_path / "index", tmp_path / "report.json"

    done = marsad("index", news, "--index", index, "--report", report, "--json")

    shown = read(report)
    assert done.returncode == 1
    assert json.loads(done.stdout) == shown
    assert shown.pop("seconds") > 0
    assert shown.pop("ended").startswith("20")
    (refusal,) = shown.pop("refusals")
    assert (refusal["path"], refusal["line"]) == (str(news / "a.jsonl"), 2)
    assert refusal["reason"]
    (skipped,) = shown["skipped"].pop("examples")
    assert (skipped["kind"], skipped["line"]) == ("not-read", 0)
    (columns,) = shown.pop("columns")
    assert columns["taken"] == {"id": "id", "text": "text"}
    assert shown == {
        "sources": [str(news)],
        "index": str(index),
        "exit_code": 1,
        "error": None,
        "files": {"seen": 2, "read": 1, "refused": 0, "skipped": 1},
        "articles": {"read": 1, "added": 1, "updated": 0, "unchanged": 0, "refused": 1},
        "remarked": 0,
        "remarks": {},
        "skipped": {"counts": {"not-read": 1}},
    }
    assert not report.with_name("report.json.new").exists()


def test_a_report_in_the_folder_of_sources_is_no_source(news: Path, marsad: Marsad) -> None:
    index, report = news.parent / "index", news / "report.json"
    (news / "a.jsonl").write_text(GOOD, encoding="utf-8")

    codes = [
        marsad("index", news, "--index", index, "--report", report).returncode for _ in range(2)
    ]

    assert codes == [0, 0]
    assert read(report)["articles"]["unchanged"] == 1


@pytest.mark.parametrize("command", ["index", "sync"])
def test_a_run_that_cannot_be_done_is_reported_with_its_error(
    tmp_path: Path, marsad: Marsad, command: str
) -> None:
    report, nowhere = tmp_path / "report.json", tmp_path / "nowhere"

    done = marsad(command, nowhere, "--index", tmp_path / "index", "--report", report, "--json")

    shown = read(report)
    assert done.returncode == shown["exit_code"] == 2
    assert json.loads(done.stdout) == shown
    assert f"{nowhere}: no such file or folder" in shown["error"]
    assert shown["error"] in done.stderr
    assert (shown["files"], shown["articles"]) == (None, None)


def test_a_damaged_index_is_reported(tmp_path: Path, news: Path, marsad: Marsad) -> None:
    index, report = tmp_path / "index", tmp_path / "report.json"
    (news / "a.jsonl").write_text(GOOD, encoding="utf-8")
    marsad("index", news, "--index", index)
    for path in index.glob("manifest.*.json"):
        path.write_text("{}")

    done = marsad("index", news, "--index", index, "--report", report)

    assert done.returncode == read(report)["exit_code"] == 2
    assert read(report)["error"] in done.stderr


@pytest.mark.parametrize("taken", ["source", "quarantine", "index"])
def test_a_report_overwrites_nothing_of_the_run(
    tmp_path: Path, news: Path, marsad: Marsad, taken: str
) -> None:
    source, kept, index = news / "a.jsonl", tmp_path / "kept.jsonl", tmp_path / "index"
    report = {"source": source, "quarantine": kept, "index": index}[taken]

    done = marsad("index", source, "--index", index, "--quarantine", kept, "--report", report)

    assert done.returncode == 2
    assert f"{report}: no report can be written here: this run reads it" in done.stderr
    assert source.read_text(encoding="utf-8").startswith(GOOD)
    assert not index.exists()
    assert not kept.exists()


def test_a_report_that_cannot_be_written_stops_the_run_before_it_begins(
    tmp_path: Path, news: Path, marsad: Marsad
) -> None:
    index = tmp_path / "index"

    done = marsad("index", news, "--index", index, "--report", tmp_path / "none" / "r.json")

    assert done.returncode == 2
    assert "there is no folder" in done.stderr
    assert not index.exists()


def test_a_dry_run_has_no_report(tmp_path: Path, marsad: Marsad) -> None:
    done = marsad("index", CORPUS, "--index", tmp_path / "i", "--dry-run", "--json")

    assert done.returncode == 2
    assert "--dry-run writes no report" in done.stderr


def test_sync_prints_its_report_on_request(tmp_path: Path, news: Path, marsad: Marsad) -> None:
    (news / "a.jsonl").write_text(GOOD, encoding="utf-8")
    command = ("sync", news, "--index", tmp_path / "index", "--json")

    first, quiet = (json.loads(marsad(*command).stdout) for _ in range(2))

    assert (first["articles"]["added"], first["error"], first["exit_code"]) == (1, None, 0)
    assert quiet["files"]["unchanged"] == quiet["files"]["seen"] > 0


def test_a_dry_run_counts_files_as_the_run_does(tmp_path: Path, marsad: Marsad) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text("عنوان الخبر\n\nوصل الوفد إلى المدينة.\n", encoding="utf-8")
    (source / "empty.json").write_text("[]", encoding="utf-8")
    (source / "empty.txt").write_text("", encoding="utf-8")
    (source / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    index = source / "index"
    told = []
    for options in (("--dry-run",), (), ("--dry-run",)):
        done = marsad("index", source, "--index", index, *options)
        told += [line for line in done.stdout.splitlines() if line.startswith("files: ")]
    assert told == ["files: 4 found, 1 read, 1 refused, 2 skipped; articles with remarks: 0"] * 3
