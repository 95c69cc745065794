"""Fixtures that several rooms share, and the option that rewrites golden files."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marsad.indexer.parts import Parts, parts

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus" / "data"
# Real data that lies beside the checkout where the project is developed.
EVAL = ROOT.parent / "shared" / "eval"

# No test is timed: a busy machine makes none fail.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

Marsad = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files")


@pytest.fixture(scope="session")
def wanted() -> Parts:
    return parts()


@pytest.fixture(scope="session")
def marsad() -> Marsad:
    """The real command, as a person runs it."""

    def run(*args: str | Path, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).parent / "marsad"), *(str(arg) for arg in args)]
        # Settings of whoever runs the tests change no test.
        env = {name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")}
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=env,
        )

    return run


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, marsad: Marsad) -> Path:
    """An index of the bundled corpus, made by the command."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    done = marsad("index", CORPUS, "--index", folder)
    assert done.returncode == 0, done.stderr
    return folder
