"""Sheets: articles of the rows of workbooks, as of the rows of a table.

    sheets of rows of cells -> [read_sheets] -> one article a row

The header is the first row that names a column of the text, so that a title above the table does
no harm. A sheet without such a row is passed over if another one has it.
"""

import datetime as dt
import json
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from marsad.corpus.article import Article, Place
from marsad.corpus.columns import match_columns
from marsad.corpus.errors import RecordError
from marsad.corpus.fields.date_forms import DateHint
from marsad.corpus.fields.hints import MOST_CHARACTERS, MOST_ROWS, hints_of
from marsad.corpus.readers.shapes.registry import knows_header, plain, read_plain
from marsad.corpus.source import Read, Skipped, Source

Cell = str | float
Row = list[Cell]
MOST_COLUMNS = 1024
# The header is among so many rows that are not empty.
_HEADER_ROWS = 20
# Days of 1954 to 2119: a number in this range, in a column of dates, is a day of a spreadsheet.
_FIRST_DAY, _LAST_DAY = 20_000, 80_000
_EPOCH_1900, _EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001


def day_of(serial: float, *, from_1904: bool = False) -> str:
    """Return the day, or the time, of a number of days as spreadsheets count them.

    Example:
        >>> day_of(45031), day_of(45031.4375), day_of(43569, from_1904=True)
        ('2023-04-15', '2023-04-15T10:30:00', '2023-04-15')
    """
    epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
    try:
        time = epoch + dt.timedelta(seconds=round(serial * 86_400))
    except (OverflowError, ValueError):
        return shown(serial)
    return time.isoformat() if time.time() != dt.time() else time.date().isoformat()


def shown(cell: Cell) -> str:
    """Return a cell as it is shown: a whole number without a point.

    Example:
        >>> shown(12.0), shown(1.5), shown(1.23e15), shown("أ")
        ('12', '1.5', '1230000000000000', 'أ')
    """
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else repr(cell)


def read_sheets(
    sheets: Iterable[tuple[str, Iterator[tuple[int, Row]]]],
    source: Source,
    form: str,
    *,
    from_1904: bool = False,
) -> Iterator[Read]:
    """Yield the article or refusal of each row of a workbook.

    Args:
        sheets: The name and the rows of each sheet; a row has its number, from 1, and its cells.
        source: The file that they are read from.
        form: What the file is, for messages.
        from_1904: Days count from 1904, not from 1900.

    Raises:
        RecordError: the file is damaged.
    """
    problems: list[tuple[str, str]] = []
    met = 0
    for number, (name, rows) in enumerate(sheets, 1):
        given = iter(rows)
        header, names, first, problem = _header(given, source.mapping)
        if problem:
            problems.append((name, problem))
        if not header:
            continue
        met += 1
        table = _Table(names, first, source, Place("sheet", number, 0), from_1904=from_1904)
        yield from (table.read(at, row) for at, row in chain(first, given))
    if met:
        for name, problem in problems:
            yield Skipped(source.name, "record", f"sheet {name!r}: {problem}")
    elif problems:
        yield source.refusal(0, f"{form}: {problems[0][1]}")
    else:
        yield source.refusal(0, f"{form}: found no rows, expected a table with a header")


def _header(
    rows: Iterator[tuple[int, Row]], mapping: Mapping[str, str]
) -> tuple[bool, list[str], deque[tuple[int, Row]], str]:
    """Find the header; return whether there is one, its names, the rows below, and the problem."""
    seen: list[list[str]] = []
    problem = ""
    for _, row in rows:
        names = [" ".join(shown(cell).split()) for cell in row]
        if not any(names):
            continue
        seen.append(names)
        try:
            found = "text" in match_columns(names, mapping) or knows_header(names)
        except RecordError as error:
            found, problem = False, problem or str(error)
        if found:
            return True, names, _first(rows), ""
        if len(seen) >= _HEADER_ROWS:
            break
    if seen and not problem:
        widest = max(seen, key=lambda names: sum(map(bool, names)))
        problem = (
            f"found the columns {', '.join(filter(None, widest))[:200]}, expected one of the text; "
            f"name it with --map text=COLUMN"
        )
    return False, [], deque(), problem


def _first(rows: Iterator[tuple[int, Row]]) -> deque[tuple[int, Row]]:
    """Return the first rows, which show what a column holds."""
    first: deque[tuple[int, Row]] = deque()
    size = 0
    for at, row in rows:
        first.append((at, row))
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(first) >= MOST_ROWS or size >= MOST_CHARACTERS:
            break
    return first


class _Table:
    """A sheet below its header; the first rows show the forms of its dates."""

    def __init__(
        self,
        names: list[str],
        first: Iterable[tuple[int, Row]],
        source: Source,
        place: Place,
        *,
        from_1904: bool,
    ) -> None:
        self._names = names
        self._source = source
        self._from_1904 = from_1904
        # The sheet of a workbook with one is no place.
        self._places = (place,) if place.number > 1 else ()
        rows = [row for _, row in first]
        self._serial = _serial_column(names, rows, source.mapping)
        self._hints: Mapping[str, DateHint] = hints_of(
            names, map(self._record, rows), source.mapping
        )

    def read(self, at: int, row: Row) -> Read:
        """Return the article of a row, or its refusal."""
        record = self._record(row)
        raw = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
        made = plain(record, self._source.mapping)
        found = read_plain(made, self._source, at, raw, "json", None, self._hints)
        if isinstance(found, Article) and self._places:
            return replace(found, places=self._places)
        return found

    def _record(self, row: Row) -> dict[str, str]:
        cells = [shown(cell) for cell in row]
        if self._serial is not None and self._serial < len(row):
            day = _number(row[self._serial])
            if day is not None and _FIRST_DAY <= day < _LAST_DAY:
                cells[self._serial] = day_of(day, from_1904=self._from_1904)
        record: dict[str, str] = {}
        for name, cell in zip(self._names, cells, strict=False):
            # Of two columns with one name, the first that is not empty counts.
            if name and not record.get(name):
                record[name] = cell
        return record


def _serial_column(names: list[str], rows: Iterable[Row], mapping: Mapping[str, str]) -> int | None:
    """Return the column of dates if its numbers are days as spreadsheets count them."""
    name = match_columns(names, mapping).get("date")
    if name not in names:
        return None
    at = names.index(name)
    numbers = [n for row in rows if at < len(row) and (n := _number(row[at])) is not None]
    return at if numbers and all(_FIRST_DAY <= n < _LAST_DAY for n in numbers) else None


def _number(cell: Cell) -> float | None:
    if not isinstance(cell, str):
        return cell
    return float(cell) if cell.isascii() and cell.isdigit() and len(cell) == 5 else None  # noqa: PLR2004
