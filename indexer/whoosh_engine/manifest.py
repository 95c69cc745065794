"""Manifest: what an index folder was built with, in JSON beside Whoosh's files.

It is written once, when the index is made, and read before Whoosh opens anything:
an index of another analyzer or schema is refused, not searched wrongly.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.errors import IndexDamagedError, IndexMissingError, IndexVersionError

NAME = "marsad.json"
# Raise this when the schema or the stored form changes.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The versions an index depends on."""

    schema: int
    analyzer: str


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a new index and make it last."""
    body = asdict(manifest)
    text = json.dumps({**body, "sha256": _checksum(body)}, indent=1) + "\n"
    partial = folder / f"{NAME}.tmp"
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of *folder*.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: it is not what `write_manifest` wrote.
    """
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(folder) from None
    try:
        body = json.loads(text)
        checksum = body.pop("sha256")
        manifest = Manifest(schema=int(body["schema"]), analyzer=str(body["analyzer"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(folder, f"{NAME} is not readable ({error!r})") from error
    if checksum != _checksum(body):
        raise IndexDamagedError(folder, f"{NAME} does not match its checksum")
    return manifest


def has_manifest(folder: Path) -> bool:
    """Tell whether *folder* holds an index that was made to its end."""
    return (folder / NAME).exists()


def verify_manifest(folder: Path, expected: Manifest) -> None:
    """Raise IndexVersionError unless *folder* was built with *expected*."""
    found = read_manifest(folder)
    if found != expected:
        raise IndexVersionError(folder, found=_name(found), expected=_name(expected))


def _name(manifest: Manifest) -> str:
    return f"schema {manifest.schema}, analyzer {manifest.analyzer}"


def _checksum(body: dict[str, object]) -> str:
    raw = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()
