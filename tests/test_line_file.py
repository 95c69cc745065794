"""Line file: appended lines stay whole, also after a line that was cut."""

import resource
from pathlib import Path

import pytest

from marsad.corpus.line_file import append_lines
from marsad.indexer.sync.tombstones import Tombstone, Tombstones

STONE = Tombstone("a", "هدنة\u2028في الجنوب", "2023-09-21", "تاس", "news/a.txt", "2026-11-24")


def test_lines_are_appended_after_a_line_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "a"
    append_lines(path, b"one\n")
    path.write_bytes(path.read_bytes() + b"tw")

    append_lines(path, b"three\nfour\n", durable=False)

    assert path.read_bytes() == b"one\ntw\nthree\nfour\n"


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    append_lines(path, b"one\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            append_lines(path, b"x" * 200 + b"\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert path.read_bytes() == b"one\n"


def test_a_tombstone_after_one_that_was_cut_is_read(tmp_path: Path) -> None:
    Tombstones(tmp_path).add([STONE])
    path = tmp_path / "tombstones.jsonl"
    path.write_bytes(path.read_bytes()[:-9])

    Tombstones(tmp_path).add([STONE])

    assert Tombstones(tmp_path).all() == (STONE,)
