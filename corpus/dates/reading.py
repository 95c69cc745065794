"""Reading: a match of the date grammar, to the points in time that it says.

match -> [read_match] -> Shape | None, None where the words only look like a date
"""

import re
from typing import Any, NamedTuple

from corpus.dates.lexicon import SPRING
from corpus.dates.tokens import Scanned
from corpus.dates.traps import is_before_christ, is_counted, is_name, is_other_day


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


_SIGNS_BEFORE = frozenset({"(", "=", "-", "–", "/"})
_TURNS = {"p": -1, "c": 0, "q": 1, "z": 2}
_UNITS = {"k": "week", "S": "month", "s": "month", "A": "year", "a": "year"}
_MOST_YEARS_APART = 120
_NOTHING = Point()


class _Match:
    """A match with the values of its groups."""

    def __init__(self, match: re.Match[str], scanned: Scanned) -> None:
        self.match, self.scanned = match, scanned
        self.groups: dict[str, str] = {}
        self._starts: dict[str, int] = {}
        for name, text in match.groupdict().items():
            if text is not None:
                # A name that stands in several branches is numbered: turn, turn__2.
                base = name.partition("__")[0]
                self.groups[base] = text
                self._starts[base] = match.start(name)

    def has(self, name: str) -> bool:
        return bool(self.groups.get(name))

    def start(self, name: str) -> int:
        return self._starts[name]

    def value(self, name: str, at: int = 0) -> Any:  # noqa: ANN401  (what the lexicon gave)
        return self.scanned.value(self._starts[name] + at)

    def number(self, name: str) -> int | None:
        """Return a year, count or day that one letter gives."""
        return int(self.value(name)) if self.has(name) else None

    def turn(self, *names: str) -> int | None:
        for name in names:
            if self.has(name):
                text = str(self.groups[name])
                # "this year", "the same year"
                return {"6": 0, "7": 2}.get(text[0], _TURNS.get(text[-1]))
        return None

    def day(self, name: str) -> int | None:
        if not self.has(name):
            return None
        text = str(self.groups[name])
        if text[0] == "=":
            return int(self.value(name, 1))
        number = int(self.value(name))
        if len(text) > 1:
            tens = 10 if text[1] == "X" else int(self.value(name, 1))
            return number + tens
        return number

    def month(self, name: str) -> int | None:
        """Return a month's number; 0 where كانون or تشرين has a wrong ordinal."""
        if not self.has(name):
            return None
        value = self.value(name)
        if isinstance(value, tuple):
            ordinal = int(self.value(name, 1))
            return int(value[ordinal - 1]) if ordinal in {1, 2} else 0
        if self.groups[name] == "ZQ":
            return int(self.value(name, 1))
        return int(value)

    def deixis(self) -> int | None:
        if not self.has("deixis"):
            return None
        text = str(self.groups["deixis"])
        days = int(self.value("deixis", text.index("e")))
        if text == "Oie":
            return days - 1 if days == -1 and self.value("deixis") == 1 else None
        if text == "Fe":
            return days + 1 if days > 0 else None
        if text in {"fe", "fie", "eO"}:
            return days - 1 if days < 0 else days
        return -1 if text == "ep" else days


def read_match(
    name: str, match: re.Match[str], scanned: Scanned, previous: Shape | None
) -> Shape | None:
    """Return what a match of the pattern *name* says; None where it is no date after all."""
    given = _Match(match, scanned)
    if "after" in given.groups and not (
        previous is not None and previous.end >= match.start() - 1 and previous.monthly
        if name == "month"
        else previous is not None and previous.end >= match.start() - 1 and previous.unit == "year!"
    ):
        return None
    if is_name(name, scanned, match.start(), match.end()):
        return None
    shape = _READERS[name](given)
    if shape is None or shape.first.day == 0:
        return None
    return shape._replace(modifier=str(given.value("mod"))) if given.has("mod") else shape


def _shape(given: _Match, first: Point, **more: Any) -> Shape:  # noqa: ANN401
    return Shape(start=given.match.start(), end=given.match.end(), first=first, **more)


def _point(given: _Match, end: str = "") -> Point | None:
    """Return the point of one end; None where dual names disagree."""
    month, twin = given.month("mon" + end), given.month("twin" + end)
    if month == 0 or (twin is not None and twin != month):
        return None
    return Point(
        day=given.day("day" + end),
        month=month,
        year=given.number("year" + end),
        turn=given.turn("turn" + end),
        year_turn=given.turn("yturn" + end),
        weekday=None if end else given.number("weekday"),
        weekday_turn=None if end else given.turn("wturn"),
        deixis=None if end else given.deixis(),
    )


def _full(given: _Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return None
    return _shape(given, point)


def _day(given: _Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return None
    return _shape(given, point, unit="day!")


def _month(given: _Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return _disagreeing(given)
    return _shape(given, point, monthly=True)


def _disagreeing(given: _Match) -> Shape | None:
    """Return "سبتمبر - أكتوبر 2020" as a range: with a hyphen two names need not agree."""
    first, second = given.month("mon"), given.month("twin")
    if not first or not second:
        return None
    between = given.scanned.classes[given.start("twin") - 1]
    year, turn = given.number("year"), given.turn("turn")
    if between != "-" or (year is None and turn is None):
        return None
    last = Point(month=second, year=year, turn=turn)
    return _shape(given, Point(month=first), last=last)


def _range(given: _Match) -> Shape | None:
    first, last = _point(given), _point(given, "b")
    if first is None or last is None:
        return None
    if last.month is None:
        return _shape(given, first, last=last, unit="day!")
    return _shape(given, first, last=last)


def _years(given: _Match) -> Shape | None:
    begin, end = given.number("year"), given.number("yearb")
    sign = str(given.groups["to"])
    if begin is None or end is None:
        return None
    if given.groups["yearb"] != "y":
        # 2013-14, a season or school year.
        if sign not in {"-", "/"} or end != (begin + 1) % 100:
            return None
        end = begin + 1
    if end < begin and sign in {"-", "/"} and begin - end <= _MOST_YEARS_APART:
        # Printed right to left: (2020/2016).
        begin, end = end, begin
    if not begin < end <= begin + _MOST_YEARS_APART:
        return None
    if is_counted(given.scanned, given.match.end(), bare="a" not in given.match[0].lower()):
        return None
    return _shape(given, Point(year=begin), last=Point(year=end))


def _numeric(given: _Match) -> Shape | None:
    start, letters = given.start("clock"), str(given.groups["clock"])
    parts = [
        int(str(given.scanned.value(start + at)))
        for at, letter in enumerate(letters)
        if letter in "dyh"
    ]
    day, month, year = parts if letters[0] == "d" else parts[::-1]
    if month > 12:  # noqa: PLR2004
        # 09/21/2023, as American papers write it.
        day, month = month, day
    if month > 12:  # noqa: PLR2004
        return None
    return _shape(given, Point(day=day, month=month, year=year, hijri="h" in letters))


def _hijri(given: _Match) -> Shape | None:
    if given.has("dayj"):
        joined = _point(given, "j")
        if joined is None:
            return None
        if joined.year is not None:
            return _shape(given, joined)
    month = given.month("hmon")
    if month == 0:
        return None
    year = given.number("hyear")
    if year is not None and not 1 <= year < 1600:  # noqa: PLR2004
        return None
    if month is None and year is not None and year < 1200 and not _says_hijri(given):  # noqa: PLR2004
        return None
    point = Point(
        day=given.day("day"),
        month=month,
        year=year,
        hijri=True,
        turn=given.turn("turn"),
        weekday=given.number("weekday"),
        deixis=given.deixis(),
    )
    return _shape(given, point)


def _says_hijri(given: _Match) -> bool:
    return given.match[0].endswith("H")


def _season(given: _Match) -> Shape | None:
    value = given.value("season")
    span = SPRING if given.groups["season"] == "R" else value
    point = Point(year=given.number("year"), turn=given.turn("turn"), year_turn=given.turn("yturn"))
    return _shape(given, point, season=span)


def _decade(given: _Match) -> Shape | None:
    first = int(given.value("decade"))
    return _shape(given, _NOTHING, years=(first, first + 9))


def _century(given: _Match) -> Shape | None:
    said = str(given.groups["century"])
    if said[0] in "pc":
        number = 20 if said == "p" else 21
    else:
        number = int(given.value("century", said.startswith("=")))
        if len(said) > 1 and said[0] == "O":
            number += 10 if said[1] == "X" else int(given.value("century", 1))
    first, last = number * 100 - 99, number * 100
    if is_before_christ(given.scanned, given.match.end()):
        return None
    if given.has("hijri"):
        # 33 Hijri years are 32 of ours; centuries need no more.
        first, last = (622 + round((year - 1) * 0.97023) for year in (first, last))
    return _shape(given, _NOTHING, years=(first, last))


def _year(given: _Match) -> Shape | None:
    year = given.number("year")
    if is_counted(given.scanned, given.match.end(), bare=False):
        return None
    if is_before_christ(given.scanned, given.match.end()):
        return None
    return _shape(given, Point(year=year), unit="year!")


def _bare_year(given: _Match) -> Shape | None:
    if is_counted(given.scanned, given.match.end(), bare=True):
        return None
    before = given.scanned.word(given.match.start() - 1)
    if (
        given.has("ce")
        and before not in _SIGNS_BEFORE
        and given.scanned.word(given.start("ce")) == "م"
    ):
        # "2000 م" may be metres.
        return None
    return _year(given)


def _unit(given: _Match) -> Shape | None:
    if "before" in given.groups:
        # "the year before last"
        unit = _UNITS[given.groups["unit"]]
        return _shape(given, _NOTHING, unit=f"{unit}s", steps=-2)
    turn = 0 if given.has("this") else 2 if given.has("same") else given.turn("turn")
    letter = given.groups.get("this") or given.groups.get("same") or given.groups.get("unit")
    return _shape(given, Point(turn=turn), unit=_UNITS[str(letter)])


def _ago(given: _Match) -> Shape | None:
    name = "ahead" if given.has("ahead") else "ago"
    said = given.value(name)
    if said is None:
        # A word of months or years that is no unit: قبل عامي 2011 و2012.
        return None
    unit, own = said
    count = given.number("count")
    if count is not None and len(str(given.groups["count"])) > 1:
        count += int(given.value("count", 2))
    if count is None:
        count = own
    if count is None:
        return None
    return _shape(given, _NOTHING, unit=unit, steps=count if name == "ahead" else -count)


def _deixis(given: _Match) -> Shape | None:
    days = given.deixis()
    if days is None or is_other_day(given.scanned, given.match.start(), given.match.end()):
        return None
    return _shape(given, Point(deixis=days, weekday=given.number("weekday")))


def _weekday(given: _Match) -> Shape | None:
    point = Point(
        weekday=given.number("weekday"),
        weekday_turn=given.turn("wturn"),
        week_turn=given.turn("kturn"),
    )
    return _shape(given, point)


_READERS = {
    "hijri": _hijri,
    "range": _range,
    "years": _years,
    "listed": _full,
    "numeric": _numeric,
    "full": _full,
    "day": _day,
    "month": _month,
    "season": _season,
    "decade": _decade,
    "century": _century,
    "year": _year,
    "bareyear": _bare_year,
    "unit": _unit,
    "ago": _ago,
    "deixis": _deixis,
    "weekday": _weekday,
}
