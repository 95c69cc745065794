"""Store: a file of stored articles, each compressed by itself.

A merge does not touch stores. Each record is a Zstandard frame (RFC 8878), so that an article can
be read without its neighbours. The frames are made with a dictionary that was trained on the first
large batch. A frame has a checksum; those of earlier versions have none. A record has the stored
text and the offsets of its tokens:

    u32 bytes of the text | text, UTF-8 | token starts

Token starts are coded as gaps in code points. A gap is the sum of its bytes: 255 means that another
byte follows.
"""

import os
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.kernels.gaps import code_gaps

_LEVEL = 1
_DICTIONARY_SIZE = 1 << 16
# With fewer articles than this, a dictionary takes more bytes than it saves.
LEAST_SAMPLES = 256
_MOST_SAMPLES = 4_000
_OPEN_FILES = 64
_BUFFER = 1 << 20


def train_dictionary(records: Sequence[bytes]) -> bytes | None:
    """Return a dictionary that was trained on *records*, None if they are too few."""
    if len(records) < LEAST_SAMPLES:
        return None
    step = max(1, len(records) // _MOST_SAMPLES)
    try:
        # Without k and d, the trainer tries many values and takes ten times as long.
        trained = zstandard.train_dictionary(
            _DICTIONARY_SIZE, [bytes(record) for record in records[::step]], k=512, d=8
        )
    except zstandard.ZstdError:
        return None
    return trained.as_bytes()


def pack_record(text: bytes, starts: "Sequence[int] | NDArray[Any]") -> bytes:
    """Return the bytes of one record, not yet compressed.

    Args:
        text: The stored text, in UTF-8.
        starts: Offsets of the tokens in code points, ascending.
    """
    return struct.pack("<I", len(text)) + text + code_gaps(np.asarray(starts)).tobytes()


def unpack_record(record: bytes) -> tuple[bytes, NDArray[np.uint8]]:
    """Return the text of a record, in UTF-8, and its coded token starts.

    Example:
        >>> text, coded = unpack_record(pack_record(b"a b", np.array([0, 2, 900])))
        >>> text, coded.tolist()
        (b'a b', [0, 2, 255, 255, 255, 133])
    """
    (size,) = struct.unpack_from("<I", record)
    return record[4 : 4 + size], np.frombuffer(record, np.uint8, offset=4 + size)


class StoreWriter:
    """Appends records to a new store file."""

    def __init__(self, path: Path, dictionary: bytes | None) -> None:
        self.path = path
        self._file = path.open("wb", buffering=_BUFFER)
        self._compressor = zstandard.ZstdCompressor(
            level=_LEVEL,
            dict_data=zstandard.ZstdCompressionDict(dictionary) if dictionary else None,
            # The reader needs it to allocate the record.
            write_content_size=True,
            # A damaged record is told from a whole one, so that it costs one article.
            write_checksum=True,
        )
        self.size = 0
        self.crc = 0

    def add(self, record: bytes) -> tuple[int, int]:
        """Append one record; return its offset and its compressed length, in bytes."""
        frame = self._compressor.compress(record)
        return self.add_frame(frame)

    def add_frame(self, frame: bytes) -> tuple[int, int]:
        """Append a record that was compressed with the same dictionary; return as `add` does."""
        at = self.size
        self._file.write(frame)
        self.crc = zlib.crc32(frame, self.crc)
        self.size += len(frame)
        return at, len(frame)

    def close(self) -> None:
        """Write the buffer and close the file; the caller fsyncs it."""
        self._file.close()


class Stores:
    """Reads records from the stores of an index; may be used in several threads."""

    def __init__(self, folder: Path, dictionaries: dict[str, bytes | None]) -> None:
        """Take the folder, and the dictionary of each store by the store's name."""
        self._folder = folder
        self._dictionaries = dictionaries
        self._shared: dict[bytes, zstandard.ZstdCompressionDict] = {}
        self._files: OrderedDict[str, int] = OrderedDict()
        self._decompressors: dict[str, zstandard.ZstdDecompressor] = {}
        self._lock = threading.Lock()

    def frame(self, name: str, at: int, size: int) -> bytes:
        """Return the compressed bytes of a record."""
        with self._lock:
            file = self._files.get(name)
            if file is None:
                try:
                    file = os.open(self._folder / name, os.O_RDONLY | os.O_CLOEXEC)
                except FileNotFoundError:
                    raise FileDamagedError(self._folder / name, "the file is missing") from None
                self._files[name] = file
                if len(self._files) > _OPEN_FILES:
                    os.close(self._files.popitem(last=False)[1])
            self._files.move_to_end(name)
            frame = os.pread(file, size, at)
        if len(frame) != size:
            raise FileDamagedError(
                self._folder / name,
                f"found {len(frame)} of {size} bytes at {at}: the file was cut short",
            )
        return frame

    def read(self, name: str, at: int, size: int) -> tuple[str, NDArray[np.uint8]]:
        """Return the text of a record and its coded token starts."""
        frame = self.frame(name, at, size)
        with self._lock:
            try:
                record = self._decompressor(name).decompress(frame)
            except zstandard.ZstdError as error:
                reason = f"the record at {at} cannot be read ({error})"
                raise FileDamagedError(self._folder / name, reason) from error
        try:
            text, coded = unpack_record(record)
            return text.decode("utf-8", "surrogatepass"), coded
        except (struct.error, ValueError) as error:
            reason = f"the record at {at} is no record ({error})"
            raise FileDamagedError(self._folder / name, reason) from error

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            while self._files:
                os.close(self._files.popitem()[1])

    def _decompressor(self, name: str) -> zstandard.ZstdDecompressor:
        known = self._decompressors.get(name)
        if known is None:
            raw = self._dictionaries[name]
            if raw is None:
                known = zstandard.ZstdDecompressor()
            else:
                shared = self._shared.setdefault(raw, zstandard.ZstdCompressionDict(raw))
                known = zstandard.ZstdDecompressor(dict_data=shared)
            self._decompressors[name] = known
        return known
