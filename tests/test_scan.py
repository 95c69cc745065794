"""Scan: the files of a folder are found once, without waiting, with their digests."""

import hashlib
import os
from pathlib import Path

import pytest

from marsad.indexer.sync.scan import LeftOut, look_at, scan


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "a.txt").write_text("x")

    left_out: list[LeftOut] = []

    assert [name for name, _ in scan(tmp_path, left_out=left_out)] == ["a.txt"]
    assert left_out == [("pipe.jsonl", "not-regular", "found a pipe, expected a file")]
    assert look_at(str(tmp_path / "pipe.jsonl"))[1] == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (2 << 20) + 7])
def test_the_digest_of_a_file_covers_all_its_bytes(tmp_path: Path, size: int) -> None:
    raw = os.urandom(size)
    (tmp_path / "a").write_bytes(raw)

    assert look_at(str(tmp_path / "a"))[1] == hashlib.sha256(raw).hexdigest()


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("x")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)

    assert [name for name, _ in scan(tmp_path)] == ["in/a.txt"]
    stamp, digest = look_at(str(tmp_path / "in" / "a.txt"))
    assert (stamp, digest[:8]) == ("-", "2d711642")
