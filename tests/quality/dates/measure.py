"""Measure: the dates of Marsad and of dateparser on the annotated snippets.

    python -m tests.quality.dates.measure [--peer]

Dates are compared as values. Each value that was found is paired with an equal annotated one; the
rest is wrong or missed. dateparser returns only days, so any day of an annotated month or year
counts as right for it.
"""

import datetime as dt
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from marsad.corpus.dates.finder import find_dates

SNIPPETS = Path(__file__).parent / "snippets.jsonl"
Finder = Callable[[str, dt.date], list[str]]


def snippets(of: int | None = None) -> list[dict[str, Any]]:
    """Return the annotated snippets, those of one round or all."""
    every = [json.loads(line) for line in SNIPPETS.read_text(encoding="utf-8").splitlines()]
    return [snippet for snippet in every if of in {None, snippet["round"]}]


def ours(text: str, published: dt.date) -> list[str]:
    """Return the values that Marsad finds."""
    return [mention.value for mention in find_dates(text, published)]


def theirs(text: str, published: dt.date) -> list[str]:
    """Return the days that dateparser finds."""
    from dateparser.search import search_dates  # noqa: PLC0415  (an extra, for measuring only)

    settings = {"RELATIVE_BASE": dt.datetime.combine(published, dt.time()), "DATE_ORDER": "DMY"}
    found = search_dates(text, languages=["ar"], settings=settings) or []
    return [when.date().isoformat() for _, when in found]


def paired(found: list[str], marked: list[str], *, days_only: bool) -> int:
    """Return the number of equal values, each used once."""
    if not days_only:
        return sum((Counter(found) & Counter(marked)).values())
    left = list(found)
    hits = 0
    for value in marked:
        match = next((day for day in left if day.startswith(value.split("/")[0])), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return hits


def figures(
    finder: Finder, *, days_only: bool, of: int | None = None
) -> tuple[float, float, list[str]]:
    """Return precision, recall, and a line for each snippet that is not entirely right."""
    hits = said = true = 0
    wrong = []
    for snippet in snippets(of):
        found = finder(snippet["text"], dt.date.fromisoformat(snippet["published"]))
        right = paired(found, snippet["dates"], days_only=days_only)
        hits, said, true = hits + right, said + len(found), true + len(snippet["dates"])
        if not right == len(found) == len(snippet["dates"]):
            wrong.append(f"  {snippet['text']}\n    marked {snippet['dates']}, found {found}")
    return hits / max(said, 1), hits / true, wrong


def main() -> Iterator[str]:
    """Print the figures."""
    for name, finder in (("marsad", ours), ("dateparser", theirs)):
        if name == "dateparser" and "--peer" not in sys.argv:
            return
        finder(snippets()[0]["text"], dt.date(2020, 1, 1))
        began = time.perf_counter()
        precision, recall, wrong = figures(finder, days_only=name == "dateparser")
        took = time.perf_counter() - began
        characters = sum(len(snippet["text"]) for snippet in snippets())
        rate = f"{characters / took:,.0f} characters a second"
        yield f"{name}: P {precision:.3f} R {recall:.3f}, {rate}"
        for of in (1, 2):
            precision, recall, _ = figures(finder, days_only=name == "dateparser", of=of)
            yield f"  round {of}: P {precision:.3f} R {recall:.3f}"
        if name == "marsad":
            yield from wrong


if __name__ == "__main__":
    print("\n".join(main()))  # noqa: T201
