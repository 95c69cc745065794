"""Compiled kernels are kept in a folder that nobody else can write to, in a real process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# A service user: numba may use no folder of its own choice, neither the package nor a home.
SERVICE = """
from numba.core.caching import CacheImpl, UserProvidedCacheLocator
CacheImpl._locator_classes = [UserProvidedCacheLocator]
"""
RUN = """
import logging, sys
logging.basicConfig(format="%(message)s", stream=sys.stderr)
sys.path.insert(0, sys.argv[1])
from one_kernel import double
assert double(21) == 42
print(sum(getattr(double, "stats").cache_hits.values()))
"""
MODULE = """
from marsad.indexer.compiled import kernel

@kernel
def double(number):
    return 2 * number
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "one_kernel.py").write_text(MODULE)
    return tmp_path


def run(place: Path, code: str, **more: str) -> tuple[int, str]:
    """Return how many kernels were loaded and not compiled, and what was said."""
    named = ("MARSAD_CACHE", "NUMBA_CACHE_DIR", "TMPDIR")
    env = {name: value for name, value in os.environ.items() if name not in named}
    done = subprocess.run(
        [sys.executable, "-c", code, str(place)],
        env={**env, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout), done.stderr


def test_a_user_without_a_home_compiles_once(place: Path) -> None:
    temporary = place / "temporary"
    temporary.mkdir(mode=0o700)

    first = run(place, SERVICE + RUN, TMPDIR=str(temporary))
    second = run(place, SERVICE + RUN, TMPDIR=str(temporary))

    assert (first, second) == ((0, ""), (1, ""))
    folder = temporary / f"marsad-{os.geteuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.rglob("*.nbc"))


def test_the_folder_that_is_named_is_used_first(place: Path) -> None:
    first = run(place, RUN, MARSAD_CACHE=str(place / "kept"))
    second = run(place, RUN, MARSAD_CACHE=str(place / "kept"))

    assert (first, second) == ((0, ""), (1, ""))
    assert list((place / "kept").rglob("*.nbc"))
    assert not list((place / "__pycache__").glob("*.nbc"))


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_not_used(place: Path, mode: int) -> None:
    shared = place / "shared"
    shared.mkdir()
    shared.chmod(mode)

    _, said = run(place, RUN, MARSAD_CACHE=str(shared))

    assert f"other users may write to {shared}" in said
    assert list(shared.iterdir()) == []


def test_a_link_is_not_followed_and_without_any_folder_one_line_says_so(place: Path) -> None:
    (place / "temporary").mkdir()
    (place / "elsewhere").mkdir()
    (place / "temporary" / f"marsad-{os.geteuid()}").symlink_to(place / "elsewhere")
    only = (
        "import os, marsad.indexer.compiled as compiled\n"
        "compiled._bases = lambda: (os.environ['TMPDIR'],)\n"
    )

    _, said = run(place, SERVICE + only + RUN, TMPDIR=str(place / "temporary"))

    assert list((place / "elsewhere").iterdir()) == []
    assert len(said.splitlines()) == 1
    assert "compiled anew in each run" in said
    assert "set MARSAD_CACHE" in said
