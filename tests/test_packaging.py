"""Packaging: what is installed from a wheel is whole, and no other package touches it.

The wheel goes into a fresh environment that sees the third parties of this one, but not the
editable install: a `.pth` line adds a folder of packages without reading the `.pth` files in it.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT

SOURCES = (
    "corpus",
    "indexer",
    "marsad",
    "webui",
    "LICENSE",
    "README.md",
    "pyproject.toml",
)
FOREIGN = ("corpus", "indexer", "webui")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Asks the page for an answer, as a server does.
PAGE = """
from marsad.webui.app import open_app
from marsad.webui.state.settings import Settings
print(open_app("news", Settings()).test_client().get("/search?q=hudna").status_code)
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel in it, and a folder to work in."""

    folder: Path
    work: Path

    def run(self, program: str, *args: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment in the folder to work in."""
        return subprocess.run(
            [self.folder / "bin" / program, *args],
            cwd=self.work,
            env=clean_environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def python(self, code: str) -> str:
        """Run Python code in the environment and return what it prints."""
        done = self.run("python", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def pip(self, *args: str | Path) -> None:
        """Have this environment's pip work on the fresh one; nothing is downloaded."""
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--python", self.folder / "bin/python", *args],
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def clean_environment() -> dict[str, str]:
    """Return the variables of this process without those that say where modules are."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"} and not name.startswith("MARSAD")
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel, made of a copy of the sources."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, tree / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tree / name)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", tree / "dist", tree],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "dist"


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A fresh environment with the wheel, and a small index in its folder."""
    folder, work = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("work")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    paths = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "third_parties.pth").write_text("\n".join(paths), encoding="utf-8")
    environment = Environment(folder, work)
    environment.pip("install", "--no-index", "--no-deps", next(built.glob("*.whl")))
    (work / "articles").mkdir()
    for path in sorted(CORPUS.glob("gaza-*.txt"))[:3]:
        shutil.copy(path, work / "articles")
    done = environment.run("marsad", "index", "articles", "--index", "news", "--workers", "1")
    assert done.returncode == 0, done.stderr
    return environment


@pytest.fixture
def serving(environment: Environment) -> Iterator[str]:
    """The address of a server that runs."""
    with subprocess.Popen(
        [environment.folder / "bin/marsad", "serve", "--index", "news", "--port", "0"],
        cwd=environment.work,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as server:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"http://[\d.:]+", line):
                yield found[0]
                break
        else:
            pytest.fail("".join(said))
        server.terminate()
        server.communicate()


def searched(environment: Environment) -> str:
    done = environment.run("marsad", "search", "غزة", "--index", "news")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_wheel_has_one_package_with_all_that_it_needs(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        packed = {name.partition("/")[2] for name in sdist.getnames()}
    code = {
        str(path.relative_to(ROOT))
        for folder in SOURCES[:4]
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    code -= {name for name in code if name.endswith(".md") and "/data/" not in name}

    assert {name.split("/")[0] for name in names} == {
        "marsad",
        f"marsad-{PROJECT['version']}.dist-info",
    }
    assert {name if name.startswith("marsad/") else f"marsad/{name}" for name in code} == {
        name for name in names if name.startswith("marsad/")
    }
    assert code <= packed


def test_what_a_package_says_of_itself(environment: Environment) -> None:
    said = environment.python(
        "from importlib.metadata import metadata\n"
        "found = metadata('marsad')\n"
        "for name in ('Version', 'Author', 'License-Expression', 'Requires-Python'):\n"
        "    print(found[name])"
    )

    assert said.split("\n") == [
        PROJECT["version"],
        "Marsad developers",
        "GPL-3.0-or-later",
        "<3.15,>=3.11",
    ]
    version = environment.run("marsad", "--version").stdout
    assert PROJECT["version"] in version


def test_a_clean_install_searches_serves_and_is_used_from_python(
    environment: Environment, serving: str
) -> None:
    section = README.split("## In Python")[1].split("\n## ")[0]
    code = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))

    assert searched(environment).startswith("3 articles")
    assert environment.python("import marsad; print(marsad.__file__)").startswith(
        str(environment.folder)
    )
    assert "غزة" in environment.python(code)
    host, _, port = serving.removeprefix("http://").partition(":")
    connection = HTTPConnection(host, int(port), timeout=60)
    for path in ("/readyz", "/search?q=hudna", "/static/page.css"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (path, answer.status) == (path, HTTPStatus.OK)
        answer.read()
    connection.close()


def foreign_wheel(name: str, folder: Path) -> Path:
    """Make a wheel of a package that has the name of one of our folders."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": f"SAYS = 'a foreign {name}'\n",
        f"{name}/cli.py": "raise SystemExit('a foreign module was loaded')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{each},,\n" for each in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for each, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(each, text)
    return path


def installed_files(environment: Environment) -> dict[str, int]:
    """Return every installed file of ours with its size."""
    packages = next(environment.folder.glob("lib/python*/site-packages"))
    return {
        str(path.relative_to(packages)): path.stat().st_size
        for path in packages.rglob("*")
        if path.is_file()
        and path.relative_to(packages).parts[0].startswith("marsad")
        and "__pycache__" not in path.parts
    }


def test_packages_named_as_our_folders_change_nothing(
    environment: Environment, tmp_path: Path
) -> None:
    before, files = searched(environment), installed_files(environment)

    environment.pip("install", "--no-index", *(foreign_wheel(name, tmp_path) for name in FOREIGN))
    said = environment.python(
        "import corpus, indexer, webui\n"
        "import marsad.corpus, marsad.indexer, marsad.webui\n"
        "print(corpus.SAYS, indexer.SAYS, webui.SAYS, sep=', ')"
    )

    assert said == "a foreign corpus, a foreign indexer, a foreign webui"
    assert searched(environment) == before
    assert environment.python(PAGE) == "200"
    assert installed_files(environment) == files

    environment.pip("uninstall", "--yes", *FOREIGN)

    assert searched(environment) == before
    assert installed_files(environment) == files
