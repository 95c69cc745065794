"""`marsad sync`: update an index so that it matches a folder.

Most runs find nothing new. This module imports only what such a run needs, so that it takes a
fraction of a second; the rest is imported when there is something to do.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click

from marsad.corpus.errors import OwnSourceError, SourceMissingError
from marsad.indexer.build.reports import SyncReport
from marsad.indexer.cli.folders import list_lines
from marsad.indexer.cli.interrupts import ENDINGS, ReportedCommand, terminable
from marsad.indexer.cli.options import (
    LOG,
    batch_option,
    entities_option,
    fail_on_option,
    follow_links_option,
    index_option,
    json_option,
    map_option,
    namespace_option,
    quarantine_option,
    reports_errors,
    stemming_option,
    workers_option,
)
from marsad.indexer.cli.report import check_report_path, report_option
from marsad.indexer.cli.sync_report import Reporter
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.folders import not_there, take_over
from marsad.indexer.sync.settings import Settings
from marsad.indexer.sync.state import state_path
from marsad.indexer.sync.told import tell
from marsad.indexer.sync.unchanged import look


@click.command(cls=ReportedCommand)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@index_option
@entities_option
@quarantine_option
@click.option("--watch", is_flag=True, help="Keep running, and look at the folder again and again.")
@click.option(
    "--interval",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="Time between two looks of --watch.",
)
@report_option
@json_option
@click.option(
    "--checksum", is_flag=True, help="Compare the bytes of files instead of size and time."
)
@click.option(
    "--allow-vanished",
    is_flag=True,
    help="Continue even if most files are gone since the last run.",
)
@click.option(
    "--moved-from",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="FOLDER is the folder OLD at another path.",
)
@click.option("--list", "as_list", is_flag=True, help="List the folders that are synced.")
@click.option(
    "--forget",
    is_flag=True,
    help="Sync FOLDER no more, and remove its articles that nothing else holds.",
)
@click.option("--keep-articles", is_flag=True, help="With --forget: keep the articles.")
@fail_on_option
@batch_option
@workers_option
@map_option
@namespace_option
@follow_links_option
@stemming_option
@reports_errors
def sync(
    folder: Path | None,
    index_dir: str,
    entities_file: Path | None,
    quarantine: Path | None,
    watch: bool,
    interval: float,
    report_path: Path | None,
    as_json: bool,
    checksum: bool,
    allow_vanished: bool,
    moved_from: Path | None,
    as_list: bool,
    forget: bool,
    keep_articles: bool,
    fail_on: tuple[str, ...],
    batch: int,
    workers: int,
    mapping: dict[str, str],
    namespace: str,
    follow_links: bool,
    no_stemming: bool,
) -> None:
    """Update an index to match FOLDER: add new, update changed and remove vanished articles.

    Unchanged files are not read. An article that is in no file of FOLDER any more is removed and
    gets a tombstone, unless `marsad index` brought it from elsewhere. A run that was killed
    continues where it stopped. A file that could not be read is tried again in the next run, and
    records that are still refused are named in each. A link that leads out of FOLDER is skipped and
    counted, unless --follow-links reads it. A folder that moved is recognised, or named by
    --moved-from. Each run adds a line to DIR/runs.jsonl. Exit code 0: done; 1: done, but records
    are refused, or --fail-on says so; 2: wrong usage, an error, or most files are gone; 143: ended
    by SIGTERM.
    """
    place = side_folder(index_dir)
    if as_list:
        click.echo("\n".join(list_lines(place, index_dir, as_json=as_json)))
        return
    if folder is None:
        raise click.UsageError("Missing argument 'FOLDER'; --list shows the folders of an index.")
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    own = [path for path in (place, kept, report_path) if path is not None]
    if report_path is not None:
        check_report_path(report_path, place, (kept,))
    reporter = Reporter(folder, place, report_path, as_json, watch, fail_on)
    try:
        # A watch ends in order by itself.
        with nullcontext() if watch else terminable():
            if forget:
                from marsad.indexer.sync.forget import forget_folder  # noqa: PLC0415  (heavy)

                done = forget_folder(
                    index_dir,
                    folder,
                    kept,
                    stemming=not no_stemming,
                    entities=entities_file,
                    keep_articles=keep_articles,
                )
                click.echo(json.dumps(asdict(done), ensure_ascii=False) if as_json else str(done))
                return
            _check_folder(folder, own)
            chosen = (no_stemming, sorted(mapping.items()), namespace, follow_links)
            mark = fingerprint(*chosen, entities=entities_file)
            settings = Settings(
                folder=folder,
                index_dir=index_dir,
                quarantine=kept,
                fingerprint=mark,
                mapping=mapping,
                workers=workers,
                batch=batch,
                checksum=checksum,
                allow_vanished=allow_vanished,
                stemming=not no_stemming,
                entities=entities_file,
                own=own,
                namespace=namespace,
                follow_links=follow_links,
            )
            code = _run(settings, reporter, moved_from, interval if watch else None)
    except ENDINGS as error:
        reporter.fault(error)
        raise
    sys.exit(code)


def _run(
    settings: Settings, reporter: Reporter, moved_from: Path | None, interval_s: float | None
) -> int:
    """Sync once, or every *interval_s* seconds; return the exit code.

    On most nights nothing is new: then neither tables nor index are opened.
    """
    place = side_folder(settings.index_dir)
    folder, index = settings.folder, settings.index_dir
    follow_links = settings.follow_links
    said = ""
    if moved_from is not None or not state_path(place, folder).exists():
        said = take_over(place, index, folder, moved_from, follow_links=follow_links)
    seen = look(
        index,
        folder,
        settings.fingerprint,
        checksum=settings.checksum,
        own=[str(path) for path in settings.own],
        follow_links=follow_links,
    )
    if seen is not None and seen.is_quiet and interval_s is None:
        found = SyncReport(seen=seen.found.seen, unchanged=seen.found.seen)
        tell(found, seen.state, folder, left_out=seen.found.left_out)
        found.seconds = time.monotonic() - reporter.began
        return reporter.report(found)
    if not said:
        said = take_over(place, index, folder, follow_links=follow_links)
        seen = None if said else seen
    if not said and seen is None:
        said = not_there(place, folder)
    if said:
        LOG.warning("%s", said)
    from marsad.indexer.sync.run import run_sync  # noqa: PLC0415  (a second to load)

    stop = None if interval_s is None else _stopping()
    return run_sync(settings, seen, reporter.report, stop, interval_s or 0.0)


def _check_folder(folder: Path, own: Collection[Path]) -> None:
    """Raise where *folder* is missing, or is what the run itself writes."""
    if not folder.is_dir():
        raise SourceMissingError(folder)
    if os.path.realpath(folder) in {os.path.realpath(path) for path in own}:
        raise OwnSourceError(folder)


def _stopping() -> threading.Event:
    """Return an event that is set by SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
