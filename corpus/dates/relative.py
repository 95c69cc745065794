"""Relative dates: readers of dates that are counted from the day of publication."""

from marsad.corpus.dates.match import Match
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.traps import is_other_day

_UNITS = {"k": "week", "S": "month", "s": "month", "A": "year", "a": "year"}
_NOTHING = Point()


def _unit(given: Match) -> Shape | None:
    if given.fit.before:
        # "the year before last"
        unit = _UNITS[given.letters("unit")]
        return Shape(given.start, given.end, _NOTHING, unit=f"{unit}s", steps=-2)
    turn = 0 if given.has("this") else 2 if given.has("same") else given.turn("turn")
    letter = given.letters("this") or given.letters("same") or given.letters("unit")
    return Shape(given.start, given.end, Point(turn=turn), unit=_UNITS[letter])


def _ago(given: Match) -> Shape | None:
    name = "ahead" if given.has("ahead") else "ago"
    value = given.value(name)
    if value is None:
        # A word of years that is not a unit here: قبل عامي 2011 و2012.
        return None
    unit, number = value
    count = given.number("count")
    if count is not None and len(given.letters("count")) > 1:
        count += int(given.value("count", 2))
    if count is None:
        count = number
    if count is None:
        return None
    return Shape(
        given.start, given.end, _NOTHING, unit=unit, steps=count if name == "ahead" else -count
    )


def _deixis(given: Match) -> Shape | None:
    days = given.deixis()
    if days is None or is_other_day(given.scanned, given.start, given.end):
        return None
    return Shape(given.start, given.end, Point(deixis=days, weekday=given.number("weekday")))


def _weekday(given: Match) -> Shape | None:
    point = Point(
        weekday=given.number("weekday"),
        weekday_turn=given.turn("wturn"),
        week_turn=given.turn("kturn"),
    )
    return Shape(given.start, given.end, point)


READERS = {"unit": _unit, "ago": _ago, "deixis": _deixis, "weekday": _weekday}
