"""Pages: the time of a whole results page, beside its search, Datasette's page, and under load.

    python -m tests.benchmarks.pages --articles articles.jsonl --queries queries.jsonl --work DIR

Both files are made by `generate`. Pages are requested over HTTP on this machine, in turns. Only
the time of the engine alone is taken inside the process. Figures are medians and ratios.
"""

import argparse
import datetime as dt
import gc
import http.client
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from marsad.corpus.article import Article
from marsad.indexer.build.document import Documents, load_stored
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.extract.mentions import Mention
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.webui.app import create_app
from marsad.webui.pages.results import results_request
from marsad.webui.request.forms import SearchForm
from marsad.webui.state.backend import Backend
from marsad.webui.state.settings import Settings

_BIN = Path(sys.executable).parent
_ROUNDS = 2
_BATCH, _TITLE, _DATED = 10_000, 70, 0.97
_LOAD_PORT = 8773
_COLUMNS = ("id", "title", "text", "date", "year", "source", *ENTITY_FACETS)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as a person types it in Marsad, and in the syntax of FTS5."""

    marsad: str
    fts5: str


def read_queries(path: Path) -> list[Query]:
    """Return the queries that `generate` wrote: single words, all words, any word, phrases."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        words, quoted = record["words"], [f'"{word}"' for word in record["words"]]
        text = " ".join(words)
        match record["kind"]:
            case "or":
                found.append(Query(" OR ".join(words), " OR ".join(quoted)))
            case "phrase":
                found.append(Query(f'"{text}"', f'"{text}"'))
            case _:
                found.append(Query(text, " ".join(quoted)))
    return found


def search_path(query: Query) -> str:
    """Return the address of our page."""
    return f"/search?{urlencode([('q', query.marsad)])}"


def datasette_path(query: Query) -> str:
    """Return the address of Datasette's page with the same facets."""
    pairs = [("_search", query.fts5), ("_searchmode", "raw"), ("_size", "10")]
    pairs += [("_facet", name) for name in ("year", "source")]
    pairs += [("_facet_array", name) for name in ENTITY_FACETS]
    return f"/articles/articles?{urlencode(pairs)}"


class _NoMentions:
    """A finder without mentions: the generated articles bring their entities as facets."""

    version = "generated"

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Return no mention."""
        del article
        return ()


def build_index(articles: Path, folder: Path) -> None:
    """Index generated articles as the program does, with the entities that they bring."""
    analyzer, rng = parts().analyzer, random.Random(7)
    documents = Documents(analyzer, _NoMentions())  # type: ignore[arg-type]
    engine = open_engine(str(folder), analyzer, create=True)
    with articles.open(encoding="utf-8") as lines, engine.writer() as writer:
        for number, line in enumerate(lines):
            record = json.loads(line)
            source = f"وكالة {min(int(rng.expovariate(0.15)), 39)}"
            article = Article(
                id=record["id"],
                title=record["text"][:_TITLE].rpartition(" ")[0],
                text=record["text"],
                published=dt.date.fromisoformat(record["date"]) if rng.random() < _DATED else None,
                language="ar",
                source=source if rng.random() < _DATED else "",
            )
            made = documents.make(article)
            named = {name: tuple(record.get(name, ())) for name in ENTITY_FACETS}
            writer.add(replace(made, facets={**made.facets, **named}))
            if number % _BATCH == _BATCH - 1:
                writer.commit()
    engine.merge()
    engine.close()


def build_database(articles: Path, index: Path, path: Path) -> None:
    """Write the same articles to SQLite: rows with the same facets, and an FTS5 index."""
    engine = open_engine(str(index), parts().analyzer)
    with articles.open(encoding="utf-8") as lines:
        named = {r["id"]: r for r in map(json.loads, lines)}
    with sqlite3.connect(path) as base:
        base.execute(f"CREATE TABLE articles ({', '.join(_COLUMNS)}, PRIMARY KEY (id))")
        marks = ", ".join("?" for _ in _COLUMNS)

        def rows() -> Iterator[tuple[str | None, ...]]:
            for hit in engine.walk(SearchRequest(sort="newest")):
                article = load_stored(hit.stored).article
                ids = named[article.id]
                iso = article.published_iso()
                yield (
                    article.id,
                    article.title,
                    article.text,
                    iso,
                    iso[:4] if iso else None,
                    article.source or None,
                    *(json.dumps(ids.get(name, [])) for name in ENTITY_FACETS),
                )

        base.executemany(f"INSERT INTO articles VALUES ({marks})", rows())  # noqa: S608
        for name in ("year", "source", "date"):
            base.execute(f"CREATE INDEX by_{name} ON articles ({name})")
        base.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content=articles)")
        base.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    base.close()
    engine.close()


@contextmanager
def running(command: list[str], port: int, ready: str) -> Iterator[int]:
    """Run a server until the block ends; yield its process id when *ready* answers."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    ask(connect(port), ready)
                    break
                except OSError:
                    time.sleep(0.1)
            yield server.pid
        finally:
            server.terminate()


def connect(port: int) -> http.client.HTTPConnection:
    """Return a connection that stays open between requests."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=600)


def ask(connection: http.client.HTTPConnection, path: str) -> int:
    """Request a page; return its size as sent, in bytes.

    Raises:
        RuntimeError: the status is not 200.
    """
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return len(body)


def timed(task: Callable[[], object]) -> float:
    """Return the milliseconds that *task* takes."""
    start = time.perf_counter()
    task()
    return 1_000 * (time.perf_counter() - start)


def against_engine(index: Path, queries: list[Query]) -> dict[str, float]:
    """Time the whole compressed page and its search alone, in turns, in this process."""
    known = parts()
    engine = open_engine(str(index), known.analyzer)
    app = create_app(engine, known.analyzer, known.gazetteer, Settings())
    backend: Backend = app.extensions["marsad"]
    reading = backend.warm()
    if reading:
        reading.join()
    # As the server does after it has loaded everything.
    gc.collect()
    gc.freeze()
    own, page, sent, weights = [], [], [], []
    for query in queries[:20]:
        answer(app, environment(query))
    for query in queries * _ROUNDS:
        form = SearchForm(q=query.marsad)
        request = results_request(form, backend.parse_query(form))
        asked, bare = environment(query), environment(query, compressed=False)
        own.append(timed(lambda request=request: engine.search(request)))  # type: ignore[misc]
        page.append(timed(lambda asked=asked: sent.append(answer(app, asked))))  # type: ignore[misc]
        weights.append(answer(app, bare))
    engine.close()
    return {
        "engine_p50_ms": statistics.median(own),
        "page_p50_ms": statistics.median(page),
        "page_over_engine": statistics.median(page) / statistics.median(own),
        "sent_p50_bytes": statistics.median(sent),
        "html_p50_bytes": statistics.median(weights),
    }


def environment(query: Query, *, compressed: bool = True) -> dict[str, Any]:
    """Return the WSGI environment of a request for our page."""
    headers = [("Accept-Encoding", "gzip")] if compressed else []
    path, _, asked = search_path(query).partition("?")
    builder = EnvironBuilder(path=path, query_string=asked, headers=headers)
    return {**builder.get_environ(), "REMOTE_ADDR": "127.0.0.1"}


def answer(app: Flask, environ: dict[str, Any]) -> int:
    """Return the size of the body that *app* answers with, in bytes.

    Raises:
        RuntimeError: the status is not 200.
    """
    status: list[str] = []

    def start(line: str, *_: object) -> Callable[[Any], object]:
        status.append(line)
        return status.append  # WSGI asks for a writer; our pages never use it

    body = app.wsgi_app(environ, start)
    size = sum(map(len, body))
    if not status[0].startswith("200"):
        raise RuntimeError(status[0])
    return size


def against_datasette(index: Path, database: Path, queries: list[Query]) -> dict[str, float]:
    """Time our page and Datasette's in turns, each served by one process."""
    ours = [str(_BIN / "marsad"), "serve", "--index", str(index), "--port", "8771"]
    theirs = [str(_BIN / "datasette"), "serve", str(database), "--port", "8772"]
    for name in ("sql_time_limit_ms", "facet_time_limit_ms"):
        theirs += ["--setting", name, "600000"]
    with (
        running([*ours, "--workers", "1"], 8771, "/healthz"),
        running([*theirs, "--setting", "allow_facet", "on"], 8772, "/-/versions.json"),
    ):
        near, far = connect(8771), connect(8772)
        times: dict[str, list[float]] = {"marsad": [], "datasette": []}
        for query in queries:
            times["marsad"].append(timed(lambda q=query: ask(near, search_path(q))))  # type: ignore[misc]
            times["datasette"].append(timed(lambda q=query: ask(far, datasette_path(q))))  # type: ignore[misc]
    ours_p50, theirs_p50 = (statistics.median(times[name]) for name in ("marsad", "datasette"))
    return {
        "marsad_http_p50_ms": ours_p50,
        "datasette_p50_ms": theirs_p50,
        "datasette_over_marsad": theirs_p50 / ours_p50,
    }


def under_load(
    index: Path, queries: list[Query], clients: int, seconds: float, total: int
) -> dict[str, float]:
    """Compare many clients with one; then send *total* more requests and watch the memory."""
    command = [str(_BIN / "marsad"), "serve", "--index", str(index), "--port", str(_LOAD_PORT)]
    paths = [search_path(query) for query in queries]
    paths += [f"{path}&lang=en&sort=published%3Adesc" for path in paths[::3]]
    paths += ["/", "/facet/place", "/help", f"/suggest?q={quote('علي')}"]
    with running(command, _LOAD_PORT, "/healthz") as pid:
        _crowd(paths, 2, seconds=3.0)
        single = _crowd(paths, 1, seconds=seconds / 3)
        before = _memory(pid)
        many = _crowd(paths, clients, seconds=seconds)
        again = _crowd(paths, 1, seconds=seconds / 3)
        middle = _memory(pid)
        while total > 0:
            total -= len(_crowd(paths, 4, seconds=min(seconds, 20)).times)
        after = _memory(pid)
    alone = statistics.median([*single.times, *again.times])
    rate = (single.rate + again.rate) / 2
    return {
        "errors": float(single.errors + many.errors + again.errors),
        "one_client_pages_per_s": rate,
        "many_clients_pages_per_s": many.rate,
        "many_over_one": many.rate / rate,
        "p95_over_single_median": sorted(many.times)[int(len(many.times) * 0.95)] / alone,
        "memory_start_mb": before,
        "memory_after_load_mb": middle,
        "memory_end_mb": after,
    }


@dataclass(slots=True)
class _Crowd:
    times: list[float]
    errors: int
    rate: float


def _crowd(paths: list[str], clients: int, *, seconds: float) -> _Crowd:
    """Let *clients* request pages for *seconds*, each over a connection of its own."""
    end = time.monotonic() + seconds
    times: list[float] = []
    errors: list[str] = []

    def one(number: int) -> None:
        link, at = connect(_LOAD_PORT), number * 13
        while time.monotonic() < end:
            path, at = paths[at % len(paths)], at + 7
            try:
                times.append(timed(lambda path=path, link=link: ask(link, path)))  # type: ignore[misc]
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                errors.append(str(error))
                link = connect(_LOAD_PORT)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _Crowd(times, len(errors), len(times) / seconds)


def _memory(pid: int) -> float:
    """Return the private memory of a server and its workers, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    total = 0
    for process in (str(pid), *children):
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        private = (line for line in rollup.splitlines() if line.startswith("Private_"))
        total += sum(int(line.split()[1]) for line in private)
    return total / 1024


def main() -> None:
    """Build what is missing, measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--requests", type=int, default=0, help="more requests, to watch memory")
    parser.add_argument("--datasette", type=int, default=40, help="queries put to Datasette")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    index, database = given.work / "index", given.work / "articles.db"
    queries = read_queries(given.queries)
    if not index.exists():
        build_index(given.articles, index)
    found = {"cores": float(os.cpu_count() or 1), **against_engine(index, queries)}
    if given.datasette:
        if not database.exists():
            build_database(given.articles, index, database)
        step = max(1, len(queries) // given.datasette)
        found |= against_datasette(index, database, queries[::step])
    found |= under_load(index, queries, given.clients, given.seconds, given.requests)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
