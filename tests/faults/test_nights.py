"""Nights and kills: a sync can be trusted, whatever happens to the folder, the index or the run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.corpus.article import Article, Origin
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Refusal
from marsad.indexer.cli.main import marsad as program
from marsad.indexer.sync.owners import Claims
from marsad.indexer.sync.scan import Hidden
from marsad.indexer.sync.state import FolderState, state_files
from tests.conftest import ROOT


def test_eight_nights_and_six_kills_lose_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.nights", "--nights", "8", "--kills", "6"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["nights"], figures["runs to kill"], figures["faults"]) == (8, 6, 0)


class News:
    """A folder of two files, and commands over its index."""

    def __init__(self, place: Path) -> None:
        self.folder, self.index = place / "news", place / "index"
        self.folder.mkdir()
        self.kept = place / "index.quarantine.jsonl"

    def put(self, name: str, *rows: tuple[str, str, str]) -> None:
        text = "".join(
            json.dumps({"id": each, "title": title, "text": text}, ensure_ascii=False) + "\n"
            for each, title, text in rows
        )
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, command: str, *args: object) -> str:
        given = [command, *map(str, args), "--index", str(self.index)]
        done = CliRunner().invoke(program, given)
        assert isinstance(done.exception, SystemExit | None), done.exception
        return f"{done.exit_code} {done.output}"

    def titles(self) -> set[str]:
        hits = json.loads(self.run("search", "هدنة", "--json").split(" ", 1)[1])["hits"]
        return {hit["title"] for hit in hits}


@pytest.fixture
def news(tmp_path: Path) -> News:
    return News(tmp_path)


def test_a_row_that_becomes_another_article_leaves_the_copy_in_another_file(news: News) -> None:
    one, other = ("a1", "اتفاق", "هدنة في الجنوب"), ("a1", "زلزال", "هدنة بعد كارثة الشمال")
    news.put("b.jsonl", one)
    news.run("sync", news.folder)
    news.put("a.jsonl", one)
    news.run("sync", news.folder)

    news.put("b.jsonl", other)
    news.run("sync", news.folder)

    assert news.titles() == {"اتفاق", "زلزال"}


def test_articles_that_a_killed_run_did_not_write_down_leave_with_their_file(news: News) -> None:
    news.put("a.jsonl", ("a1", "أول", "هدنة أولى"))
    news.put("c.jsonl", ("c1", "ثالث", "هدنة ثالثة"))
    news.run("sync", news.folder)
    (state,) = state_files(news.index)
    news.put("b.jsonl", ("b1", "ثان", "هدنة ثانية"))
    kept = state.read_bytes()
    news.run("sync", news.folder)
    # The run was killed after its commit, before it wrote the state of the file.
    state.write_bytes(kept)
    FolderState(state, str(news.index), None).mark_run(is_unfinished=True)
    (news.folder / "b.jsonl").unlink()

    assert "1 removed" in news.run("sync", news.folder)
    assert news.titles() == {"أول", "ثالث"}
    assert not FolderState(state, str(news.index), None).is_unfinished


def test_a_damaged_state_stays_told_when_its_folder_moves(news: News) -> None:
    for name in "abcdef":
        news.put(f"{name}.jsonl", (name, name, f"هدنة {name}"))
    news.run("sync", news.folder)
    (state,) = state_files(news.index)
    raw = state.read_bytes()
    state.write_bytes(raw.replace(b"c.jsonl", b"x.jsonl", 1))
    (news.folder / "c.jsonl").unlink()
    moved = news.folder.rename(news.folder.with_name("moved"))

    assert "1 removed" in news.run("sync", moved)
    assert news.titles() == set("abdef")
    assert news.run("check").startswith("0 ")


def test_the_entries_of_a_folder_that_moved_leave_the_quarantine_when_they_are_mended(
    news: News,
) -> None:
    news.put("a.jsonl", ("a1", "أول", "هدنة أولى"))
    news.put("b.jsonl", ("b1", "ثان", "هدنة ثانية"), ("b2", "بلا نص", ""))
    news.run("sync", news.folder)
    moved = news.folder.rename(news.folder.with_name("moved"))
    news.run("sync", moved)
    assert news.kept.exists()

    news.folder = moved
    news.put("b.jsonl", ("b1", "ثان", "هدنة ثانية"), ("b2", "ذو نص", "هدنة رابعة"))
    news.run("sync", moved)

    assert not news.kept.exists()


def test_a_folder_that_is_new_is_told_which_ones_are_not_there(news: News) -> None:
    news.put("a.jsonl", ("a1", "أول", "هدنة أولى"))
    news.run("sync", news.folder)
    gone = news.folder.rename(news.folder.with_name("gone"))
    news.folder.with_name("other").mkdir()
    other = news.folder = news.folder.with_name("other")
    news.put("b.jsonl", ("b1", "ثان", "هدنة ثانية"))

    assert "--moved-from" in news.run("sync", other)
    assert "--moved-from" not in news.run("sync", other)
    assert gone.exists()


def test_damaged_claims_and_states_are_told_once_by_check(news: News) -> None:
    dump = news.folder.with_name("dump.jsonl")
    dump.write_text('{"id": "x1", "title": "س", "text": "هدنة"}\n', encoding="utf-8")
    news.run("index", dump)
    news.put("a.jsonl", ("a1", "أول", "هدنة أولى"))
    news.run("sync", news.folder)
    assert news.run("check").startswith("0 ")

    claims = news.index / "claims.bin"
    raw = claims.read_bytes()
    claims.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    (state,) = state_files(news.index)
    state.write_bytes(state.read_bytes().replace(b"a.jsonl", b"x.jsonl", 1))
    told = news.run("check")

    assert told.startswith("1 ")
    assert told.count("claims.bin") == 1
    assert told.count(state.name) == 1
    claims.unlink()
    news.run("sync", news.folder)
    assert news.run("check").startswith("0 ")


def test_an_article_that_index_brings_back_has_no_tombstone(news: News) -> None:
    news.put("a.jsonl", ("a1", "أول", "هدنة أولى"))
    news.put("b.jsonl", ("b1", "ثان", "هدنة ثانية"))
    news.run("sync", news.folder)
    (news.folder / "b.jsonl").rename(dump := news.folder.with_name("dump.jsonl"))
    news.run("sync", news.folder)
    last = (news.index / "tombstones.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert "gone_at" in last

    news.run("index", dump)

    last = (news.index / "tombstones.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert "back_at" in last


def test_only_what_lies_in_an_unreadable_place_is_hidden() -> None:
    hidden = Hidden(["a/b", "closed/"])

    names = ("a/b", "a/b/c", "a/b!c", "a/bc", "closed/x", "closedx")
    assert [name for name in names if name in hidden] == ["a/b", "a/b/c", "a/b!c", "closed/x"]
    assert "anything" in Hidden([""])
    assert "anything" not in Hidden([])


def test_the_paths_of_a_quarantine_are_named_once(tmp_path: Path) -> None:
    kept = Quarantine(tmp_path / "q.jsonl")
    assert kept.paths() == []
    for line in (1, 2):
        kept.add(Refusal("a.jsonl", line, "found no JSON", b"{", "jsonl"))

    assert kept.paths() == ["a.jsonl"]


def test_a_claim_of_a_record_without_a_file_is_kept(tmp_path: Path) -> None:
    with Claims(tmp_path) as claims:
        claims.note(Article(id="a", title="t", text="x", origin=Origin("-", 1, "", "")))

    assert (tmp_path / "claims.bin").stat().st_size > 0
