"""`marsad compact`: rewrite the files of an index without deleted articles."""

import click

from marsad.indexer.cli.options import index_option, reports_errors, stemming_option
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened, prepare_writing


@click.command()
@index_option
@stemming_option
@reports_errors
def compact(index_dir: str, no_stemming: bool) -> None:
    """Merge all segments, and rewrite stored articles without removed or replaced ones."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        prepare_writing(engine, index_dir)
        before = engine.stats().size_bytes
        engine.compact()
        size = engine.stats().size_bytes
    click.echo(f"compacted, {before:,} to {size:,} bytes")
