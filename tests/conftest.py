"""Fixtures that many tests share, and the option that rewrites golden files."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marsad.indexer.parts import Parts, parts

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus" / "data"
# Real data beside the checkout, on the machines where the project is developed. Tests of it are
# skipped where it is missing.
EVAL = ROOT.parent / "shared" / "eval"

# No test has a time limit, so that none fails on a busy machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

Marsad = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files")


@pytest.fixture(scope="session")
def wanted() -> Parts:
    """The analyzer, gazetteer and the other parts, as the program uses them."""
    return parts()


@pytest.fixture(scope="session")
def marsad() -> Marsad:
    """Runs the real command in a process of its own; returns its exit code and output."""

    def run(*args: str | Path, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).parent / "marsad"), *(str(arg) for arg in args)]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, marsad: Marsad) -> Path:
    """An index of the bundled articles, made by `marsad index`."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    done = marsad("index", CORPUS, "--index", folder)
    assert done.returncode == 0, done.stderr
    return folder
