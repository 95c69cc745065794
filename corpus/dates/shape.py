"""Shapes: the parts of a date as its words give them, before it is resolved."""

from typing import NamedTuple


class Point(NamedTuple):
    """A point in time; a part that the words do not give is None.

    `turn` is -1 for "last", 0 for "this", 1 for "next", 2 for "the same", and is about the
    coarsest part; `year_turn` is the same for a year beside it. `deixis` is a distance from
    publication in days.
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
    """The parts of a date at letters `start` to `end` of the classes.

    `last` is the end of a range. `unit` with `steps` is a distance from publication
    (negative in the past); with `turn` it is a whole week, month or year. `years` is a span of
    years that needs no day of publication, `season` a span of months of `first.year`.
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
