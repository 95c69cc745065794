"""Ways in and out: the stops that ARCHITECTURE lists are the ones of a real run, in that order."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from marsad.indexer.cli.index import index
from marsad.webui.app import open_app
from marsad.webui.state.settings import Settings
from tests.conftest import CORPUS, ROOT

ROOMS = ("corpus", "indexer", "webui")
MOST_IN, MOST_OUT = 14, 12
ARTICLE = CORPUS / "gaza-2012-11-truce.txt"


class Stop(NamedTuple):
    """A function by its module and qualified name."""

    module: str
    function: str


class Call(NamedTuple):
    """A call of a stop, with the modules on the call stack below it, outermost first."""

    stop: Stop
    below: tuple[str, ...]


def listed(way: str) -> tuple[list[Stop], set[str]]:
    """Return the stops of a way that ARCHITECTURE lists, and the modules that hand on."""
    text = (ROOT / "indexer/ARCHITECTURE.md").read_text(encoding="utf-8")
    section = text.split("## Ways in and out\n")[1].split("\n## ")[0]
    lines = section.split(f"\nThe way {way}, ")[1].split("\nThe way ")[0]
    stops = re.findall(r"^\d+\. `([^`]+)` `([^`]+)`", lines, re.MULTILINE)
    through = re.findall(r"\(through ([^)]+)\)", lines)
    return [Stop(*stop) for stop in stops], set(re.findall(r"`([^`]+)`", " ".join(through)))


def traced(run: Callable[[], object], wanted: set[Stop]) -> list[Call]:
    """Return the calls of the *wanted* stops while *run* runs in this thread, in order."""
    calls: list[Call] = []
    functions = {stop.function for stop in wanted}

    def look(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_qualname in functions:
            stop = Stop(module_of(code.co_filename), code.co_qualname)
            if stop in wanted:
                calls.append(Call(stop, below(frame.f_back)))

    sys.setprofile(look)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def below(frame: FrameType | None) -> tuple[str, ...]:
    """Return our modules on a call stack, outermost first."""
    modules: list[str] = []
    while frame is not None:
        module = module_of(frame.f_code.co_filename)
        if module.startswith(ROOMS):
            modules.append(module)
        frame = frame.f_back
    return tuple(reversed(modules))


def module_of(filename: str) -> str:
    """Return a file's path in the repository, or the whole path where it is in none of it."""
    return os.path.realpath(filename).removeprefix(f"{ROOT}/")


def check(stops: list[Stop], through: set[str], calls: list[Call]) -> None:
    """Hold the calls of a run against the list."""
    known = {stop.module for stop in stops} | through
    rest = iter(calls)
    for stop in stops:
        reached = next((call for call in rest if call.stop == stop), None)
        assert reached is not None, f"{stop} is not reached after the stops before it"
        assert {*reached.below} - known == set(), stop


def take_in(folder: Path) -> None:
    command = [str(ARTICLE), "--index", str(folder), "--workers", "1"]
    done = CliRunner().invoke(index, command, catch_exceptions=False)
    assert "added 1," in done.output


@pytest.mark.parametrize(("way", "most"), [("in", MOST_IN), ("out", MOST_OUT)])
def test_a_way_has_few_stops_and_no_module_twice(way: str, most: int) -> None:
    stops, through = listed(way)

    assert 1 < len(stops) <= most
    assert len({stop.module for stop in stops} | through) == len(stops) + len(through)
    assert all((ROOT / module).exists() for module in through)


def test_an_article_passes_the_listed_stops_to_its_segment(tmp_path: Path) -> None:
    stops, through = listed("in")
    # Kernels are compiled and tables are read in the first run, outside of the trace.
    take_in(tmp_path / "first")

    calls = traced(lambda: take_in(tmp_path / "second"), set(stops))

    check(stops, through, calls)


def test_a_query_passes_the_listed_stops_to_its_page(tmp_path: Path) -> None:
    stops, through = listed("out")
    take_in(tmp_path / "index")
    page = open_app(str(tmp_path / "index"), Settings()).test_client()
    assert page.get("/search?q=غزة").status_code == 200

    calls = traced(lambda: page.get("/search?q=هدنة"), set(stops))

    check(stops, through, calls)


def test_a_module_that_is_not_listed_is_named() -> None:
    stops = [Stop("indexer/a.py", "f"), Stop("indexer/b.py", "g")]
    calls = [Call(stops[0], ()), Call(stops[1], ("indexer/a.py", "indexer/hop.py"))]

    check(stops, {"indexer/hop.py"}, calls)
    with pytest.raises(AssertionError, match=r"indexer/hop\.py"):
        check(stops, set(), calls)
    with pytest.raises(AssertionError, match=r"indexer/b\.py"):
        check(stops, {"indexer/hop.py"}, calls[::-1])
