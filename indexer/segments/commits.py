"""Commits: which commit of an index is the newest, found without opening the index.

A commit counts as whole if its manifest matches its checksum and every file it names has the
right size. No file but the manifest is read.
"""

import hashlib
import json
import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

# Reading this much takes a fifth of a second.
MOST_READ_BYTES = 1 << 28
# The head of a container; see `container`.
_HEAD = struct.Struct("<8sII16sQQI")
_PIECE = 1 << 22
MANIFEST = re.compile(r"manifest\.(\d{8,})\.json")


def own_folder(place: str) -> Path:
    """Return the folder of an index, in which other parts of Marsad may keep files too."""
    return Path(place)


def newest_commit(place: str) -> str:
    """Return the mark of the newest commit, empty where there is none or it is damaged.

    See `marsad.indexer.engine.commits` for marks. *place* is the path of the index.
    """
    index = Path(place)
    number = -1
    while True:
        found = _newest(index)
        mark = _mark(index, *found) if found else ""
        # A writer may have made a newer commit meanwhile, and removed the one looked at.
        if mark or found is None or found[0] == number:
            return mark
        number = found[0]


def is_whole(place: str) -> bool:
    """Return whether the files of the newest commit are as they were written.

    In an index above MOST_READ_BYTES, only the files whose time has changed are read, so that a
    run which finds nothing new stays short; `marsad check` reads all.
    """
    index = Path(place)
    found = _newest(index)
    if found is None:
        return False
    try:
        body = json.loads((index / found[1]).read_bytes())
        stores = {store["name"]: store for store in body["stores"]}
        is_small = sum(size for size, _ in body["files"].values()) <= MOST_READ_BYTES
        for name, (_, mtime) in body["files"].items():
            path = index / name
            is_as_written = path.stat().st_mtime_ns == mtime
            if (is_small or not is_as_written) and not _matches(path, stores.get(name)):
                return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return False
    return True


def _matches(path: Path, store: dict[str, Any] | None) -> bool:
    """Return whether a file matches its checksums.

    It reads a container without numpy, which takes a tenth of a second to load.
    """
    with path.open("rb") as file:
        if store is not None:
            return _crc(file, 0, int(store["bytes"])) == int(store["crc32"])
        if path.suffix == ".zdict":
            return f"{_crc(file, 0, path.stat().st_size):08x}" in path.name
        head = file.read(_HEAD.size + 4)
        at, size, crc = _HEAD.unpack_from(head)[4:7]
        if struct.unpack_from("<I", head, _HEAD.size)[0] != zlib.crc32(head[: _HEAD.size]):
            return False
        if _crc(file, at, size) != crc:
            return False
        file.seek(at)
        entries = json.loads(file.read(size))["arrays"]
        return all(_crc(file, e["at"], e["bytes"]) == e["crc32"] for e in entries)


def _crc(file: BinaryIO, at: int, size: int) -> int:
    file.seek(at)
    crc = 0
    while size and (piece := file.read(min(size, _PIECE))):
        crc = zlib.crc32(piece, crc)
        size -= len(piece)
    return crc


def body_checksum(body: dict[str, Any]) -> str:
    """Return the checksum of a manifest's body, a SHA-256 in hexadecimal digits."""
    raw = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()


def _newest(index: Path) -> tuple[int, str] | None:
    try:
        names = os.listdir(index)  # noqa: PTH208  (only names are needed)
    except (FileNotFoundError, NotADirectoryError):
        return None
    found = [(int(m[1]), name) for name in names if (m := MANIFEST.fullmatch(name))]
    return max(found, default=None)


def _mark(index: Path, number: int, name: str) -> str:
    try:
        body = json.loads((index / name).read_bytes())
        checksum = body.pop("sha256")
        if checksum != body_checksum(body):
            return ""
        for file, (size, _) in body["files"].items():
            if os.stat(index / file).st_size != size:  # noqa: PTH116
                return ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return f"{number} {checksum[:16]}"
