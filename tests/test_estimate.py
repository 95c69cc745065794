"""Estimate: the number of records of a run, within its bound."""

import gzip
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.estimate import MOST_COUNTED_BYTES, estimate
from marsad.corpus.read import STDIN, read
from tests.conftest import CORPUS

LINE = '{"id": "a", "title": "هدنة", "text": "' + "أعلنت هدنة في الجنوب " * 40 + '"}\n'
MANY = MOST_COUNTED_BYTES // len(LINE.encode()) * 3


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "a.jsonl"
    with path.open("wb") as file:
        file.writelines(LINE.encode() * 100 for _ in range(MANY // 100))
    return path


def test_articles_of_the_corpus_are_counted_as_they_are_read() -> None:
    assert estimate([CORPUS]) == sum(isinstance(record, Article) for record in read([CORPUS]))


def test_lines_are_counted_exactly_within_the_bound(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE * 7)
    (tmp_path / "b.jsonl").write_text(LINE * 3 + LINE.rstrip())
    with gzip.open(tmp_path / "c.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(LINE * 5)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("a.txt", "x")
        archive.writestr("b.txt", "y")
    (tmp_path / "e.txt").write_text("x")
    (tmp_path / "f.png").write_text("x")
    (tmp_path / "g.jsonl.gz").write_bytes(b"no gzip")

    assert estimate([tmp_path]) == 7 + 4 + 5 + 2 + 1


def test_the_list_of_a_hostile_archive_is_not_read(tmp_path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    many = 200_000
    end = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 0xFFFF, 0xFFFF, len(entry) * many, 0, 0)
    (tmp_path / "long.zip").write_bytes(entry * many + end)
    # It states more members than its list has room for.
    lie = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 0xFFFF, 0xFFFF, 3 * len(entry), 0, 0)
    (tmp_path / "lie.zip").write_bytes(entry * 3 + lie)
    (tmp_path / "cut.zip").write_bytes(entry * 3)
    tracemalloc.start()

    found = estimate([tmp_path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == 0xFFFF + 3
    assert peak < 4 << 20


def test_beyond_the_bound_lines_count_by_their_mean_length(large: Path) -> None:
    found = estimate([large])

    assert found is not None
    assert abs(found - MANY) < MANY / 100


def test_the_bound_holds_for_all_sources_together(large: Path, tmp_path: Path) -> None:
    opened: list[int] = []
    packed = tmp_path / "z.jsonl.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        file.writelines(b"\n" * (1 << 20) for _ in range(512))
    tracemalloc.start()
    found = estimate([large, large, packed])
    opened.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()

    # The first file takes all but the share of packed files: no more is unpacked of a bomb.
    assert found is not None
    assert 0.98 * 2 * MANY < found < 2 * MANY + (600 << 20)
    assert opened[0] < 8 << 20


@pytest.mark.parametrize("names", [("a.jsonl.gz", "b.jsonl"), ("a.jsonl", "b.jsonl.gz")])
def test_packed_and_plain_files_are_both_counted_whichever_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    monkeypatch.setattr("marsad.corpus.estimate.MOST_COUNTED_BYTES", 16 << 20)
    lines = [os.urandom(300).hex().encode() + b"\n" for _ in range(1_000)]
    for name, times in zip(names, (30, 10), strict=True):
        raw = b"".join(lines * times)
        packed = gzip.compress(raw, compresslevel=1) if name.endswith(".gz") else raw
        (tmp_path / name).write_bytes(packed)

    found = estimate([tmp_path])

    assert found is not None
    assert abs(found - 40_000) < 4_000


def test_standard_input_has_no_estimate(tmp_path: Path) -> None:
    assert estimate([tmp_path, STDIN]) is None
