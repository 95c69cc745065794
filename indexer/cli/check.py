"""`marsad check`: read a whole index and report damage."""

import sys

import click

from marsad.indexer.cli.options import LOG, REFUSED, index_option, reports_errors, stemming_option
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened


@click.command()
@index_option
@stemming_option
@reports_errors
def check(index_dir: str, no_stemming: bool) -> None:
    """Read a whole index and report damage; exit code 1 if there is any."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        faults = engine.check()
        documents = engine.stats().documents
    for fault in faults:
        LOG.error("%s", fault)
    if faults:
        LOG.error(
            "put the named files back from a copy, or build a new index with `marsad index SOURCE "
            "--index NEWDIR`; without its sources, `marsad rebuild %s --to NEWDIR` takes over the "
            "articles that are whole",
            index_dir,
        )
        sys.exit(REFUSED)
    click.echo(f"{documents} documents, no fault")
