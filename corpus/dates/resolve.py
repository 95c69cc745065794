"""Date resolution: from the parts of a date to its value.

    Shape, Context -> [resolve] -> ("2023-09-21", "stated") | None

A date that is stated in full needs nothing else. "أمس" and "مارس الماضي" are counted
from publication (`anchoring`). "9 نوفمبر" has its year to be found (`yearless`).
"""

import datetime as dt

from marsad.corpus.dates.anchoring import resolve_day, resolve_day_of_month, resolve_unit
from marsad.corpus.dates.context import Context
from marsad.corpus.dates.hijri import hijri_value, hijri_year_near
from marsad.corpus.dates.mention import Resolution, period
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.value import value_of
from marsad.corpus.dates.yearless import resolve_yearless

_SAME = 2
Resolved = tuple[str, Resolution]


def resolve(shape: Shape, context: Context) -> Resolved | None:
    """Return the value of *shape* and its resolution; None if the text does not decide it.

    Raises:
        ValueError, OverflowError: the date is outside of the calendar.
    """
    if shape.years is not None:
        return f"{shape.years[0]:04}/{shape.years[1]:04}", "stated"
    if shape.season is not None:
        return _season(shape.first, shape.season, context)
    if shape.last is not None:
        return _range(shape, shape.first, shape.last, context)
    if shape.first.hijri:
        return _hijri(shape.first, context)
    if shape.unit in {"day!", "", "year!"}:
        return _point(shape, shape.first, context)
    return resolve_unit(shape, context)


def _point(shape: Shape, point: Point, context: Context) -> Resolved | None:
    if point.deixis is not None and context.published is not None:
        named = _misprinted(point, point.deixis, context.published)
        if named is not None:
            return named.isoformat(), "published"
    if point.year is not None:
        return value_of(point.year, point.month, point.day), "stated"
    if point.month is not None:
        return resolve_yearless(shape, point, context)
    if point.day is not None:
        return resolve_day_of_month(point, context)
    return resolve_day(shape, point, context)


def _misprinted(point: Point, deixis: int, published: dt.date) -> dt.date | None:
    """Return the day of "today, Monday 8 May" if 8 May is not a Monday and today is one.

    Two of the three parts agree, so the number is a misprint.
    """
    if point.weekday is None or point.day is None or point.month is None:
        return None
    named = published + dt.timedelta(days=deixis)
    if named.weekday() != point.weekday:
        return None
    written = period(value_of(point.year or named.year, point.month, point.day))
    return named if written is None or written[0].weekday() != point.weekday else None


def _range(shape: Shape, first: Point, last: Point, context: Context) -> Resolved | None:
    if last.month is None and last.year is not None:
        return f"{first.year:04}/{last.year:04}", "stated"
    if last.year_turn == _SAME and first.year is not None:
        last = last._replace(year=first.year)
    end = _point(shape, last, context)
    if end is None:
        return None
    year, month = int(end[0][:4]), int(end[0][5:7])
    if first.year is None:
        before = first.month is not None and first.month > month
        first = first._replace(year=year - before, month=first.month or month)
    begin = _point(shape, first, context)
    if begin is None or period(begin[0]) is None or not begin[0] <= end[0]:
        return None
    return f"{begin[0]}/{end[0]}", end[1]


def _hijri(point: Point, context: Context) -> Resolved | None:
    published = context.published
    if published is not None and point.deixis is not None:
        # The moon is sighted, so the tables may be a day off; "today" is not.
        return (published + dt.timedelta(days=point.deixis)).isoformat(), "published"
    year: int | None = point.year
    how: Resolution = "stated"
    if year is None:
        if published is None or point.month is None:
            return None
        year, how = hijri_year_near(published, point.month, point.turn), "published"
    value = hijri_value(year, point.month, point.day)
    return (value, how) if value else None


def _season(point: Point, months: tuple[int, int], context: Context) -> Resolved | None:
    year, published = point.year, context.published
    if year is None:
        if published is None:
            return None
        if point.year_turn in (-1, 0, 1):
            year = published.year + point.year_turn
        elif point.turn in (-1, 0, 1):
            over = published.month > months[1]
            year = published.year + (over if point.turn == 1 else over - 1 if point.turn else 0)
        else:
            return None
    how: Resolution = "stated" if point.year is not None else "published"
    return f"{value_of(year, months[0])}/{value_of(year, months[1])}", how
