"""Index command: `index` takes articles into an index."""

import os
import sys
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from marsad.corpus.estimate import estimate
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import check_sources, read
from marsad.indexer.build.batch import index_sources
from marsad.indexer.build.dry_run import count_records, dry_run_lines
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.reports import BATCH
from marsad.indexer.build.workers import Workers
from marsad.indexer.cli.options import (
    REFUSED,
    entities_option,
    index_option,
    map_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.parts import documents, parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.opening import opened, prepare_writing


@click.command()
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
@reports_errors
def index(
    sources: tuple[Path, ...],
    index_dir: str,
    entities_file: Path | None,
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
    goes on. Exit code 0: done; 1: done, but records were refused; 2: misuse, or a source or index
    that cannot be used.
    """
    if dry_run:
        found = count_records(read(sources, mapping))
        click.echo("\n".join(dry_run_lines(found)))
        sys.exit(REFUSED if found.refused else 0)
    place = side_folder(index_dir)
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    # Before anything is made: a folder of articles is no place for an index.
    check_sources(sources, (place, kept))
    wanted = parts(stemming=not no_stemming, entities=entities_file)
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
        prepare_writing(engine, index_dir)
        report = index_sources(
            sources,
            engine,
            wanted.documents,
            refused,
            progress_callback(bar),
            batch,
            Workers(workers, partial(documents, stemming=not no_stemming, entities=entities_file)),
            mapping,
            DuplicateTracker(place, engine, wanted.documents),
            own=(place,),
        )
    click.echo(
        f"read {report.read}, added {report.added}, updated {report.updated}, "
        f"unchanged {report.unchanged}, refused {report.refused}, "
        f"{report.rate:.0f} articles a second"
    )
    if report.refused:
        click.echo(f"marsad: {report.refused} refused records are kept in {kept}", err=True)
        sys.exit(REFUSED)
