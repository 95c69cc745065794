"""A running server: it sees what another process commits, and survives the loss of a commit."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

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


def test_a_commit_that_does_not_verify_is_not_served(
    address: str, index: Path, tmp_path: Path, marsad: Marsad
) -> None:
    before = {path.name for path in index.iterdir()}
    marsad("index", source(tmp_path / "second.jsonl", "هدنة جديدة"), "--index", index)
    (segment,) = (path for path in index.glob("*.seg") if path.name not in before)
    segment.write_bytes(segment.read_bytes()[:-100])

    assert hits(address, "هدنة") == ["first0"]
    assert f"is lost: {segment.name}" in marsad("search", "هدنة", "--index", index).stderr
