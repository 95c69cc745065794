"""Run: builds the index of every system, asks all the same queries in turns, and compares.

    articles -> [build each] -> CPU, memory, size
    queries  -> [ask each, interleaved] -> times, agreement -> report

Each system runs in a process of its own and takes its own times. A system that is not
installed is left out, and the report says so. This is no test: `make bench N=31000` runs it.
"""

import argparse
import importlib.util
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.generate import generate
from tests.benchmarks.report import Figures, report

_PEERS = "tests.benchmarks.peers"
MODES = ("page", "plain", "top")
# The most articles for systems that would take hours with more.
MOST_ARTICLES = {"whoosh": 31_000, "xapian": 31_000, "fts5": 100_000}
# The number of queries for slow systems, asked once: an answer takes a tenth of a second or more.
SLOW = {"whoosh": 20, "fts5": 40, "xapian": 60}
PRODUCT = "marsad-product"


@dataclass(frozen=True, slots=True)
class Runner:
    """How a system is started; *verb* is the argument that makes it build an index."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    verb: str = "build"
    serves: bool = True


def runners(jar: Path | None) -> tuple[list[Runner], list[str]]:
    """Return the systems found on this machine, and the names of those that were not."""
    python = (sys.executable, "-m")
    found = [
        Runner("marsad", (*python, f"{_PEERS}.marsad_peer")),
        Runner(PRODUCT, (*python, f"{_PEERS}.marsad_peer"), {"MARSAD_BENCH_RANKING": "product"}),
    ]
    missing = []
    for name, module in (("tantivy", "tantivy"), ("fts5", "sqlite3"), ("whoosh", "whoosh")):
        if importlib.util.find_spec(module):
            found.append(Runner(name, (*python, f"{_PEERS}.{name}_peer")))
        else:
            missing.append(name)
    # The bindings of Xapian belong to the Python of the operating system, so it runs with that
    # one, and with our packages.
    system = shutil.which("python3", path=os.defpath)
    if (
        system
        and not subprocess.run(
            [system, "-c", "import xapian"], check=False, capture_output=True
        ).returncode
    ):
        paths = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
        environment = {"PYTHONPATH": paths}
        found.append(Runner("xapian", (system, "-m", f"{_PEERS}.xapian_peer"), environment))
    else:
        missing.append("xapian")
    if jar and shutil.which("java"):
        java = ("java", "-Xmx2g", "-cp", str(jar))
        source = str(Path(__file__).parent / "peers" / "Lucene.java")
        found.append(Runner("lucene", (*java, source)))
        found.append(Runner("lucene-arabic", (*java, source), verb="analyse", serves=False))
    else:
        missing.append("lucene")
    return found, missing


def _tree_of(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree_of(int(child))
    except OSError:
        return


def memory_mb(pid: int, entry: str) -> float:
    """Return one memory entry of a process in MB; 0 if the process has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(entry + ":"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class _Watch(threading.Thread):
    """Watches a tree of processes for its largest one, by private memory without mapped files."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._over = pid, threading.Event()
        self.largest_mb = 0.0

    def run(self) -> None:
        while not self._over.wait(0.2):
            each = [memory_mb(pid, "RssAnon") for pid in _tree_of(self._pid)]
            self.largest_mb = max(self.largest_mb, *each, 0.0)

    def stop(self) -> None:
        self._over.set()
        self.join()


def _environment(runner: Runner) -> dict[str, str]:
    return {**os.environ, **runner.environment}


def build(runner: Runner, data: Path, folder: Path) -> dict[str, float]:
    """Build one index, unless it exists; return CPU and wall seconds, memory and size."""
    noted = folder.with_name(folder.name + ".build.json")
    if noted.exists():
        return dict(json.loads(noted.read_text()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    run = subprocess.Popen(
        [*runner.command, runner.verb, str(data), str(folder)], env=_environment(runner)
    )
    watch = _Watch(run.pid)
    watch.start()
    code = run.wait()
    wall = time.monotonic() - began
    watch.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code:
        raise SystemExit(f"{runner.name}: the build ended with {code}")
    figures = {
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall_s": wall,
        "worker_mb": watch.largest_mb,
        "index_mb": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
    }
    noted.write_text(json.dumps(figures))
    return figures


class Served:
    """A running system."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self.name = runner.name
        began = time.perf_counter()
        self._run = subprocess.Popen(
            [*runner.command, "serve", str(folder)],
            env=_environment(runner),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()
        self.started_s = time.perf_counter() - began

    def _read(self) -> dict[str, Any]:
        assert self._run.stdout
        line = self._run.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: ended with {self._run.wait()}")
        return dict(json.loads(line))

    def ask(self, query: dict[str, Any], mode: str, *, full: bool = False) -> dict[str, Any]:
        """Return the answer, with its time in nanoseconds as "ns"."""
        assert self._run.stdin
        message = json.dumps({**query, "mode": mode, "full": full}, ensure_ascii=False)
        self._run.stdin.write(message + "\n")
        self._run.stdin.flush()
        return self._read()

    def memory(self) -> dict[str, float]:
        """Return the resident memory in MB: all of it, and the part that no file backs."""
        pid = self._run.pid
        return {"rss_mb": memory_mb(pid, "VmRSS"), "private_mb": memory_mb(pid, "RssAnon")}

    def stop(self) -> None:
        """End it."""
        assert self._run.stdin
        assert self._run.stdout
        self._run.stdin.close()
        self._run.wait()
        self._run.stdout.close()


def read_bandwidth() -> float:
    """Return the read bandwidth of one core in GB/s: the best of ten passes over 512 MB."""
    block = np.ones(64 << 20, dtype=np.uint64)
    best = 0.0
    for _ in range(10):
        began = time.perf_counter()
        block.max()
        best = max(best, block.nbytes / (time.perf_counter() - began) / 1e9)
    return best


def _times(
    served: list[Served],
    queries: list[dict[str, Any]],
    rounds: int,
    say: Callable[[str], None],
) -> dict[str, dict[str, list[float]]]:
    """Ask every system each query, in turns; return the median of each query, in ms.

    The result has a list of medians by mode and system.
    """
    times: dict[str, dict[str, list[float]]] = {mode: {} for mode in MODES}
    for mode in MODES:
        taken: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for turn in range(rounds + 1):
            say(f"{mode}: round {turn} of {rounds}")
            for at, query in enumerate(queries):
                for system in served:
                    few = SLOW.get(system.name)
                    if few and (turn != 1 or at % max(1, len(queries) // few)):
                        continue
                    spent = system.ask(query, mode)["ns"]
                    if turn:
                        taken[system.name][at].append(spent)
        for name, by_query in taken.items():
            times[mode][name] = [float(np.median(spent)) / 1e6 for spent in by_query.values()]
    return times


def _agreement(
    served: list[Served], queries: list[dict[str, Any]]
) -> tuple[dict[str, dict[str, int]], list[int]]:
    """Count the queries whose totals, months and facet counts equal ours; return our totals."""
    equal: dict[str, dict[str, int]] = {}
    totals = []
    ours = next(system for system in served if system.name == "marsad")
    for at, query in enumerate(queries):
        own = ours.ask(query, "page", full=True)
        totals.append(own["total"])
        for system in served:
            few = SLOW.get(system.name)
            if system.name in {"marsad", PRODUCT}:
                continue
            if few and at % max(1, len(queries) // few):
                continue
            other = system.ask(query, "page", full=True)
            seen = equal.setdefault(
                system.name, {"queries": 0, "total": 0, "months": 0, "facets": 0, "top10": 0}
            )
            seen["queries"] += 1
            seen["total"] += other["total"] == own["total"]
            seen["months"] += other["months"] == own["months"]
            seen["facets"] += all(
                [count for _, count in other["facets"][name]]
                == [count for _, count in own["facets"][name]]
                for name in own["facets"]
            )
            seen["top10"] += len({*other["ids"]} & {*own["ids"]})
    return equal, totals


def _touched_mb(ours: Served, queries: list[dict[str, Any]], totals: list[int]) -> list[float]:
    """Return the megabytes each page must read, by the model in the report."""
    lengths: dict[str, int] = {}
    for term in {term for query in queries for term in query["terms"]}:
        asked = {"kind": "term", "terms": [term], "words": [term]}
        lengths[term] = ours.ask(asked, "plain")["total"]
    documents = ours.ask({"kind": "count", "terms": [], "words": []}, "plain")["total"]
    touched = []
    for query, total in zip(queries, totals, strict=True):
        each = [lengths[term] for term in query["terms"]]
        both = query["kind"] in {"and", "phrase"}
        read = 9 * (min(each) * len(each) if both else sum(each))
        if query["kind"] == "or":
            read += 2 * 4 * documents
        # Facets: documents one by one (an offset and seven values), or 500 bitmaps; the smaller.
        read += min(total * (4 + 7 * 4), 500 * documents // 8)
        touched.append(read / 1e6)
    return touched


def _machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"


def bench(
    count: int,
    source: Path,
    work: Path,
    *,
    jar: Path | None,
    only: set[str] | None,
    rounds: int,
    most_queries: int,
    build_only: bool = False,
) -> Figures:
    """Run everything for *count* articles in *work* and return the figures."""

    def say(what: str) -> None:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")

    data = work / str(count)
    if not (data / "queries.jsonl").exists():
        say(f"{count} articles are made")
        generate(source, count, data)
    with (data / "queries.jsonl").open(encoding="utf-8") as file:
        queries = [json.loads(line) for line in file][:most_queries]
    found, missing = runners(jar)
    found = [
        runner
        for runner in found
        if count <= MOST_ARTICLES.get(runner.name, count) and (not only or runner.name in only)
    ]
    built = {}
    for runner in found:
        say(f"{runner.name}: index")
        built[runner.name] = build(runner, data, work / f"{count}-index" / runner.name)
    if build_only:
        raise SystemExit(0)
    served = [
        Served(runner, work / f"{count}-index" / runner.name) for runner in found if runner.serves
    ]
    try:
        say("agreement")
        equal, totals = _agreement(served, queries)
        ours = next(system for system in served if system.name == "marsad")
        touched = _touched_mb(ours, queries, totals)
        bandwidth = read_bandwidth()
        times = _times(served, queries, rounds, say)
        memory = {system.name: system.memory() for system in served}
    finally:
        for system in served:
            system.stop()
    return Figures(
        articles=count,
        queries=len(queries),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d %H:%M"),
        machine=_machine(),
        built=built,
        times=times,
        equal=equal,
        memory=memory,
        touched_mb=touched,
        bandwidth_gb_s=bandwidth,
        missing=missing,
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=31_000)
    parser.add_argument("--source", type=Path, required=True, help=".jsonl or .jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="folder for data and indexes")
    parser.add_argument("--jar", type=Path, help="a jar with Lucene 9 (pyserini brings one)")
    parser.add_argument("--only", help="names of systems, with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--build-only", action="store_true")
    given = parser.parse_args()
    figures = bench(
        given.articles,
        given.source,
        given.work,
        jar=given.jar,
        only=set(given.only.split(",")) if given.only else None,
        rounds=given.rounds,
        most_queries=given.queries,
        build_only=given.build_only,
    )
    text = report(figures)
    (given.work / f"{given.articles}.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
