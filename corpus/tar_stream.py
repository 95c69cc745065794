"""Tar stream: the bytes of a tar archive, as `tarfile` reads them, within bounds.

`tarfile` believes every size that a header claims: it would seek for days past the end of a file,
or read a name of gigabytes. It also takes a damaged header for the end of the archive. This stream
stops it, and remembers the last header, which shows whether the archive ended as it should.
"""

import re
import tarfile
from typing import IO

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 1 << 16
# A member's headers: a path has at most 4 kB, and extended attributes are few.
_MOST_HEADER_BYTES = 1 << 20
# Headers for all members are copied for each of them.
_MOST_GLOBAL_BYTES = 1 << 14
_TYPE_AT = 156
_PAX_LENGTH = re.compile(rb"([0-9]{1,9}) ")


class TarStream:
    """A stream that only goes forward, with the bounds of headers."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._at = 0
        self._left: int | None = None
        self._ended = False
        self._global = 0
        # The last header that was read; empty at the end of the stream.
        self.header = b""

    def begin_header(self) -> None:
        """Read what follows as headers of one member, until `begin_data`."""
        self._left = _MOST_HEADER_BYTES
        self._ended = False

    def begin_data(self) -> None:
        """Read what follows as the data of a member."""
        self._left = None

    def tell(self) -> int:
        """Return the offset in the archive."""
        return self._at

    def seek(self, place: int) -> int:
        """Go forward to *place*.

        Raises:
            ReadError: the archive ends before it, or it lies behind.
        """
        if place < self._at:
            raise tarfile.ReadError("found a member of less than no bytes, expected a size")
        while self._at < place:
            piece = self._stream.read(min(_PIECE, place - self._at))
            if not piece:
                raise tarfile.ReadError(f"the archive ends there, {place - self._at} bytes early")
            self._at += len(piece)
        return self._at

    def read(self, size: int) -> bytes:
        """Return the next bytes; fewer at the end of the archive.

        Raises:
            ReadError: they are headers, and too many or damaged.
        """
        if size < 0:
            raise tarfile.ReadError("found a header of less than no bytes, expected a size")
        if self._left is not None:
            self._left -= size
            if self._left < 0:
                raise tarfile.ReadError(
                    f"found a header of more than {_MOST_HEADER_BYTES} bytes, expected less"
                )
        data = self._stream.read(size)
        self._at += len(data)
        if self._left is not None and size > 1:
            self._check_header(data, size)
        return data

    def _check_header(self, data: bytes, size: int) -> None:
        kind = self.header[_TYPE_AT : _TYPE_AT + 1]
        if kind in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE):
            _check_pax(data)
            self._global += len(data) if kind == tarfile.XGLTYPE else 0
            if self._global > _MOST_GLOBAL_BYTES:
                raise tarfile.ReadError(
                    f"found headers for all members of more than {_MOST_GLOBAL_BYTES} bytes, "
                    f"expected less"
                )
            self.header = b""
            return
        if self._ended:
            # Some headers say how many follow: without an error, the end would be read for ever.
            raise tarfile.ReadError("the archive ends there, in a header")
        self._ended = not data
        self.header = data if size == _BLOCK else b""


def _check_pax(data: bytes) -> None:
    """Check that each record of an extended header has its length, key and value.

    Versions of `tarfile` take quadratic time and memory for others.
    """
    at = 0
    while at < len(data) and data[at]:
        match = _PAX_LENGTH.match(data, at)
        end = at + int(match[1]) if match else at
        if match is None or data.find(b"=", match.end(), end) < 0:
            raise tarfile.ReadError("found a damaged extended header, expected keys and values")
        at = end
