"""Opened: an index as a command has it, and what it tells of damage."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from indexer.engine import Engine
from indexer.registry import Parts, open_engine


@contextmanager
def opened(index_dir: str, wanted: Parts, *, create: bool = False) -> Iterator[Engine]:
    """Open an index for a command."""
    engine = open_engine(index_dir, wanted.analyzer, create=create)
    try:
        yield engine
    finally:
        engine.close()


def warn_of_losses(engine: Engine) -> None:
    """Tell which newer states of an index were lost to damage."""
    for loss in engine.losses():
        click.echo(f"marsad: {loss}; the generation before it is used", err=True)
