"""State lines: how the state of a folder is written, a line for each file.

Fields of a line are separated by tabs; the last one is the CRC-32 of the line before it, in
hexadecimal digits. There are four kinds of lines:

    PATH  STAMP  SHA-256  IDS  NOTE  CRC    a file as it was read; IDS are those of its articles
    PATH  (empty, four times)  CRC          the file is gone
    (empty)  VERSION  FINGERPRINT  CRC      the version of the documents, and the program; `-` as
                                            long as a run has not reached its end
    (empty)  (empty)  COMMIT  CRC           the newest commit of the index; `-` if a commit was
                                            lost, so that all files above must be read again
    (empty)  (empty)  (empty)  GIVEN  REAL  TOKEN  CRC      the folder, as it was given and its
                                            real path; TOKEN is another one in each new file

In paths and ids, a backslash stands before a backslash, and for tabs, line ends and, in ids,
spaces. Earlier versions wrote lines without NOTE and CRC, and a path alone for a file that is
gone. They are read until the first line that has a CRC.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from marsad.indexer.sync.scan import UNSURE

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ID_ESCAPES = {**_ESCAPES, " ": "\\s"}
_UNESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "s": " "}
_SPECIAL = re.compile(rb"[\\\t\n\r]")
# Fields of the line of a file, without the CRC.
FILE_FIELDS = 5
# Refused records of a file that its note names; the counts are of all.
MOST_NOTED = 5
_LONGEST_REASON = 300


class FileState(NamedTuple):
    """A file as it was read: `stamp` is its size and time, `ids` are those of its articles.

    `note` is the text of a `Note`, empty if there is nothing to note.
    """

    stamp: str
    sha256: str
    ids: tuple[str, ...]
    note: str = ""


@dataclass(slots=True)
class Note:
    """The refused records and the skipped content of a file.

    `refused` counts records, `first` has the first of them: what follows the path of the file in
    the path of the record, the line, and the reason. `skipped` counts by kind; `why` is the reason
    of the first one.
    """

    refused: int = 0
    first: list[tuple[str, int, str]] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    why: str = ""

    def add_refusal(self, member: str, line: int, reason: str) -> None:
        """Count a refused record."""
        self.refused += 1
        if len(self.first) < MOST_NOTED:
            self.first.append((member, line, reason[:_LONGEST_REASON]))

    def add_skipped(self, kind: str, reason: str) -> None:
        """Count a skipped record, or the file itself."""
        self.why = self.why or reason[:_LONGEST_REASON]
        self.skipped[kind] = self.skipped.get(kind, 0) + 1

    def text(self) -> str:
        """Return the note on one line, without tabs; empty if there is nothing to note."""
        row: dict[str, Any] = {}
        if self.refused:
            row |= {"refused": self.refused, "first": self.first}
        if self.skipped:
            row |= {"skipped": self.skipped, "why": self.why}
        return json.dumps(row, separators=(",", ":")) if row else ""

    @classmethod
    def of(cls, text: str) -> "Note":
        """Return the note of a text; an unreadable one is empty."""
        try:
            row = json.loads(text) if text else {}
            return cls(
                int(row.get("refused", 0)),
                [(str(member), int(line), str(why)) for member, line, why in row.get("first", ())],
                {str(kind): int(count) for kind, count in row.get("skipped", {}).items()},
                str(row.get("why", "")),
            )
        except (ValueError, TypeError, AttributeError):
            return cls()


class Line(NamedTuple):
    """A line as it was found: where it begins and its fields as bytes, without the CRC.

    `fields` is empty if the line is damaged. A whole line has six, four or three fields, as the
    table above says; lines of earlier versions are completed to these.
    """

    offset: int
    fields: list[bytes]


def read_lines(file: IO[bytes], offset: int = 0, *, is_checked: bool = False) -> Iterator[Line]:
    """Yield the lines of a state file, from its position, which is *offset*.

    A last line without a line end was cut by a kill: it is damaged too. *is_checked* says that
    every line must have a CRC: one before had it.
    """
    crc32 = zlib.crc32
    for line in file:
        body, _, crc = line.rpartition(b"\t")
        if body and crc == b"%08x\n" % crc32(body):
            is_checked = True
            yield Line(offset, body.split(b"\t"))
        elif is_checked or not line.endswith(b"\n"):
            yield Line(offset, [])
        else:
            yield Line(offset, _earlier(line[:-1].split(b"\t")))
        offset += len(line)


def _earlier(fields: list[bytes]) -> list[bytes]:
    """Return the fields of a line of an earlier version as they are written now."""
    if len(fields) == 4 and fields[0]:  # noqa: PLR2004
        # Earlier versions escaped no ids.
        return [*fields[:3], fields[3].replace(b"\\", b"\\\\"), b""]
    if len(fields) == 1 and fields[0]:
        return [*fields, b"", b"", b"", b""]
    return fields if len(fields) == 3 and not fields[0] else []  # noqa: PLR2004


def file_line(name: str, state: FileState | None) -> bytes:
    """Return the line of a file; None stands for a file that is gone."""
    if state is None:
        return sealed(escape(name), b"", b"", b"", b"")
    return sealed(
        escape(name),
        state.stamp.encode(),
        state.sha256.encode(),
        _joined(state.ids),
        state.note.encode("utf-8", "surrogateescape"),
    )


def head_line(version: str, fingerprint: str) -> bytes:
    """Return the line that says which program wrote the lines after it."""
    return sealed(b"", version.encode(), fingerprint.encode())


def commit_line(commit: str) -> bytes:
    """Return the line of a commit."""
    return sealed(b"", b"", commit.encode())


def folder_line(given: str, real: str, token: str) -> bytes:
    """Return the line of the folder itself."""
    return sealed(b"", b"", b"", escape(given), escape(real), token.encode())


def sealed(*fields: bytes) -> bytes:
    """Return a line of *fields* with its CRC and its end."""
    body = b"\t".join(fields)
    return b"%s\t%08x\n" % (body, zlib.crc32(body))


def state_of(fields: list[bytes], *, is_sure: bool = True) -> FileState | None:
    """Return what a line of a file says, None for a file that is gone.

    Unless the line *is_sure*, the file must be read again.
    """
    _, stamp, digest, ids, note = fields
    if not stamp:
        return None
    return FileState(
        stamp.decode() if is_sure else UNSURE,
        digest.decode() if is_sure else UNSURE,
        ids_of(ids),
        note.decode("utf-8", "surrogateescape"),
    )


def ids_of(field: bytes) -> tuple[str, ...]:
    """Return the ids in the field of a line."""
    if not field:
        return ()
    ids = field.decode("utf-8", "surrogateescape").split(" ")
    return tuple(map(_unescaped, ids) if b"\\" in field else ids)


def _joined(ids: tuple[str, ...]) -> bytes:
    text = " ".join(ids)
    if "\\" in text or text.count(" ") >= len(ids) or not text.isprintable():
        text = " ".join("".join(_ID_ESCAPES.get(char, char) for char in each) for each in ids)
    return text.encode("utf-8", "surrogateescape")


def escape(name: str) -> bytes:
    """Return a path for a line."""
    raw = name.encode("utf-8", "surrogateescape")
    if _SPECIAL.search(raw):
        text = "".join(_ESCAPES.get(char, char) for char in name)
        return text.encode("utf-8", "surrogateescape")
    return raw


def unescape(field: bytes) -> str:
    """Return a path as it was before it was escaped for a line."""
    text = field.decode("utf-8", "surrogateescape")
    return _unescaped(text) if "\\" in text else text


def _unescaped(text: str) -> str:
    parts = iter(text)
    return "".join(_UNESCAPES.get(next(parts, ""), "") if c == "\\" else c for c in parts)


def counted(notes: Mapping[int, str]) -> tuple[int, dict[str, int]]:
    """Return the number of refused records, and of skipped content by kind, in all *notes*."""
    refused = 0
    skipped: dict[str, int] = {}
    times: dict[str, int] = {}
    for text in notes.values():
        times[text] = times.get(text, 0) + 1
    for text, count in times.items():
        note = Note.of(text)
        refused += count * note.refused
        for kind, number in note.skipped.items():
            skipped[kind] = skipped.get(kind, 0) + count * number
    return refused, skipped
