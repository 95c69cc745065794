"""Reading: folders, files and archives as one stream of articles and refusals.

    paths -> [read] -> Article | Refusal, one record at a time

Nothing here raises for a bad record: it comes back as a refusal with its path,
its line and the reason. Archives are read in place, a member at a time.
"""

import gzip
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from corpus.article import Article
from corpus.errors import RecordError, SourceMissingError
from corpus.readers.jsonl import parse_json_line
from corpus.readers.layout import parse_layout

TEXT_SUFFIXES = (".txt", ".text")
LINE_SUFFIXES = (".jsonl", ".ndjson")
_PACKED_SUFFIXES = (".gz", ".zip")
# One record in memory at a time; a longer one is refused, not read.
RECORD_LIMIT_BYTES = 64 * 1024 * 1024
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read: where it stands, why, and its raw bytes (cut at 1 MiB).

    `line` counts from 1; 0 stands for the whole file.
    """

    path: str
    line: int
    reason: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file of a folder that is no article by its name; it is told, not refused."""

    path: str


Record = Article | Refusal | Passed


def read(paths: Iterable[Path]) -> Iterator[Record]:
    """Yield every record of files and folders, folders recursively and in name order.

    Raises:
        SourceMissingError: one of *paths* does not exist; raised before anything is read.
    """
    listed = list(paths)
    for path in listed:
        if not path.exists():
            raise SourceMissingError(path)
    for path in listed:
        if path.is_dir():
            yield from _read_folder(path)
        else:
            yield from _read_file(path, str(path), named=True)


def estimate(paths: Iterable[Path]) -> int:
    """Return about how many records *paths* hold: files, and lines of files of lines.

    Nothing is parsed; what cannot be read counts as none.
    """
    return sum(_estimate(path) for path in paths)


def _estimate(path: Path) -> int:
    name = path.name.lower()
    try:
        if path.is_dir():
            return sum(
                _estimate(Path(here) / name) for here, _, names in os.walk(path) for name in names
            )
        if name.endswith(LINE_SUFFIXES):
            with path.open("rb") as stream:
                return _count_lines(stream)
        if name.endswith(".gz") and name[:-3].endswith(LINE_SUFFIXES):
            with gzip.open(path) as packed:
                return _count_lines(cast("IO[bytes]", packed))
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                return sum(not member.is_dir() for member in archive.infolist())
    except _DAMAGE:
        return 0
    return int(_is_known(name))


def _count_lines(stream: IO[bytes]) -> int:
    lines = 0
    while piece := stream.read(1 << 20):
        lines += piece.count(b"\n")
    return lines


def _read_folder(folder: Path) -> Iterator[Record]:
    def refuse(error: OSError) -> None:
        unreadable.append(Refusal(str(error.filename), 0, f"folder not readable: {error.strerror}"))

    unreadable: list[Refusal] = []
    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(here) / name
                yield from _read_file(path, str(path), named=False)
        yield from unreadable
        unreadable.clear()
    yield from unreadable


def _read_file(path: Path, name: str, *, named: bool) -> Iterator[Record]:
    if not named and not _is_known(name):
        yield Passed(name)
        return
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, name)
    except OSError as error:
        yield Refusal(name, 0, f"file not readable: {error.strerror or error}")


def _is_known(name: str) -> bool:
    known = (*TEXT_SUFFIXES, *LINE_SUFFIXES, *_PACKED_SUFFIXES)
    return name.lower().endswith(known)


def _read_stream(stream: IO[bytes], name: str) -> Iterator[Record]:
    lower = name.lower()
    if lower.endswith(".zip"):
        yield from _read_zip(stream, name)
    elif lower.endswith(".gz"):
        yield from _guarded(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), name, name[:-3])
    elif lower.endswith(LINE_SUFFIXES):
        yield from _read_lines(stream, name)
    else:
        yield from _read_layout(stream, name)


def _read_zip(stream: IO[bytes], name: str) -> Iterator[Record]:
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        yield Refusal(name, 0, f"zip archive not readable: {error}")
        return
    with archive:
        for member in sorted(archive.infolist(), key=lambda info: info.filename):
            inner = f"{name}!{member.filename}"
            base = member.filename.rsplit("/", 1)[-1]
            if member.is_dir() or base.startswith("."):
                continue
            if not _is_known(base):
                yield Passed(inner)
                continue
            try:
                opened = archive.open(member)
            except _DAMAGE as error:
                yield Refusal(inner, 0, f"archive member not readable: {error}")
                continue
            with opened:
                yield from _guarded(opened, inner, inner)


def _guarded(stream: IO[bytes], name: str, inner: str) -> Iterator[Record]:
    """Read a packed stream; damage ends it as one refusal after what could be read."""
    records = _read_stream(stream, inner)
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except _DAMAGE as error:
            yield Refusal(name, 0, f"packed data damaged: {error}")
            return
        yield record


def _read_lines(stream: IO[bytes], name: str) -> Iterator[Record]:
    number = 0
    while line := stream.readline(RECORD_LIMIT_BYTES + 1):
        number += 1
        if len(line) > RECORD_LIMIT_BYTES:
            yield Refusal(name, number, _too_long(), line[: 1 << 20])
            while line and not line.endswith(b"\n"):
                line = stream.readline(RECORD_LIMIT_BYTES)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            article = parse_json_line(line)
        except RecordError as error:
            yield Refusal(name, number, str(error), line[: 1 << 20])
        else:
            yield article


def _too_long() -> str:
    return f"found a record of more than {RECORD_LIMIT_BYTES} bytes, expected less"


def _read_layout(stream: IO[bytes], name: str) -> Iterator[Record]:
    raw = stream.read(RECORD_LIMIT_BYTES + 1)
    if len(raw) > RECORD_LIMIT_BYTES:
        yield Refusal(name, 0, _too_long(), raw[: 1 << 20])
        return
    try:
        yield parse_layout(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        reason = f"found byte {raw[error.start]:#04x} at {error.start}, expected UTF-8"
        yield Refusal(name, raw.count(b"\n", 0, error.start) + 1, reason, raw[: 1 << 20])
    except RecordError as error:
        yield Refusal(name, 0, str(error), raw[: 1 << 20])
