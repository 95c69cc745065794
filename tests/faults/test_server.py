"""A running server: it serves new commits of other processes, and survives a damaged one."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from marsad.corpus.article import Article
from marsad.indexer.engine.seam import Document
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from tests.conftest import Marsad


def source(path: Path, *texts: str) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            record = {"id": f"{path.stem}{number}", "title": text, "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


@pytest.fixture
def index(tmp_path: Path, marsad: Marsad) -> Path:
    folder = tmp_path / "index"
    articles = source(tmp_path / "first.jsonl", "هدنة في غزة", "قوات حفظ السلام")
    assert marsad("index", articles, "--index", folder).returncode == 0
    return folder


@pytest.fixture
def address(index: Path) -> Iterator[str]:
    command = [str(Path(sys.executable).parent / "marsad"), "serve", "--index", str(index)]
    run = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert run.stdout
    yield run.stdout.readline().split()[-1]
    run.terminate()
    run.wait()
    run.stdout.close()


def hits(address: str, typed: str) -> list[str]:
    url = f"{address}search?lang=en&q={quote(typed)}"
    with urllib.request.urlopen(url) as answer:  # noqa: S310  (our own server)
        page = answer.read().decode()
    return sorted(set(re.findall(r"/article/(\w+)", page)))


def test_a_commit_of_another_process_is_on_the_next_page(
    address: str, index: Path, tmp_path: Path, marsad: Marsad
) -> None:
    assert hits(address, "هدنة") == ["first0"]

    done = marsad("index", source(tmp_path / "second.jsonl", "هدنة جديدة"), "--index", index)

    assert done.returncode == 0
    assert hits(address, "هدنة") == ["first0", "second0"]
    assert marsad("compact", "--index", index).returncode == 0
    assert hits(address, "هدنة") == ["first0", "second0"]


def test_a_damaged_commit_is_not_served(
    address: str, index: Path, tmp_path: Path, marsad: Marsad
) -> None:
    before = {path.name for path in index.iterdir()}
    marsad("index", source(tmp_path / "second.jsonl", "هدنة جديدة"), "--index", index)
    (segment,) = (path for path in index.glob("*.seg") if path.name not in before)
    segment.write_bytes(segment.read_bytes()[:-100])

    assert hits(address, "هدنة") == ["first0"]
    assert f"is lost: {segment.name}" in marsad("search", "هدنة", "--index", index).stderr


def test_a_server_finishes_the_answers_it_has_started_before_it_stops(
    tmp_path: Path,
) -> None:
    articles, letters = 120, 200_000
    known = parts()
    text = "هدنة " * (letters // 5)
    stored = known.documents.make(Article(id="x", title="", text="هدنة")).stored
    engine = open_engine(str(tmp_path / "index"), known.analyzer, create=True)
    with engine.writer() as writer:
        for number in range(articles):
            own = json.dumps({**json.loads(stored), "id": str(number), "text": text})
            writer.add(Document(str(number), "", None, {}, {}, own))
    engine.close()
    command = [str(Path(sys.executable).parent / "marsad"), "serve", "--workers", "2"]
    run = subprocess.Popen(
        [*command, "--index", str(tmp_path / "index"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout
    try:
        address = run.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{address}search.jsonl") as answer:  # noqa: S310
            start = answer.read(1_000)
            run.terminate()
            lines = (start + answer.read()).decode().splitlines()
        code = run.wait(timeout=120)
    finally:
        run.kill()
        run.wait()
        run.stdout.close()

    assert code == 0
    assert {json.loads(line)["id"] for line in lines} == {str(n) for n in range(articles)}
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)  # noqa: S310


def test_a_server_that_is_still_starting_can_be_stopped(index: Path) -> None:
    command = [str(Path(sys.executable).parent / "marsad"), "serve", "--workers", "3"]
    with subprocess.Popen(
        [*command, "--index", str(index), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        run.stdout.readline()
        run.terminate()

        # Until it handles the signal, the signal ends it like any process.
        assert run.wait(timeout=120) in (0, -signal.SIGTERM)
