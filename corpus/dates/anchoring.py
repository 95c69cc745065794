"""Anchoring: resolve weekdays, distances and whole units from the day of publication."""

import datetime as dt

from marsad.corpus.dates.context import Context
from marsad.corpus.dates.mention import Resolution
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.value import months_from, value_of

_SAME = 2
_WEEK = dt.timedelta(days=7)


def resolve_day_of_month(point: Point, context: Context) -> tuple[str, Resolution] | None:
    """Resolve "9 الجاري" and "21 من الشهر الماضي"."""
    if point.turn == _SAME:
        if context.year is None or context.month is None:
            return None
        return value_of(context.year, context.month, point.day), "context"
    if context.published is None or point.turn is None:
        return None
    return value_of(*months_from(context.published, point.turn), point.day), "published"


def resolve_day(shape: Shape, point: Point, context: Context) -> tuple[str, Resolution] | None:
    """Resolve "أمس", "الخميس" and "أمس الخميس"."""
    published = context.published
    if published is None:
        return None
    if point.deixis is not None:
        day = published + dt.timedelta(days=point.deixis)
        if point.weekday is not None and day.weekday() != point.weekday:
            # The weekday decides: "yesterday" may have been written on the day before.
            off = (point.weekday - day.weekday() + 3) % 7 - 3
            day += dt.timedelta(days=off)
        return day.isoformat(), "published"
    if point.weekday is not None:
        return _weekday(shape, point.weekday, context, published).isoformat(), "published"
    return None


def _weekday(shape: Shape, weekday: int, context: Context, published: dt.date) -> dt.date:
    """Return the day that a weekday means: the last one, today included.

    "الخميس الماضي" never means today. "المقبل" is always in the future, and so is a weekday alone
    in a sentence about the future.
    """
    point = shape.first
    if point.week_turn in (-1, 0, 1):
        return _monday(published, point.week_turn) + dt.timedelta(days=weekday)
    last = published - dt.timedelta(days=(published.weekday() - weekday) % 7)
    if point.weekday_turn == 1:
        return last + _WEEK
    if point.weekday_turn == -1:
        return last - _WEEK if last == published else last
    if point.weekday_turn is None and last != published and context.is_ahead(shape):
        return last + _WEEK
    return last


def resolve_unit(shape: Shape, context: Context) -> tuple[str, Resolution] | None:
    """Resolve a distance ("قبل 3 أيام") or a whole unit ("العام الماضي")."""
    turn = shape.first.turn
    if shape.steps is None and turn == _SAME:
        return _same(shape.unit, context)
    if context.published is None:
        return None
    steps = shape.steps if shape.steps is not None else turn or 0
    exact = shape.steps is not None
    return _moved(context.published, shape.unit, steps, exact=exact), "published"


def _moved(day: dt.date, unit: str, steps: int, *, exact: bool) -> str:
    """Return the value *steps* units from *day*; a number of weeks gives a day."""
    match unit:
        case "hour":
            return day.isoformat()
        case "day":
            return (day + dt.timedelta(days=steps)).isoformat()
        case "month" | "months":
            return value_of(*months_from(day, steps))
        case "week" if exact:
            return (day + steps * _WEEK).isoformat()
        case "week" | "weeks":
            monday = _monday(day, steps)
            return f"{monday}/{monday + dt.timedelta(days=6)}"
        case _:
            return value_of(day.year + steps, None)


def _monday(day: dt.date, weeks: int) -> dt.date:
    """Return the Monday of the week of *day*, moved by so many *weeks*."""
    return day + dt.timedelta(days=7 * weeks - day.weekday())


def _same(unit: str, context: Context) -> tuple[str, Resolution] | None:
    if context.year is None:
        return None
    if unit == "year":
        return value_of(context.year, None), "context"
    if unit == "month" and context.month is not None:
        return value_of(context.year, context.month), "context"
    return None
