"""Journal: the sketches and clusters of an index, in a file that only grows.

A block belongs to one batch, and is durable before the batch is committed. So every article of the
index has its sketch here, even if a run was killed. A block is:

    magic, counts, checksum | sizes, triples, words | ids, removed ids, clusters

Numbers are little-endian u32, texts are JSON. A damaged block and all after it are cut off.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from marsad.indexer.copies.clusters import Changes, Copies
from marsad.indexer.copies.sketch import SIZE, Sketches

NAME = "copies.journal"
_APPLIED = ".settled"
# Raise it when the form of a block changes, or how sketches are made.
_MAGIC = b"MCJ1"
_HEADER = struct.Struct("<4sIII")


class Journal:
    """The journal of one index; only the process that may write to the index may use it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """Its size in bytes, 0 if there is no file."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_applied(self) -> bool:
        """Whether the index has all clusters of the journal."""
        try:
            return int(self._beside(_APPLIED).read_text(encoding="ascii")) == self.size
        except (OSError, ValueError):
            return False

    def mark_applied(self) -> None:
        """Say that the index has all clusters; if this is lost, they are assigned again."""
        self._beside(_APPLIED).write_text(str(self.size), encoding="ascii")

    def unmark_applied(self) -> None:
        """Have the next batch assign every cluster again."""
        self._beside(_APPLIED).unlink(missing_ok=True)

    def load(self) -> Copies:
        """Read the journal; a damaged end is cut off the file."""
        copies = Copies()
        good = 0
        if self.path.exists():
            with self.path.open("rb") as file:
                for sketches, removed, clusters, end in _blocks(file.read()):
                    copies.load(sketches, removed, clusters)
                    good = end
            if good < self.path.stat().st_size:
                os.truncate(self.path, good)
        copies.loaded()
        return copies

    def faults(self) -> list[str]:
        """Return a sentence if the journal is damaged; an end that a kill cut is no damage."""
        if not self.path.exists():
            return []
        raw = self.path.read_bytes()
        good = max((end for *_, end in _blocks(raw)), default=0)
        left = raw[good:]
        # A whole block has the length that its head says.
        head = _HEADER.unpack_from(left) if len(left) >= _HEADER.size else None
        was_cut = head is None or (head[0] == _MAGIC and len(left) < _HEADER.size + head[2])
        if left and not (was_cut and not self.is_applied):
            return [f"the block at byte {good} does not match its checksum"]
        return []

    def append(self, sketches: Sketches, removed: tuple[str, ...], changes: Changes) -> None:
        """Write one block and make it durable."""
        if not len(sketches) and not removed and not changes:
            return
        with self.path.open("ab") as file:
            file.write(_block(sketches, removed, changes))
            file.flush()
            os.fsync(file.fileno())

    def rewrite(self, copies: Copies) -> None:
        """Write the file anew, without articles that were replaced or removed."""
        beside = self._beside(".tmp")
        with beside.open("wb") as file:
            file.write(_block(copies.live_sketches(), (), dict(copies.clusters())))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_suffix(suffix)


def _block(
    sketches: Sketches, removed: tuple[str, ...], changes: Mapping[str, str | None]
) -> bytes:
    numbers = b"".join(
        array.astype("<u4").tobytes()
        for array in (sketches.sizes, sketches.triples, sketches.words)
    )
    texts = json.dumps([sketches.ids, removed, changes], ensure_ascii=True).encode("ascii")
    body = numbers + texts
    return _HEADER.pack(_MAGIC, len(sketches), len(body), zlib.crc32(body)) + body


def _blocks(
    raw: bytes,
) -> Iterator[tuple[Sketches, list[str], dict[str, str | None], int]]:
    at = 0
    while len(raw) - at >= _HEADER.size:
        magic, count, length, checksum = _HEADER.unpack_from(raw, at)
        start, end = at + _HEADER.size, at + _HEADER.size + length
        body = memoryview(raw)[start:end]
        if magic != _MAGIC or len(body) < length or zlib.crc32(body) != checksum:
            return
        numbers = np.frombuffer(body, "<u4", count * (1 + 2 * SIZE)).astype(np.uint32)
        shape = (count, SIZE)
        ids, removed, changes = json.loads(bytes(body[numbers.nbytes :]))
        sketches = Sketches(
            tuple(ids),
            numbers[:count],
            numbers[count : count + count * SIZE].reshape(shape),
            numbers[count + count * SIZE :].reshape(shape),
        )
        yield sketches, removed, changes, end
        at = end
