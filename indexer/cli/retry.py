"""`marsad retry`: index refused records that were corrected."""

import json
import sys
from pathlib import Path

import click
from tqdm import tqdm

from marsad.corpus.source import Record
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.identity import Identities, InWork
from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.reports import IndexReport
from marsad.indexer.cli.options import (
    LOG,
    REFUSED,
    entities_option,
    index_option,
    json_option,
    map_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts, parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.adopt import Adoption
from marsad.indexer.sync.opening import opened, prepare_writing
from marsad.indexer.sync.owners import claim_rest
from marsad.indexer.sync.retry import Retry


@click.command()
@click.argument("quarantine", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@entities_option
@map_option
@json_option
@stemming_option
@reports_errors
def retry(
    quarantine: Path,
    index_dir: str,
    entities_file: Path | None,
    mapping: dict[str, str],
    as_json: bool,
    no_stemming: bool,
) -> None:
    """Index refused records that were corrected, in QUARANTINE itself or in their source.

    Records that can be read now are indexed and removed from the file. The others stay, with the
    reason for which they are refused now. Exit code 1: some records are still refused.
    """
    job = Retry(quarantine, mapping)
    program = parts(stemming=not no_stemming, entities=entities_file)
    with opened(index_dir, program, create=True) as engine:
        prepare_writing(engine, index_dir)
        place = side_folder(index_dir)
        claim_rest(engine, place, index_dir)
        adoption = Adoption(place, index_dir)
        report = _take_in(job, engine, program, index_dir, adoption)
        adoption.write()
    job.rewrite()
    shown = {
        "mended": job.mended,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused": job.refused,
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(
            f"mended {shown['mended']}, articles added {shown['added']}, updated "
            f"{shown['updated']}, still refused {shown['refused']}"
        )
    if job.cut:
        LOG.warning(
            "%d lines of %s were cut short and stay there; index their files again",
            job.cut,
            quarantine,
        )
    sys.exit(REFUSED if job.refused or job.cut else 0)


def _take_in(
    job: Retry, engine: Engine, program: Parts, index_dir: str, adoption: Adoption
) -> IndexReport:
    with tqdm(unit=" articles", disable=None, file=sys.stderr) as bar:
        shown = progress_callback(bar)

        def progress(record: Record) -> None:
            adoption.note(record)
            shown(record)

        return index_records(
            job.records(),
            engine,
            program.documents,
            job.again,
            progress,
            duplicates=DuplicateTracker(side_folder(index_dir), engine, program.documents),
            identities=Identities(engine, program.documents, InWork()),
        )
