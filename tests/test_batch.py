"""Batch: a run that ends early says why, and loses no more than the batches in work."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Record, Refusal, Skipped
from marsad.indexer.build import batch
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import Documents
from marsad.indexer.build.workers import Workers
from marsad.indexer.cli import stats as stats_command
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.errors import WorkerLostError
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from marsad.webui.cli.main import main
from tests.conftest import Marsad


def test_a_killed_worker_ends_the_run_with_an_error_that_says_so(
    tmp_path: Path, wanted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Documents.make

    def dying(self: Documents, article: Article) -> Document:
        if article.id == "a12":
            os.kill(os.getpid(), signal.SIGKILL)
        return make(self, article)

    articles = [Article(id=f"a{number}", title="هدنة", text="خبر") for number in range(30)]
    engine = open_engine(str(tmp_path / "i"), wanted.analyzer, create=True)
    workers = Workers(2, lambda: wanted.documents)

    def run() -> int:
        kept = Quarantine(tmp_path / "q.jsonl")
        return index_records(
            iter(articles), engine, wanted.documents, kept, lambda _: None, 5, workers
        ).added

    with monkeypatch.context() as patched:
        patched.setattr(Documents, "make", dying)
        with pytest.raises(WorkerLostError, match="fewer --workers"):
            run()
    before = engine.stats().documents
    added = run()

    assert before >= 5
    assert (added, engine.stats().documents) == (30 - before, 30)
    engine.close()


@pytest.mark.parametrize("count", [1, 2])
def test_progress_is_called_once_for_each_record(
    tmp_path: Path, wanted: Parts, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    make = Documents.make

    def failing(self: Documents, article: Article) -> Document:
        if article.id in ("a3", "a17"):
            raise ZeroDivisionError
        return make(self, article)

    monkeypatch.setattr(Documents, "make", failing)
    engine = open_engine(str(tmp_path / "i"), wanted.analyzer, create=True)
    told: list[Record] = []
    report = index_records(
        iter(Article(id=f"a{number}", title="هدنة", text="خبر") for number in range(20)),
        engine,
        wanted.documents,
        Quarantine(tmp_path / "q.jsonl"),
        told.append,
        5,
        Workers(count, lambda: wanted.documents),
    )
    engine.close()

    assert (report.added, report.refused) == (18, 2)
    assert len(told) == 20
    assert sum(isinstance(record, Refusal) for record in told) == 2


@pytest.mark.parametrize("count", [1, 2])
def test_a_batch_of_long_articles_is_committed_in_parts(
    tmp_path: Path, wanted: Parts, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    def records() -> Iterator[Record]:
        for number in range(24):
            yield Article(id=f"a{number}", title="هدنة", text=f"أعلنت هدنة رقم {number} " * 50)
            if number % 5 == 0:
                yield Refusal("a.jsonl", number + 1, "why", b"x" * 100)
                yield Skipped("b.png")

    def index(name: str, most: int) -> tuple[list[int], list[str | None], int]:
        monkeypatch.setattr(batch, "MOST_CHARS", most)
        engine = open_engine(str(tmp_path / name), wanted.analyzer, create=True)
        committed: list[int] = []
        done = index_records(
            records(),
            engine,
            wanted.documents,
            Quarantine(tmp_path / f"{name}.jsonl"),
            lambda _: None,
            15,
            Workers(count, lambda: wanted.documents),
            on_commit=committed.append,
        )
        assert (done.added, done.refused, done.notes.skipped.total()) == (24, 5, 5)
        digests = [engine.digest(f"a{number}") for number in range(24)]
        shown = [hit.id for hit in engine.walk(SearchRequest(sort="oldest", stored=False))]
        documents = engine.stats().documents
        engine.close()
        assert sorted(shown) == sorted(f"a{number}" for number in range(24))
        return [each for each in committed if each], digests, documents

    whole = index("whole", 1 << 30)
    parts = index("parts", 4_000)

    assert whole[0] == [15, 30, 34]
    assert len(parts[0]) > len(whole[0])
    assert parts[0] == sorted(parts[0])
    assert parts[0][-1] == 34
    assert whole[1:] == parts[1:]


def test_an_interrupted_run_does_not_say_that_it_was_done() -> None:
    command = [str(Path(sys.executable).parent / "marsad"), "extract", "-"]
    # Where the tests run in the background, SIGINT is ignored, and so it would be by the run.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, before)
    assert running.stdin is not None
    assert running.stdout is not None
    timer = threading.Timer(120, running.kill)
    timer.start()
    # More than a pipe holds: when it is written, the run has begun to read.
    running.stdin.write(" " * (1 << 20))
    running.stdin.flush()
    running.send_signal(signal.SIGINT)
    _, told = running.communicate()
    timer.cancel()

    assert running.returncode == 130, told
    assert "interrupted" in told


def test_a_fault_of_a_file_is_named(tmp_path: Path, marsad: Marsad) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "هدنة"}\n')
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "copies.journal").mkdir()

    done = marsad("index", tmp_path / "a.jsonl", "--index", tmp_path / "index")

    assert done.returncode == 2
    assert "copies.journal" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_program_has_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stats_command, "parts", failing)
    monkeypatch.setattr(sys, "argv", ["marsad", "stats", "--index", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 3
    assert "ZeroDivisionError" in capsys.readouterr().err
