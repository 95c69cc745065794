"""`marsad check`: read a whole index and report damage."""

import re
import sys
from pathlib import Path

import click

from marsad.indexer.cli.options import LOG, REFUSED, index_option, reports_errors, stemming_option
from marsad.indexer.parts import parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.check_side import check_side
from marsad.indexer.sync.folders import faults as state_faults
from marsad.indexer.sync.opening import opened


@click.command()
@index_option
@stemming_option
@reports_errors
def check(index_dir: str, no_stemming: bool) -> None:
    """Read a whole index and report damage; exit code 1 if there is any.

    The files beside the index are read too: removed articles, states of synced folders, the log of
    runs, refused records, near-duplicates.
    """
    place = side_folder(index_dir)
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        faults = [*engine.check()]
        documents = engine.stats().documents
        version = engine.stats().analyzer
    kept = Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    # A sync heals the states by itself. What is wrong with one is told once.
    states = state_faults(place, index_dir)
    told = {Path(each.partition(": ")[0]).name for each in states}
    others = check_side(place, kept, version)
    beside = [*states, *(each for each in others if re.split("[ :]", each)[0] not in told)]
    for fault in faults:
        LOG.error("%s", fault)
    for fault in beside:
        LOG.error("%s", fault)
    if faults:
        LOG.error(
            "put the named files back from a copy, or build a new index with `marsad index SOURCE "
            "--index NEWDIR`; without its sources, `marsad rebuild %s --to NEWDIR` takes over the "
            "articles that are whole",
            index_dir,
        )
    if faults or beside:
        sys.exit(REFUSED)
    click.echo(f"{documents} documents, no fault")
