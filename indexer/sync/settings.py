"""Settings of a sync, which a run that finds nothing new must not load more for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a sync.

    `index_dir` is the address of the index, `fingerprint` that of the program with these options.
    `own` are the files and folders that the run itself writes. `namespace` is what ids that are
    bare numbers are scoped by. `follow_links` reads links that lead out of the folder.
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
    namespace: str = ""
    follow_links: bool = False
