"""Registry: an engine is one package and one line, and need not keep a local folder."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marsad.indexer.cli.index import index
from marsad.indexer.cli.rebuild import rebuild
from marsad.indexer.cli.retry import retry
from marsad.indexer.cli.sync import sync
from marsad.indexer.engine.commits import commit_number
from marsad.indexer.errors import EngineUnknownError, IndexMissingError
from marsad.indexer.parts import Parts
from marsad.indexer.registry import (
    ENGINES,
    STATE_VARIABLE,
    index_folder,
    newest_commit,
    open_engine,
    side_folder,
)
from marsad.indexer.sync.tombstones import Tombstones
from marsad.webui.app import open_app
from marsad.webui.state.settings import Settings
from tests.conftest import ROOT
from tests.memory_engine.engine import OPEN, forget

ADDRESS = "memory:news"
# Rooms that work on the files of one engine: what stock Whoosh reads, and what converts old ones.
OF_THE_FILES = ("indexer/segments", "indexer/whoosh_compat", "indexer/rebuild")


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A second engine in the registry, with the folder for its side folders."""
    monkeypatch.setitem(ENGINES, "memory", "tests.memory_engine")
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    yield tmp_path / "state"
    if "news" in OPEN:
        forget("news")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in "abc":
        write(folder, name)
    return folder


def write(folder: Path, name: str, text: str = "أعلنت هدنة في الجنوب") -> None:
    path = folder / f"{name}.jsonl"
    path.write_text(json.dumps({"id": name, "title": name, "text": text}) + "\n", "utf-8")
    # A file that was just written may change within its time stamp, so it is looked at again.
    os.utime(path, (1_000_000, 1_000_000))


def run_sync(folder: Path, *more: str) -> Result:
    arguments = [str(folder), "--index", ADDRESS, "--workers", "1", *more]
    return CliRunner().invoke(sync, arguments, catch_exceptions=False)


def test_an_engine_without_a_folder_is_synced(memory: Path, news: Path) -> None:
    assert not memory.exists()
    first = run_sync(news)
    engine = OPEN.pop("news")
    second = run_sync(news)
    was_opened = "news" in OPEN
    OPEN["news"] = engine
    (news / "b.jsonl").unlink()
    write(news, "c", "خرقت الهدنة في الشمال")
    third = run_sync(news)

    assert "3 added, 0 updated, 0 unchanged, 0 removed" in first.output
    assert "3 seen, 3 unchanged" in second.output
    assert not was_opened
    assert "0 added, 1 updated, 0 unchanged, 1 removed" in third.output
    assert OPEN["news"].documents.keys() == {"a", "c"}
    (stone,) = Tombstones(side_folder(ADDRESS)).all()
    assert (stone.id, Path(stone.path).name) == ("b", "b.jsonl")


def test_the_files_beside_such_an_index_are_in_its_side_folder(memory: Path, news: Path) -> None:
    run_sync(news)

    side = side_folder(ADDRESS)
    assert side.parent == memory
    assert {path.name.partition("-")[0] for path in side.iterdir()} == {
        "claims.bin",
        "copies.journal",
        "copies.settled",
        "folders.json",
        "runs.jsonl",
        "sync",
    }
    assert side_folder("memory:other") != side
    assert not Path(ADDRESS).exists()


def test_files_are_read_again_where_such_an_index_lost_its_commits(
    memory: Path, news: Path
) -> None:
    assert not memory.exists()
    run_sync(news)
    forget("news")

    again = run_sync(news)

    assert "3 added" in again.output
    assert "3 seen, 3 unchanged" in run_sync(news).output


def test_refused_records_of_such_an_index_are_kept_and_tried_again(
    memory: Path, news: Path
) -> None:
    (news / "bad.jsonl").write_text('{"id": "bad"}\n', "utf-8")
    command = [str(news), "--index", ADDRESS, "--workers", "1"]
    done = CliRunner().invoke(index, command, catch_exceptions=False)
    kept = memory / f"{side_folder(ADDRESS).name}.quarantine.jsonl"
    (news / "bad.jsonl").write_text('{"id": "bad", "text": "نص وصل الآن"}\n', "utf-8")
    again = CliRunner().invoke(retry, [str(kept), "--index", ADDRESS], catch_exceptions=False)

    assert (done.exit_code, again.exit_code) == (1, 0), again.output
    assert OPEN["news"].documents.keys() == {"a", "b", "c", "bad"}


def test_the_page_shows_such_an_index_and_what_is_gone(memory: Path, news: Path) -> None:
    run_sync(news)
    (news / "b.jsonl").unlink()
    run_sync(news)
    page = open_app(ADDRESS, Settings()).test_client()

    assert memory.is_dir()
    assert page.get("/search?q=هدنة").status_code == 200
    assert page.get("/article/a").status_code == 200
    assert page.get("/article/b").status_code == 410


def test_rebuild_refuses_an_engine_that_keeps_no_folder(
    memory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    done = CliRunner().invoke(rebuild, [ADDRESS])

    assert done.exit_code == 2
    assert "expected" in done.output + caplog.text
    assert not memory.exists()


def test_an_index_that_is_not_there_is_not_made(memory: Path, wanted: Parts) -> None:
    with pytest.raises(IndexMissingError):
        open_engine(ADDRESS, wanted.analyzer)

    assert newest_commit(ADDRESS) == ""
    assert not memory.exists()


@pytest.mark.parametrize("kind", ENGINES)
def test_every_engine_of_the_table_can_be_asked(kind: str, tmp_path: Path, wanted: Parts) -> None:
    address = f"{kind}:{tmp_path / 'new'}"

    engine = open_engine(address, wanted.analyzer, create=True)
    engine.close()

    assert commit_number(newest_commit(address)) == 1
    assert side_folder(address).is_dir()


def test_an_engine_of_another_kind_is_refused() -> None:
    for ask in (newest_commit, side_folder, index_folder):
        with pytest.raises(EngineUnknownError, match="'lucene:news'"):
            ask("lucene:news")


def test_only_the_registry_names_the_package_of_an_engine() -> None:
    naming = {
        str(path.relative_to(ROOT))
        for room in ("corpus", "indexer", "webui", "marsad")
        for path in (ROOT / room).rglob("*.py")
        if any(package in words(path) for package in ENGINES.values())
    }

    assert {name for name in naming if not name.startswith(OF_THE_FILES)} == {"indexer/registry.py"}


def words(path: Path) -> str:
    """Return the names that a module imports and its strings, without its docstrings."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"^[\w.]+$", node.value)
    return "\n".join(found)


def test_the_registry_loads_no_heavy_module() -> None:
    code = (
        "import sys; from marsad.indexer.registry import newest_commit; newest_commit('none');"
        "print(sorted({'numpy', 'numba', 'lxml', 'pyarabic'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
