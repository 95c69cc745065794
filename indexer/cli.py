"""Command line: the door of the indexer. It parses, calls one function, and prints."""

import json
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from corpus.article import Article
from corpus.estimate import estimate
from corpus.quarantine import Quarantine
from corpus.read import read
from corpus.source import Refusal
from indexer.batch import BATCH, Workers, index_sources, read_articles
from indexer.cluster_cli import cluster
from indexer.door import (
    REFUSED,
    complaining,
    entities_option,
    index_option,
    json_option,
    level_option,
    map_option,
    opened,
    stemming_option,
    warn_of_losses,
    without_option,
)
from indexer.engine import FacetFilter, FacetRequest, SearchRequest, Sort
from indexer.entities_cli import entities
from indexer.extract.extract import extract as extract_article
from indexer.fields import FACETS
from indexer.output import extracted_json, result_json, token_json
from indexer.query.dates import parse_date_range
from indexer.query.strictness import MatchRule, Strictness
from indexer.registry import Parts, documents, index_folder, parts
from indexer.runs import read_queries, run_queries
from indexer.search_cli import complete, explain, suggest
from indexer.stories import Stories
from indexer.survey import survey, survey_lines
from indexer.sync_cli import retry, sync, teller


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="marsad")
def marsad() -> None:
    """Full-text search for Arabic news of armed conflict.

    Results go to stdout, progress and complaints to stderr. Exit code 0: done; 1: done, but
    some records were refused or faults were found; 2: misuse.
    """


@marsad.command()
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE..."
)
@index_option
@entities_option
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="File for refused records [DIR.quarantine.jsonl].",
)
@click.option(
    "--batch", default=BATCH, show_default=True, type=click.IntRange(1), help="Records a commit."
)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default="one a core",
    type=click.IntRange(1),
    help="Processes that analyse; they are started for more than one batch of records.",
)
@map_option
@click.option("--dry-run", is_flag=True, help="Say what would be read, with samples; no index.")
@stemming_option
@complaining
def index(
    sources: tuple[Path, ...],
    index_dir: str,
    quarantine: Path | None,
    batch: int,
    workers: int,
    mapping: dict[str, str],
    dry_run: bool,
    no_stemming: bool,
) -> None:
    """Add articles to an index, or update them by id.

    SOURCE is a folder (read recursively), a file, or - for standard input: the site's plain-text
    layout, HTML, JSON, JSONL, CSV, TSV, RSS, Atom, WARC, Parquet, or a .zip, .tar, .gz or .zst of
    these; what a file holds counts before its suffix. An article that is unchanged is skipped. A
    record that cannot be read goes to the quarantine file with its path, line and reason; the run
    goes on.
    """
    if dry_run:
        found = survey(read(sources, mapping))
        click.echo("\n".join(survey_lines(found)))
        sys.exit(REFUSED if found.refused else 0)
    wanted = parts(stemming=not no_stemming)
    kept = quarantine or Path(f"{index_dir.removeprefix('whoosh:').rstrip('/')}.quarantine.jsonl")
    with (
        Quarantine(kept) as refused,
        opened(index_dir, wanted, create=True) as engine,
        tqdm(
            total=estimate(sources) if sys.stderr.isatty() else None,
            unit=" articles",
            smoothing=0.1,
            disable=None,
            file=sys.stderr,
        ) as bar,
    ):
        warn_of_losses(engine)

        report = index_sources(
            sources,
            engine,
            wanted.documents,
            refused,
            teller(bar),
            batch,
            Workers(workers, partial(documents, stemming=not no_stemming)),
            mapping,
            Stories(index_folder(index_dir), engine, wanted.documents),
        )
    click.echo(
        f"read {report.read}, added {report.added}, updated {report.updated}, "
        f"unchanged {report.unchanged}, refused {report.refused}, "
        f"{report.rate:.0f} articles a second"
    )
    if report.refused:
        click.echo(f"marsad: {report.refused} refused records are kept in {kept}", err=True)
        sys.exit(REFUSED)


@marsad.command()
@click.argument("query")
@index_option
@entities_option
@click.option("--since", help="Published on this day or after: 2023-09-21, 2023-09 or 2023.")
@click.option("--until", help="Published on this day or before; a month or year counts whole.")
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"Only this facet value. NAME is one of {', '.join(FACETS)}; VALUE an id or a name.",
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0))
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0))
@click.option("--any", "any_word", is_flag=True, help="Rank by any word instead of asking for all.")
@level_option
@without_option
@json_option
@stemming_option
@complaining
def search(
    query: str,
    index_dir: str,
    since: str | None,
    until: str | None,
    facets: tuple[str, ...],
    sort: Sort,
    limit: int,
    offset: int,
    any_word: bool,
    level: Strictness,
    off: tuple[MatchRule, ...],
    as_json: bool,
    no_stemming: bool,
) -> None:
    """Search an index; words side by side must all match.

    A QUERY knows "phrases" and «phrases», OR or أو, NOT or -word, parentheses, prefix*, and
    =word as printed, √word by root, and
    title: source: entity: person: place: org: group: nationality: language: date:2020..2021-06
    event:2020-11 (or عنوان: مصدر: كيان: شخص: مكان: منظمة: جماعة: جنسية: لغة: تاريخ: حدث:).
    """
    wanted = parts(stemming=not no_stemming)
    days = parse_date_range(f"{since or ''}..{until or ''}") if since or until else None
    if (since or until) and days is None:
        raise click.UsageError(
            f"--since {since}, --until {until}: expected dates such as 2023-09-21"
        )
    request = SearchRequest(
        filters=tuple(_facet_filter(given, wanted) for given in facets),
        since=days.since if days else None,
        until=days.until if days else None,
        sort=sort,
        offset=offset,
        limit=limit,
        facets=tuple(FacetRequest(name) for name in FACETS),
    )
    with opened(index_dir, wanted) as engine:
        warn_of_losses(engine)
        parsed = wanted.parse(
            query, any_word=any_word, level=level, off=frozenset(off), engine=engine
        )
        result = engine.search(replace(request, query=parsed.tree))
    for remark in parsed.diagnostics:
        click.echo(
            f"marsad: {remark.kind} at {remark.start}-{remark.end}: {remark.detail}", err=True
        )
    shown = result_json(parsed, result, wanted.gazetteer)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{result.total} articles")
    for hit in shown["hits"]:
        click.echo(f"{hit['published'] or '-':10}  {hit['id']}  {hit['title']}  ({hit['source']})")


def _facet_filter(given: str, wanted: Parts) -> FacetFilter:
    name, equals, value = given.partition("=")
    if name not in FACETS or not equals:
        raise click.UsageError(
            f"--facet {given}: expected NAME=VALUE, NAME one of {', '.join(FACETS)}"
        )
    return FacetFilter(name, tuple(wanted.gazetteer.resolve(name, value)) or (value,))


@marsad.command()
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@entities_option
@click.option(
    "--top",
    default=1_000,
    show_default=True,
    type=click.IntRange(1),
    metavar="K",
    help="Hits a query.",
)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The run file.")
@click.option("--tag", default="marsad", show_default=True, help="Name of the run.")
@stemming_option
@complaining
def run(queries: Path, index_dir: str, top: int, output: Path, tag: str, no_stemming: bool) -> None:
    """Answer a file of queries as a TREC run, ranking by any word.

    QUERIES is .jsonl with `id` and `text`, or .tsv with id and text.
    """
    wanted = parts(stemming=not no_stemming)
    asked = list(read_queries(queries))
    with opened(index_dir, wanted) as engine, output.open("w", encoding="utf-8") as file:
        shown = tqdm(asked, unit=" queries", disable=None, file=sys.stderr)
        for line in run_queries(shown, engine, wanted.analyzer, top=top, tag=tag):
            file.write(line + "\n")


@marsad.command()
@json_option
@stemming_option
def analyze(as_json: bool, no_stemming: bool) -> None:
    """Show the terms of each line of stdin.

    With --json, one array a line: {"text","start","end","terms":{"exact","surface","stem",
    "root"},"rule"}.
    """
    analyzer = parts(stemming=not no_stemming).analyzer
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        tokens = [token_json(token) for token in analyzer.analyze(line)]
        if as_json:
            click.echo(json.dumps(tokens, ensure_ascii=False))
        else:
            click.echo("  ".join(f"{t['text']}>{t['terms']['stem']}" for t in tokens))


@marsad.command()
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE..."
)
@map_option
@entities_option
@json_option
@complaining
def extract(sources: tuple[Path, ...], mapping: dict[str, str], as_json: bool) -> None:
    """Show the fields, entities and dates of articles.

    With --json, one object an article. Offsets are code points of `title` or `text` and cover a
    name alone; an entity's `text` is the printed words, with the clitics written onto them.
    """
    wanted = parts()
    refused = 0
    for record in read_articles(sources, mapping):
        if isinstance(record, Refusal):
            refused += 1
            click.echo(f"refused {record.path}:{record.line}: {record.reason}", err=True)
            continue
        shown = extracted_json(record, extract_article(record, wanted.finder), wanted.gazetteer)
        click.echo(
            json.dumps(shown, ensure_ascii=False) if as_json else _extracted_text(record, shown)
        )
    if refused:
        sys.exit(REFUSED)


def _extracted_text(article: Article, shown: dict[str, Any]) -> str:
    lines = [
        f"{article.id}  {article.title}",
        f"  published {shown['published'] or 'undated'}, source {article.source}",
    ]
    lines += [f"  {e['type']:12} {e['text']}  ({e['label']})" for e in shown["entities"]]
    lines += [
        f"  date         {d['text']}  ({d['value']}, {d['resolution']})" for d in shown["dates"]
    ]
    return "\n".join(lines)


@marsad.command()
@index_option
@stemming_option
@complaining
def check(index_dir: str, no_stemming: bool) -> None:
    """Read a whole index and say what is damaged; exit code 1 where anything is."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        faults = engine.check()
        documents = engine.stats().documents
    for fault in faults:
        click.echo(f"marsad: {fault}", err=True)
    if faults:
        click.echo(
            "marsad: put the named files back from a copy, or build a new index with `marsad index "
            "SOURCE --index NEWDIR`; the sources of articles that are whole can be left out",
            err=True,
        )
        sys.exit(REFUSED)
    click.echo(f"{documents} documents, no fault")


@marsad.command()
@index_option
@stemming_option
@complaining
def merge(index_dir: str, no_stemming: bool) -> None:
    """Join the lists of all batches into one, so that searches are fastest.

    Stored articles stay as they are. Indexing merges by itself; this is for an index that
    has grown to its size.
    """
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        engine.merge()
        size = engine.stats().size_bytes
    click.echo(f"merged, {size:,} bytes")


@marsad.command()
@index_option
@stemming_option
@complaining
def compact(index_dir: str, no_stemming: bool) -> None:
    """Merge, and rewrite stored articles without those that were removed or replaced."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        before = engine.stats().size_bytes
        engine.compact()
        size = engine.stats().size_bytes
    click.echo(f"compacted, {before:,} to {size:,} bytes")


@marsad.command()
@index_option
@json_option
@stemming_option
@complaining
def stats(index_dir: str, as_json: bool, no_stemming: bool) -> None:
    """Say what an index holds; `content` is the same for indexes of the same documents."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        found = engine.stats()
    shown = {name: getattr(found, name) for name in found.__slots__}
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        click.echo(f"{name:12} {value}")


marsad.add_command(cluster)
marsad.add_command(entities)
marsad.add_command(complete)
marsad.add_command(explain)
marsad.add_command(suggest)
marsad.add_command(retry)
marsad.add_command(sync)
