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
from marsad.corpus.read import read_file
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
from marsad.corpus.read import read_file
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


def test_a_refused_record_has_one_entry_until_it_can_be_read(
    tmp_path: Path, marsad: Marsad
) -> None:
    source, index = tmp_path / "a.jsonl", tmp_path / "index"
    path = tmp_path / "index.quarantine.jsonl"
    source.write_text(GOOD.format("a") + "\n{one\n{two\n", encoding="utf-8")
    for _ in range(3):
        marsad("index", source, "--index", index)
    thrice = [(each["line"], str(each["raw"]).strip()) for each in entries(path)]
    source.write_text(GOOD.format("a") + "\n" + GOOD.format("b") + "\n{two\n", encoding="utf-8")

    marsad("index", source, "--index", index)

    assert thrice == [(2, "{one"), (3, "{two")]
    assert [each["line"] for each in entries(path)] == [3]


def test_an_entry_that_a_person_edited_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    kept(path, "first")
    edited = path.read_text().replace("first", "mended")
    path.write_text(edited)

    kept(path, "first")

    assert path.read_text() == edited


def test_entries_above_the_bound_have_no_record(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    file = Quarantine(path, most_bytes=2_000)
    for line in range(1, 6):
        file.add(Refusal("a.jsonl", line, "why", b"x" * 900, "jsonl"))
    again = Quarantine(path, most_bytes=2_000)
    again.add(Refusal("a.jsonl", 5, "why", b"x" * 900, "jsonl"))

    found = entries(path)
    assert [each["line"] for each in found] == [1, 2, 3, 4, 5]
    assert [each["raw"] for each in found][-1] == ""
    assert path.stat().st_size < 2_600


def test_one_source_file_cannot_fill_the_quarantine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "q.jsonl"

    def bad(name: str, line: int) -> Refusal:
        return Refusal(name, line, "why", f"{line} ".encode() * 200, "jsonl")

    for again in range(3):
        # A new run counts what the file has already.
        file = Quarantine(path, most_of_source=5_000)
        for line in range(1, 101):
            file.add(bad(f"a.zip!{line % 3}.jsonl", line + 100 * again))
    Quarantine(path, most_of_source=5_000).add(bad("b.jsonl", 1))

    found = entries(path)
    kept_whole = [each for each in found if each["raw"]]
    assert len(found) == 301
    assert len({each["key"] for each in found}) == 301
    assert 3 <= len(kept_whole) <= 10
    assert kept_whole[-1]["path"] == "b.jsonl"
    left_out = [each for each in found if not each["raw"]]
    assert all(each["raw_left_out"] is True for each in left_out)
    assert {(each["format"], each["reason"]) for each in left_out} == {("jsonl", "why")}
    assert [each.message.count("bytes of a.zip") for each in caplog.records] == [1, 1, 1]


def test_a_record_that_was_left_out_is_read_from_its_source(tmp_path: Path) -> None:
    source, path = tmp_path / "a.jsonl", tmp_path / "q.jsonl"
    lines = [f'{{"id": "{n}", {"x" * 300}' for n in range(1, 21)]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = Quarantine(path, most_of_source=1_500)
    for record in read_file(source, {}, named=True):
        assert isinstance(record, Refusal)
        file.add(record)
    lines[9] = GOOD.format("ten")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    job = Retry(path)

    found = [each.id for each in job.records() if isinstance(each, Article)]
    job.rewrite()

    left = entries(path)
    assert found == ["ten"]
    assert [each["line"] for each in left] == [n for n in range(1, 21) if n != 10]
    assert sum(bool(each["raw"]) for each in left) <= 4
    assert path.stat().st_size < 8_000


def test_a_format_that_is_no_text_is_no_format(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"path": "gone", "line": 1, "format": ["jsonl"], "raw": "x"}\n')

    done = marsad("retry", path, "--index", tmp_path / "i")

    assert done.returncode == 1
    assert "still refused 1" in done.stdout
