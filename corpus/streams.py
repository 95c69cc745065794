"""Streams: unpack data, up to a bounded number of bytes.

Data that unpacks to far more than its packed bytes is a zip bomb, or is best unpacked by hand.
Reading it raises an error that says so.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, Protocol, cast

import zstandard

from marsad.corpus.bounds import Counter
from marsad.corpus.errors import ExpansionError, RecordError, TooManyRecordsError
from marsad.corpus.source import Record, Source

# `xz -9` needs 65 MiB; a hostile header may ask for 4 GiB.
XZ_MEMORY_BYTES = 256 * 1024 * 1024
_PIECE = 1 << 16
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
    TooManyRecordsError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class _Counted(io.RawIOBase):
    """A stream that counts the bytes that are read from it."""

    def __init__(
        self, stream: IO[bytes], count: Callable[[int], None], counter: Counter | None = None
    ) -> None:
        self._stream = stream
        self._count = count
        self.counter = counter

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
    return io.BufferedReader(_Counted(stream, counter.add, counter), 1 << 16)


def counter_of(stream: IO[bytes]) -> Counter | None:
    """Return the counter of a stream that `bounded` returned, None for any other."""
    return getattr(getattr(stream, "raw", None), "counter", None)


def counted(records: Iterator[Record], counter: Counter) -> Iterator[Record]:
    """Yield *records*, each of them counted.

    Raises:
        TooManyRecordsError: they are too many for the packed bytes.
    """
    for record in records:
        counter.add_record()
        yield record


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


def unpack_bzip2(stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream of the content of bzip2 data, of one stream or several."""
    counter, packed = _packed(stream)
    return bounded(cast("IO[bytes]", _Unpacked(packed, bz2.BZ2Decompressor)), counter)


def unpack_xz(stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream of the content of xz data, of one stream or several.

    A stream that needs more than XZ_MEMORY_BYTES to unpack is damaged data.
    """
    counter, packed = _packed(stream)
    unpacked = _Unpacked(packed, lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY_BYTES))
    return bounded(cast("IO[bytes]", unpacked), counter)


class _Decompressor(Protocol):
    """What the decompressors of bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Unpacked:
    """Reads packed streams that follow each other; zero bytes between them are padding."""

    def __init__(self, packed: IO[bytes], make: Callable[[], _Decompressor]) -> None:
        self._packed = packed
        self._make = make
        self._work = make()

    def read(self, size: int) -> bytes:
        """Return at most *size* bytes, none at the end.

        Raises:
            EOFError: the data end within a packed stream.
        """
        while True:
            if self._work.eof:
                data = self._work.unused_data.lstrip(b"\0")
                while not data and (piece := self._packed.read(_PIECE)):
                    data = piece.lstrip(b"\0")
                if not data:
                    return b""
                self._work = self._make()
            elif self._work.needs_input:
                data = self._packed.read(_PIECE)
                if not data:
                    raise EOFError("the packed data end too early")
            else:
                data = b""
            if out := self._work.decompress(data, size):
                return out


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
        except RecordError as error:
            yield source.refusal(0, str(error))
            return
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:
                # The disk or the network failed: the next run may read what this one could not.
                reason = f"file not readable: {error.strerror or error}"
                yield replace(source.refusal(0, reason), outside=True)
                return
            yield source.refusal(0, f"packed data damaged: {error or type(error).__name__}")
            return
        except Exception as error:  # noqa: BLE001  (a bad record must not end the run)
            yield source.refusal(0, f"found a record that cannot be read ({error!r:.200})")
            return
        yield record
