"""Streams: packed data as bytes, a bounded number of them.

A stream that unfolds into far more than its packed bytes is a zip bomb, or is best
unpacked by hand: reading it ends with an error that says so.
"""

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, cast

import zstandard

from marsad.corpus.errors import ExpansionError

# News as JSON packs to a tenth, at most to a fiftieth. Small files may unfold freely.
MOST_EXPANSION = 250
FREE_BYTES = 64 * 1024 * 1024

# So many bytes at the beginning of a stream say what it holds.
HEAD_BYTES = 8192

# What damaged packed data raises while it is read.
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
    """How many packed bytes were read, and how many came out."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    def add(self, size: int) -> None:
        """Count bytes that came out; ExpansionError where they are too many."""
        self.unpacked += size
        if self.unpacked > FREE_BYTES and self.unpacked > MOST_EXPANSION * self.packed:
            raise ExpansionError(MOST_EXPANSION)


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted as they pass."""

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
    """Return *stream* so that its beginning can be looked at before it is read."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast("io.RawIOBase", _Counted(stream, lambda _: None)), 1 << 16)


def bounded(stream: IO[bytes], counter: Counter) -> io.BufferedReader:
    """Return *stream*, the bytes that come out of it counted and bounded."""
    return io.BufferedReader(_Counted(stream, counter.add), 1 << 16)


def unpack_gzip(stream: IO[bytes]) -> io.BufferedReader:
    """Return what is in gzip data, of one member or several."""
    counter, packed = _packed(stream)
    return bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), counter)


def unpack_zstd(stream: IO[bytes]) -> io.BufferedReader:
    """Return what is in Zstandard data, of one frame or several."""
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
