"""Parts: the parts of a MIME message, read line by line.

    lines of a message -> [split_message] -> Split: the header, and each part that has no parts

The bytes of the parts lie in a temporary file, so that a message with large attachments needs
little memory.
"""

import binascii
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple, cast

from marsad.corpus.readers.mail.header import Header, read_header

MOST_PARTS = 1000
MEMORY_BYTES = 4 * 1024 * 1024
_DEEPEST = 20
_HEADER_BYTES = 256 * 1024
LINE_BYTES = 1 << 16
_NOT_BASE_64 = re.compile(rb"[^A-Za-z0-9+/=]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part without parts: its header, and where its encoded bytes lie.

    `choice` is the number of the multipart/alternative it lies in, 0 if it lies in none; `number`
    counts from 1.
    """

    header: Header
    start: int
    end: int
    choice: int
    number: int


@dataclass(slots=True)
class Split:
    """A message: its header and its parts; `left_out` parts of too many were not read."""

    header: Header
    body: IO[bytes]
    parts: list[Part] = field(default_factory=list)
    left_out: int = 0

    def content(self, part: Part, most: int) -> bytes:
        """Return the decoded bytes of a part, at most *most*."""
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as spooled:
            out = cast("IO[bytes]", spooled)
            self.decode(part, out, most)
            out.seek(0)
            return out.read(most)

    def decode(self, part: Part, out: IO[bytes], most: int | None = None) -> None:
        """Write the decoded bytes of a part to *out*, and stop once *most* are written."""
        self.body.seek(part.start)
        for piece in _decoded(self._pieces(part), part.header.encoding):
            out.write(piece)
            if most is not None and out.tell() > most:
                return

    def _pieces(self, part: Part) -> Iterator[bytes]:
        left = part.end - part.start
        while left > 0 and (piece := self.body.readline(min(left, LINE_BYTES))):
            left -= len(piece)
            yield piece


class _Open(NamedTuple):
    """A multipart that is being read: its boundary, the alternative it lies in."""

    mark: bytes
    choice: int
    default: str


class _Stop(NamedTuple):
    """Where copying stopped: the level of the boundary (-1: at the end of the message)."""

    level: int
    is_last: bool
    end: int


def split_message(lines: Iterator[bytes], body: IO[bytes]) -> Split:
    """Read a message; the bytes of its parts are written to *body*, a temporary file.

    A multipart that never ends is read to the end of the message.
    """
    current = _read_head(lines, "text/plain")
    split = Split(current, body)
    stack: list[_Open] = []
    alternatives = 0
    while True:
        if current.kind.startswith("multipart/") and current.boundary and len(stack) < _DEEPEST:
            choice = stack[-1].choice if stack else 0
            if current.kind == "multipart/alternative":
                choice = alternatives = alternatives + 1
            digest = current.kind == "multipart/digest"
            default = "message/rfc822" if digest else "text/plain"
            stack.append(_Open(b"--" + current.boundary, choice, default))
            stop = _copy(lines, stack, None)
        elif len(split.parts) < MOST_PARTS:
            begin = body.tell()
            stop = _copy(lines, stack, body)
            choice = stack[-1].choice if stack else 0
            number = len(split.parts) + 1
            split.parts.append(Part(current, begin, max(begin, stop.end), choice, number))
        else:
            split.left_out += 1
            stop = _copy(lines, stack, None)
        while stop.level >= 0 and stop.is_last:
            # What stands between the end of a multipart and the next boundary is no part.
            del stack[stop.level :]
            stop = _copy(lines, stack, None)
        if stop.level < 0:
            return split
        del stack[stop.level + 1 :]
        current = _read_head(lines, stack[-1].default)


def _read_head(lines: Iterator[bytes], default: str) -> Header:
    raw: list[bytes] = []
    size = 0
    for line in lines:
        if not line.strip(b"\r\n"):
            break
        size += len(line)
        if size < _HEADER_BYTES:
            raw.append(line)
    return read_header(b"".join(raw), default)


def _copy(lines: Iterator[bytes], stack: list[_Open], out: IO[bytes] | None) -> _Stop:
    """Copy lines up to a boundary of an open multipart."""
    end = out.tell() if out is not None else 0
    is_whole, tail = True, 0
    for line in lines:
        if is_whole and line.startswith(b"--"):
            bare = line.rstrip()
            for level in range(len(stack) - 1, -1, -1):
                if bare in {stack[level].mark, stack[level].mark + b"--"}:
                    # The line end before a boundary belongs to the boundary.
                    return _Stop(level, bare != stack[level].mark, end - tail)
        is_whole = line.endswith(b"\n")
        if out is not None:
            out.write(line)
            end += len(line)
            tail = 2 if line.endswith(b"\r\n") else int(is_whole)
    return _Stop(-1, is_last=True, end=end)


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    match encoding:
        case "base64":
            yield from _from_base64(pieces)
        case "quoted-printable":
            for piece in pieces:
                yield binascii.a2b_qp(piece)
        case _:
            yield from pieces


def _from_base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decode Base64 up to its padding: mailing lists add lines in plain text below it."""
    left = b""
    for piece in pieces:
        left += _NOT_BASE_64.sub(b"", piece)
        data, padding, _ = left.partition(b"=")
        whole = len(data) - len(data) % 4
        if whole:
            yield binascii.a2b_base64(data[:whole])
        left = data[whole:]
        if padding:
            break
    if len(left) > 1:
        yield binascii.a2b_base64(left + b"=" * (4 - len(left)))
