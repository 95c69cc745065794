"""Retry: refused records are read again, from the quarantine file or from their source.

    quarantine file -> [records that can be read now] -> index

Records that are still refused stay in the file.

A person may have mended a record in the quarantine file, under `raw`, or in its source.
"""

import base64
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from marsad.corpus.article import Article
from marsad.corpus.errors import QuarantineFormatError
from marsad.corpus.formats import FORMATS
from marsad.corpus.quarantine import ENTRY_START, Quarantine, entry_of, locked
from marsad.corpus.read import read_file, read_format
from marsad.corpus.source import MOST_KEPT_BYTES, Record, Refusal, Source, now


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of a quarantine file, and the JSON object in it."""

    text: str
    fields: dict[str, Any]


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
    # Each line of the file, and the line that replaces it, or None.
    _outcomes: dict[str, list[str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start without refusals."""
        self.again = NewReasons(self.path)

    def records(self) -> Iterator[Record]:
        """Yield the articles of all entries that can be read now.

        Raises:
            QuarantineFormatError: a line of the file is no entry of a quarantine.
        """
        sources: dict[str, list[_Entry]] = {}
        with locked(self.path):
            lines = _lines(self.path)
        for entry in self._entries(lines):
            articles = list(self._mended(entry.fields))
            if articles:
                self._gave.append((entry, {_place(article) for article in articles}))
                yield from articles
            else:
                sources.setdefault(entry.fields["path"], []).append(entry)
        for path, entries in sources.items():
            yield from self._from_source(Path(path), entries)

    def _entries(self, lines: list[str]) -> list[_Entry]:
        """Return the entries of all lines, so that a wrong line is found before indexing."""
        entries = []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line)
            except ValueError as error:
                if line.startswith(ENTRY_START):
                    self.cut += 1
                    continue
                raise QuarantineFormatError(
                    self.path, number, f"found no JSON ({error})"
                ) from error
            if not isinstance(fields, dict) or not isinstance(fields.get("path"), str):
                raise QuarantineFormatError(self.path, number, "found no path")
            if not isinstance(fields.get("line"), int):
                raise QuarantineFormatError(self.path, number, "found no line")
            entries.append(_Entry(line, fields))
        return entries

    def _finish(self, entry: _Entry, still: dict[str, Any] | None) -> None:
        """Count an entry as mended, or keep it with its new fields if it is *still* refused."""
        self.mended += still is None
        self.refused += still is not None
        text = entry.text if still is entry.fields else _text(still) if still is not None else None
        self._outcomes.setdefault(entry.text, []).append(text)

    def _mended(self, entry: Mapping[str, Any]) -> Iterator[Article]:
        """Yield the articles in the raw record of an entry; none if it cannot be read."""
        raw = _raw(entry)
        if entry.get("format") not in FORMATS or not raw or len(raw) >= MOST_KEPT_BYTES:
            return
        source = Source(entry["path"], self.mapping, now())
        records = list(read_format(entry["format"], io.BytesIO(raw), source))
        if any(isinstance(record, Refusal) for record in records):
            return
        for record in records:
            if isinstance(record, Article) and record.origin is not None:
                line = entry["line"] or record.origin.record
                yield replace(record, origin=replace(record.origin, record=line))

    def _from_source(self, path: Path, entries: list[_Entry]) -> Iterator[Record]:
        """Read a source again and yield its refused records; all, if the whole file was refused."""
        file = _file_of(path)
        wanted = {entry.fields["line"] for entry in entries}
        still: dict[int, Refusal] = {}
        found: set[int] = set()
        if file.is_file():
            for record in read_file(file, self.mapping, named=True):
                if isinstance(record, Refusal) and record.path == str(path):
                    still[record.line] = record
                elif isinstance(record, Article) and record.origin is not None:
                    own = record.origin.path == str(path)
                    if own and (0 in wanted or record.origin.record in wanted):
                        found.add(record.origin.record)
                        yield record
        for entry in entries:
            line = entry.fields["line"]
            if (line in found) if line else bool(found) and 0 not in still:
                lines = [line] if line else found
                self._gave.append((entry, {(str(path), each) for each in lines}))
            else:
                self._finish(entry, entry_of(still[line]) if line in still else entry.fields)

    def rewrite(self) -> None:
        """Write the file with the entries that are still refused; remove it if there are none.

        Call this when the records are committed. Lines that another process wrote meanwhile stay.
        """
        for entry, places in self._gave:
            reason = next((r for place, r in self.again.reasons.items() if place in places), None)
            self._finish(entry, None if reason is None else {**entry.fields, "reason": reason})
        self._gave.clear()
        with locked(self.path):
            if not self.path.exists():
                return
            kept = []
            for line in _lines(self.path):
                outcomes = self._outcomes.get(line)
                text = outcomes.pop() if outcomes else line
                if text is not None and text.strip():
                    kept.append(text)
            if not kept:
                self.path.unlink()
                return
            beside = self.path.with_name(f"{self.path.name}.new")
            with beside.open("w", encoding="utf-8", errors="surrogateescape") as file:
                file.writelines(f"{text}\n" for text in kept)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)


def _lines(path: Path) -> list[str]:
    """Split a file at line feeds only: a record may contain other line ends."""
    return path.read_bytes().decode("utf-8", "surrogateescape").split("\n")


def _file_of(path: Path) -> Path:
    """Return the file that a record's path is in: after a "!" comes a member of an archive."""
    place = str(path)
    while not Path(place).is_file() and "!" in place:
        place = place.rpartition("!")[0]
    return Path(place)


def _place(article: Article) -> tuple[str, int]:
    return (article.origin.path, article.origin.record) if article.origin else ("", 0)


def _text(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _raw(entry: Mapping[str, Any]) -> bytes:
    if isinstance(entry.get("raw"), str):
        return str(entry["raw"]).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(entry.get("raw_base64", "")), validate=True)
    except ValueError:
        return b""
