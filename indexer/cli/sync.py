"""Sync command: `sync` keeps an index in step with a folder.

What a quiet night needs is loaded at once, and all else where there is something to do.
"""

import datetime as dt
import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from marsad.corpus.errors import OwnSourceError, SourceMissingError
from marsad.corpus.line_file import append_lines
from marsad.indexer.build.reports import BATCH, SyncReport
from marsad.indexer.cli.options import (
    REFUSED,
    entities_option,
    index_option,
    map_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.errors import ReportPathError
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.unchanged import unchanged

RUNS = "runs.jsonl"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@index_option
@entities_option
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="File for refused records [DIR.quarantine.jsonl].",
)
@click.option("--watch", is_flag=True, help="Go on: look at the folder again and again.")
@click.option(
    "--interval",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="Between two looks of --watch.",
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for a JSON report of the run.",
)
@click.option("--checksum", is_flag=True, help="Compare bytes, not size and time.")
@click.option("--allow-vanished", is_flag=True, help="Go on though most files of before are gone.")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1))
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default="one a core",
    type=click.IntRange(1),
    help="Processes that analyse.",
)
@map_option
@stemming_option
@reports_errors
def sync(
    folder: Path,
    index_dir: str,
    entities_file: Path | None,
    quarantine: Path | None,
    watch: bool,
    interval: float,
    report_path: Path | None,
    checksum: bool,
    allow_vanished: bool,
    batch: int,
    workers: int,
    mapping: dict[str, str],
    no_stemming: bool,
) -> None:
    """Keep an index in step with FOLDER: new, changed and vanished articles.

    Unchanged files are not read. An article that no file of FOLDER holds any more is removed
    and leaves a tombstone. A run that is killed goes on where it was. Each run is a line of
    DIR/runs.jsonl. Exit code 0: done; 1: done, but records were refused; 2: misuse, or most
    files were gone.
    """
    if not folder.is_dir():
        raise SourceMissingError(folder)
    place = side_folder(index_dir)
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    own = [path for path in (place, kept, report_path) if path is not None]
    if os.path.realpath(folder) in {os.path.realpath(path) for path in own}:
        raise OwnSourceError(folder)
    if report_path is not None:
        _check_report(report_path, place)
    mark = fingerprint(no_stemming, sorted(mapping.items()), entities=entities_file)
    if not watch:
        # The usual night: nothing is new, and neither tables nor index need be opened.
        began = time.monotonic()
        names = [str(path) for path in own]
        count = unchanged(index_dir, folder, mark, checksum=checksum, own=names)
        if count is not None:
            same = SyncReport(seen=count, unchanged=count, seconds=time.monotonic() - began)
            sys.exit(_tell(same, folder, place, report_path, None))
    from marsad.indexer.sync.run import SyncSettings, run_sync  # noqa: PLC0415  (a second to load)

    settings = SyncSettings(
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
    )
    stop = _stopping() if watch else None
    complained: set[str] | None = set() if watch else None
    sys.exit(
        run_sync(
            settings,
            lambda found: _tell(found, folder, place, report_path, complained),
            stop,
            interval,
        )
    )


def _stopping() -> threading.Event:
    """Return an event that an interruption or termination sets."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _check_report(path: Path, place: Path) -> None:
    """Raise where no report can be written, before a run that it should tell of."""
    if not place.exists() and os.path.realpath(path.parent) == os.path.realpath(place):
        # The run makes the folder of its index.
        return
    if not path.parent.is_dir():
        raise ReportPathError(path, f"there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ReportPathError(path, f"{path.parent} may not be written to")


def _tell(
    found: SyncReport,
    folder: Path,
    place: Path,
    report_path: Path | None,
    complained: set[str] | None,
) -> int:
    """Log, print and report a run; return its exit code.

    A watch has *complained* of some things, each once: it goes on without a report, and says
    nothing of runs that did nothing.

    Raises:
        OSError: the log or, without a watch, the report cannot be written.
    """
    code = REFUSED if found.articles.refused or found.refusals else 0
    shown = report_json(found, folder, place, code)
    did = found.new or found.changed or found.vanished or found.articles.refused
    if did or complained is None:
        brief = {key: value for key, value in shown.items() if key != "refusals"}
        line = json.dumps({**brief, "removed_ids": []}, ensure_ascii=False) + "\n"
        append_lines(place / RUNS, line.encode("utf-8", "backslashreplace"), durable=False)
        click.echo(
            f"files: {found.seen} seen, {found.unchanged} unchanged, {found.new} new, "
            f"{found.changed} changed, {found.vanished} vanished; articles: "
            f"{found.articles.added} added, {found.articles.updated} updated, "
            f"{found.articles.unchanged} unchanged, {found.removed} removed, "
            f"{found.articles.refused} refused"
        )
    if report_path is not None:
        _write_report(report_path, shown, complained)
    return code


def _write_report(path: Path, shown: dict[str, Any], complained: set[str] | None) -> None:
    """Write a report whole or not at all."""
    text = json.dumps(shown, ensure_ascii=False, indent=1)
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
        beside.replace(path)
    except OSError as error:
        if complained is None:
            raise
        reason = f"{path}: no report was written: {error.strerror or error}; the watch goes on"
        if reason not in complained:
            complained.add(reason)
            click.echo(f"marsad: {reason}", err=True)
    else:
        if complained is not None:
            complained.clear()


def report_json(found: SyncReport, folder: Path, place: Path, code: int) -> dict[str, Any]:
    """Return the report of a run, for scripts."""
    articles = asdict(found.articles)
    return {
        "folder": str(folder),
        "index": str(place),
        "ended": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(found.seconds, 3),
        "exit_code": code,
        "files": {
            name: getattr(found, name)
            for name in ("seen", "unchanged", "new", "changed", "vanished")
        },
        "articles": {
            **{name: articles[name] for name in ("read", "added", "updated", "unchanged")},
            "removed": found.removed,
            "refused": articles["refused"],
        },
        "removed_ids": found.removed_ids,
        "refusals": [each._asdict() for each in found.refusals],
    }
