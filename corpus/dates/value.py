"""Values: days, months and years in ISO 8601."""

import datetime as dt

from marsad.corpus.article import Precision
from marsad.corpus.dates.mention import DatePrecision

_PRECISIONS: dict[int, DatePrecision] = {
    len("2023"): "year",
    len("2023-09"): "month",
    len("2023-09-21"): "day",
}


def value_of(year: int, month: int | None, day: int | None = None) -> str:
    """Return the value of a day, a month or a year.

    Example:
        >>> value_of(2023, 9, 21), value_of(2023, 9), value_of(978, None)
        ('2023-09-21', '2023-09', '0978')
    """
    if month is None:
        return f"{year:04}" if day is None else f"{year:04}-{day:02}"
    return f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"


def precision(value: str) -> DatePrecision:
    """Return how exact a value is; two values, as 2020/2022, are a range.

    Example:
        >>> precision("2023-09"), precision("2020/2022")
        ('month', 'range')
    """
    return "range" if "/" in value else _PRECISIONS.get(len(value), "day")


def precision_of(value: str | None) -> Precision:
    """Return how exactly a day of publication is known; "day" if there is no value.

    Example:
        >>> precision_of("2023-09"), precision_of(None)
        ('month', 'day')
    """
    names: dict[int, Precision] = {4: "year", 7: "month"}
    return names.get(len(value or ""), "day")


def months_from(day: dt.date, months: int) -> tuple[int, int]:
    """Return the year and month that are so many *months* after the month of *day*.

    Example:
        >>> months_from(dt.date(2023, 9, 21), 4), months_from(dt.date(2023, 9, 21), -9)
        ((2024, 1), (2022, 12))
    """
    number = day.year * 12 + day.month - 1 + months
    return number // 12, number % 12 + 1
