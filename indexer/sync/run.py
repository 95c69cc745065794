"""Sync run: a folder is synced once, or repeatedly until a signal comes."""

import logging
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

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
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.sync import Sync
from marsad.indexer.sync.tombstones import Tombstones

_LOG = logging.getLogger("marsad.sync")


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """The options of a sync.

    `index_dir` is the address of the index, `fingerprint` that of the program with these options.
    `own` are the files and folders that the run itself writes.
    """

    folder: Path
    index_dir: str
    quarantine: Path
    fingerprint: str
    mapping: Mapping[str, str]
    workers: int
    batch: int
    checksum: bool
    allow_vanished: bool
    stemming: bool
    entities: Path | None
    own: Collection[Path]


def run_sync(
    settings: SyncSettings,
    tell: Callable[[SyncReport], int],
    stop: threading.Event | None,
    interval_s: float,
) -> int:
    """Sync a folder, pass each report to *tell*, and return the last exit code of *tell*.

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
        job = _job(settings, engine, program.documents, refused)
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


def _job(settings: SyncSettings, engine: Engine, made_by: Documents, refused: Quarantine) -> Sync:
    side = side_folder(settings.index_dir)
    return Sync(
        settings.folder,
        engine,
        made_by,
        refused,
        FolderState(
            state_path(side, settings.folder),
            settings.index_dir,
            made_by.version,
            settings.fingerprint,
        ),
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
    )
