"""Sync run: a folder brought in step once, or again and again until it is told to stop."""

import sys
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
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


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """What a sync was asked for, the `fingerprint` of the program, and what is its `own`."""

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
    asked: SyncSettings,
    tell: Callable[[SyncReport], int],
    stop: threading.Event | None,
    interval_s: float,
) -> int:
    """Bring an index in step and return what *tell* makes of the last report.

    With *stop*, look again each *interval_s* until it is set; what another run or a missing
    disk hinders then is told once, and tried again.

    Raises:
        IndexBusyError, FolderVanishedError: without *stop*.
    """
    wanted = parts(stemming=asked.stemming, entities=asked.entities)
    with (
        Quarantine(asked.quarantine) as refused,
        opened(asked.index_dir, wanted, create=True) as engine,
        tqdm(unit=" articles", disable=None, file=sys.stderr) as bar,
    ):
        prepare_writing(engine, asked.index_dir)
        job = _job(asked, engine, wanted.documents, refused)
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
                    click.echo(f"marsad: {told}", err=True)
            if stop is None or stop.wait(interval_s):
                return code


def _job(asked: SyncSettings, engine: Engine, made_by: Documents, refused: Quarantine) -> Sync:
    side = side_folder(asked.index_dir)
    return Sync(
        asked.folder,
        engine,
        made_by,
        refused,
        FolderState(
            state_path(side, asked.folder), asked.index_dir, made_by.version, asked.fingerprint
        ),
        DuplicateTracker(side, engine, made_by),
        Tombstones(side),
        asked.mapping,
        Workers(
            asked.workers, partial(documents, stemming=asked.stemming, entities=asked.entities)
        ),
        asked.batch,
        asked.checksum,
        asked.allow_vanished,
        asked.own,
    )
