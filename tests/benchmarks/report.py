"""Report: the figures of a run of the benchmark, as Markdown."""

from dataclasses import dataclass
from statistics import mean

import numpy as np

OURS = "marsad"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run. `times[mode][system]` has a time for each query, in ms."""

    articles: int
    queries: int
    rounds: int
    date: str
    machine: str
    built: dict[str, dict[str, float]]
    times: dict[str, dict[str, list[float]]]
    equal: dict[str, dict[str, int]]
    memory: dict[str, dict[str, float]]
    touched_mb: list[float]
    bandwidth_gb_s: float
    missing: list[str]


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _search(figures: Figures) -> list[str]:
    lines = [
        _row("system", "page mean", "p50", "p95", "no snippets", "top 10", "page mean / ours",
             "p95 / ours", "top 10 / ours", "RSS MB", "of it private"),
        _row(*["---"] * 11),
    ]  # fmt: skip
    own = figures.times
    for name, page in own["page"].items():
        # A slow system was asked fewer queries; ours is compared on the same ones.
        step = len(own["page"][OURS]) / len(page)
        same = {
            mode: [own[mode][OURS][int(at * step)] for at in range(len(page))]
            for mode in ("page", "top")
        }
        p95 = float(np.percentile(page, 95))
        lines.append(
            _row(
                name,
                f"{mean(page):.2f}",
                f"{np.median(page):.2f}",
                f"{p95:.2f}",
                f"{mean(own['plain'][name]):.2f}",
                f"{mean(own['top'][name]):.2f}",
                f"{mean(page) / mean(same['page']):.2f}",
                f"{p95 / float(np.percentile(same['page'], 95)):.2f}",
                f"{mean(own['top'][name]) / mean(same['top']):.2f}",
                f"{figures.memory[name]['rss_mb']:.0f}",
                f"{figures.memory[name]['private_mb']:.0f}",
            )
        )
    return lines


def _build(figures: Figures) -> list[str]:
    own = figures.built[OURS]
    lines = [
        _row("system", "CPU s", "CPU s / ours", "wall s", "largest process MB", "index MB",
             "ours / index"),
        _row(*["---"] * 7),
    ]  # fmt: skip
    for name, built in figures.built.items():
        lines.append(
            _row(
                name,
                f"{built['cpu_s']:.1f}",
                f"{built['cpu_s'] / own['cpu_s']:.2f}",
                f"{built['wall_s']:.1f}",
                f"{built['worker_mb']:.0f}",
                f"{built['index_mb']:.0f}",
                f"{own['index_mb'] / built['index_mb']:.2f}",
            )
        )
    return lines


def report(figures: Figures) -> str:
    """Return the report of one run."""
    limit = mean(figures.touched_mb) / figures.bandwidth_gb_s
    plain = mean(figures.times["plain"][OURS])
    kinds = [
        _row("system", "queries", "equal totals", "months", "facet counts", "same of top 10"),
        _row(*["---"] * 6),
    ]
    for name, equal in figures.equal.items():
        kinds.append(
            _row(
                name,
                equal["queries"],
                equal["total"],
                equal["months"],
                equal["facets"],
                f"{equal['top10'] / equal['queries'] / 10:.2f}",
            )
        )
    lines = [
        f"## {figures.articles:,} articles",
        "",
        f"{figures.date}, {figures.machine}. {figures.queries} queries, interleaved, the median of "
        f"{figures.rounds} rounds each after one to warm up; milliseconds. "
        + (f"Not found here: {', '.join(figures.missing)}." if figures.missing else ""),
        "",
        *_search(figures),
        "",
        (
            f"Memory limit: {mean(figures.touched_mb):.2f} MB a page at "
            f"{figures.bandwidth_gb_s:.1f} GB/s = {limit:.2f} ms; the page without snippets takes "
            f"{plain / limit:.1f} times that."
        ),
        "",
        *_build(figures),
        "",
        *kinds,
        "",
    ]
    return "\n".join(lines)
