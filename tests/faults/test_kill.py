"""Kill -9: after any interruption, the next run completes the index as if nothing happened."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

import pytest

from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.query.tree import Term
from marsad.indexer.segments.engine import open_index
from tests.conftest import Marsad
from tests.faults.conftest import Order, oracle
from tests.faults.helper import ANALYZER, state_of

KILLS = 200
BATCHES = 6
JOBS = ("batches", "batches", "parts", "merge", "compact")

ASKED = SearchRequest(
    query=Term("body_stem", "سلام"), sort="newest", limit=100, facets=(FacetRequest("place"),)
)


def assert_whole(index: Path, state: int) -> None:
    """Compare an index with the oracle of that state."""
    engine = open_index(index, ANALYZER)
    try:
        assert engine.check() == ()
        assert engine.lost_commits() == ()
        assert engine.stats().content == oracle(state).stats().content
        found, expected = engine.search(ASKED), oracle(state).search(ASKED)
        assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits]
        assert found.facets == expected.facets
    finally:
        engine.close()


def test_an_index_survives_kills_at_random_moments(tmp_path: Path, order: Order) -> None:
    index = tmp_path / "index"
    # The lengths of the latest whole runs. They set the moments of the kills, because the speed
    # changes with the index and the machine.
    took = {
        job: deque([order(job=job, index=index, count=BATCHES)["seconds"]], maxlen=5)
        for job in dict.fromkeys(JOBS)
    }
    state = state_of(index)
    rng = random.Random(5)
    killed = runs = 0
    while runs < KILLS or killed <= KILLS / 3:
        job = rng.choice(JOBS)
        length = rng.choice(took[job])
        done = order(job=job, index=index, count=BATCHES, kill_after=rng.uniform(0, 1.2) * length)
        assert done["code"] in (0, -signal.SIGKILL), done
        runs += 1
        killed += done["code"] == -signal.SIGKILL
        if done["code"] == 0 or done["seconds"] > length:
            took[job].append(done["seconds"])

        reported = [int(number) for number in done["said"]]
        reached = state_of(index)
        assert reported == list(range(state, state + len(reported)))
        # The kill may come between a commit and its report; no other difference is allowed.
        assert reached in (state + len(reported), state + len(reported) + 1)
        assert job in ("batches", "parts") or reached == state
        assert_whole(index, reached)
        state = reached

    assert order(job="batches", index=index, count=1)["code"] == 0
    assert_whole(index, state + 1)
    engine = open_index(index, ANALYZER)
    kept = {name for number in (0, 1) for name in _named(index, number)}
    engine.close()
    left = {path.name for path in index.iterdir()} - kept - {"write.lock"}
    assert left == set(), "the next writer left files that no generation names"


def _named(index: Path, back: int) -> set[str]:
    manifest = sorted(index.glob("manifest.*.json"), reverse=True)[back]
    body = json.loads(manifest.read_text(encoding="utf-8"))
    return {manifest.name, *body["files"]}


ARTICLES = 3_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    rng = random.Random(7)
    words = ["قوات", "سلام", "هدنة", "باكو", "يريفان", "الخرطوم", "اتفاق", "وزير", "في", "من"]
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = " ".join(rng.choices(words, k=60))
            file.write(json.dumps({"id": f"a{number}", "text": text, "date": "2020-01-01"}) + "\n")
    return path


def content(marsad: Marsad, index: Path) -> object:
    assert marsad("check", "--index", index).returncode == 0
    return json.loads(marsad("stats", "--index", index, "--json").stdout)["content"]


def test_a_killed_command_completes_when_it_is_run_again(
    tmp_path: Path, source: Path, marsad: Marsad
) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    args = ["index", source, "--batch", "600", "--workers", "2", "--index"]
    assert marsad(*args, calm).returncode == 0
    command = [str(Path(sys.executable).parent / "marsad"), *map(str, args), str(killed)]
    rng = random.Random(11)
    interrupted = 0
    for _ in range(4):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for_commit(killed, run)
        time.sleep(rng.uniform(0, 0.3))
        interrupted += run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert marsad("check", "--index", killed).returncode == 0
    _wait_until_no_worker_lives(killed)
    last = marsad(*args, killed)

    assert last.returncode == 0, last.stderr
    assert interrupted, "no run was killed before its end"
    assert content(marsad, killed) == content(marsad, calm)


def _wait_for_commit(index: Path, run: "subprocess.Popen[bytes]") -> None:
    before = len(list(index.glob("manifest.*.json"))), _newest(index)
    while (
        run.poll() is None and (len(list(index.glob("manifest.*.json"))), _newest(index)) == before
    ):
        time.sleep(0.01)


def _newest(index: Path) -> str:
    return max((path.name for path in index.glob("manifest.*.json")), default="")


def _wait_until_no_worker_lives(index: Path) -> None:
    """Wait for the workers of killed runs: they notice within a second, and end."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        lines = []
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                lines.append(file.read_bytes())
        if not any(str(index).encode() in line for line in lines):
            return
        time.sleep(0.1)
    raise AssertionError("a worker outlived its run by 10 s")
