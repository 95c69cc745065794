"""ODS: workbooks of LibreOffice and of the programs that write the OpenDocument format."""

from collections import deque
from collections.abc import Iterator
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.odt import CONTENT, check_readable, local_attributes
from marsad.corpus.readers.office.package import Package, open_package
from marsad.corpus.readers.office.sheets import MOST_COLUMNS, Cell, Row, read_sheets
from marsad.corpus.source import Read, Source

_LEFT_OUT = frozenset(
    ["annotation", "tracked-changes", "shapes", "forms", "title", "desc", "covered-table-cell"]
)
_NUMBERS = frozenset({"float", "currency", "percentage"})
_MOST_SPACES = 1000
_OVER = object()


def read_ods(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each row of the sheets of a workbook."""
    try:
        with open_package(stream, source.counter) as package:
            check_readable(package)
            yield from read_sheets(_sheets(package, source.limit), source, "OpenDocument sheet")
    except RecordError as error:
        yield source.refusal(0, f"OpenDocument sheet: {error}")


def _sheets(package: Package, limit: int) -> Iterator[tuple[str, Iterator[tuple[int, Row]]]]:
    """Yield the sheets; the rows of one are to be taken, or are passed over, before the next."""
    content = _Content(limit)
    events = package.events(CONTENT, content)
    shown = 0

    def rows(number: int) -> Iterator[tuple[int, Row]]:
        while True:
            while content.done and content.done[0][0] == number:
                _, at, row = content.done.popleft()
                yield at, row
            if content.done or _is_over(events):
                return

    while True:
        while len(content.names) <= shown:
            if _is_over(events):
                return
        shown += 1
        mine = rows(shown)
        yield content.names[shown - 1], mine
        for _ in mine:
            pass


def _is_over(events: Iterator[None]) -> bool:
    """Parse the next piece; tell whether there was none."""
    return next(events, _OVER) is _OVER


class _Content:
    """Turns the elements of a content into rows: number of the sheet, number of the row, cells."""

    def __init__(self, limit: int) -> None:
        self.names: list[str] = []
        self.done: deque[tuple[int, int, Row]] = deque()
        self._limit = limit
        self._skipped = 0
        # Tables may be in the cells of tables.
        self._depth = 0
        self._number = 0
        self._repeated_rows = 1
        self._cells: list[Cell] = []
        # Empty cells at the end of a row are repeated thousands of times.
        self._empty = 0
        self._repeated = 1
        self._given: dict[str, str] = {}
        self._paragraphs: list[list[str]] = []
        self._size = 0

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if self._skipped or local in _LEFT_OUT:
            self._skipped += 1
            if local == "covered-table-cell" and self._skipped == 1:
                self._empty += _count(local_attributes(attrib), "number-columns-repeated")
            return
        match local:
            case "table":
                self._depth += 1
                if self._depth == 1:
                    self.names.append(local_attributes(attrib).get("name", ""))
                    self._number = 0
            case "table-row" if self._depth == 1:
                self._cells, self._empty, self._size = [], 0, 0
                self._repeated_rows = _count(local_attributes(attrib), "number-rows-repeated")
            case "table-cell" if self._depth == 1:
                self._given = local_attributes(attrib)
                self._repeated = _count(self._given, "number-columns-repeated")
                self._paragraphs = []
            case "p":
                self._paragraphs.append([])
            case "s":
                self._add(" " * min(_count(local_attributes(attrib), "c"), _MOST_SPACES))
            case "tab":
                self._add("\t")
            case "line-break":
                self._add("\n")
            case _:
                pass

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        match tag.rpartition("}")[2]:
            case "table":
                self._depth -= 1
            case "table-cell" if self._depth == 1:
                self._end_cell()
            case "table-row" if self._depth == 1:
                self._number += 1
                if any(self._cells):
                    self.done.append((len(self.names), self._number, self._cells))
                self._number += self._repeated_rows - 1
            case _:
                pass

    def data(self, data: str) -> None:
        if not self._skipped:
            self._add(data)

    def _add(self, text: str) -> None:
        if self._paragraphs and self._depth == 1:
            self._paragraphs[-1].append(text)
            self._size += len(text)
            if self._size > self._limit:
                raise RecordError(f"found a row of more than {self._limit} characters")

    def _end_cell(self) -> None:
        value = self._value()
        if value == "":
            self._empty += self._repeated
            return
        room = MOST_COLUMNS - len(self._cells)
        self._cells += [""] * min(self._empty, room)
        self._empty = 0
        self._cells += [value] * min(self._repeated, MOST_COLUMNS - len(self._cells))

    def _value(self) -> Cell:
        kind = self._given.get("value-type", "string")
        if kind in _NUMBERS:
            try:
                return float(self._given.get("value", ""))
            except ValueError:
                pass
        if kind == "date" and (day := self._given.get("date-value")):
            return day.removesuffix("T00:00:00")
        return "\n".join("".join(parts) for parts in self._paragraphs).strip()


def _count(given: dict[str, str], name: str) -> int:
    value = given.get(name, "1")
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 1  # noqa: PLR2004
