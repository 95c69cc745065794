"""Report: the JSON report of a run, on stdout or in a file, for scripts.

`index` and `sync` share its shape: `index`, `ended`, `seconds`, `exit_code`, `error`, `files`,
`articles` and `refusals`.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from marsad.corpus.errors import CorpusError
from marsad.corpus.tally import Tally
from marsad.indexer.build.reports import IndexReport, Notes, RefusalEntry
from marsad.indexer.cli.options import LOG, file_fault
from marsad.indexer.errors import IndexerError, ReportPathError

report_option = click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for a JSON report of the run.",
)

# What a command reports as a sentence and exit code 2; see `reports_errors`.
FAULTS = (IndexerError, CorpusError, OSError)


def index_report(
    found: IndexReport | None,
    sources: Sequence[Path],
    place: Path,
    refusals: Sequence[RefusalEntry],
    *,
    seconds: float,
    code: int,
    error: Exception | None = None,
    files: Tally | None = None,
) -> dict[str, Any]:
    """Return the report of `marsad index`; *files* counts the files of its sources.

    `files` and `articles` are None where *error* ended the run: then the run is not counted.
    """
    counts = ("read", "added", "updated", "unchanged", "refused")
    return {
        "sources": [str(source) for source in sources],
        **ending(place, seconds, code, error),
        "files": None if found is None or files is None else asdict(files),
        "articles": None if found is None else {name: getattr(found, name) for name in counts},
        **({} if found is None else notes_json(found.notes)),
        "refusals": [each._asdict() for each in refusals],
    }


def notes_json(notes: Notes) -> dict[str, Any]:
    """Return the keys of a report on remarks, skipped files and records, and columns."""
    return {
        "remarked": notes.remarked,
        "remarks": {
            kind: {
                "count": count,
                "examples": [each._asdict() for each in notes.remark_examples[kind]],
            }
            for kind, count in notes.remarks.most_common()
        },
        "skipped": {
            "counts": dict(notes.skipped.most_common()),
            "examples": [each._asdict() for each in notes.skipped_examples],
        },
        "columns": [
            {
                "path": entry.path,
                "articles": entry.articles,
                "taken": dict(choice.taken),
                "not_taken": [{"field": name, "column": column} for name, column in choice.passed],
            }
            for choice, entry in notes.choices.items()
        ],
    }


def ending(place: Path, seconds: float, code: int, error: Exception | None) -> dict[str, Any]:
    """Return the keys of a report that say how a run ended; `error` is a sentence or None."""
    told = file_fault(error) if isinstance(error, OSError) else str(error)
    return {
        "index": str(place),
        "ended": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "exit_code": code,
        "error": None if error is None else told,
    }


def check_report_path(path: Path, place: Path, taken: Iterable[Path]) -> None:
    """Raise where no report can be written, before the run that it is for.

    Raises:
        ReportPathError: the folder of *path* is missing or cannot be written to, or *path* is the
            index at *place* or one of the *taken* files, which a report would overwrite.
    """
    if os.path.realpath(path) in {os.path.realpath(each) for each in (place, *taken)}:
        raise ReportPathError(path, "this run reads it, or keeps something else there")
    if not place.exists() and os.path.realpath(path.parent) == os.path.realpath(place):
        # The run makes the folder of its index.
        return
    if not path.parent.is_dir():
        raise ReportPathError(path, f"there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ReportPathError(path, f"{path.parent} may not be written to")


def write_report(path: Path, shown: dict[str, Any]) -> None:
    """Write a report whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    text = json.dumps(shown, ensure_ascii=False, indent=1)
    beside = path.with_name(path.name + ".new")
    beside.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
    beside.replace(path)


def write_fault_report(path: Path | None, shown: dict[str, Any], *, as_json: bool) -> None:
    """Write the report of a run that an error ended; it must not hide that error."""
    if as_json:
        click.echo(report_line(shown))
    if path is not None:
        try:
            write_report(path, shown)
        except OSError as error:
            LOG.error("no report was written: %s", file_fault(error))


def report_line(shown: dict[str, Any]) -> str:
    """Return a report on one line, for --json."""
    text = json.dumps(shown, ensure_ascii=False)
    # A path may hold bytes that are no UTF-8.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
