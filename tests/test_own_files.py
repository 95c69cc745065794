"""Own files: a run never reads the files that it writes, wherever they are."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Refusal
from tests.conftest import Marsad

GOOD, BAD = '{"id": "a", "title": "هدنة", "text": "أعلنت هدنة"}\n', '{"title": "بلا نص"}\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.jsonl").write_text(GOOD + BAD, encoding="utf-8")
    return tmp_path / "news"


def test_an_index_inside_its_source_is_not_read(source: Path, marsad: Marsad) -> None:
    command = ("index", source, "--index", source / "index", "--quarantine", source / "q.jsonl")

    first, second = marsad(*command), marsad(*command)

    assert "read 1, added 1, updated 0, unchanged 0, refused 1," in first.stdout
    assert "read 1, added 0, updated 0, unchanged 1, refused 1," in second.stdout
    # A record that is refused again has one entry.
    assert len((source / "q.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_sync_whose_index_is_in_its_folder_finds_no_change(source: Path, marsad: Marsad) -> None:
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    command = ("sync", source, "--index", source / "index", "--report", source / "r.json")

    first, second = marsad(*command), marsad(*command)

    assert first.stdout.startswith("files: 1 seen, 0 unchanged, 1 new")
    assert second.stdout.startswith("files: 1 seen, 1 unchanged, 0 new")


def test_the_quarantine_of_a_run_is_refused_as_its_source(source: Path, marsad: Marsad) -> None:
    index = source.parent / "index"

    done = marsad("index", source / "a.jsonl", "--index", index, "--quarantine", source / "a.jsonl")

    assert done.returncode == 2
    assert "marsad retry" in done.stderr
    assert (source / "a.jsonl").read_text(encoding="utf-8") == GOOD + BAD


@pytest.mark.parametrize("command", ["index", "sync"])
def test_an_index_is_not_made_of_the_folder_of_articles(
    source: Path, marsad: Marsad, command: str
) -> None:
    (source.parent / "link").symlink_to(source)

    done = marsad(command, source, "--index", source.parent / "link")

    assert done.returncode == 2
    assert f"{source}: the index or the quarantine of this run" in done.stderr
    assert [path.name for path in source.iterdir()] == ["a.jsonl"]
    assert {path.name for path in source.parent.iterdir()} == {"news", "link"}


def test_a_source_that_is_not_there_makes_no_index(source: Path, marsad: Marsad) -> None:
    done = marsad("index", source / "b.jsonl", "--index", source.parent / "index")

    assert done.returncode == 2
    assert not (source.parent / "index").exists()


def test_a_folder_that_goes_while_it_is_read_ends_no_run(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "0").mkdir()
    (source / "0" / "b.jsonl").write_text(GOOD, encoding="utf-8")
    real = os.walk

    def walk(*args: Any, **more: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for here, folders, names in real(*args, **more):
            if here.endswith("/0"):
                shutil.rmtree(here)
            yield here, folders, names

    monkeypatch.setattr(os, "walk", walk)
    records = list(read([source]))

    assert sum(isinstance(record, Article) for record in records) == 1
    assert any(isinstance(each, Refusal) and each.path.endswith("/0") for each in records)
