"""Retry: refused records are read again, from the quarantine file or from their source.

    quarantine file -> [records that can be read now] -> index

Records that are still refused stay in the file.

A person may have mended a record in the quarantine file, under `raw`, or in its source. The file
is read line by line: of each entry, only its place and a digest stay in memory.
"""

import base64
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from marsad.corpus.article import Article
from marsad.corpus.errors import QuarantineFormatError
from marsad.corpus.formats import FORMATS
from marsad.corpus.quarantine import (
    ENTRY_START,
    MOST_SOURCE_BYTES,
    Quarantine,
    entry_of,
    locked,
)
from marsad.corpus.read import read_file, read_format
from marsad.corpus.source import MOST_KEPT_BYTES, Record, Refusal, Source, now


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a quarantine file: a digest of its line, and where its record was.

    `is_brief` says that its record was left out, so that it is only in its source.
    """

    digest: bytes
    path: str
    line: int
    is_brief: bool


class NewReasons(Quarantine):
    """The quarantine during a retry: it collects new reasons, by path and line, and writes nothing.

    The entries of these articles are in the file already.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.reasons: dict[tuple[str, int], str] = {}

    def add(self, refusal: Refusal) -> None:
        """Keep the reason of a refusal."""
        self.reasons[refusal.path, refusal.line] = refusal.reason
        self.count += 1


@dataclass(slots=True)
class Retry:
    """The entries of a quarantine file, to be read again.

    First index `records`, with `again` as the quarantine, then call `rewrite`. After that, `mended`
    and `refused` are the numbers of entries. `cut` is the number of lines that a killed run left
    unfinished; they stay in the file.
    """

    path: Path
    mapping: Mapping[str, str] = field(default_factory=dict)
    mended: int = 0
    refused: int = 0
    cut: int = 0
    again: NewReasons = field(init=False)
    # Entries whose articles could be read, with the path and line of each article.
    _gave: list[tuple[_Entry, set[tuple[str, int]]]] = field(default_factory=list)
    # The digest of each line that changes: what is new in its entry, or None if it is dropped.
    _outcomes: dict[bytes, list[dict[str, Any] | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start without refusals."""
        self.again = NewReasons(self.path)

    def records(self) -> Iterator[Record]:
        """Yield the articles of all entries that can be read now.

        Raises:
            QuarantineFormatError: a line of the file is no entry of a quarantine.
        """
        with locked(self.path):
            # Lines that are appended meanwhile are of no concern. A rewritten file is another one.
            file = self.path.open("rb")
        with file:
            size = os.fstat(file.fileno()).st_size
            # All lines are read first, so that a wrong one is found before indexing.
            for _ in self._entries(file, size):
                pass
            yield from self._all(file, size)

    def _all(self, file: IO[bytes], size: int) -> Iterator[Record]:
        sources: dict[str, list[_Entry]] = {}
        for entry, fields in self._entries(file, size):
            articles = list(self._mended(fields))
            if articles:
                self._gave.append((entry, {_place(article) for article in articles}))
                yield from articles
            else:
                sources.setdefault(entry.path, []).append(entry)
        for path, entries in sources.items():
            yield from self._from_source(Path(path), entries)

    def _entries(self, file: IO[bytes], size: int) -> Iterator[tuple[_Entry, dict[str, Any]]]:
        """Yield the entries of the first *size* bytes of the file, each with its fields."""
        file.seek(0)
        self.cut = 0
        for number, line in enumerate(_lines(file, size), 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line.decode("utf-8", "surrogateescape"))
            except ValueError as error:
                if line.startswith(ENTRY_START.encode()):
                    self.cut += 1
                    continue
                raise QuarantineFormatError(
                    self.path, number, f"found no JSON ({error})"
                ) from error
            if not isinstance(fields, dict) or not isinstance(fields.get("path"), str):
                raise QuarantineFormatError(self.path, number, "found no path")
            if not isinstance(fields.get("line"), int):
                raise QuarantineFormatError(self.path, number, "found no line")
            is_brief = fields.get("raw_left_out") is True
            yield _Entry(_digest(line), fields["path"], fields["line"], is_brief), fields

    def _finish(self, entry: _Entry, new: dict[str, Any] | None) -> None:
        """Count an entry as mended if *new* is None, or keep it with these fields changed."""
        self.mended += new is None
        self.refused += new is not None
        self._outcomes.setdefault(entry.digest, []).append(new)

    def _mended(self, entry: Mapping[str, Any]) -> Iterator[Article]:
        """Yield the articles in the raw record of an entry; none if it cannot be read."""
        raw = _raw(entry)
        form = entry.get("format")
        if not isinstance(form, str) or form not in FORMATS:
            return
        if not raw or len(raw) >= MOST_KEPT_BYTES:
            return
        source = Source(entry["path"], self.mapping, now())
        records = list(read_format(form, io.BytesIO(raw), source))
        if any(isinstance(record, Refusal) for record in records):
            return
        for record in records:
            if isinstance(record, Article) and record.origin is not None:
                line = entry["line"] or record.origin.record
                yield replace(record, origin=replace(record.origin, record=line))

    def _from_source(self, path: Path, entries: list[_Entry]) -> Iterator[Record]:
        """Read a source again and yield its refused records; all, if the whole file was refused."""
        file = _file_of(path)
        wanted = {entry.line for entry in entries}
        # Records that stay left out, or are too many, keep what their entries have.
        whole = {entry.line for entry in entries if not entry.is_brief}
        room = MOST_SOURCE_BYTES
        still: dict[int, Refusal] = {}
        found: set[int] = set()
        if file.is_file():
            for record in read_file(file, self.mapping, named=True):
                if isinstance(record, Refusal) and record.path == str(path):
                    if record.line in wanted:
                        room -= len(record.raw) if record.line in whole else 0
                        whole -= {record.line} if room < 0 else set()
                        is_whole = record.line in whole
                        still[record.line] = record if is_whole else replace(record, raw=b"")
                elif isinstance(record, Article) and record.origin is not None:
                    own = record.origin.path == str(path)
                    if own and (0 in wanted or record.origin.record in wanted):
                        found.add(record.origin.record)
                        yield record
        for entry in entries:
            line = entry.line
            if (line in found) if line else bool(found) and 0 not in still:
                lines = [line] if line else found
                self._gave.append((entry, {(str(path), each) for each in lines}))
            else:
                refusal = still.get(line)
                self._finish(entry, _renewed(refusal, is_whole=line in whole) if refusal else {})

    def rewrite(self) -> None:
        """Write the file with the entries that are still refused; remove it if there are none.

        Call this when the records are committed. Lines that another process wrote meanwhile stay.
        """
        for entry, places in self._gave:
            reason = next((r for place, r in self.again.reasons.items() if place in places), None)
            self._finish(entry, None if reason is None else {"reason": reason})
        self._gave.clear()
        with locked(self.path):
            if not self.path.exists():
                return
            beside = self.path.with_name(f"{self.path.name}.new")
            size = 0
            with self.path.open("rb") as old, beside.open("wb") as kept:
                for line in _lines(old, os.fstat(old.fileno()).st_size):
                    text = self._after(line)
                    if text.strip():
                        size += kept.write(text + b"\n")
                kept.flush()
                os.fsync(kept.fileno())
            if size:
                beside.replace(self.path)
            else:
                beside.unlink()
                self.path.unlink()

    def _after(self, line: bytes) -> bytes:
        """Return the line that stands for *line* after the retry, empty if there is none."""
        outcomes = self._outcomes.get(_digest(line))
        new = outcomes.pop() if outcomes else {}
        if new is None:
            return b""
        if not new:
            return line
        fields = json.loads(line.decode("utf-8", "surrogateescape"))
        if "raw" in new or "raw_base64" in new:
            # Of a record that was read from its source, nothing of the old entry stays.
            fields = new
        text = json.dumps({**fields, **new}, ensure_ascii=False)
        return text.encode("utf-8", "surrogateescape")


def _renewed(refusal: Refusal, *, is_whole: bool) -> dict[str, object]:
    """Return what is new in the entry of a record that is refused again."""
    return entry_of(refusal) if is_whole else {"reason": refusal.reason}


def _lines(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the lines of the first *size* bytes without their ends.

    They end at line feeds only: a record may contain other line ends.
    """
    while size > 0 and (line := file.readline(size)):
        size -= len(line)
        yield line.removesuffix(b"\n")


def _digest(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()


def _file_of(path: Path) -> Path:
    """Return the file that a record's path is in: after a "!" comes a member of an archive."""
    place = str(path)
    while not Path(place).is_file() and "!" in place:
        place = place.rpartition("!")[0]
    return Path(place)


def _place(article: Article) -> tuple[str, int]:
    return (article.origin.path, article.origin.record) if article.origin else ("", 0)


def _raw(entry: Mapping[str, Any]) -> bytes:
    if isinstance(entry.get("raw"), str):
        return str(entry["raw"]).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(entry.get("raw_base64", "")), validate=True)
    except ValueError:
        return b""
