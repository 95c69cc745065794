"""`marsad merge`: merge the segments of an index."""

import click

from marsad.indexer.cli.options import index_option, reports_errors, stemming_option
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened, prepare_writing


@click.command()
@index_option
@stemming_option
@reports_errors
def merge(index_dir: str, no_stemming: bool) -> None:
    """Merge all segments of an index into one, so that searches are fastest.

    Stored articles are not rewritten. Indexing merges segments by itself while an index grows;
    run this once an index has its final size.
    """
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        prepare_writing(engine, index_dir)
        engine.merge()
        size = engine.stats().size_bytes
    click.echo(f"merged, {size:,} bytes")
