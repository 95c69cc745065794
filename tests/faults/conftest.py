"""Fixtures of the fault tests: the helper process, and the documents an index should hold."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.contract.oracle import OracleEngine
from tests.faults.helper import batch, write

Order = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def order() -> Iterator[Order]:
    """Sends an order to a helper process and returns its answer when the order has ended."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.helper"],
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
        return dict(json.loads(run.stdout.readline()))

    yield give
    assert run.stdin
    assert run.stdout
    run.stdin.close()
    run.stdout.close()
    run.wait()


@cache
def oracle(state: int) -> OracleEngine:
    """Return an oracle with the documents of the first *state* batches."""
    made = OracleEngine()
    if state:
        made.documents = dict(oracle(state - 1).documents)
        with made.writer() as writer:
            write(writer, batch(state - 1))
    return made
