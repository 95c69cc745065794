"""Tables: CSV and TSV with a header line, as spreadsheets and databases write them.

The delimiter (comma, semicolon, tab or bar) is found in the header, the encoding in the first
bytes. A column is recognised by its name, or named by a person.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from typing import IO

from marsad.corpus.columns import match_columns
from marsad.corpus.encoding import encoding_of
from marsad.corpus.errors import RecordError
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Source
from marsad.corpus.streams import HEAD_BYTES, peekable

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 200
_SURROGATE_FIRST, _SURROGATE_LAST = "\udc80", "\udcff"


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
    encoding = encoding_of(buffered.peek(HEAD_BYTES)[:HEAD_BYTES].rsplit(b"\n", 1)[0])
    wide = encoding.startswith("utf-16")
    text = io.TextIOWrapper(
        buffered,
        "utf-8-sig" if encoding == "utf-8" else encoding,
        errors="replace" if wide else "surrogateescape",
        newline="",
    )
    try:
        yield from _read_text(text, encoding, source)
    finally:
        # The caller, who opened the file, closes it.
        text.detach()


def _read_text(text: io.TextIOWrapper, encoding: str, source: Source) -> Iterator[Read]:
    csv.field_size_limit(source.limit)
    lines = _Lines(_bounded_lines(text, source.limit), source.limit)
    header = next(lines, "")
    reader = csv.reader(lines, delimiter=delimiter_of(header), strict=True)
    names = next(csv.reader([header], delimiter=delimiter_of(header)), [])
    names = [name.strip() for name in names]
    head = lines.take()
    try:
        columns = match_columns(names, source.mapping)
        problem = "" if "text" in columns else _no_text(names)
    except RecordError as error:
        problem = str(error)
    if problem:
        yield source.refusal(0, problem, head.encode("utf-8", "surrogateescape"), "csv")
        return
    yield from _rows(reader, lines, names, head, encoding, source, delimiter_of(header))


def _no_text(names: list[str]) -> str:
    return (
        f"found the columns {', '.join(names)[:200]}, expected one of the text; name it with "
        f"--map text=COLUMN"
    )


def _rows(
    reader: Iterator[list[str]],
    lines: _Lines,
    names: list[str],
    head: str,
    encoding: str,
    source: Source,
    sign: str,
) -> Iterator[Read]:
    met = False
    while True:
        number = lines.number + 1
        problem = ""
        row: list[str] = []
        try:
            row = next(reader)
        except StopIteration:
            if not met:
                yield source.refusal(0, "found a table without rows, expected at least one")
            return
        except csv.Error as error:
            # A quote that is not closed would swallow the rows below it.
            problem = f"found no row ({error})"
            lines.restart()
            reader = csv.reader(lines, delimiter=sign, strict=True)
        raw = lines.take()
        if not problem and not any(cell.strip() for cell in row):
            continue
        met = True
        packed = raw.encode(_codec(encoding), "surrogateescape")
        article = None
        if not problem:
            try:
                article = article_of(_record(names, row), source.mapping)
            except RecordError as error:
                problem = str(error)
        if article is not None:
            yield source.article(article, number, packed)
        else:
            kept = (head + raw).encode("utf-8", "surrogateescape")
            yield source.refusal(number, problem, kept, "csv")


def _codec(encoding: str) -> str:
    return "utf-16-le" if encoding == "utf-16" else codecs.lookup(encoding).name


def _record(names: list[str], row: list[str]) -> dict[str, str]:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        raise RecordError(f"found {len(row)} cells, expected the {len(names)} of the header")
    for cell in row:
        bad = next((char for char in cell if _SURROGATE_FIRST <= char <= _SURROGATE_LAST), "")
        if bad and not cell.isascii():
            raise RecordError(f"found byte {ord(bad) - 0xDC00:#04x}, expected the file's encoding")
    return dict(zip(names, row, strict=False))


def _bounded_lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """Yield lines; one longer than *limit* comes in pieces, and its row is refused."""
    while line := text.readline(limit):
        yield line
