"""Opening: how a command opens an index, and how it reports damage."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from marsad.indexer.engine.commits import commit_number
from marsad.indexer.engine.request import LostTexts
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts
from marsad.indexer.registry import newest_commit, open_engine, side_folder
from marsad.indexer.sync.folders import mark_all_changed

_LOG = logging.getLogger("marsad.sync")


@contextmanager
def opened(index_dir: str, wanted: Parts, *, create: bool = False) -> Iterator[Engine]:
    """Open the index at the address *index_dir* for a command, and close it at the end.

    Raises:
        IndexerError: as `open_engine` does.
    """
    engine = open_engine(index_dir, wanted.analyzer, create=create)
    try:
        yield engine
    finally:
        engine.close()


def warn_of_lost_commits(engine: Engine) -> None:
    """Print a warning for each newer commit that is damaged."""
    for loss in engine.lost_commits():
        end = "" if isinstance(loss, LostTexts) else "; the generation before it is used"
        _LOG.warning("%s%s", loss, end)


def prepare_writing(engine: Engine, index_dir: str) -> None:
    """Warn of lost commits, and have the next sync read again what they held.

    This must happen before the command commits: a new commit hides that one was lost.
    """
    warn_of_lost_commits(engine)
    # If all commits are gone, the index was just made anew and has commit 1 again.
    losses = [loss for loss in engine.lost_commits() if not isinstance(loss, LostTexts)]
    if losses or commit_number(newest_commit(index_dir)) == 1:
        mark_all_changed(side_folder(index_dir))
