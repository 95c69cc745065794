"""Damage that keeps the size and the time of a file: it is told, and costs little."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.indexer.engine.request import LostCommit, SearchRequest
from marsad.indexer.errors import FileDamagedError, IndexDamagedError
from marsad.indexer.query.tree import Term
from marsad.indexer.segments import engine as engine_module
from marsad.indexer.segments.commits import is_whole
from marsad.indexer.segments.container import Container
from marsad.indexer.segments.engine import SegmentEngine, open_index
from marsad.indexer.segments.generation import open_newest
from marsad.indexer.sync.check_side import check_side
from marsad.indexer.sync.tombstones import NAME as TOMBSTONES
from marsad.indexer.sync.tombstones import Tombstone, Tombstones
from tests.faults.flips import flip, run
from tests.faults.helper import ANALYZER, MARKED, batch, write

FLIPS = 120
EVERY = SearchRequest()
MARKED_ONES = SearchRequest(query=Term("body_stem", MARKED))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index with two generations; the second one has more articles than the first."""
    folder = tmp_path / "index"
    engine = open_index(folder, ANALYZER, create=True)
    for numbers in (range(4), range(4, 12)):
        with engine.writer() as writer:
            for number in numbers:
                write(writer, batch(number))
    engine.close()
    return folder


@pytest.fixture
def engine(index: Path) -> Iterator[SegmentEngine]:
    opened = open_index(index, ANALYZER)
    yield opened
    opened.close()


def newest_file(index: Path, suffix: str) -> Path:
    """Return the file of a kind that the newest generation has and the one before has not."""
    newest, before = (
        json.loads((index / name).read_bytes())["files"]
        for name in sorted((p.name for p in index.glob("manifest.*.json")), reverse=True)[:2]
    )
    return index / next(str(n) for n in newest.keys() - before.keys() if n.endswith(suffix))


def middle_of(index: Path, name: str, path: Path) -> int:
    """Return a place in the middle of an array of a container."""
    del index
    found = next(e for e in json.loads(_directory(path))["arrays"] if e["name"] == name)
    return int(found["at"] + found["bytes"] // 2)


def _directory(path: Path) -> bytes:
    raw = path.read_bytes()
    return raw[raw.rindex(b'{"arrays"') :]


def test_no_flip_crashes_or_changes_an_answer_in_silence(corpus_index: Path) -> None:
    analyzer = open_newest(corpus_index).manifest.analyzer

    table, failures = run(corpus_index, analyzer, FLIPS, seed=11)

    assert failures == []
    assert sum(table.values()) == FLIPS
    assert table[".seg", "told"] > FLIPS // 3


def test_kernels_stay_in_their_arrays_without_any_checksum(corpus_index: Path) -> None:
    analyzer = open_newest(corpus_index).manifest.analyzer

    _, failures = run(corpus_index, analyzer, 40, seed=12, kinds=(".seg",), without_sums=True)

    assert failures == []


def test_a_damaged_segment_costs_its_generation_and_the_loss_has_day_and_number(
    index: Path,
) -> None:
    engine = open_index(index, ANALYZER)
    whole = engine.search(EVERY).total
    engine.close()
    flip(newest_file(index, ".seg"), 2_000, 3)

    engine = open_index(index, ANALYZER)
    (loss,) = engine.lost_commits()

    assert isinstance(loss, LostCommit)
    assert newest_file(index, ".seg").name in loss
    assert len(loss.written) == len("2026-11-28")
    assert loss.missing == whole - engine.search(EVERY).total > 0
    assert not is_whole(str(index))
    engine.close()


def test_damage_under_an_open_index_is_noticed_and_so_is_its_repair(
    index: Path, engine: SegmentEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_LOOK_S", 0.0)
    monkeypatch.setattr(engine_module, "_RETRY_S", 0.0)
    right = engine.search(EVERY).total
    path = newest_file(index, ".seg")

    flip(path, 2_000, 3)
    assert engine.search(EVERY).total < right
    assert len(engine.lost_commits()) == 1

    flip(path, 2_000, 3)
    assert engine.search(EVERY).total == right
    assert engine.lost_commits() == ()


def test_a_new_commit_ends_the_loss(index: Path) -> None:
    flip(newest_file(index, ".seg"), 2_000, 3)
    engine = open_index(index, ANALYZER)
    assert engine.lost_commits()

    with engine.writer() as writer:
        for number in range(4, 12):
            write(writer, batch(number))

    assert engine.lost_commits() == ()
    assert engine.check() == ()
    assert engine.get("marker").stored == "11"  # type: ignore[union-attr]
    engine.close()


def test_an_index_without_a_whole_generation_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = open_index(folder, ANALYZER, create=True)
    with engine.writer() as writer:
        write(writer, batch(0))
    engine.close()
    shutil.copy2(folder / "manifest.00000002.json", folder / "kept")
    (folder / "manifest.00000001.json").unlink()
    path = next(folder.glob("*.seg"))
    flip(path, 2_000, 3)

    with pytest.raises(IndexDamagedError, match=rf"{path.name}.*marsad check"):
        open_index(folder, ANALYZER)


def test_one_damaged_record_costs_one_article(index: Path) -> None:
    engine = open_index(index, ANALYZER)
    right = {hit.id: hit for hit in engine.walk(EVERY)}
    engine.close()
    path = newest_file(index, ".txt")
    flip(path, path.stat().st_size // 2, 2)

    engine = open_index(index, ANALYZER)
    found = {hit.id: hit for hit in engine.walk(EVERY)}
    (damaged,) = [hit for hit in found.values() if hit.damage]

    assert found.keys() == right.keys()
    assert path.name in damaged.damage
    assert damaged.stored == ""
    assert damaged.date == right[damaged.id].date
    assert engine.get(damaged.id) == damaged
    assert all(right[each].stored == found[each].stored for each in right if each != damaged.id)
    assert engine.lost_commits() == ()
    assert any(repr(damaged.id) in fault for fault in engine.check())
    engine.close()


def test_a_bit_that_rots_after_the_check_ends_in_a_named_error(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = newest_file(index, ".seg")
    flip(path, middle_of(index, "run_doc", path) // 4 * 4 + 3, 7)
    engine = None
    # The check passes, as it does before a bit rots.
    with monkeypatch.context() as patch:
        patch.setattr(Container, "_is_damaged", lambda *_: False)
        engine = open_index(index, ANALYZER)
    answers = []
    for word in engine.words("body_stem"):
        try:
            answers.append(engine.search(SearchRequest(query=Term("body_stem", word))).total)
        except FileDamagedError as error:
            assert error.path.name == path.name  # noqa: PT017
            break
    else:
        pytest.fail("no kernel followed the number")
    # The next search is answered from the generation before.
    assert engine.search(MARKED_ONES).total == 1
    assert engine.lost_commits()
    engine.close()


def test_a_check_reads_the_generation_that_is_kept_to_fall_back_on(index: Path) -> None:
    older = min(index.glob("manifest.*.json"))
    flip(older, older.stat().st_size // 2, 1)

    engine = open_index(index, ANALYZER)

    assert any("to fall back on" in fault for fault in engine.check())
    engine.close()


@pytest.fixture
def side(tmp_path: Path) -> Path:
    """Side files as runs leave them."""
    folder = tmp_path / "side"
    folder.mkdir()
    stones = Tombstones(folder)
    stones.add(
        [Tombstone(f"a{n}", "هدنة", "2023-01-01", "تاس", "a.txt", "2024-05-06") for n in range(4)]
    )
    stones.lift(["a1"], "2024-05-07")
    runs = [json.dumps({"exit_code": 0, "seconds": 1.5, "files": None}) for _ in range(3)]
    (folder / "runs.jsonl").write_text("\n".join(runs) + "\n")
    refused = [
        json.dumps({"path": "a.csv", "line": n, "reason": "no text", "format": "csv", "raw": "x"})
        for n in range(3)
    ]
    (folder / "q.jsonl").write_text("\n".join(refused) + "\n")
    digest = "0" * 64
    rows = [f"{n}.txt\t{n} 1700000000000000000\t{digest}\ta{n}" for n in range(3)]
    (folder / "sync-0123456789abcdef.tsv").write_text(
        "\n".join(["\t12\tf", *rows, "\t\t3 abc"]) + "\n"
    )
    (folder / "rebuild.json").write_text('{"source": ".", "program": "x"}')
    return folder


def faults_of(side: Path) -> list[str]:
    return list(check_side(side, side / "q.jsonl", ANALYZER))


NAMES = [TOMBSTONES, "runs.jsonl", "q.jsonl", "sync-0123456789abcdef.tsv", "rebuild.json"]


def test_whole_side_files_have_no_fault(side: Path) -> None:
    assert faults_of(side) == []


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_line_that_a_kill_cut_is_no_fault(side: Path, name: str) -> None:
    path = side / name
    raw = path.read_bytes()
    for cut in (1, 5, len(raw.splitlines()[-1]) - 1):
        path.write_bytes(raw[:-cut])
        assert faults_of(side) == [], cut


# A state without checksums cannot tell half of a line from the line of a vanished file.
@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (name, damage)
        for name in NAMES
        for damage in ("zeros", "garbage", "not UTF-8", "an array", "a lost half of a line")
        if not (name.endswith(".tsv") and damage.endswith("half of a line"))
    ],
)
def test_a_damaged_side_file_is_named_with_its_line_and_what_to_do(
    side: Path, name: str, damage: str
) -> None:
    path = side / name
    lines = path.read_bytes().splitlines(keepends=True)
    at = min(1, len(lines) - 1)
    lines[at] = {
        "zeros": bytes(len(lines[at]) - 1) + b"\n",
        "garbage": b"\x9f\x01\x7fzz\t\t{{}\n",
        "not UTF-8": lines[at][:8] + b"\xff\xfe\x01" + lines[at][8:],
        "an array": b"[1,\t2]\n",
        "a lost half of a line": lines[at][len(lines[at]) // 2 :],
    }[damage]
    path.write_bytes(b"".join(lines))

    found = faults_of(side)

    assert found, damage
    assert all(fault.startswith(name) for fault in found)
    assert name == "rebuild.json" or f"line {at + 1}: " in found[0]


def test_a_flipped_bit_in_a_tombstone_is_found(side: Path) -> None:
    path = side / TOMBSTONES
    raw = path.read_bytes()
    for at in range(0, raw.index(b"\n"), 7):
        changed = bytearray(raw)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert faults_of(side), at
    os.utime(path)
