"""Shapes: what a date says, before it is known which day is meant."""

from typing import NamedTuple


class Point(NamedTuple):
    """A point in time as far as it was said; an absent part is None.

    `turn` is -1 for "last", 0 for "this", 1 for "next", 2 for "the same", of the coarsest
    part that was named; `year_turn` the same of a year named beside it. `deixis` counts
    days from publication.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    hijri: bool = False
    turn: int | None = None
    year_turn: int | None = None
    weekday: int | None = None
    weekday_turn: int | None = None
    week_turn: int | None = None
    deixis: int | None = None


class Shape(NamedTuple):
    """What was read at letters `start` to `end` of the classes.

    `last` is the end of a range. `unit` with `steps` is a distance from publication
    (negative in the past); with `turn` a whole week, month or year. `years` is a span of
    years that needs no publication day, `season` a span of months of `first.year`.
    `modifier` is start, mid, end or empty.
    """

    start: int
    end: int
    first: Point
    last: Point | None = None
    unit: str = ""
    steps: int | None = None
    years: tuple[int, int] | None = None
    season: tuple[int, int] | None = None
    modifier: str = ""
    monthly: bool = False
