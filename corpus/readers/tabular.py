"""Tables: CSV and TSV with a header line, as spreadsheets and databases write them.

The delimiter (comma, semicolon, tab or bar) is found in the header, or named by a line `sep=;` of
Excel above it; the encoding is found in the first bytes. A column is recognised by its name, or
named by a person. The first rows show which of day and month is first, and whether numbers are
days of a spreadsheet.
"""

import csv
import io
import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import IO, NamedTuple

from marsad.corpus.columns import match_columns
from marsad.corpus.encoding import Encoding, decoded_text, find_encoding, whole_lines
from marsad.corpus.errors import RecordError
from marsad.corpus.fields.date_forms import DateHint
from marsad.corpus.fields.hints import MOST_CHARACTERS, MOST_ROWS, hints_of
from marsad.corpus.readers.shapes.registry import knows_header, plain, read_plain
from marsad.corpus.remarks import Remark
from marsad.corpus.source import Read, Source
from marsad.corpus.streams import HEAD_BYTES, peekable

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 200
_SURROGATE_FIRST, _SURROGATE_LAST, _SURROGATE_BASE = "\udc80", "\udcff", 0xDC00
_SEPARATOR = re.compile(r'"?sep=([^\w"])"?', re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d+\s*$")


class _Lines:
    """The lines of a table, with the lines of the present row."""

    def __init__(self, lines: Iterator[str], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._back: deque[str] = deque()
        self.row: list[str] = []
        self.size = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.number += 1
        self.size += len(line)
        self.row.append(line)
        if self.size <= self._limit:
            return line
        # The row will be refused.
        raise csv.Error(f"a row of more than {self._limit} characters; is a quote not closed?")

    def restart(self) -> None:
        """Go back to the second line of the row: only the first line is part of the broken row."""
        self._back.extendleft(reversed(self.row[1:]))
        self.number -= len(self.row) - 1
        self.row = self.row[:1]

    def take(self) -> str:
        """Return the lines of the row, and begin a new row."""
        text = "".join(self.row)
        self.row, self.size = [], 0
        return text


def is_table(text: str, named: str) -> bool:
    """Tell whether a text is a table: by its suffix, or by the names of its columns.

    A file without a known suffix, or with one of plain text, is a table if its first line names
    the columns of a title and of a text.
    """
    if named not in {"", "layout"}:
        return named == "csv"
    first = text.partition("\n")[0]
    names = [name.strip().strip('"') for name in first.split(delimiter_of(first))]
    enough = 1 < len(names) <= _MOST_COLUMNS
    return enough and {"title", "text"} <= match_columns(names).keys()


def delimiter_of(header: str) -> str:
    """Return the sign between the columns of a header line.

    Example:
        >>> delimiter_of('title;"text";date')
        ';'
    """
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


def read_table(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each row below the header."""
    buffered = peekable(stream)
    head = buffered.peek(HEAD_BYTES)[:HEAD_BYTES]
    encoding = find_encoding(head if len(head) < HEAD_BYTES else whole_lines(head))
    text = io.TextIOWrapper(
        buffered,
        "utf-8-sig" if encoding.name == "utf-8" else encoding.name,
        errors="replace" if encoding.is_wide else "surrogateescape",
        newline="",
    )
    try:
        yield from _read_text(text, encoding, source)
    finally:
        # The caller, who opened the file, closes it.
        text.detach()


def _read_text(text: io.TextIOWrapper, encoding: Encoding, source: Source) -> Iterator[Read]:
    csv.field_size_limit(source.limit)
    lines = _Lines(_bounded_lines(text, source.limit), source.limit)
    table = _Table(lines, encoding, source)
    if table.problem:
        head = table.head.encode("utf-8", "surrogateescape")
        yield source.refusal(0, table.problem, head, "csv")
        return
    rows = table.rows()
    first: list[_Row] = []
    size = 0
    for row in rows:
        first.append(row)
        size += len(row.raw)
        if len(first) >= MOST_ROWS or size >= MOST_CHARACTERS:
            break
    if not first:
        yield source.refusal(0, "found a table without rows, expected at least one")
    table.look_at(first)
    yield from (table.read(row) for row in chain(first, rows))


class _Row(NamedTuple):
    """A row: its first line, its cells, its text, and why it is none (empty if it is one)."""

    number: int
    cells: list[str]
    raw: str
    problem: str = ""


class _Table:
    """A table: the names of its columns, and its rows.

    `problem` says why the table cannot be read, empty if it can. `head` is the text above the rows.
    """

    def __init__(self, lines: _Lines, encoding: Encoding, source: Source) -> None:
        self._lines, self._encoding, self._source = lines, encoding, source
        self._hints: Mapping[str, DateHint] = {}
        first = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
        named = _SEPARATOR.fullmatch(first.strip("\ufeff\r\n "))
        if named:
            lines.take()
            header = next(lines, "")
            self._sign = named[1]
        else:
            header = first
            self._sign = delimiter_of(first)
        self._reader = self._rows_of(header)
        self.problem = ""
        self.names: list[str] = []
        try:
            names = self._plain(next(self._reader, []))
            self.names = [name.strip().strip("\ufeff") for name in names]
            columns = match_columns(self.names, source.mapping)
            known = "text" in columns or knows_header(self.names)
            self.problem = "" if known else _no_text(self.names)
        except (RecordError, csv.Error) as error:
            self.problem = str(error)
        self.head = (first if named else "") + lines.take()

    def _rows_of(self, *before: str) -> Iterator[list[str]]:
        return csv.reader(chain(before, self._lines), delimiter=self._sign, strict=True)

    def _plain(self, cells: list[str]) -> list[str]:
        """Return cells with letters in the place of their shapes, which page 864 of DOS has."""
        if self._encoding.name != "cp864":
            return cells
        return [unicodedata.normalize("NFKC", cell) for cell in cells]

    def rows(self) -> Iterator[_Row]:
        """Yield the rows that are not blank; one that is broken has a problem."""
        while True:
            number = self._lines.number + 1
            problem = ""
            cells: list[str] = []
            try:
                cells = self._plain(next(self._reader))
            except StopIteration:
                return
            except csv.Error as error:
                # A quote that is not closed would swallow the rows below it.
                problem = f"found no row ({error})"
                self._lines.restart()
                self._reader = self._rows_of()
            raw = self._lines.take()
            if problem or any(cell.strip() for cell in cells):
                yield _Row(number, cells, raw, problem)

    def look_at(self, rows: list[_Row]) -> None:
        """Learn from the first rows what the forms of the dates are."""
        whole = [row for row in rows if not row.problem]
        longer = [row for row in whole if len(row.cells) == len(self.names) + 1]
        if whole and len(longer) == len(whole) and all(_NUMBER.match(r.cells[0]) for r in whole):
            # R writes a number before each row, and no name above it.
            self.names.insert(0, "")
        made = (dict(zip(self.names, row.cells, strict=False)) for row in whole)
        self._hints = hints_of(self.names, made, self._source.mapping)

    def read(self, row: _Row) -> Read:
        """Return the article of a row, or its refusal."""
        packed = row.raw.encode(self._encoding.codec, "surrogateescape")
        kept = (self.head + row.raw).encode("utf-8", "surrogateescape")
        problem = row.problem
        if not problem:
            try:
                record, remarks = self._record(row, packed)
            except RecordError as error:
                problem = str(error)
            else:
                made = plain(record, self._source.mapping)
                made = replace(made, remarks=(*made.remarks, *remarks))
                return read_plain(made, self._source, row.number, packed, "csv", kept, self._hints)
        return self._source.refusal(row.number, problem, kept, "csv")

    def _record(self, row: _Row, packed: bytes) -> tuple[dict[str, str], tuple[Remark, ...]]:
        """Return name to cell, and the remark about the encoding if there is one.

        Raises:
            RecordError: there are more cells than columns, or bytes of an unknown encoding.
        """
        cells, remarks = row.cells, self._encoding.remarks
        bad = next((char for char in row.raw if _SURROGATE_FIRST <= char <= _SURROGATE_LAST), "")
        if bad and not row.raw.isascii():
            try:
                decoded = decoded_text(packed)
                cells = next(csv.reader(io.StringIO(decoded.text), delimiter=self._sign), [])
            except (RecordError, csv.Error) as error:
                byte = ord(bad) - _SURROGATE_BASE
                message = f"found byte {byte:#04x}, expected the file's encoding"
                raise RecordError(message) from error
            remarks = decoded.remarks
        if len(cells) > len(self.names) and any(cell.strip() for cell in cells[len(self.names) :]):
            raise RecordError(
                f"found {len(cells)} cells, expected the {len(self.names)} of the header"
            )
        record: dict[str, str] = {}
        for name, cell in zip(self.names, cells, strict=False):
            # Of two columns with one name, the first that is not empty counts.
            if not record.get(name, "").strip():
                record[name] = cell
        return record, remarks


def _no_text(names: list[str]) -> str:
    return (
        f"found the columns {', '.join(names)[:200]}, expected one of the text; name it with "
        f"--map text=COLUMN"
    )


def _bounded_lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """Yield lines; one longer than *limit* comes in pieces, and its row is refused."""
    while line := text.readline(limit):
        yield line
