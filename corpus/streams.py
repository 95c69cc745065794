"""Streams: unpack data, up to a bounded number of bytes.

Data that unpacks to far more than its packed bytes is a zip bomb, or is best unpacked by hand.
Reading it raises an error that says so.
"""

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, cast

import zstandard

from marsad.corpus.errors import ExpansionError
from marsad.corpus.source import Record, Source

# JSON of news packs to a tenth of its size, rarely to a fiftieth. Small files have no bound.
MOST_EXPANSION = 250
FREE_BYTES = 64 * 1024 * 1024

# The format of a stream is decided by so many bytes at its beginning.
HEAD_BYTES = 8192

# The errors that reading damaged packed data can raise.
DAMAGE = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zstandard.ZstdError,
    tarfile.TarError,
    ExpansionError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class Counter:
    """The number of packed bytes that were read, and of unpacked bytes that came out."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    def add(self, size: int) -> None:
        """Count unpacked bytes.

        Raises:
            ExpansionError: they are too many for the packed bytes.
        """
        self.unpacked += size
        if self.unpacked > FREE_BYTES and self.unpacked > MOST_EXPANSION * self.packed:
            raise ExpansionError(MOST_EXPANSION)


class _Counted(io.RawIOBase):
    """A stream that counts the bytes that are read from it."""

    def __init__(self, stream: IO[bytes], count: Callable[[int], None]) -> None:
        self._stream = stream
        self._count = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        size = len(piece)
        buffer[:size] = piece
        self._count(size)
        return size


def peekable(stream: IO[bytes]) -> io.BufferedReader:
    """Return *stream* as a buffered reader, so that its first bytes can be peeked at."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast("io.RawIOBase", _Counted(stream, lambda _: None)), 1 << 16)


def bounded(stream: IO[bytes], counter: Counter) -> io.BufferedReader:
    """Return *stream* with its unpacked bytes counted, and bounded."""
    return io.BufferedReader(_Counted(stream, counter.add), 1 << 16)


def unpack_gzip(stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream of the content of gzip data, of one member or several."""
    counter, packed = _packed(stream)
    return bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), counter)


def unpack_zstd(stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream of the content of Zstandard data, of one frame or several."""
    counter, packed = _packed(stream)
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        packed, read_across_frames=True
    )
    return bounded(cast("IO[bytes]", reader), counter)


def _packed(stream: IO[bytes]) -> tuple[Counter, io.BufferedReader]:
    counter = Counter()

    def count(size: int) -> None:
        counter.packed += size

    return counter, io.BufferedReader(_Counted(stream, count), 1 << 16)


def guarded(records: Iterator[Record], source: Source) -> Iterator[Record]:
    """Yield *records*; if the data are damaged, a refusal follows the records before the damage."""
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except DAMAGE as error:
            yield source.refusal(0, f"packed data damaged: {error}")
            return
        except Exception as error:  # noqa: BLE001  (a bad record must not end the run)
            yield source.refusal(0, f"found a record that cannot be read ({error!r:.200})")
            return
        yield record
