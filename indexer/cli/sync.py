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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from marsad.corpus.errors import OwnSourceError, SourceMissingError
from marsad.corpus.line_file import append_lines
from marsad.indexer.build.reports import SyncReport
from marsad.indexer.cli.options import (
    LOG,
    MISUSE,
    REFUSED,
    batch_option,
    entities_option,
    index_option,
    json_option,
    map_option,
    quarantine_option,
    reports_errors,
    stemming_option,
    workers_option,
)
from marsad.indexer.cli.report import (
    FAULTS,
    check_report_path,
    ending,
    report_line,
    report_option,
    write_fault_report,
    write_report,
)
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.unchanged import unchanged

RUNS = "runs.jsonl"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
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
@batch_option
@workers_option
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
    as_json: bool,
    checksum: bool,
    allow_vanished: bool,
    batch: int,
    workers: int,
    mapping: dict[str, str],
    no_stemming: bool,
) -> None:
    """Update an index to match FOLDER: add new, update changed and remove vanished articles.

    Unchanged files are not read. An article that is in no file of FOLDER any more is removed and
    gets a tombstone. A run that was killed continues where it stopped. Each run adds a line to
    DIR/runs.jsonl. Exit code 0: done; 1: done, but records were refused; 2: wrong usage, an error,
    or most files are gone.
    """
    place = side_folder(index_dir)
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    own = [path for path in (place, kept, report_path) if path is not None]
    if report_path is not None:
        check_report_path(report_path, place, (kept,))
    reporter = _Reporter(folder, place, report_path, as_json=as_json, is_watch=watch)
    try:
        _check_folder(folder, own)
        mark = fingerprint(no_stemming, sorted(mapping.items()), entities=entities_file)
        # On most nights nothing is new: then neither tables nor index are opened.
        count = (
            None
            if watch
            else unchanged(
                index_dir,
                folder,
                mark,
                checksum=checksum,
                own=[str(path) for path in own],
            )
        )
        if count is not None:
            seconds = time.monotonic() - reporter.began
            code = reporter.report(SyncReport(seen=count, unchanged=count, seconds=seconds))
        else:
            from marsad.indexer.sync.run import (  # noqa: PLC0415  (a second to load)
                SyncSettings,
                run_sync,
            )

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
            code = run_sync(settings, reporter.report, _stopping() if watch else None, interval)
    except FAULTS as error:
        reporter.fault(error)
        raise
    sys.exit(code)


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


@dataclass(slots=True)
class _Reporter:
    """Logs, prints and reports each run.

    A watch goes on where its report cannot be written, with one warning, and is silent about runs
    that did nothing.
    """

    folder: Path
    place: Path
    report_path: Path | None
    as_json: bool
    is_watch: bool
    began: float = field(default_factory=time.monotonic)
    _runs: int = 0
    _warned: str = ""

    def report(self, found: SyncReport) -> int:
        """Report a run; return its exit code.

        Raises:
            OSError: the log or, without a watch, the report cannot be written.
        """
        self._runs += 1
        code = REFUSED if found.articles.refused or found.refusals else 0
        shown = report_json(found, self.folder, self.place, code)
        did = found.new or found.changed or found.vanished or found.articles.refused
        if did or not self.is_watch:
            brief = {key: value for key, value in shown.items() if key != "refusals"}
            line = json.dumps({**brief, "removed_ids": []}, ensure_ascii=False) + "\n"
            append_lines(self.place / RUNS, line.encode("utf-8", "backslashreplace"), durable=False)
            click.echo(report_line(shown) if self.as_json else _summary(found))
        if self.report_path is not None:
            self._write(self.report_path, shown)
        return code

    def fault(self, error: Exception) -> None:
        """Report that *error* ended the run."""
        if self._runs:
            # The run itself was reported, or its report is what could not be written.
            return
        shown = {
            "folder": str(self.folder),
            **ending(self.place, time.monotonic() - self.began, MISUSE, error),
            "files": None,
            "articles": None,
            "removed_ids": [],
            "refusals": [],
        }
        write_fault_report(self.report_path, shown, as_json=self.as_json)

    def _write(self, path: Path, shown: dict[str, Any]) -> None:
        try:
            write_report(path, shown)
        except OSError as error:
            if not self.is_watch:
                raise
            reason = error.strerror or str(error)
            if reason != self._warned:
                LOG.warning("%s: no report was written: %s; the watch goes on", path, reason)
            self._warned = reason
        else:
            self._warned = ""


def _summary(found: SyncReport) -> str:
    return (
        f"files: {found.seen} seen, {found.unchanged} unchanged, {found.new} new, "
        f"{found.changed} changed, {found.vanished} vanished; articles: "
        f"{found.articles.added} added, {found.articles.updated} updated, "
        f"{found.articles.unchanged} unchanged, {found.removed} removed, "
        f"{found.articles.refused} refused"
    )


def report_json(found: SyncReport, folder: Path, place: Path, code: int) -> dict[str, Any]:
    """Return the report of a run, for scripts."""
    articles = found.articles
    return {
        "folder": str(folder),
        **ending(place, found.seconds, code, None),
        "files": {
            name: getattr(found, name)
            for name in ("seen", "unchanged", "new", "changed", "vanished")
        },
        "articles": {
            **{name: getattr(articles, name) for name in ("read", "added", "updated", "unchanged")},
            "removed": found.removed,
            "refused": articles.refused,
        },
        "removed_ids": found.removed_ids,
        "refusals": [each._asdict() for each in found.refusals],
    }
