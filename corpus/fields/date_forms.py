"""Date forms: the forms in which programs and people write a day in a field of a record.

text, evidence of the column -> [read_form] -> value, whether day and month may be exchanged
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from marsad.corpus.dates.calendars import months
from marsad.corpus.dates.mention import period
from marsad.corpus.fields.values import is_empty_date
from marsad.corpus.letters import FORMAT_CHARS, fold_digits, fold_letters


@dataclass(frozen=True, slots=True)
class DateHint:
    """What the other cells of its column say about a date.

    `order` is the part that comes first in 04/05/2023, if a cell such as 15/04/2023 shows it.
    `serial` tells that bare numbers are the days of a spreadsheet.
    """

    order: Literal["", "day", "month"] = ""
    serial: bool = False


class Form(NamedTuple):
    """The ISO value of a date, and whether its day and month may be exchanged."""

    value: str
    ambiguous: bool = False


NO_HINT = DateHint()
LONGEST = 120
_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
    r"|(?:يوم\s+)?(?:الاثنين|الاتنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد)"
)
_TIME = r"\d{1,2}(?:[:.]\d{2}){1,2}(?:[.,:]\d+)?"
_ZONE = r"(?:GMT|UTC)?\s*[+-]\d{1,2}(?::?\d{2})?\b|\([^()]*\)|[A-Z]{1,5}(?![A-Za-z])"
# What may follow a day: time of day, zone, weekday, sign of the calendar. Each part is taken once
# and for all (an atomic group), so that a long tail that is none of these takes no time.
_REST = re.compile(
    r"(?>(?>[\s,،@|:\u2013\u2014]|T(?=\d)|-(?!\d))*+"
    rf"(?>at\b|في\b|الساعه\b:?|توقيت\s+\S+|بتوقيت\s+\S+|{_WEEKDAY}|{_TIME}"
    rf"|[ap]\.?\s?m\b\.?|صباحا|مساء|ظهرا|عصرا|ليلا|[صم](?!\w)|ه(?!\w)|{_ZONE}))*+[\s.,،|-]*+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:first\s+)?published|posted|date|created|updated)(?:\s+(?:on|at|date))?\s*[:\-]?\s+"
    r"|(?:تاريخ\s+)?(?:ال)?نشر(?:\s+في)?\s*:?\s*|(?:ال)?تاريخ\s*:\s*",
    re.IGNORECASE,
)
_BEGIN = re.compile(
    rf"(?:(?:الساعه\s*:?\s*)?\d{{1,2}}(?::\d{{2}}){{1,2}}\s*(?:[ap]\.?m\b\.?|[صم](?!\w))?[\s,،|\u2013-]+)?"
    rf"(?:(?:{_WEEKDAY})[\s,،.|-]*)?",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"""/?(?:new\s+)?(?:iso)?(?:date|timestamp)\(\s*["']?(?P<inner>[^()"']{4,60})["']?[^()]*\)/?""",
    re.IGNORECASE,
)
_PYTHON = re.compile(r"datetime\.date(?:time)?\((\d{4}), (\d{1,2}), (\d{1,2})[^()]*.*")
_ISO = re.compile(r"\+?(\d{4})(?:([-/.:])(\d{1,2})(?:\2(\d{1,2}))?(?:[T\s_Z,].*|[+-]\d\d:?\d\d)?)?")
_COMPACT = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)(?:Z|[T\s_-]?(?:[01]\d|2[0-3])(?:\D.*|(?:\d\d){0,2}\S*))?"
)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?(?:T.*)?")
_ORDINAL = re.compile(r"(\d{4})-(\d{3})")
_SLASHES = re.compile(r"(\d{1,2})\s?([/.\-\u2010-\u2015])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
_EPOCH = re.compile(r"-?\d+(?:\.\d*)?(?:[eE]\+?\d{1,2})?")
_EPOCH_ZONE = re.compile(r"(-?\d{9,19})([+-])(\d\d):?(\d\d)")
_NAME = r"([^\W\d_]{3,12})(?![^\W\d_])\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:(\d{4})(?!\d)|'?(\d{2})(?![\d:]))"
_NAMED = (
    (re.compile(rf"{_DAY}(?:\s+of\s+|[\s./-]*){_NAME}[\s,./-]*{_YEAR}", re.IGNORECASE), "dmyY"),
    (re.compile(rf"{_NAME}[\s-]*{_DAY}[\s,]+(\d{{4}})(?!\d)", re.IGNORECASE), "mdy"),
    (re.compile(rf"(\d{{4}})[\s,./-]*{_NAME}[\s./-]*{_DAY}(?!\d|:)", re.IGNORECASE), "ymd"),
    (re.compile(rf"{_NAME}[\s,./-]*(\d{{4}})(?!\d|:)", re.IGNORECASE), "my"),
    (re.compile(rf"{_NAME}[-/ ]'?(\d{{2}})", re.IGNORECASE), "mY"),
)
# Of Unix and of Twitter: the year is behind the time.
_UNIX = re.compile(
    rf"{_NAME}\s+(\d{{1,2}})\s+{_TIME}\s+(?:(?:[A-Z]{{1,5}}|[+-]\d\d:?\d\d)\s+)?(\d{{4}})",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# 1970 to 2050, in days since the end of 1899.
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 55_153
_SERIAL_ZERO = dt.date(1899, 12, 30)
_PIVOT = 50
_MOST_MONTHS = 12
_NEAR_YEARS = 2
_MOST_YEARS = 100


def plain(given: str) -> str:
    """Return a printed date on one line, with western digits and without marks of direction."""
    return " ".join(fold_digits(re.sub(f"[{FORMAT_CHARS}]", "", given)).split())


def read_form(given: str, hint: DateHint = NO_HINT) -> Form | None:
    """Return the value of a date of a record, None if it has none of the known forms.

    The value is not checked: it may be a day that no calendar has.

    Example:
        >>> read_form("Sat Apr 15 10:00:00 +0000 2023").value, read_form("15-Apr-23").value
        ('2023-04-15', '2023-04-15')
        >>> read_form("04/05/2023"), read_form("04/05/2023", DateHint("month")).value
        (Form(value='2023-05-04', ambiguous=True), '2023-04-05')
    """
    text = plain(given)
    if len(text) > LONGEST:
        return None
    if match := _WRAPPED.fullmatch(text):
        text = match["inner"].strip()
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    found = _numeric(text, hint)
    if found is not None:
        return found
    text = fold_letters(text)
    begin = _BEGIN.match(text)
    text = text[begin.end() :] if begin else text
    return _slashes(text, hint) or _named(text)


def _numeric(text: str, hint: DateHint) -> Form | None:
    """Read forms that begin with digits and need no words."""
    if match := _PYTHON.fullmatch(text):
        return Form(_iso(*match.groups()))
    if match := _ISO.fullmatch(text):
        return Form(_iso(match[1], match[3], match[4]))
    match = _COMPACT.fullmatch(text)
    if match and period(_iso(*match.groups())) is not None:
        return Form(_iso(*match.groups()))
    if match := _WEEK.fullmatch(text):
        return _of_week(*match.groups())
    if match := _ORDINAL.fullmatch(text):
        day = dt.date(int(match[1]), 1, 1) + dt.timedelta(days=int(match[2]) - 1)
        return Form(day.isoformat()) if day.year == int(match[1]) else None
    if hint.serial and _is_serial(text):
        return Form(_serial_day(text).isoformat())
    if match := _MONTH_YEAR.fullmatch(text):
        return Form(_iso(match[2], match[1]))
    if match := _EPOCH_ZONE.fullmatch(text):
        shift = int(f"{match[2]}1") * (int(match[3]) * 3600 + int(match[4]) * 60)
        return _epoch(match[1], shift)
    return _epoch(text, 0) if _EPOCH.fullmatch(text) else None


def _iso(*parts: str | None) -> str:
    return "-".join(part.zfill(2) for part in parts if part)


def _of_week(year: str, week: str, day: str | None) -> Form | None:
    try:
        if day:
            return Form(dt.date.fromisocalendar(int(year), int(week), int(day)).isoformat())
        ends = [dt.date.fromisocalendar(int(year), int(week), at).isoformat() for at in (1, 7)]
    except ValueError:
        return None
    return _common(*ends)


def _common(first: str, last: str) -> Form | None:
    """Return the day, month or year that two days have in common."""
    for length in (10, 7, 4):
        if first[:length] == last[:length]:
            return Form(first[:length])
    return None


def _epoch(text: str, shift: int) -> Form | None:
    """Read seconds since 1970, or thousandths, millionths or billionths of them.

    A number that a spreadsheet rounded (1.68E+12) gives the month or the year that is left.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    digits = number.adjusted() + 1
    scale = next((at for at in (0, 3, 6, 9) if digits - at in {9, 10}), None)
    if scale is None or not number:
        return None
    exponent = number.as_tuple().exponent
    unit = 10**exponent if isinstance(exponent, int) and exponent > 0 else 0
    ends = [int((number + Decimal(unit) * side / 2) / 10**scale) + shift for side in (-1, 1)]
    days = [dt.datetime.fromtimestamp(each, dt.UTC).date().isoformat() for each in ends]
    return _common(*days)


def _is_serial(text: str) -> bool:
    return _SERIAL.fullmatch(text) is not None and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL


def _serial_day(text: str) -> dt.date:
    return _SERIAL_ZERO + dt.timedelta(days=int(float(text)))


def _slashes(text: str, hint: DateHint) -> Form | None:
    match = _SLASHES.match(text)
    if match is None or not _REST.fullmatch(text, match.end()):
        return None
    first, _, second, year = match.groups()
    year = year if len(year) > 2 else _century(year)  # noqa: PLR2004
    one, two = int(first), int(second)
    by_month = one <= _MOST_MONTHS < two or (hint.order == "month" and one <= _MOST_MONTHS)
    ambiguous = not hint.order and one <= _MOST_MONTHS and two <= _MOST_MONTHS and one != two
    return Form(_iso(year, first, second) if by_month else _iso(year, second, first), ambiguous)


def _century(year: str) -> str:
    return f"20{year}" if int(year) < _PIVOT else f"19{year}"


def _named(text: str) -> Form | None:
    if match := _UNIX.fullmatch(text):
        month = months().get(match[1].lower())
        return Form(_iso(match[3], str(month), match[2])) if month else None
    for pattern, order in _NAMED:
        match = pattern.match(text)
        if match is None or not _REST.fullmatch(text, match.end()):
            continue
        parts = dict(zip(order, match.groups(), strict=True))
        month = months().get(fold_letters(parts["m"]).lower())
        year = parts.get("y") or _century(parts["Y"])
        if month:
            return Form(_iso(year, str(month), parts.get("d")))
    return None


def hint_of(cells: Iterable[str]) -> DateHint:
    """Return what the cells of a column say about the form of its dates.

    Example:
        >>> hint_of(["04/05/2023", "4/15/2023"]).order, hint_of(["45031", "NaT", "45033"]).serial
        ('month', True)
    """
    firsts: set[Literal["day", "month"]] = set()
    serials: list[int] = []
    years: list[int] = []
    others = 0
    for cell in cells:
        text = plain(cell)
        if is_empty_date(text):
            continue
        if _is_serial(text):
            serials.append(_serial_day(text).year)
            continue
        others += 1
        begin = _BEGIN.match(text)
        if match := _SLASHES.match(text, begin.end() if begin else 0):
            if int(match[1]) > _MOST_MONTHS:
                firsts.add("day")
            elif int(match[3]) > _MOST_MONTHS:
                firsts.add("month")
        if len(years) < _MOST_YEARS and (found := _year_of(cell)):
            years.append(found)
    order: Literal["", "day", "month"] = next(iter(firsts)) if len(firsts) == 1 else ""
    # Some cells of a spreadsheet are dates and others text: the days must be near each other.
    near = bool(years) and all(
        min(years) - _NEAR_YEARS <= year <= max(years) + _NEAR_YEARS for year in serials
    )
    return DateHint(order, bool(serials) and (not others or near))


def _year_of(cell: str) -> int | None:
    try:
        form = read_form(cell)
    except (ValueError, OverflowError, OSError):
        return None
    return int(form.value[:4]) if form and period(form.value) else None
