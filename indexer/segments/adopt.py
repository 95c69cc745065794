"""Adopt: take the newest generation of one index into another, in one commit.

    files of the new index -> linked into the old folder -> manifest, the commit -> old files go

The commit is the rename of a manifest, as for a batch. A reader sees the old state or the new one.
A run that is killed before the commit leaves only files that no manifest names.
"""

import datetime as dt
import os
import shutil
from dataclasses import replace
from pathlib import Path

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.faults import clear_errors
from marsad.indexer.segments.files import fsync_file, fsync_folder
from marsad.indexer.segments.generation import newest_number
from marsad.indexer.segments.known_files import KnownFiles
from marsad.indexer.segments.manifest import (
    Manifest,
    lease,
    manifest_name,
    read_manifest,
    release,
    stamps,
    write_manifest,
)
from marsad.indexer.segments.sound import open_sound


def adopt(folder: Path, built: Path) -> int:
    """Commit the content of the index in *built* to *folder*, in place of its old content.

    The caller holds the writer locks of both. No file of either is changed.

    Returns:
        The number of the new generation.

    Raises:
        IndexWriteError: writing failed; *folder* is unchanged.
    """
    with clear_errors(folder):
        source = open_sound(built)
        try:
            manifest = source.manifest
            for name in manifest.files:
                _link(built / name, folder / name)
            # The files must be durable before a manifest names them.
            fsync_folder(folder)
            number = newest_number(folder) + 1
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            files = stamps(folder, manifest.files)
            write_manifest(folder, replace(manifest, generation=number, written=now, files=files))
        finally:
            source.close()
    return number


def holds(folder: Path, built: Path) -> bool:
    """Return whether the newest generation of *folder* is the one that came from *built*."""
    one, two = _newest(folder), _newest(built)
    if one is None or two is None:
        return False
    versions = [(each.schema, each.analyzer, each.numbering) for each in (one, two)]
    return versions[0] == versions[1] and one.files.keys() == two.files.keys()


def disown(folder: Path, number: int) -> None:
    """Undo `adopt`: remove the manifest *number*, so that the generation before is the newest."""
    (folder / manifest_name(number)).unlink(missing_ok=True)
    fsync_folder(folder)


def retire_all_but(folder: Path, number: int) -> None:
    """Remove all generations except *number* and those that a reader holds."""
    known = KnownFiles(folder)
    known.add(path.name for path in folder.iterdir())
    known.retire(number, number)


def generation_size(folder: Path) -> int:
    """Return the size of the newest generation's files in bytes, 0 if there is no generation."""
    found = _newest(folder)
    return sum(size for size, _ in found.files.values()) if found else 0


def _newest(folder: Path) -> Manifest | None:
    number = newest_number(folder)
    return _read(folder, number) if number else None


def _read(folder: Path, number: int) -> Manifest | None:
    """Return a generation's manifest, None if it is gone or damaged."""
    try:
        file, raw = lease(folder, number)
    except FileNotFoundError:
        return None
    release(file)
    try:
        return read_manifest(folder / manifest_name(number), raw)
    except FileDamagedError:
        return None


def _link(file: Path, to: Path) -> None:
    """Make a hard link *to* a file, or a copy where the file system has no hard links."""
    if to.exists():
        one, two = file.stat(), to.stat()
        if (one.st_size, one.st_mtime_ns) == (two.st_size, two.st_mtime_ns):
            return
        to.unlink()
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)
        fsync_file(to)
