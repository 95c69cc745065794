"""Date mention: one place where a text mentions a date, and its value."""

import calendar
import datetime as dt
from functools import lru_cache
from typing import Literal, NamedTuple

DatePrecision = Literal["day", "month", "year", "range"]
Resolution = Literal["stated", "published", "context"]
Modifier = Literal["", "start", "mid", "end"]


class DateMention(NamedTuple):
    """A date that a text mentions.

    `start` and `end` are code points of the original text. `value` is ISO 8601:
    2023-09-21, 2023-09, 2023, or two of them as 2020/2022, both included.
    `resolution` is "stated" if the words alone give the value, "published" if the day of
    publication was used too, "context" if a date before was used. `modifier` is the part
    of a month or year that is meant: منتصف مارس is "mid".
    """

    start: int
    end: int
    text: str
    value: str
    precision: DatePrecision
    resolution: Resolution
    modifier: Modifier = ""

    @property
    def first(self) -> dt.date:
        """The first day of `value`."""
        return _bounds(self.value)[0]

    @property
    def last(self) -> dt.date:
        """The last day of `value`, included."""
        return _bounds(self.value)[1] - dt.timedelta(days=1)


def _bounds(value: str) -> tuple[dt.date, dt.date]:
    bounds = period(value)
    if bounds is None:
        raise ValueError(value)
    return bounds


@lru_cache(maxsize=1 << 14)
def period(value: str) -> tuple[dt.date, dt.date] | None:
    """Return the first day of an ISO *value* and the day after its last one.

    None if *value* is not a date of the years 1 to 9998.

    Example:
        >>> period("2023-02")
        (datetime.date(2023, 2, 1), datetime.date(2023, 3, 1))
        >>> period("2020/2022")
        (datetime.date(2020, 1, 1), datetime.date(2023, 1, 1))
        >>> period("2023-02-30") is None
        True
    """
    if "/" in value:
        first, _, last = value.partition("/")
        begin, finish = period(first), period(last)
        return (begin[0], finish[1]) if begin and finish else None
    parts = value.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        match [int(part) for part in parts]:
            case [year]:
                return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
            case [year, month]:
                days = calendar.monthrange(year, month)[1]
                return dt.date(year, month, 1), dt.date(year, month, days) + dt.timedelta(days=1)
            case [year, month, day]:
                start = dt.date(year, month, day)
                return start, start + dt.timedelta(days=1)
            case _:
                return None
    except (ValueError, OverflowError):
        return None
