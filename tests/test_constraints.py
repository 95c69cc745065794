"""Constraints: the versions that were tested are those that pyproject.toml allows."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "constraints"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["parquet"],
        *PROJECT["optional-dependencies"]["documents"],
    )
]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def versions(path: Path) -> dict[str, Version]:
    """Return canonical name to version of the lines of a constraints file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


@pytest.mark.parametrize("name", ["oldest.txt", "newest.txt"])
def test_a_line_is_a_name_and_a_version(name: str) -> None:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line), line


@pytest.mark.parametrize("required", RUNTIME, ids=lambda each: each.name)
def test_the_lowest_version_that_is_allowed_is_the_oldest_that_was_tested(
    required: Requirement,
) -> None:
    tested = versions(FOLDER / "oldest.txt")[canonicalize_name(required.name)]
    lowest = [each.version for each in required.specifier if each.operator in {">=", "=="}]

    assert [Version(version) for version in lowest] == [tested]


@pytest.mark.parametrize("required", [*RUNTIME, *DEV], ids=lambda each: each.name)
def test_the_newest_version_that_was_tested_is_allowed(required: Requirement) -> None:
    tested = versions(FOLDER / "newest.txt")[canonicalize_name(required.name)]

    assert required.specifier.contains(tested)
