"""Rebuild command: `rebuild` makes an index anew from the articles that it holds."""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.reports import BATCH
from marsad.indexer.build.workers import Workers
from marsad.indexer.cli.options import (
    REFUSED,
    entities_option,
    json_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.parts import documents, parts
from marsad.indexer.rebuild.copy_pass import RebuildReport
from marsad.indexer.rebuild.place import RebuildPlace
from marsad.indexer.rebuild.rebuild import Rebuild
from marsad.indexer.rebuild.refusals import KeptRefusals
from marsad.indexer.registry import index_folder

_SHOWN = 5


@click.command()
@click.argument("index_dir", metavar="INDEX")
@click.option("--to", "to_dir", metavar="NEW", help="Folder of the new index; INDEX stays.")
@entities_option
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="File for articles that cannot be taken over [INDEX.quarantine.jsonl].",
)
@click.option(
    "--batch", default=BATCH, show_default=True, type=click.IntRange(1), help="Articles a commit."
)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default="one a core",
    type=click.IntRange(1),
    help="Processes that analyse.",
)
@json_option
@stemming_option
@reports_errors
def rebuild(
    index_dir: str,
    to_dir: str | None,
    entities_file: Path | None,
    quarantine: Path | None,
    batch: int,
    workers: int,
    as_json: bool,
    no_stemming: bool,
) -> None:
    """Make an INDEX anew from the articles that it holds, without the raw files.

    For an index of an older Marsad, whose terms are out of date, or one that is damaged: terms,
    entities, dates, facets and copies are made anew. A run that is killed goes on where it was.
    INDEX answers as before until the new one is whole and was read back; then the new one takes
    its place, or stands in NEW. States of syncs, tombstones and the quarantine stay beside it.
    Servers and watches that run must be started anew then. Exit code 0: done; 1: done, but some
    articles could not be taken over; 2: misuse, or nothing was changed for the reason that is
    told.
    """
    source = index_folder(index_dir)
    target = index_folder(to_dir) if to_dir else source
    kept = quarantine or Path(f"{str(target).rstrip('/')}.quarantine.jsonl")
    wanted = parts(stemming=not no_stemming, entities=entities_file)
    mark = (
        f"{fingerprint('rebuild', no_stemming, entities=entities_file)} {wanted.analyzer.version}"
    )
    job = Rebuild(
        RebuildPlace(source, target, mark),
        wanted,
        Workers(workers, partial(documents, stemming=not no_stemming, entities=entities_file)),
        batch,
        KeptRefusals(kept),
    )
    with tqdm(unit=" articles", smoothing=0.1, disable=None, file=sys.stderr) as bar:
        report = job.run(bar.reset, progress_callback(bar))
    code = 0 if report.is_whole else REFUSED
    if as_json:
        click.echo(json.dumps(report_json(report, source, target, code), ensure_ascii=False))
    else:
        click.echo(
            f"read {report.read}, analysed {report.analysed}, kept of an earlier run "
            f"{report.kept}, refused {report.refused}; {target} holds {report.documents} articles "
            f"for {wanted.analyzer.version}, {source} was of {report.found}"
        )
    _complain(report, kept)
    sys.exit(code)


def _complain(report: RebuildReport, kept: Path) -> None:
    for loss in report.lost:
        click.echo(f"marsad: {loss}", err=True)
    if report.refused:
        click.echo(f"marsad: {report.refused} articles are kept in {kept}", err=True)
    if report.unlisted:
        shown = ", ".join(report.unlisted[:_SHOWN]) + (", ..." if report.unlisted[_SHOWN:] else "")
        click.echo(
            f"marsad: {len(report.unlisted)} entities of the old index are in no list now "
            f"({shown}); if they are your own, `marsad entities relink --entities FILE` brings "
            f"them back",
            err=True,
        )


def report_json(report: RebuildReport, source: Path, target: Path, code: int) -> dict[str, Any]:
    """Return the report of a run, for scripts."""
    named = {name: getattr(report, name) for name in report.__slots__}
    return {
        "index": str(source),
        "to": str(target),
        "exit_code": code,
        **named,
        "seconds": round(report.seconds, 3),
        "refusals": [each._asdict() for each in report.refusals],
    }
