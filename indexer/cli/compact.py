"""`marsad compact`: remove what was deleted from the files of an index."""

import click

from marsad.indexer.cli.options import index_option, reports_errors, stemming_option
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened, prepare_writing


@click.command()
@index_option
@stemming_option
@reports_errors
def compact(index_dir: str, no_stemming: bool) -> None:
    """Merge, and rewrite stored articles without those that were removed or replaced."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        prepare_writing(engine, index_dir)
        before = engine.stats().size_bytes
        engine.compact()
        size = engine.stats().size_bytes
    click.echo(f"compacted, {before:,} to {size:,} bytes")
