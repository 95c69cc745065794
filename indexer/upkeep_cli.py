"""Upkeep commands: `check`, `merge`, `compact` and `stats` look after an index."""

import json
import sys

import click

from indexer.door import REFUSED, complaining, index_option, json_option, stemming_option
from indexer.opened import before_writing, opened
from indexer.registry import parts


@click.command()
@index_option
@stemming_option
@complaining
def check(index_dir: str, no_stemming: bool) -> None:
    """Read a whole index and say what is damaged; exit code 1 where anything is."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        faults = engine.check()
        documents = engine.stats().documents
    for fault in faults:
        click.echo(f"marsad: {fault}", err=True)
    if faults:
        click.echo(
            "marsad: put the named files back from a copy, or build a new index with `marsad index "
            "SOURCE --index NEWDIR`; without its sources, `marsad rebuild "
            f"{index_dir} --to NEWDIR` takes over the articles that are whole",
            err=True,
        )
        sys.exit(REFUSED)
    click.echo(f"{documents} documents, no fault")


@click.command()
@index_option
@stemming_option
@complaining
def merge(index_dir: str, no_stemming: bool) -> None:
    """Join the lists of all batches into one, so that searches are fastest.

    Stored articles stay as they are. Indexing merges by itself; this is for an index that
    has grown to its size.
    """
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        before_writing(engine, index_dir)
        engine.merge()
        size = engine.stats().size_bytes
    click.echo(f"merged, {size:,} bytes")


@click.command()
@index_option
@stemming_option
@complaining
def compact(index_dir: str, no_stemming: bool) -> None:
    """Merge, and rewrite stored articles without those that were removed or replaced."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        before_writing(engine, index_dir)
        before = engine.stats().size_bytes
        engine.compact()
        size = engine.stats().size_bytes
    click.echo(f"compacted, {before:,} to {size:,} bytes")


@click.command()
@index_option
@json_option
@stemming_option
@complaining
def stats(index_dir: str, as_json: bool, no_stemming: bool) -> None:
    """Say what an index holds; `content` is the same for indexes of the same documents."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        found = engine.stats()
    shown = {name: getattr(found, name) for name in found.__slots__}
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        click.echo(f"{name:12} {value}")
