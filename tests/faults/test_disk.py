"""Full disks and missing rights: there is a clear error, and the index stays as it was."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.indexer.segments.engine import open_index
from tests.faults.conftest import Order, oracle
from tests.faults.helper import ANALYZER, state_of


def fingerprint(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index.glob("manifest.*.json")}


@pytest.mark.parametrize("job", ["batches", "parts", "merge", "compact"])
def test_a_full_disk_leaves_the_index_as_it_was(job: str, tmp_path: Path, order: Order) -> None:
    index = tmp_path / "index"
    order(job="batches", index=index, count=4)
    refused = 0
    for most_bytes in (0, 64, 500, 2_000, 4_000, 6_000, 10_000, 20_000):
        copy = tmp_path / str(most_bytes)
        shutil.copytree(index, copy, copy_function=shutil.copy2)
        before = fingerprint(copy)

        done = order(job=job, index=copy, count=1, most_bytes=most_bytes)

        if done["code"]:
            refused += 1
            assert done["code"] == 2, done
            assert done["said"][-1].startswith("IndexWriteError: "), done
            assert "cannot write here" in done["said"][-1]
            assert "make room" in done["said"][-1]
            assert fingerprint(copy) == before
            assert state_of(copy) == 4
        engine = open_index(copy, ANALYZER)
        assert engine.check() == ()
        assert engine.stats().content == oracle(state_of(copy)).stats().content
        engine.close()
        # With room again, the next run completes and leaves nothing behind.
        assert order(job="batches", index=copy, count=1)["code"] == 0
        assert not list(copy.glob("*.tmp"))
    assert refused >= 3, "the limits were too high to be reached"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; those of pytest are private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_read_only_index_refuses_a_writer_and_stays_readable(
    open_folder: Path, order: Order
) -> None:
    index = open_folder / "index"
    order(job="batches", index=index, count=2)
    for path in index.iterdir():
        path.chmod(0o444)
    index.chmod(0o555)
    before = fingerprint(index)

    # Root may write anywhere, so a test that runs as root gives up its rights.
    done = order(job="batches", index=index, count=1, nobody=not os.geteuid())

    index.chmod(0o755)
    assert done["code"] == 2, done
    assert "cannot write here: Permission denied" in done["said"][-1]
    assert fingerprint(index) == before
    assert state_of(index) == 2
