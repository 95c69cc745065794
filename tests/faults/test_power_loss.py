"""Power loss: whatever damage the last commit has, the newest whole generation opens."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.errors import FileDamagedError, IndexDamagedError
from marsad.indexer.segments.engine import open_index
from tests.faults.conftest import oracle
from tests.faults.helper import ANALYZER, batch, state_of, write

Damage = Callable[[Path], None]


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def missing(path: Path) -> None:
    path.unlink()


def flipped(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 0x10
    path.write_bytes(raw)


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


DAMAGES: tuple[Damage | None, ...] = (None, truncated, emptied, missing, flipped, zeroed)


@pytest.fixture(scope="module")
def two_commits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An index with two generations, and the names of the files that the second one added."""
    index = tmp_path_factory.mktemp("power") / "index"
    engine = open_index(index, ANALYZER, create=True)
    files: list[set[str]] = []
    for number in (0, 1):
        with engine.writer() as writer:
            write(writer, batch(number))
        files.append({path.name for path in index.iterdir()})
    engine.close()
    return index, sorted(files[1] - files[0])


def combinations() -> Iterator[tuple[int, ...]]:
    """Yield every combination of damages to the four files of a commit."""
    return product(range(len(DAMAGES)), repeat=4)


def test_the_last_commit_adds_a_manifest_a_segment_a_store_and_its_removals(
    two_commits: tuple[Path, list[str]],
) -> None:
    _, files = two_commits
    assert sorted(Path(name).suffix for name in files) == [".del", ".json", ".seg", ".txt"]


def test_every_combination_of_damage_costs_at_most_the_last_generation(
    two_commits: tuple[Path, list[str]], tmp_path: Path
) -> None:
    index, files = two_commits
    for chosen in combinations():
        damages = {name: DAMAGES[at] for name, at in zip(files, chosen, strict=True)}
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(index, copy, copy_function=shutil.copy2)
        for name, damage in damages.items():
            if damage is not None:
                damage(copy / name)
        hurt = any(damages.values())
        manifest_gone = damages[next(n for n in files if n.endswith(".json"))] is missing

        engine = open_index(copy, ANALYZER)
        try:
            assert engine.stats().content == oracle(1 if hurt else 2).stats().content, damages
            # Without its manifest, a generation was never committed, so no loss is reported.
            assert bool(engine.lost_commits()) == (hurt and not manifest_gone), damages
            for loss in engine.lost_commits():
                assert any(name in loss for name, damage in damages.items() if damage), loss
        finally:
            engine.close()


def test_the_next_commit_after_a_loss_builds_on_the_whole_generation(
    two_commits: tuple[Path, list[str]], tmp_path: Path
) -> None:
    index, files = two_commits
    copy = tmp_path / "copy"
    shutil.copytree(index, copy)
    truncated(copy / next(name for name in files if name.endswith(".seg")))

    engine = open_index(copy, ANALYZER)
    with engine.writer() as writer:
        write(writer, batch(1))

    assert engine.lost_commits() == ()
    assert engine.check() == ()
    assert state_of(copy) == 2
    assert engine.stats().content == oracle(2).stats().content
    engine.close()


def test_damage_that_keeps_size_and_time_is_found_by_check(
    two_commits: tuple[Path, list[str]], tmp_path: Path
) -> None:
    index, files = two_commits
    for name in files:
        if name.endswith(".json"):
            continue
        copy = tmp_path / name
        shutil.copytree(index, copy, copy_function=shutil.copy2)
        stat = (copy / name).stat()
        flipped(copy / name)
        os.utime(copy / name, ns=(stat.st_atime_ns, stat.st_mtime_ns))

        try:
            engine = open_index(copy, ANALYZER)
            faults = engine.check()
            engine.close()
        except (IndexDamagedError, FileDamagedError) as error:
            faults = (str(error),)

        assert any(name in fault for fault in faults), (name, faults)


def test_an_index_without_a_whole_generation_says_what_to_do(tmp_path: Path) -> None:
    engine = open_index(tmp_path, ANALYZER, create=True)
    engine.close()
    emptied(tmp_path / "manifest.00000001.json")

    with pytest.raises(IndexDamagedError, match=r"marsad check.*marsad index SOURCE"):
        open_index(tmp_path, ANALYZER)


def test_a_manifest_is_json_and_nothing_is_pickled(tmp_path: Path) -> None:
    engine = open_index(tmp_path, ANALYZER, create=True)
    with engine.writer() as writer:
        write(writer, batch(0))
    engine.close()

    body = json.loads((tmp_path / "manifest.00000002.json").read_text(encoding="utf-8"))

    assert body["generation"] == 2
    assert not any(path.suffix in (".pickle", ".toc") for path in tmp_path.iterdir())
    reopened = open_index(tmp_path, ANALYZER)
    assert reopened.search(SearchRequest()).total == len(oracle(1).documents)
    reopened.close()
