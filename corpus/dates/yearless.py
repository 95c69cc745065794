"""Yearless dates: find the year of a day or month that has none.

"مارس الماضي" and "اليوم 9 نوفمبر" give it themselves. Otherwise it is the year of the date before
in the paragraph; otherwise the nearest year, the past before the future unless the sentence is
about the future.
"""

import datetime as dt

from marsad.corpus.dates.context import Context
from marsad.corpus.dates.mention import Resolution, period
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.traps import is_attacks
from marsad.corpus.dates.value import value_of

# A date without a year that is at most so far after publication is an announced event ("the
# summit on 5 January", written in December), not one of last year.
_NEAR_FUTURE = dt.timedelta(days=60)
_FAR_FUTURE = dt.timedelta(days=330)
_HALF_A_YEAR = 6
_SAME = 2


def resolve_yearless(shape: Shape, point: Point, context: Context) -> tuple[str, Resolution] | None:
    """Return the value of a *point* with a month and no year, and the source of its year."""
    if (point.month, point.day) == (9, 11) and is_attacks(context.scanned, shape.start):
        return "2001-09-11", "stated"
    year, how = _year_of_turn(point.year_turn, context)
    if year is None and context.published is not None:
        year, how = _year_said(point, context.published), "published"
    if year is None:
        year, how = context.year_for(shape), "context"
    if year is None and context.published is not None:
        year, how = _nearest(shape, point, context, context.published), "published"
    return None if year is None else (value_of(year, point.month, point.day), how)


def _year_of_turn(turn: int | None, context: Context) -> tuple[int | None, Resolution]:
    if turn == _SAME:
        return context.year, "context"
    if turn is None or context.published is None:
        return None, "published"
    return context.published.year + turn, "published"


def _year_said(point: Point, published: dt.date) -> int | None:
    """Return the year that follows from "last", "yesterday" or a weekday beside the date."""
    month = point.month or 1
    if point.turn in (-1, 0, 1):
        ahead = point.turn == 1 and month <= published.month
        behind = point.turn == -1 and month >= published.month
        return published.year + ahead - behind
    if point.deixis is not None:
        return (published + dt.timedelta(days=point.deixis)).year
    if point.weekday is not None:
        return _agreeing(point, published)
    return None


def _agreeing(point: Point, published: dt.date) -> int | None:
    """Return the year near publication in which the date has the given weekday."""
    for year in (published.year, published.year - 1, published.year + 1):
        try:
            day = dt.date(year, point.month or 1, point.day or 1)
        except ValueError:
            continue
        if day.weekday() == point.weekday and abs(day - published) < _FAR_FUTURE:
            return year
    return None


def _nearest(shape: Shape, point: Point, context: Context, published: dt.date) -> int:
    first = period(value_of(published.year, point.month, point.day))
    if first is None:
        # 29 February of another year.
        return published.year - published.year % 4
    if _is_since(shape, context):
        return published.year - (first[0] > published)
    if not context.is_ahead(shape):
        return published.year - (first[0] > published + _NEAR_FUTURE)
    if first[1] <= published:
        # Announced at the end of a year for the beginning of the next.
        return published.year + (published.month - (point.month or 1) >= _HALF_A_YEAR)
    return published.year - (first[0] > published + _FAR_FUTURE)


def _is_since(shape: Shape, context: Context) -> bool:
    before = context.scanned.classes[shape.start - 1] if shape.start else "_"
    return before == "P" and context.scanned.word(shape.start - 1).endswith(("منذ", "مذ"))
