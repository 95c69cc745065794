"""Sync run: a folder is synced once, or repeatedly until a signal comes."""

import logging
import sys
import threading
from collections.abc import Callable
from functools import partial

from tqdm import tqdm

from marsad.corpus.quarantine import Quarantine
from marsad.indexer.build.document import Documents
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.reports import SyncReport
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import FolderVanishedError, IndexBusyError
from marsad.indexer.parts import documents, parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.opening import opened, prepare_writing
from marsad.indexer.sync.settings import Settings
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.sync import Sync
from marsad.indexer.sync.tombstones import Tombstones
from marsad.indexer.sync.unchanged import Look

_LOG = logging.getLogger("marsad.sync")


def run_sync(
    settings: Settings,
    seen: Look | None,
    tell: Callable[[SyncReport], int],
    stop: threading.Event | None,
    interval_s: float,
) -> int:
    """Sync a folder, pass each report to *tell*, and return the last exit code of *tell*.

    *seen* is the first look at the folder, if it has a state.

    With *stop*, sync again every *interval_s* seconds until it is set. If another run holds the
    index, or the disk is not mounted, a message is printed once and the next round tries again.

    Raises:
        IndexBusyError, FolderVanishedError: without *stop*.
    """
    program = parts(stemming=settings.stemming, entities=settings.entities)
    with (
        Quarantine(settings.quarantine) as refused,
        opened(settings.index_dir, program, create=True) as engine,
        tqdm(unit=" articles", disable=None, file=sys.stderr) as bar,
    ):
        prepare_writing(engine, settings.index_dir)
        job = _job(settings, seen, engine, program.documents, refused)
        code = 0
        told = ""
        while True:
            try:
                code, told = tell(job.run(progress_callback(bar))), ""
            except (IndexBusyError, FolderVanishedError) as error:
                if stop is None:
                    raise
                if str(error) != told:
                    told = str(error)
                    _LOG.warning("%s", told)
            if stop is None or stop.wait(interval_s):
                return code


def _job(
    settings: Settings,
    seen: Look | None,
    engine: Engine,
    made_by: Documents,
    refused: Quarantine,
) -> Sync:
    side = side_folder(settings.index_dir)
    path = state_path(side, settings.folder)
    state = seen.state if seen is not None else FolderState(path, settings.index_dir, None)
    state.begin(made_by.version, settings.fingerprint, settings.folder)
    return Sync(
        settings.folder,
        engine,
        made_by,
        refused,
        state,
        DuplicateTracker(side, engine, made_by),
        Tombstones(side),
        settings.mapping,
        Workers(
            settings.workers,
            partial(documents, stemming=settings.stemming, entities=settings.entities),
        ),
        settings.batch,
        settings.checksum,
        settings.allow_vanished,
        settings.own,
        settings.namespace,
        seen.found if seen is not None else None,
        settings.follow_links,
    )
