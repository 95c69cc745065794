"""Quarantine: every refused record is kept whole, also with several writers and after a kill."""

import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Refusal
from marsad.indexer.build.document import Documents
from marsad.indexer.cli.main import marsad as program
from marsad.indexer.engine.seam import Document
from marsad.indexer.sync.retry import Retry
from tests.conftest import Marsad

GOOD = '{{"id": "{0}", "title": "هدنة", "text": "أعلنت هدنة في الجنوب"}}'
# Waits for a line, so that both begin at once; records are longer than any buffer.
WRITER = """
import sys
from pathlib import Path
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Refusal
name, path = sys.argv[1:]
kept = Quarantine(Path(path))
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
for line in range(1, 61):
    kept.add(Refusal(name, line, "why", ("سطر " * 2_000 + name).encode()))
"""


def kept(path: Path, *raw: str) -> None:
    file = Quarantine(path)
    for line, each in enumerate(raw, 1):
        file.add(Refusal("gone.jsonl", line, "found no date", each.encode(), "jsonl"))


def entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().decode().split("\n")[:-1]]


def test_two_runs_and_a_retry_at_once_tear_and_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    ended = []
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            job = Retry(path)
            assert list(job.records()) == []
            job.rewrite()
    for writer in writers:
        writer.communicate()
        ended.append(writer.returncode)

    found = entries(path)

    assert ended == [0, 0]
    assert {(each["path"], each["line"]) for each in found} == {
        (name, line) for name in "ab" for line in range(1, 61)
    }
    assert len(found) == 120
    assert all(str(each["raw"]).endswith(str(each["path"])) for each in found)


def test_two_retries_at_once_lose_nothing_that_is_refused_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    kept(path, GOOD.format("a"), GOOD.format("b"), "no")
    first, second = Retry(path), Retry(path)
    ids = [record.id for job in (first, second) for record in job.records()]  # type: ignore[union-attr]

    kept(path, "meanwhile")
    first.rewrite()
    kept(path, "later")
    second.rewrite()

    assert ids == ["a", "b", "a", "b"]
    assert [each["raw"] for each in entries(path)] == ["no", "meanwhile", "later"]


def test_a_record_may_hold_other_ends_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    kept(path, "one\u2028two\x85three", GOOD.format("a"))
    job = Retry(path)
    assert len(list(job.records())) == 1

    kept(path, "meanwhile")
    job.rewrite()

    assert [each["raw"] for each in entries(path)] == ["one\u2028two\x85three", "meanwhile"]


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    kept(path, "first")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 500, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            kept(path, "long " * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    kept(path, "second")

    assert [each["raw"] for each in entries(path)] == ["first", "second"]


def test_a_line_that_was_cut_loses_no_other_line(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "q.jsonl"
    kept(path, GOOD.format("a"))
    cut = path.read_bytes()[:40]
    path.write_bytes(cut)

    kept(path, GOOD.format("b"))
    done = marsad("retry", path, "--index", tmp_path / "index")

    assert done.returncode == 1, done.stderr
    assert "mended 1, articles added 1" in done.stdout
    assert "1 lines" in done.stderr
    assert path.read_bytes() == cut + b"\n"


def test_a_quarantine_that_cannot_be_written_is_named(tmp_path: Path, marsad: Marsad) -> None:
    (tmp_path / "bad.jsonl").write_text("{no\n")
    (tmp_path / "file").write_text("")
    nowhere = tmp_path / "file" / "q.jsonl"

    done = marsad(
        "index", tmp_path / "bad.jsonl", "--index", tmp_path / "i", "--quarantine", nowhere
    )

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr


def test_a_record_that_cannot_be_analysed_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, failing = Documents.make, ["b"]

    def some(self: Documents, article: Article) -> Document:
        if article.id in failing:
            raise ZeroDivisionError
        return make(self, article)

    monkeypatch.setattr(Documents, "make", some)
    source, path, index = tmp_path / "a.jsonl", tmp_path / "i.quarantine.jsonl", tmp_path / "i"
    source.write_text("".join(f"{GOOD.format(each)}\n" for each in "abc"), encoding="utf-8")
    run = CliRunner()
    assert run.invoke(program, ["index", str(source), "--index", str(index)]).exit_code == 1
    kept(path, GOOD.format("d"))
    command = ["retry", str(path), "--index", str(index)]

    still = run.invoke(program, command)
    left = entries(path)
    failing.clear()
    done = run.invoke(program, command)

    assert still.exit_code == 1, still.output
    assert "mended 1, articles added 1, updated 0, still refused 1" in still.output
    assert [(each["path"], each["line"]) for each in left] == [(str(source), 2)]
    assert "cannot be analysed" in str(left[0]["reason"])
    assert done.exit_code == 0, done.output
    assert "mended 1, articles added 1" in done.output
    assert not list(tmp_path.glob("*quarantine*"))


def test_a_member_of_an_archive_is_found_again_below_any_folder(
    tmp_path: Path, marsad: Marsad
) -> None:
    place, index = tmp_path / "new!s", tmp_path / "index"
    place.mkdir()
    with zipfile.ZipFile(place / "a!b.zip", "w") as archive:
        archive.writestr("one.txt", "عنوان فقط")
    assert marsad("index", place, "--index", index).returncode == 1
    with zipfile.ZipFile(place / "a!b.zip", "w") as archive:
        archive.writestr("one.txt", "عنوان\n\nنص الخبر وصل الآن.")

    done = marsad("retry", tmp_path / "index.quarantine.jsonl", "--index", index)

    assert "mended 1, articles added 1" in done.stdout


def test_a_file_with_an_exclamation_mark_is_found_again(tmp_path: Path, marsad: Marsad) -> None:
    path, index = tmp_path / "عاجل! هدنة.txt", tmp_path / "index"
    path.write_text("عنوان فقط", encoding="utf-8")
    assert marsad("index", path, "--index", index).returncode == 1
    path.write_text("عنوان\n\nنص الخبر وصل الآن.", encoding="utf-8")

    done = marsad("retry", tmp_path / "index.quarantine.jsonl", "--index", index)

    assert done.returncode == 0, done.stdout
    assert "mended 1, articles added 1" in done.stdout
