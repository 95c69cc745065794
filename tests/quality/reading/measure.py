"""Measure: reading pages beside trafilatura, and finding dates beside dateparser.

    python -m tests.quality.reading.measure pages NEWS.jsonl.gz
    python -m tests.quality.reading.measure dates NEWS.jsonl.gz

The sides take turns on the same input, so that other load on the machine affects both alike; CPU
time is counted. A turn has as many passes as fill 0.3 s. The first pass of each turn is also
reported on its own, because it finds the CPU caches filled by the other side.
"""

import datetime as dt
import gzip
import html
import json
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from marsad.corpus.article import Article
from marsad.corpus.dates.finder import find_dates
from marsad.corpus.read import read
from marsad.corpus.readers.markup import read_page
from marsad.corpus.source import Source

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "data"
TURNS = 3
TURN_S = 0.3


def rows(path: str, count: int) -> list[dict[str, Any]]:
    """Return *count* articles of a file, evenly spread over it."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    return every[:: max(1, len(every) // count)][:count]


def page(row: dict[str, Any]) -> bytes:
    """Return an article as a page of a news site, with navigation and footer."""
    title = html.escape(row["title"])
    text = "".join(f"<p>{html.escape(part)}</p>" for part in row["text"].split("\n"))
    links = "".join(f'<li><a href="/{n}">عنوان آخر من القسم رقم {n}</a></li>' for n in range(40))
    day = dt.date.fromisoformat(row["date"][:10])
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{title} | موقع الأخبار</title><meta property="og:site_name" content="موقع الأخبار">
<meta property="og:title" content="{title}"><link rel="canonical" href="https://example.org/a/1">
<style>body {{ margin: 0 }}</style><script>var a = 1;</script></head><body>
<header><nav><ul>{links}</ul></nav></header><main><article><h1>{title}</h1>
<div class="date">{day.day}/{day.month}/{day.year}</div><div class="text">{text}</div>
<p>المصدر: وكالة</p></article></main><aside><ul>{links}</ul></aside>
<footer>جميع الحقوق محفوظة</footer></body></html>""".encode()


def compare(
    items: list[Any], sides: dict[str, Callable[[Any], object]], unit: str = "articles"
) -> list[str]:
    """Time each side on the same items, in turns; return a line for each side."""
    for do in sides.values():
        for item in items:
            # Warm up: whatever a side keeps between texts is there before the clock starts.
            do(item)
    turns: dict[str, list[list[float]]] = {name: [] for name in sides}
    for _ in range(TURNS):
        for name, do in sides.items():
            turns[name].append(_turn(items, do))
    first = {name: sum(turn[0] for turn in some) / TURNS for name, some in turns.items()}
    every = {name: list(chain.from_iterable(some)) for name, some in turns.items()}
    mean = {name: sum(spent) / len(spent) for name, spent in every.items()}
    ours, ours_first = next(iter(mean.values())), next(iter(first.values()))
    return [
        f"{name}: {len(items) / spent:,.0f} {unit} a second, {spent / ours:.2f} times ours; "
        f"right after the other side {len(items) / first[name]:,.0f}, "
        f"{first[name] / ours_first:.2f} times ours"
        for name, spent in mean.items()
    ]


def _turn(items: list[Any], do: Callable[[Any], object]) -> list[float]:
    """Return the CPU seconds of each pass over *items*, with as many passes as fill a turn."""
    passes: list[float] = []
    while sum(passes) < TURN_S:
        began = time.process_time()
        for item in items:
            do(item)
        passes.append(time.process_time() - began)
    return passes


def pages(path: str) -> list[str]:
    """Compare reading pages."""
    import trafilatura  # noqa: PLC0415

    return compare(
        [page(row) for row in rows(path, 200)],
        {
            "marsad": lambda raw: list(read_page(raw, Source("a.html"))),
            "trafilatura.extract": trafilatura.extract,
            "trafilatura.bare_extraction with metadata": lambda raw: trafilatura.bare_extraction(
                raw, with_metadata=True
            ),
        },
        "pages",
    )


def dates(path: str) -> list[str]:
    """Compare finding dates."""
    from dateparser.search import search_dates  # noqa: PLC0415

    some = [(row["text"], dt.date.fromisoformat(row["date"][:10])) for row in rows(path, 200)]
    bundled = [
        (record.text, record.published or dt.date(2020, 1, 1))
        for record in read([CORPUS])
        if isinstance(record, Article) and record.language == "ar"
    ]

    def theirs(item: tuple[str, dt.date]) -> object:
        base = dt.datetime.combine(item[1], dt.time())
        return search_dates(item[0], languages=["ar"], settings={"RELATIVE_BASE": base})

    sides: dict[str, Callable[[Any], object]] = {
        "marsad": lambda item: list(find_dates(*item)),
        "dateparser search_dates": theirs,
    }
    return [Path(path).name, *compare(some, sides), "bundled corpus", *compare(bundled, sides)]


if __name__ == "__main__":
    what, source = sys.argv[1:3]
    sys.stdout.write("\n".join({"pages": pages, "dates": dates}[what](source)) + "\n")
