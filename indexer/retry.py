"""Retry: refused records taken up again, from the quarantine or from where they stood.

quarantine file -> [mended records] -> index; what is still refused stays in the file

A record may have been mended in the quarantine file itself, under `raw`, or in its source.
"""

import base64
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from corpus.article import Article
from corpus.errors import QuarantineFormatError
from corpus.formats import Format
from corpus.quarantine import entry_of, locked
from corpus.read import read_file, read_format
from corpus.source import MOST_KEPT_BYTES, Record, Refusal, Source, now

_FORMATS = frozenset(get_args(Format))


@dataclass(slots=True)
class Retry:
    """The entries of a quarantine file; reading `records` parts them into mended and not."""

    path: Path
    mapping: Mapping[str, str] = field(default_factory=dict)
    mended: int = 0
    left: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0

    def records(self) -> Iterator[Record]:
        """Yield the articles of entries that can be read now; keep the others in `left`.

        Raises:
            QuarantineFormatError: a line of the file is not what Marsad wrote.
        """
        sources: dict[str, list[dict[str, Any]]] = {}
        entries = read_entries(self.path)
        self.read = len(self.path.read_text(encoding="utf-8").splitlines())
        for entry in entries:
            articles = list(self._mended(entry))
            if articles:
                self.mended += 1
                yield from articles
            else:
                sources.setdefault(entry["path"], []).append(entry)
        for path, entries in sources.items():
            yield from self._from_source(Path(path), entries)

    def _mended(self, entry: Mapping[str, Any]) -> Iterator[Article]:
        """Yield the articles that an entry's own record gives."""
        raw = _raw(entry)
        if entry.get("format") not in _FORMATS or not raw or len(raw) >= MOST_KEPT_BYTES:
            return
        source = Source(entry["path"], self.mapping, now())
        records = list(read_format(entry["format"], io.BytesIO(raw), source))
        if any(isinstance(record, Refusal) for record in records):
            return
        for record in records:
            if isinstance(record, Article) and record.origin is not None:
                line = entry["line"] or record.origin.record
                yield replace(record, origin=replace(record.origin, record=line))

    def _from_source(self, path: Path, entries: list[dict[str, Any]]) -> Iterator[Record]:
        """Read a source again for its refused records; a whole file gives all of its own."""
        file = Path(str(path).partition("!")[0])
        wanted = {entry["line"]: entry for entry in entries}
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
        for line, entry in wanted.items():
            done = (line in found) if line else bool(found) and 0 not in still
            if done:
                self.mended += 1
            else:
                self.left.append(entry_of(still[line]) if line in still else entry)

    def rewrite(self) -> None:
        """Keep only what is still refused; the file goes where nothing is."""
        with locked(self.path):
            # What another process refused meanwhile stands below what was read.
            added = self.path.read_text(encoding="utf-8").splitlines(keepends=True)[self.read :]
            if not self.left and not added:
                self.path.unlink(missing_ok=True)
                return
            beside = self.path.with_suffix(".new")
            with beside.open("w", encoding="utf-8") as file:
                for entry in self.left:
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                file.writelines(added)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)


def read_entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a quarantine file.

    Raises:
        QuarantineFormatError: a line is not what Marsad wrote.
    """
    entries = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise QuarantineFormatError(path, number, f"found no JSON ({error})") from error
            if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
                raise QuarantineFormatError(path, number, "found no path")
            if not isinstance(entry.get("line"), int):
                raise QuarantineFormatError(path, number, "found no line")
            entries.append(entry)
    return entries


def _raw(entry: Mapping[str, Any]) -> bytes:
    if isinstance(entry.get("raw"), str):
        return str(entry["raw"]).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(entry.get("raw_base64", "")), validate=True)
    except ValueError:
        return b""
