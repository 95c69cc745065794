"""Readers beside a writer: every answer matches one committed state, and none fails."""

import json
import subprocess
import sys
import time
from pathlib import Path

from marsad.indexer.engine.request import FacetRequest, SearchRequest, SearchResult
from marsad.indexer.query.tree import Or, Phrase, Term
from marsad.indexer.segments.engine import open_index
from tests.conftest import ROOT
from tests.faults.conftest import oracle
from tests.faults.helper import ANALYZER, MARKED, MARKER, batch, write

READERS = 8
COMMITS = 300

# Each answer includes the marker document, from which the expected state is read.
ASKED = (
    SearchRequest(sort="newest", limit=200, facets=(FacetRequest("place"),), histogram="month"),
    SearchRequest(
        query=Or((Term("body_stem", "سلام"), Term("body_stem", MARKED))), sort="oldest", limit=200
    ),
    SearchRequest(
        query=Or((Phrase("body_stem", ("قوات", "من")), Term("body_stem", MARKED))), limit=200
    ),
)


def read(index: Path, until: Path) -> dict[str, int]:
    """Search until the file *until* appears; count the answers, their states and the wrong ones."""
    engine = open_index(index, ANALYZER)
    answers, wrong = 0, 0
    states: set[int] = set()
    while not until.exists():
        for request in ASKED:
            found = engine.search(request)
            marker = next((hit for hit in found.hits if hit.id == MARKER), None)
            state = int(marker.stored) + 1 if marker else 0
            expected = oracle(state).search(request)
            states.add(state)
            answers += 1
            wrong += summary(found) != summary(expected)
    engine.close()
    return {"answers": answers, "states": len(states), "wrong": wrong}


def summary(result: SearchResult) -> tuple[object, ...]:
    """Return the parts of an answer that do not depend on the ranking."""
    hits = sorted((hit.id, hit.stored, hit.date is None) for hit in result.hits)
    return result.total, result.facets, result.histogram, hits


def test_eight_readers_are_never_blocked_and_never_wrong_through_300_commits(
    tmp_path: Path,
) -> None:
    index, ended = tmp_path / "index", tmp_path / "ended"
    engine = open_index(index, ANALYZER, create=True)
    command = [sys.executable, "-m", "tests.faults.test_readers", str(index), str(ended)]
    readers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(READERS)
    ]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n"
        for number in range(COMMITS):
            with engine.writer() as writer:
                write(writer, batch(number))
            if number % 50 == 49:
                engine.merge()
            if number % 100 == 99:
                engine.compact()
        time.sleep(0.2)
    finally:
        ended.touch()
        output = [reader.communicate()[0] for reader in readers]

    assert [reader.returncode for reader in readers] == [0] * READERS
    answers = [json.loads(line) for line in output]
    assert [answer["wrong"] for answer in answers] == [0] * READERS
    # They searched while commits were made, not only before and after.
    assert all(answer["states"] > 5 for answer in answers), answers
    assert engine.check() == ()
    assert engine.stats().content == oracle(COMMITS).stats().content
    # No reader holds an old generation any more, so the next commit leaves only two.
    with engine.writer() as writer:
        write(writer, batch(COMMITS))
    assert len(list(index.glob("manifest.*.json"))) == 2
    engine.close()


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(read(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
