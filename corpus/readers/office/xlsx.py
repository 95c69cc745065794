"""XLSX: workbooks of Excel and of the programs that write its format, row by row.

The shared texts lie on disk and a sheet is parsed without a tree, so that memory does not grow
with the number of rows. A cell with a formula has the value that was computed last.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.package import Package, open_package
from marsad.corpus.readers.office.sheets import MOST_COLUMNS, Cell, Row, day_of, read_sheets
from marsad.corpus.readers.office.strings import Strings
from marsad.corpus.source import Read, Source

_WORKBOOK = "xl/workbook.xml"
# The numbers of the formats of dates that every program knows.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_TIME_ONLY = frozenset({18, 19, 20, 21, 45, 46, 47})
# Quoted text, escaped signs and colours in the code of a format.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_HEXADECIMAL = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each row of the sheets of a workbook."""
    strings = Strings()
    try:
        with open_package(stream, source.counter) as package:
            book = _Workbook()
            main = next(iter(package.related("", "officeDocument")), _WORKBOOK)
            _check_kind(main)
            package.parse(main, book)
            styles = _Styles()
            for name in package.related(main, "styles"):
                if name in package:
                    package.parse(name, styles)
            for name in package.related(main, "sharedStrings"):
                if name in package:
                    # Row by row as a sheet: there are as many texts as cells.
                    deque(package.events(name, _Shared(strings, source.limit)), maxlen=0)
            strings.flush()
            parts = package.relations(main)
            sheets = (
                (name, _rows(package, parts[key], strings, styles.dates(), book, source.limit))
                for name, key in book.sheets
                if parts.get(key, "") in package
            )
            yield from read_sheets(sheets, source, "workbook", from_1904=book.from_1904)
    except RecordError as error:
        yield source.refusal(0, f"workbook: {error}")
    finally:
        strings.close()


def _check_kind(main: str) -> None:
    if main.endswith(".bin"):
        raise RecordError("found a binary workbook, expected another: save it as .xlsx")


def _rows(
    package: Package,
    part: str,
    strings: Strings,
    dates: frozenset[int],
    book: "_Workbook",
    limit: int,
) -> Iterator[tuple[int, Row]]:
    sheet = _Sheet(strings, dates, limit, from_1904=book.from_1904)
    for _ in package.events(part, sheet):
        yield from sheet.done
        sheet.done.clear()


class _Workbook:
    """Collects the sheets of a workbook, and from when it counts days."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if local == "sheet":
            ids = [value for key, value in attrib.items() if key.endswith("}id")]
            self.sheets.append((attrib.get("name", ""), ids[0] if ids else ""))
        elif local == "workbookPr":
            self.from_1904 = attrib.get("date1904", "0") in {"1", "true"}

    def end(self, tag: str) -> None:
        pass

    def data(self, data: str) -> None:
        pass


class _Styles:
    """Collects which styles of cells show a number as a date."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._within = False

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if local == "numFmt":
            self._codes[_whole(attrib.get("numFmtId"))] = attrib.get("formatCode", "")
        elif local == "cellXfs":
            self._within = True
        elif local == "xf" and self._within:
            self._formats.append(_whole(attrib.get("numFmtId")))

    def end(self, tag: str) -> None:
        if tag.endswith("cellXfs"):
            self._within = False

    def data(self, data: str) -> None:
        pass

    def dates(self) -> frozenset[int]:
        """Return the numbers of the styles that show a date."""
        return frozenset(at for at, form in enumerate(self._formats) if self._is_date(form))

    def _is_date(self, form: int) -> bool:
        if form in self._codes:
            bare = _LITERAL.sub("", self._codes[form]).lower()
            return bool(re.search(r"[yd]|m{3}", bare)) and "general" not in bare
        return form in _DATE_FORMATS - _TIME_ONLY


def _whole(given: str | None) -> int:
    return int(given) if given and given.isascii() and given.isdigit() else 0


class _Shared:
    """Writes the shared texts of a workbook to disk."""

    def __init__(self, strings: Strings, limit: int) -> None:
        self._strings = strings
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0
        self._in_text = False
        self._phonetic = 0

    def start(self, tag: str, attrib: dict[str, str]) -> None:  # noqa: ARG002
        local = tag.rpartition("}")[2]
        self._in_text = local == "t" and not self._phonetic
        self._phonetic += local == "rPh"

    def end(self, tag: str) -> None:
        local = tag.rpartition("}")[2]
        self._in_text = False
        self._phonetic -= local == "rPh"
        if local == "si":
            self._strings.append(_unescaped("".join(self._parts)))
            self._parts.clear()
            self._size = 0

    def data(self, data: str) -> None:
        if self._in_text:
            self._parts.append(data)
            self._size += len(data)
            if self._size > self._limit:
                raise RecordError(f"found a cell of more than {self._limit} characters")


def _unescaped(text: str) -> str:
    """Return a text with the control characters that XML cannot have: `_x000D_`."""
    if "_x" not in text:
        return text
    return _HEXADECIMAL.sub(lambda match: chr(int(match[1], 16)), text)


def column_of(letters: str) -> int:
    """Return the number of a column from its letters, from 0.

    Example:
        >>> column_of("A"), column_of("Z"), column_of("AB")
        (0, 25, 27)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Sheet:
    """Turns the elements of a sheet into rows; `done` has those that are whole."""

    def __init__(
        self, strings: Strings, dates: frozenset[int], limit: int, *, from_1904: bool
    ) -> None:
        self.done: list[tuple[int, Row]] = []
        self._strings = strings
        self._dates = dates
        self._limit = limit
        self._from_1904 = from_1904
        self._number = 0
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._type = "n"
        self._is_date = False
        self._parts: list[str] = []
        self._size = 0
        self._in_value = False
        self._phonetic = 0

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        match local:
            case "row":
                self._number = _whole(attrib.get("r")) or self._number + 1
                self._cells = {}
                self._column = -1
                self._size = 0
            case "c":
                match = _REFERENCE.fullmatch(attrib.get("r", ""))
                self._column = column_of(match[1]) if match else self._column + 1
                self._type = attrib.get("t", "n")
                self._is_date = _whole(attrib.get("s")) in self._dates
                self._parts.clear()
            case "v" | "t":
                self._in_value = not self._phonetic
            case "rPh":
                self._phonetic += 1
            case _:
                pass

    def end(self, tag: str) -> None:
        local = tag.rpartition("}")[2]
        match local:
            case "v" | "t":
                self._in_value = False
            case "rPh":
                self._phonetic -= 1
            case "c" if self._parts and 0 <= self._column < MOST_COLUMNS:
                self._cells[self._column] = self._value("".join(self._parts))
            case "row" if self._cells:
                width = max(self._cells) + 1
                self.done.append((self._number, [self._cells.get(n, "") for n in range(width)]))
                self._cells = {}
            case _:
                pass

    def data(self, data: str) -> None:
        if self._in_value:
            self._parts.append(data)
            self._size += len(data)
            if self._size > self._limit:
                raise RecordError(f"found a row of more than {self._limit} characters")

    def _value(self, text: str) -> Cell:
        match self._type:
            case "s":
                number = _whole(text.strip())
                return self._strings[number] if number < len(self._strings) else ""
            case "str" | "inlineStr":
                return _unescaped(text)
            case "b":
                return "TRUE" if text.strip() == "1" else "FALSE"
            case "e":
                return ""
            case "d":
                return text.strip()
            case _:
                pass
        try:
            number_value = float(text)
        except ValueError:
            return text
        return day_of(number_value, from_1904=self._from_1904) if self._is_date else number_value
