"""Fixtures that many tests share, and the option that rewrites golden files."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marsad.indexer.parts import Parts, parts

ROOT = Path(__file__).resolve().parent.parent
# In a script that a test runs: the peak of its memory in kB. `ru_maxrss` would count the memory of
# the process that it was forked from.
PEAK = 'int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])'
CORPUS = ROOT / "corpus" / "data"
# Real data beside the checkout, on the machines where the project is developed. Tests of it are
# skipped where it is missing.
EVAL = ROOT.parent / "shared" / "eval"

# No test has a time limit, so that none fails on a busy machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class OnlyInstalledNames(MetaPathFinder):
    """Refuses the folders of the repository as packages: the program is installed as `marsad`."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Raise for the three folders, which the tests could import from the repository."""
        del path, target
        if fullname in {"corpus", "indexer", "webui"}:
            raise ModuleNotFoundError(f"{fullname}: the installed name is marsad.{fullname}")


sys.meta_path.insert(0, OnlyInstalledNames())

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
    """An index of the bundled articles, made by `marsad index`."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    done = marsad("index", CORPUS, "--index", folder)
    assert done.returncode == 0, done.stderr
    return folder
