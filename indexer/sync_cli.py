"""Sync commands: `sync` keeps an index in step with a folder, `retry` takes up mended records."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from corpus.errors import SourceMissingError
from corpus.quarantine import Quarantine
from corpus.source import Passed, Record, Refusal, now
from indexer.batch import BATCH, Workers, index_records
from indexer.door import (
    REFUSED,
    complaining,
    index_option,
    json_option,
    map_option,
    opened,
    stemming_option,
    warn_of_losses,
)
from indexer.engine import Engine
from indexer.errors import FolderVanishedError, IndexBusyError
from indexer.fingerprint import fingerprint
from indexer.folder_state import FolderState, state_path, unchanged
from indexer.registry import Parts, documents, index_folder, parts
from indexer.retry import Retry
from indexer.stories import Stories
from indexer.sync import Sync, SyncReport
from indexer.tombstones import Tombstones

RUNS = "runs.jsonl"


def teller(bar: "tqdm[Any]") -> Callable[[Record], None]:
    """Return what tells of a record on stderr: refusals, files passed over, and the count."""

    def progress(record: Record) -> None:
        if isinstance(record, Refusal):
            bar.write(f"refused {record.path}:{record.line}: {record.reason}", file=sys.stderr)
        elif isinstance(record, Passed):
            bar.write(f"passed over {record.path}: no article by its name", file=sys.stderr)
        else:
            bar.update()

    return progress


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@index_option
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
@complaining
def sync(
    folder: Path,
    index_dir: str,
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
    place = index_folder(index_dir)
    mark = fingerprint(no_stemming, sorted(mapping.items()))
    if not watch and not checksum:
        # The usual night: nothing is new, and neither tables nor index need be opened.
        began = time.monotonic()
        count = unchanged(state_path(place, folder), folder, mark)
        if count is not None:
            same = SyncReport(seen=count, unchanged=count, seconds=time.monotonic() - began)
            sys.exit(_tell(same, folder, place, report_path, quiet=False))
    wanted = parts(stemming=not no_stemming)
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    stop = _stopping() if watch else None
    with (
        Quarantine(kept) as refused,
        opened(index_dir, wanted, create=True) as engine,
        tqdm(unit=" articles", disable=None, file=sys.stderr) as bar,
    ):
        warn_of_losses(engine)
        job = Sync(
            folder,
            engine,
            wanted.documents,
            refused,
            FolderState(state_path(place, folder), wanted.documents.version, mark),
            Stories(place, engine, wanted.documents),
            Tombstones(place),
            mapping,
            Workers(workers, partial(documents, stemming=not no_stemming)),
            batch,
            checksum,
            allow_vanished,
        )
        code = 0
        told = ""
        while True:
            try:
                found = job.run(teller(bar))
                code, told = _tell(found, folder, place, report_path, quiet=watch), ""
            except (IndexBusyError, FolderVanishedError) as error:
                if stop is None:
                    raise
                if str(error) != told:
                    told = str(error)
                    click.echo(f"marsad: {told}", err=True)
            if stop is None or stop.wait(interval):
                break
    sys.exit(code)


def _stopping() -> threading.Event:
    """Return an event that an interruption or termination sets."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _tell(
    found: SyncReport, folder: Path, place: Path, report_path: Path | None, *, quiet: bool
) -> int:
    """Print, report and log a run; return its exit code."""
    code = REFUSED if found.articles.refused or found.refusals else 0
    shown = report_json(found, folder, place, code)
    if report_path is not None:
        text = json.dumps(shown, ensure_ascii=False, indent=1)
        beside = report_path.with_name(report_path.name + ".new")
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(report_path)
    did = found.new or found.changed or found.vanished or found.articles.refused
    if did or not quiet:
        with (place / RUNS).open("a", encoding="utf-8") as log:
            brief = {key: value for key, value in shown.items() if key != "refusals"}
            log.write(json.dumps({**brief, "removed_ids": []}, ensure_ascii=False) + "\n")
        click.echo(
            f"files: {found.seen} seen, {found.unchanged} unchanged, {found.new} new, "
            f"{found.changed} changed, {found.vanished} vanished; articles: "
            f"{found.articles.added} added, {found.articles.updated} updated, "
            f"{found.articles.unchanged} unchanged, {found.removed} removed, "
            f"{found.articles.refused} refused"
        )
    return code


def report_json(found: SyncReport, folder: Path, place: Path, code: int) -> dict[str, Any]:
    """Return the report of a run, for scripts."""
    articles = asdict(found.articles)
    return {
        "folder": str(folder),
        "index": str(place),
        "ended": now(),
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
        "refusals": [
            {"path": each.path, "line": each.line, "reason": each.reason} for each in found.refusals
        ],
    }


@click.command()
@click.argument("quarantine", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@map_option
@json_option
@stemming_option
@complaining
def retry(
    quarantine: Path, index_dir: str, mapping: dict[str, str], as_json: bool, no_stemming: bool
) -> None:
    """Take up refused records that were mended, in QUARANTINE itself or where they came from.

    What can be read now is indexed and leaves the file; the rest stays, with its reason of
    today. Exit code 1: some records are still refused.
    """
    job = Retry(quarantine, mapping)
    wanted = parts(stemming=not no_stemming)
    with opened(index_dir, wanted, create=True) as engine:
        shown = _retried(job, engine, wanted, index_dir)
    job.rewrite()
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(
            f"mended {shown['mended']}, articles added {shown['added']}, updated "
            f"{shown['updated']}, still refused {shown['refused']}"
        )
    if job.cut:
        click.echo(
            f"marsad: {job.cut} lines of {quarantine} were cut short and stay there; index "
            f"their files again",
            err=True,
        )
    sys.exit(REFUSED if job.refused or job.cut else 0)


def _retried(job: Retry, engine: Engine, wanted: Parts, index_dir: str) -> dict[str, int]:
    with (
        Quarantine(job.path.with_suffix(".unused")) as none,
        tqdm(unit=" articles", disable=None, file=sys.stderr) as bar,
    ):
        report = index_records(
            job.records(),
            engine,
            wanted.documents,
            none,
            teller(bar),
            stories=Stories(index_folder(index_dir), engine, wanted.documents),
        )
    return {
        "mended": job.mended,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused": job.refused,
    }
