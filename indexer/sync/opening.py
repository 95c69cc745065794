"""Opened: an index as a command has it, and what it tells of damage."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from marsad.indexer.engine.address import index_folder
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from marsad.indexer.segments.commits import commit_number, newest_commit
from marsad.indexer.sync.state import mark_all_changed

_LOG = logging.getLogger("marsad.sync")


@contextmanager
def opened(index_dir: str, wanted: Parts, *, create: bool = False) -> Iterator[Engine]:
    """Open an index for a command."""
    engine = open_engine(index_dir, wanted.analyzer, create=create)
    try:
        yield engine
    finally:
        engine.close()


def warn_of_lost_commits(engine: Engine) -> None:
    """Tell which newer states of an index were lost to damage."""
    for loss in engine.lost_commits():
        _LOG.warning("%s; the generation before it is used", loss)


def prepare_writing(engine: Engine, index_dir: str) -> None:
    """Tell what was lost to damage, and have syncs take it up again, before a commit hides it."""
    warn_of_lost_commits(engine)
    place = index_folder(index_dir)
    # A folder whose commits are all gone begins with the first again.
    if engine.lost_commits() or commit_number(newest_commit(place)) == 1:
        mark_all_changed(place)
