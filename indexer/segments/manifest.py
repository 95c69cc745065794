"""Manifest: a JSON file for each generation, which alone says what the index holds.

    manifest.00000042.json: versions, segments, removed documents, stores, the size of every file

A generation exists when its manifest has its name, which is the last step of a
commit. A reader holds a shared lock (flock) on the manifest that it reads. A writer
removes a generation's files only when it gets the exclusive lock.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from marsad.indexer.errors import (
    FileDamagedError,
    IndexTooNewError,
    IndexTooOldError,
    IndexVersionError,
)
from marsad.indexer.segments.commits import MANIFEST, body_checksum
from marsad.indexer.segments.files import close_lock, open_lock, write_durably
from marsad.indexer.segments.numbering import numbering_digest

# Raise this when the form of any file changes; tests/test_versions.py notices such a change.
# Early manifests of schema 8 have no `checked` in their stores. Both forms are read by all programs
# of schema 8: a frame with a checksum is a Zstandard frame as any other.
SCHEMA = 8
# Early manifests of schema 8 have no digest of their numbering. This is the one of all of them.
NUMBERING_NOT_WRITTEN = {8: "d6d6e4950be7be28"}
# The first schema whose stored articles `marsad.indexer.segments.old_index` can read.
EARLIEST_SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation holds.

    `numbering` is the digest of `numbering.py`, empty if an older schema has none.
    `segments` has `name`, `documents` and, where some are removed, `deletes` (a file) and
    `deleted` (how many). `stores` has `name`, `bytes`, `crc32`, `dictionary` and, where each
    record has a checksum, `checked`. `clusters` is the
    file of near-duplicate clusters, None where there are none. `files` maps each file to its size
    in bytes and its modification time in ns at the commit.
    """

    schema: int
    analyzer: str
    numbering: str
    generation: int
    written: str
    segments: tuple[dict[str, Any], ...] = ()
    stores: tuple[dict[str, Any], ...] = ()
    clusters: str | None = None
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    def referenced(self) -> set[str]:
        """Return the names of all files of this generation, and of its manifest."""
        return {*self.files, manifest_name(self.generation)}


def version_name(schema: int, analyzer: str) -> str:
    """Return the versions that an index was built with, as text for a message."""
    return f"schema {schema}, analyzer {analyzer}"


def check_version(folder: Path, found: Manifest, analyzer: str = "") -> None:
    """Refuse an index that was built with another schema, numbering or *analyzer*.

    Without an *analyzer*, any analyzer will do.

    Raises:
        IndexVersionError: it was; the error names the command that builds the index anew.
    """
    same_numbering = found.schema != SCHEMA or found.numbering == numbering_digest()
    if found.schema == SCHEMA and same_numbering and analyzer in ("", found.analyzer):
        return
    kind = IndexVersionError
    if found.schema > SCHEMA:
        kind = IndexTooNewError
    elif found.schema < EARLIEST_SCHEMA:
        kind = IndexTooOldError
    has = version_name(found.schema, found.analyzer)
    needs = version_name(SCHEMA, analyzer) if analyzer else f"schema {SCHEMA}"
    if not same_numbering:
        # Otherwise the sentence would give two equal versions.
        has += f", numbering of fields {found.numbering}"
        needs += f", numbering of fields {numbering_digest()}"
    raise kind(folder, found=has, expected=needs)


def manifest_name(generation: int) -> str:
    """Return the file name of a generation's manifest."""
    return f"manifest.{generation:08d}.json"


def generations(folder: Path) -> list[int]:
    """Return the numbers of the generations that have a manifest, newest first."""
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted((int(m[1]) for name in names if (m := MANIFEST.fullmatch(name))), reverse=True)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Commit *manifest* as the newest generation; its files must have been flushed before."""
    body = asdict(manifest)
    body["sha256"] = body_checksum(body)
    raw = json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
    write_durably(folder / manifest_name(manifest.generation), raw)


def read_manifest(path: Path, raw: bytes) -> Manifest:
    """Return the manifest in *raw*, the bytes of the file at *path*.

    Of a manifest of another schema, the keys that this program does not know are left out.

    Raises:
        FileDamagedError: it is not what `write_manifest` wrote.
    """
    try:
        body = json.loads(raw)
        checksum = body.pop("sha256")
        if checksum != body_checksum(body):
            raise FileDamagedError(path, "it does not match its checksum")
        body["segments"] = tuple(body["segments"])
        body["stores"] = tuple(body["stores"])
        body["files"] = {name: (size, mtime) for name, (size, mtime) in body["files"].items()}
        if body["schema"] != SCHEMA:
            body = {name: body[name] for name in Manifest.__slots__ if name in body}
        body.setdefault("numbering", NUMBERING_NOT_WRITTEN.get(body["schema"], ""))
        return Manifest(**body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileDamagedError(path, f"it is not a manifest ({error!r})") from error


def lease(folder: Path, generation: int) -> tuple[int, bytes]:
    """Open a generation's manifest and lock it for reading; return the file and its bytes.

    Raises:
        FileNotFoundError: the generation is gone.
    """
    path = folder / manifest_name(generation)
    while True:
        file = open_lock(path, os.O_RDONLY)
        fcntl.flock(file, fcntl.LOCK_SH)
        # A writer may have removed the file between the two calls. The lock protects nothing then.
        try:
            same = os.fstat(file).st_ino == path.stat().st_ino
        except FileNotFoundError:
            close_lock(file)
            raise
        if same:
            return file, os.pread(file, os.fstat(file).st_size, 0)
        close_lock(file)


def release(file: int) -> None:
    """Close a file that `lease` opened; this releases its lock."""
    close_lock(file)


def retire(folder: Path, generation: int) -> bool:
    """Remove a generation's manifest unless a reader holds it; return whether it is gone."""
    path = folder / manifest_name(generation)
    try:
        file = open_lock(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except BlockingIOError:
        return False
    finally:
        close_lock(file)
    return True


def stamps(folder: Path, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the size in bytes and the modification time in ns of each file, as they are now."""
    found = {}
    for name in names:
        stat = (folder / name).stat()
        found[name] = (stat.st_size, stat.st_mtime_ns)
    return found
