"""Container: a file of named arrays, each aligned and with a checksum.

    magic | version | id | offset, size and checksum of the directory
    arrays, each at a multiple of 64 bytes, little-endian
    directory: JSON with an entry for each array: name, dtype, shape, offset, bytes, crc32

The bytes between these parts are zero, so every byte of a file can be verified. A container is
written once and never changed. Opening it maps the file into memory, so that only the pages in use
are read. `check` compares the arrays with their checksums, and `verify` reads every byte.
"""

import json
import mmap
import os
import struct
import uuid
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.damage import Mark, mark_of, note_damage

MAGIC = b"MARSADSG"
VERSION = 1
_HEAD = struct.Struct("<8sII16sQQI")
_HEAD_SIZE = 64
_ALIGNMENT = 64
_PIECE = 1 << 24


class ContainerWriter:
    """Writes arrays one after another; `end` writes the directory and completes the file."""

    def __init__(self, path: Path, extra: dict[str, Any] | None = None) -> None:
        self.path = path
        self._extra = extra or {}
        self._file: BinaryIO = path.open("wb")
        self._file.write(b"\0" * _HEAD_SIZE)
        self._entries: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if error is not None:
            self.path.unlink(missing_ok=True)

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write one array."""
        self.add_pieces(name, array.dtype, array.shape, [np.ascontiguousarray(array)])

    def add_pieces(
        self,
        name: str,
        dtype: np.dtype[Any],
        shape: tuple[int, ...],
        pieces: Iterable[NDArray[Any]],
    ) -> None:
        """Write one array from *pieces*, which together have the bytes of *shape*."""
        self._pad()
        start, crc = self._file.tell(), 0
        for piece in pieces:
            raw = piece.view(np.uint8).reshape(-1).data if piece.size else b""
            self._file.write(raw)
            crc = zlib.crc32(raw, crc)
        size = self._file.tell() - start
        expected = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        if size != expected:
            raise ValueError(f"{name}: its pieces have {size} bytes, expected {expected}")
        self._entries.append(
            {
                "name": name,
                "dtype": dtype.newbyteorder("<").str,
                "shape": list(shape),
                "at": start,
                "bytes": size,
                "crc32": crc,
            }
        )

    def end(self) -> None:
        """Write the directory, then the head, and flush; the caller fsyncs."""
        self._pad()
        at = self._file.tell()
        body = {"arrays": self._entries, "extra": self._extra}
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        self._file.write(raw)
        head = _HEAD.pack(MAGIC, VERSION, 0, uuid.uuid4().bytes, at, len(raw), zlib.crc32(raw))
        # The head is written last: a file whose writer was killed begins with zeros and is refused.
        self._file.seek(0)
        self._file.write(head + struct.pack("<I", zlib.crc32(head)))
        self._file.flush()

    def _pad(self) -> None:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))


class Container:
    """An open container; `arrays` are read-only views of the mapped file."""

    def __init__(self, path: Path, raw: mmap.mmap, body: dict[str, Any], mark: Mark) -> None:
        self.path = path
        self.mark = mark
        self.size = len(raw)
        self._checked = False
        self.extra: dict[str, Any] = body["extra"]
        self._entries: list[dict[str, Any]] = body["arrays"]
        self._raw = raw
        self.arrays: dict[str, NDArray[Any]] = {
            entry["name"]: np.frombuffer(
                raw,
                dtype=np.dtype(entry["dtype"]),
                count=int(np.prod(entry["shape"], dtype=np.int64)),
                offset=entry["at"],
            ).reshape(entry["shape"])
            if entry["bytes"]
            else np.empty(entry["shape"], np.dtype(entry["dtype"]))
            for entry in self._entries
        }
        for array in self.arrays.values():
            array.flags.writeable = False

    def verify(self) -> list[str]:
        """Read every byte; return the names of the arrays that are damaged.

        A damaged byte between two arrays counts as part of the array before it, or of the head.
        """
        damaged = []
        before, reached = "head", _HEAD.size + 4
        for entry in self._entries:
            if any(self._raw[reached : entry["at"]]):
                damaged.append(before)
            if self._is_damaged(entry):
                damaged.append(entry["name"])
            before, reached = entry["name"], entry["at"] + entry["bytes"]
        at, size = _HEAD.unpack_from(self._raw)[4:6]
        if any(self._raw[reached:at]) or len(self._raw) != at + size:
            damaged.append(before)
        return list(dict.fromkeys(damaged))

    @property
    def is_checked(self) -> bool:
        """Whether `check` has found the arrays whole."""
        return self._checked

    def forget_check(self) -> None:
        """Have the next `check` read the arrays again."""
        self._checked = False

    def check(self) -> None:
        """Compare every array with its checksum, at the first call only: 1.2 GB a second.

        Raises:
            FileDamagedError: an array is damaged. This state of the file is noted as damaged.
        """
        if self._checked:
            return
        damaged = [entry["name"] for entry in self._entries if self._is_damaged(entry)]
        if damaged:
            reason = f"the arrays {', '.join(damaged)} do not match their checksums"
            note_damage(self.mark, reason)
            raise FileDamagedError(self.path, reason)
        self._checked = True

    def damaged(self, names: Iterable[str]) -> list[str]:
        """Read the arrays of these *names*; return the names of damaged or missing ones."""
        entries = {entry["name"]: entry for entry in self._entries}
        return [name for name in names if name not in entries or self._is_damaged(entries[name])]

    def _is_damaged(self, entry: dict[str, Any]) -> bool:
        crc, end = 0, entry["at"] + entry["bytes"]
        for start in range(entry["at"], end, _PIECE):
            crc = zlib.crc32(memoryview(self._raw)[start : min(end, start + _PIECE)], crc)
        return bool(crc != entry["crc32"])


def open_container(path: Path) -> Container:
    """Map the container at *path* into memory.

    Raises:
        FileDamagedError: it is missing, cut short, or its head or directory is damaged.
    """
    try:
        with path.open("rb") as file:
            raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            mark = mark_of(os.fstat(file.fileno()))
    except FileNotFoundError:
        raise FileDamagedError(path, "the file is missing") from None
    except ValueError:
        raise FileDamagedError(path, "the file is empty") from None
    head = raw[:_HEAD_SIZE]
    if len(head) < _HEAD_SIZE or head[: len(MAGIC)] != MAGIC:
        raise FileDamagedError(path, f"it begins with {head[:8]!r}, expected {MAGIC!r}")
    _, version, _, _, at, size, crc = _HEAD.unpack_from(head)
    if struct.unpack_from("<I", head, _HEAD.size)[0] != zlib.crc32(head[: _HEAD.size]):
        raise FileDamagedError(path, "its head does not match its checksum")
    if version != VERSION:
        raise FileDamagedError(path, f"it has version {version}, this program reads {VERSION}")
    directory = raw[at : at + size]
    if len(directory) != size or zlib.crc32(directory) != crc:
        raise FileDamagedError(path, "its directory does not match its checksum (cut short?)")
    return Container(path, raw, json.loads(directory), mark)
