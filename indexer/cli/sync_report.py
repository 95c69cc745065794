"""Sync report: what `marsad sync` prints, writes and logs of each run."""

import errno
import json
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from marsad.corpus.line_file import append_lines
from marsad.indexer.build.reports import SyncReport
from marsad.indexer.cli.interrupts import fault_of
from marsad.indexer.cli.options import LOG, REFUSED, fails_on
from marsad.indexer.cli.report import (
    ending,
    notes_json,
    report_line,
    write_fault_report,
    write_report,
)
from marsad.indexer.sync.folders import RUNS

_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_COUNTS = ("seen", "unchanged", "new", "changed", "vanished")


@dataclass(slots=True)
class Reporter:
    """Logs, prints and reports each run.

    A watch goes on where its report cannot be written, with one warning, and is silent about runs
    that did nothing.
    """

    folder: Path
    place: Path
    report_path: Path | None
    as_json: bool
    is_watch: bool
    fail_on: Collection[str] = ()
    began: float = field(default_factory=time.monotonic)
    _runs: int = 0
    _warned: str = ""

    def report(self, found: SyncReport) -> int:
        """Report a run; return its exit code.

        Raises:
            OSError: the log or, without a watch, the report cannot be written. After a run that
                changed nothing, a log on a read-only disk is left as it is.
        """
        self._runs += 1
        is_refused = found.articles.refused or found.refusals or found.still_refused
        code = REFUSED if is_refused or fails_on(self.fail_on, found.articles.notes) else 0
        shown = report_json(found, self.folder, self.place, code)
        did = bool(found.new or found.changed or found.vanished or found.articles.refused)
        if did or not self.is_watch:
            self._log(shown, must=did)
            click.echo(report_line(shown) if self.as_json else "\n".join(_summary(found)))
        if self.report_path is not None:
            self._write(self.report_path, shown)
        return code

    def fault(self, error: BaseException) -> None:
        """Report what ended the run before its report."""
        if self._runs:
            # The run itself was reported, or its report is what could not be written.
            return
        code, told = fault_of(error)
        shown = {
            "folder": str(self.folder),
            **ending(self.place, time.monotonic() - self.began, code, told),
            "files": None,
            "articles": None,
            "removed_ids": [],
            "refusals": [],
        }
        write_fault_report(self.report_path, shown, as_json=self.as_json)
        # The folder of an index that is not there yet may be one of articles.
        if (self.place / RUNS).exists() or any(self.place.glob("manifest.*.json")):
            try:
                self._log(shown, must=False)
            except OSError as failed:
                LOG.debug("%s: %s", self.place / RUNS, failed)

    def _log(self, shown: dict[str, Any], *, must: bool) -> None:
        brief = {
            key: value
            for key, value in shown.items()
            if key not in ("refusals", "columns", "remarks", "remarked")
        }
        brief["removed_ids"] = []
        for key in ("still_refused", "skipped"):
            if key in brief:
                brief[key] = {
                    name: value
                    for name, value in brief[key].items()
                    if name not in ("first", "examples")
                }
        line = json.dumps(brief, ensure_ascii=False) + "\n"
        try:
            append_lines(self.place / RUNS, line.encode("utf-8", "backslashreplace"), durable=False)
        except OSError as error:
            if must or error.errno not in _READ_ONLY:
                raise

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


def _summary(found: SyncReport) -> list[str]:
    counts = (
        f"files: {found.seen} seen, {found.unchanged} unchanged, {found.new} new, "
        f"{found.changed} changed, {found.vanished} vanished; articles: "
        f"{found.articles.added} added, {found.articles.updated} updated, "
        f"{found.articles.unchanged} unchanged, {found.removed} removed, "
        f"{found.articles.refused} refused"
    )
    lines = [counts, *found.articles.notes.lines()]
    if found.still_refused:
        first = found.still_first[0]
        lines.append(
            f"{found.still_refused} records are still refused, as {first.path}:{first.line}: "
            f"{first.reason}"
        )
    return lines


def report_json(found: SyncReport, folder: Path, place: Path, code: int) -> dict[str, Any]:
    """Return the report of a run, for scripts."""
    articles = found.articles
    return {
        "folder": str(folder),
        **ending(place, found.seconds, code, None),
        "files": {
            **{name: getattr(found, name) for name in _COUNTS},
            "skipped": articles.notes.skipped_files,
        },
        "articles": {
            **{name: getattr(articles, name) for name in ("read", "added", "updated", "unchanged")},
            "removed": found.removed,
            "refused": articles.refused,
        },
        **notes_json(articles.notes),
        "removed_ids": found.removed_ids,
        "refusals": [each._asdict() for each in found.refusals],
        "still_refused": {
            "count": found.still_refused,
            "first": [each._asdict() for each in found.still_first],
        },
    }
