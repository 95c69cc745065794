"""Protocol: the commands that the process of every system understands.

    build FOLDER INDEX      reads FOLDER/terms.jsonl (or articles.jsonl), writes INDEX
    serve INDEX             answers JSON lines from stdin on stdout, each with its own time

A page is the best ten, the exact total, a histogram by month, the twenty commonest
values of three facets, and ten snippets. Times are taken inside the process, so
that the pipe does not count.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

FACETS = ("person", "place", "organisation")
FACET_SIZE = 20
HITS = 10
SNIPPET = 260

Mode = Literal["page", "plain", "top"]


@dataclass(frozen=True, slots=True)
class Query:
    """One query: `kind` is term, and, or, phrase; `words` are the folded words of its terms."""

    kind: str
    terms: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Page:
    """The answer of a system; months are written "2014-01"."""

    ids: list[str] = field(default_factory=list)
    total: int = -1
    months: dict[str, int] = field(default_factory=dict)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    snippets: list[str] = field(default_factory=list)


class System(Protocol):
    """An opened index of one system."""

    def page(self, query: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        ...

    def top(self, query: Query) -> Page:
        """Answer the best ten and nothing else."""
        ...


def answer(system: System, query: Query, mode: Mode) -> Page:
    """Answer one query in one of three depths."""
    if mode == "top":
        return system.top(query)
    return system.page(query, snippets=mode == "page")


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def serve(system: System) -> None:
    """Answer the queries of stdin until it ends."""
    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        query = Query(asked["kind"], tuple(asked["terms"]), tuple(asked["words"]))
        began = time.perf_counter_ns()
        page = answer(system, query, asked["mode"])
        spent = time.perf_counter_ns() - began
        shown = asdict(page) if asked.get("full") else {"total": page.total}
        _say({"ns": spent, **shown})


def run(build: Callable[[Path, Path], None], open_system: Callable[[Path], System]) -> None:
    """Build or serve, as the command line says."""
    verb, *paths = sys.argv[1:]
    if verb == "build":
        build(Path(paths[0]), Path(paths[1]))
    else:
        serve(open_system(Path(paths[0])))


def records(folder: Path) -> Iterable[dict[str, Any]]:
    """Yield the analysed articles of a generated folder."""
    with (folder / "terms.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def month(date: str) -> int:
    """Return the month of an ISO date as a number: months since year 0."""
    return int(date[:4]) * 12 + int(date[5:7]) - 1


def month_name(number: int) -> str:
    """Return a month as "2014-01"."""
    return f"{number // 12:04}-{number % 12 + 1:02}"
