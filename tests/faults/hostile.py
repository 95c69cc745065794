"""Hostile: sends random hostile requests; an answer other than 200, 400 or 404 is a fault.

python -m tests.faults.hostile --index DIR --requests 50000
"""

import argparse
import random
import time
from collections import Counter

from flask.testing import FlaskClient

from marsad.indexer.fields import FACETS
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.webui.app import create_app
from marsad.webui.state.settings import Settings

_PATHS = (
    *("/search",) * 6,
    *("/", "/facet/place", "/facet/{}", "/article/{}", "/entity/{}", "/cluster/{}", "/{}"),
    *("/compare", "/help", "/receipt", "/suggest", "/search.csv", "/search.ris", "/search.atom"),
    *("/api/v1/search", "/api/v1/articles/{}", "/api/v1/facets/{}", "/api/v1/analyze"),
)
_NAMES = (
    *("q",) * 8,
    *("page", "per_page", "sort", "any", "match", "off", "collapse", "timeline", "at", "lang"),
    *("digits", "calendar", "bom", "left", "right", "text", "contains", "order", "values_page"),
    *("filter:gte:published", "filter:lte:event", "facet_interval:event", "{}"),
    *(f"{kind}:{facet}" for kind in ("filter", "exclude", "empty") for facet in FACETS[:4]),
)
_PIECES = (
    *("هدنة", "قوات", "السلام", "باكو", "وبالسلام", "في", "علييف", "٢٠٢٣", "2020-11", "سلا"),
    *("(", ")", '"', "«", "»", "OR", "AND", "NOT", "أو", "-", "=", "√", "~", "~9", "*", "?", ":"),
    *("شخص:", "تاريخ:", "حدث:2020..", "title:", "exact:", "جذر:", "..", "…", "~3", "a*b?c"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "%00", "\x00"),
    *("\u202e", "\u200f", "\u064b" * 9, "\ud83d\ude00", "\ufdfa", "\U0010ffff", "../../etc/passwd"),
    *("' OR 1=1 --", "A" * 300, "ا" * 300, "1e309", "-1", "0", "99999999999", "true", "ar", "en"),
    *("relevance", "published:desc", "root", "stem", "event", "month", "10", "islamic-umalqura"),
)


def request(rng: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """Return a random path and random parameters."""

    def text() -> str:
        return rng.choice(("", " ")).join(rng.choices(_PIECES, k=rng.randint(1, 7)))

    path = rng.choice(_PATHS)
    if "{}" in path:
        path = path.format(text().replace("?", "").replace("#", "").replace("\x00", ""))
    names = [rng.choice(_NAMES) for _ in range(rng.randint(0, 4))]
    return path, [(name.replace("{}", text()), text()) for name in names]


def ask(client: FlaskClient, count: int, seed: int) -> Counter[int]:
    """Send *count* requests; return how often each status came.

    Raises:
        RuntimeError: an answer had another status, an empty error page, or an unescaped script.
    """
    rng, seen = random.Random(seed), Counter[int]()
    for _ in range(count):
        path, arguments = request(rng)
        clean = [
            (n.encode(errors="ignore").decode(), v.encode(errors="ignore").decode())
            for n, v in arguments
        ]
        with client.get(path.encode(errors="ignore").decode(), query_string=clean) as answer:
            body = answer.get_data()
            seen[answer.status_code] += 1
        if answer.status_code not in (200, 400, 404) or not (body or answer.status_code == 200):
            raise RuntimeError(f"{answer.status_code} for {path!r} {clean!r}")
        if b"<script>alert" in body and answer.mimetype == "text/html":
            raise RuntimeError(f"unescaped for {path!r} {clean!r}")
    return seen


def main() -> None:
    """Ask from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", required=True)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    known = parts()
    engine = open_engine(given.index, known.analyzer)
    client = create_app(engine, known.analyzer, known.gazetteer, Settings()).test_client()
    start = time.monotonic()
    seen = ask(client, given.requests, given.seed)
    engine.close()
    print(dict(seen), f"in {time.monotonic() - start:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
