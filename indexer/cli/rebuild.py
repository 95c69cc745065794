"""`marsad rebuild`: build an index again from its own stored articles."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.workers import Workers
from marsad.indexer.cli.options import (
    INDEX_VARIABLE,
    LOG,
    REFUSED,
    batch_option,
    entities_option,
    json_option,
    reports_errors,
    stemming_option,
    workers_option,
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
@click.argument("index_dir", metavar="INDEX", envvar=INDEX_VARIABLE)
@click.option(
    "--to", "to_dir", metavar="NEW", help="Folder for the new index; INDEX stays as it is."
)
@entities_option
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="File for articles that cannot be taken over [INDEX.quarantine.jsonl].",
)
@batch_option
@workers_option
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
    """Build INDEX (or MARSAD_INDEX) again from its stored articles, without the raw files.

    Use it for an index of an older Marsad, whose terms are out of date, or for a damaged one. All
    terms, entities, dates, facets and clusters are computed again. A run that was killed continues
    where it stopped. INDEX can be searched until the new index is complete and was read back; then
    the new one replaces it, or is put into NEW. Sync states, tombstones and the quarantine are
    kept. Restart running servers and watches afterwards. Exit code 0: done; 1: done, but some
    articles could not be taken over; 2: wrong usage, or an error that left INDEX unchanged.
    """
    source = index_folder(index_dir)
    target = index_folder(to_dir) if to_dir else source
    kept = quarantine or Path(f"{str(target).rstrip('/')}.quarantine.jsonl")
    program = parts(stemming=not no_stemming, entities=entities_file)
    mark = (
        f"{fingerprint('rebuild', no_stemming, entities=entities_file)} {program.analyzer.version}"
    )
    job = Rebuild(
        RebuildPlace(source, target, mark),
        program,
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
            f"for {program.analyzer.version}, {source} was of {report.found}"
        )
    _warn(report, kept)
    sys.exit(code)


def _warn(report: RebuildReport, kept: Path) -> None:
    for loss in report.lost:
        LOG.warning("%s", loss)
    if report.refused:
        LOG.warning("%d articles are kept in %s", report.refused, kept)
    if report.unlisted:
        shown = ", ".join(report.unlisted[:_SHOWN]) + (", ..." if report.unlisted[_SHOWN:] else "")
        LOG.warning(
            "%d entities of the old index are in no list now (%s); if they are your own, `marsad "
            "entities relink --entities FILE` brings them back",
            len(report.unlisted),
            shown,
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
