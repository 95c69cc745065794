"""Kill -9 and full disks: an interrupted rebuild, run again, ends like one that was not."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marsad.indexer.copies.journal import NAME as JOURNAL
from marsad.indexer.copies.journal import Journal
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.errors import IndexMissingError, IndexVersionError
from marsad.indexer.fields import FACETS
from marsad.indexer.parts import Parts
from marsad.indexer.segments.engine import open_index
from tests.conftest import ROOT, Marsad
from tests.faults.test_kill import source  # noqa: F401  (a fixture)
from tests.golden_index import AGED, SECOND, aged

Order = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def order() -> Iterator[Order]:
    """Sends an order to a helper process and returns its answer when the order has ended."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rebuild_helper"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def give(**what: object) -> dict[str, Any]:
        assert run.stdin
        assert run.stdout
        run.stdin.write(json.dumps(what, default=str) + "\n")
        run.stdin.flush()
        said = dict(json.loads(run.stdout.readline()))
        assert "fault" not in said, said["fault"]
        return said

    yield give
    assert run.stdin
    assert run.stdout
    run.stdin.close()
    run.stdout.close()
    run.wait()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, marsad: Marsad) -> Path:
    """An index marked as one of an older version, with the files that a sync leaves beside it."""
    index = tmp_path_factory.mktemp("old") / "index"
    done = marsad("sync", SECOND, "--index", index, "--batch", "4", "--workers", "1")
    assert done.returncode == 1, done.stderr
    return aged(index)


def copied(old: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(old, place / "index")
    return place / "index"


def state(index: Path, analyzer: str) -> object:
    """Return the content of an index, apart from the names of its files."""
    engine = open_index(index, analyzer)
    try:
        assert engine.check() == ()
        assert engine.lost_commits() == ()
        facets = tuple(FacetRequest(name, 100) for name in FACETS)
        found = engine.search(SearchRequest(facets=facets, limit=100, sort="newest"))
        ids = [hit.id for hit in found.hits]
        clusters = {each: engine.cluster(each) for each in ids}
        return engine.stats().content, found.total, ids, found.facets, clusters
    finally:
        engine.close()


def beside(index: Path) -> dict[str, bytes]:
    """Return the files that are of no generation and that a rebuild keeps."""
    names = ("tombstones.jsonl", "runs.jsonl")
    kept = [path for path in index.iterdir() if path.name in names or path.suffix == ".tsv"]
    return {path.name: path.read_bytes() for path in kept}


def generation_files(index: Path) -> set[str]:
    body = json.loads(max(index.glob("manifest.*.json")).read_bytes())
    return {f"manifest.{body['generation']:08d}.json", *body["files"]}


def assert_done(index: Path, calm: object, kept: dict[str, bytes], wanted: Parts) -> None:
    """Compare a finished rebuild with one that was not interrupted."""
    assert state(index, wanted.analyzer.version) == calm
    assert beside(index) == kept
    journal = Journal(index / JOURNAL)
    assert journal.is_applied
    assert set(journal.load().clusters()) == {"karabakh-truce", "karabakh-copy"}
    own = {"write.lock", JOURNAL, "copies.settled", "claims.bin", "folders.json", *kept}
    assert {path.name for path in index.iterdir()} - own == generation_files(index)


@pytest.mark.parametrize("inside", [True, False])
def test_a_rebuild_that_is_killed_at_any_step_completes_when_it_is_run_again(
    inside: bool, old: Path, tmp_path: Path, order: Order, wanted: Parts
) -> None:
    index = copied(old, tmp_path / "calm")
    before, kept = state(index, AGED), beside(index)
    given = {} if inside else {"to": index.parent / "new"}
    done = order(index=index, **given)
    steps = done["steps"]
    calm = state(given.get("to", index), wanted.analyzer.version)
    assert done["report"]["analysed"] == done["report"]["documents"] == 11
    assert len(steps) > 30

    swapped = 0
    placing = next(at for at, step in enumerate(steps) if step.startswith("os.link"))
    # In another folder the build is the same, so only the steps after it are tried.
    for kill_at in range(0 if inside else placing - 5, len(steps)):
        index = copied(old, tmp_path / "killed")
        new = index if inside else index.parent / "new"
        given = {} if inside else {"to": new}
        step = steps[kill_at]

        assert order(index=index, kill_at=kill_at, **given) == {"killed": True}, step

        # Either the old index answers or the new one, never a mixture.
        try:
            assert state(new, wanted.analyzer.version) == calm, step
            swapped += 1
        except IndexVersionError:
            assert inside, step
            assert state(new, AGED) == before, step
            assert not swapped, step
        except IndexMissingError:
            assert not inside, step
            assert not swapped, step
        if not inside:
            assert state(index, AGED) == before, step
        again = order(index=index, **given)
        assert "report" in again, (step, again)
        assert again["report"]["content"] == done["report"]["content"], step
        assert_done(new, calm, kept, wanted)
    assert 3 < swapped < len(steps) - 20


def test_a_rebuild_goes_on_where_it_was_killed(old: Path, tmp_path: Path, order: Order) -> None:
    index = copied(old, tmp_path)
    steps = order(index=copied(old, tmp_path / "calm"))["steps"]
    second = [at for at, step in enumerate(steps) if "manifest" in step and "rename" in step][2]

    order(index=index, kill_at=second + 1)
    again = order(index=index)["report"]

    assert (again["read"], again["analysed"], again["kept"]) == (11, 3, 8)


def test_a_rebuild_includes_changes_made_while_it_was_interrupted(
    old: Path, tmp_path: Path, order: Order, wanted: Parts
) -> None:
    """Between two runs the older program removes one article and changes another."""
    steps = order(index=copied(old, tmp_path / "calm"))["steps"]
    index = copied(old, tmp_path / "killed")
    placing = next(at for at, step in enumerate(steps) if step.startswith("os.link"))
    order(index=index, kill_at=placing)
    engine = open_index(index, AGED)
    hit = engine.get("gaza-crossing")
    assert hit is not None
    body = json.loads(hit.stored)
    with engine.writer() as writer:
        writer.remove("karabakh-copy")
        changed = wanted.documents.make(_article(json.dumps({**body, "title": "عنوان آخر"})))
        writer.add(changed)
    engine.close()

    report = order(index=index)["report"]

    assert (report["read"], report["analysed"], report["kept"]) == (10, 1, 9)
    found = open_index(index, wanted.analyzer.version)
    try:
        assert found.check() == ()
        assert found.stats().documents == 10
        assert found.get("karabakh-copy") is None
        assert found.cluster("karabakh-truce") == ()
        again = found.get("gaza-crossing")
        assert again is not None
        assert json.loads(again.stored)["title"] == "عنوان آخر"
    finally:
        found.close()


def _article(stored: str) -> Any:
    from marsad.indexer.build.document import load_article  # noqa: PLC0415

    return load_article(stored)[0]


def test_a_full_disk_leaves_the_old_index_and_a_rebuild_that_can_go_on(
    old: Path, tmp_path: Path, order: Order, wanted: Parts
) -> None:
    index = copied(old, tmp_path / "calm")
    before, kept = state(index, AGED), beside(index)
    order(index=index)
    calm = state(index, wanted.analyzer.version)
    refused = 0
    for most_bytes in (0, 64, 500, 1_500, 3_000, 6_000, 12_000, 20_000, 24_000):
        index = copied(old, tmp_path / str(most_bytes))

        done = order(index=index, most_bytes=most_bytes)

        if "error" in done:
            refused += 1
            assert done["error"].startswith("IndexWriteError: "), done
            assert "make room" in done["error"]
            assert state(index, AGED) == before
        assert "report" in order(index=index)
        assert_done(index, calm, kept, wanted)
    assert refused >= 5


def test_a_killed_command_completes_when_it_is_run_again(
    tmp_path: Path,
    source: Path,  # noqa: F811
    marsad: Marsad,
    wanted: Parts,
) -> None:
    """The real command, with worker processes, is killed at random moments."""
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    assert marsad("index", source, "--index", calm, "--batch", "600").returncode == 0
    aged(calm)
    shutil.copytree(calm, killed)
    before = state(killed, AGED)
    args = ["rebuild", "--batch", "600", "--workers", "2"]
    began = time.monotonic()
    assert marsad(*args, calm).returncode == 0
    length = time.monotonic() - began
    command = [str(Path(sys.executable).parent / "marsad"), *args, str(killed)]
    rng = random.Random(13)
    interrupted = 0
    for share in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * share * rng.uniform(0.9, 1.1))
        interrupted += run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        try:
            assert state(killed, AGED) == before
        except IndexVersionError:
            break
    done = marsad(*args, killed)

    assert done.returncode == 0, done.stderr
    assert interrupted, "no run was killed before its end"
    assert state(killed, wanted.analyzer.version) == state(calm, wanted.analyzer.version)
    assert not list(killed.glob("rebuild*"))
