"""Reading: from a match of the date grammar to the points in time of its words.

Fit, Scanned -> [read_fit] -> Shape | None, None if the words only look like a date
"""

from marsad.corpus.dates import relative, spans
from marsad.corpus.dates.match import Match
from marsad.corpus.dates.patterns import Fit
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.tokens import Scanned
from marsad.corpus.dates.traps import is_name


def read_fit(fit: Fit, scanned: Scanned, begin: int, previous: Shape | None) -> Shape | None:
    """Return the shape of a match in the run at letter *begin*; None if it is no date.

    *previous* is the shape before it in the text.
    """
    given = Match(fit, scanned, begin)
    if fit.after and not _continues(given, previous):
        return None
    if is_name(fit.pattern, scanned, given.start, given.end):
        return None
    shape = _READERS[fit.pattern](given)
    if shape is None or shape.first.day == 0:
        return None
    return shape._replace(modifier=str(given.value("mod"))) if given.has("mod") else shape


def _continues(given: Match, previous: Shape | None) -> bool:
    """Tell whether a month or year continues the months or years right before it."""
    if previous is None or previous.end < given.start - 1:
        return False
    return previous.monthly if given.fit.pattern == "month" else previous.unit == "year!"


def _point(given: Match, end: str = "") -> Point | None:
    """Return the point of one end; None if two names of the month disagree."""
    month, twin = given.month("mon" + end), given.month("twin" + end)
    if month == 0 or (twin is not None and twin != month):
        return None
    day, year = given.day("day" + end), given.number("year" + end)
    turn, year_turn = given.turn("turn" + end), given.turn("yturn" + end)
    if end:
        return Point(day, month, year, turn=turn, year_turn=year_turn)
    weekday, weekday_turn = given.number("weekday"), given.turn("wturn")
    return Point(
        day, month, year, False, turn, year_turn, weekday, weekday_turn, None, given.deixis()
    )  # fmt: skip


def _full(given: Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return None
    return Shape(given.start, given.end, point)


def _day(given: Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return None
    return Shape(given.start, given.end, point, unit="day!")


def _month(given: Match) -> Shape | None:
    point = _point(given)
    if point is None:
        return _disagreeing(given)
    return Shape(given.start, given.end, point, monthly=True)


def _disagreeing(given: Match) -> Shape | None:
    """Return the range "سبتمبر - أكتوبر 2020": after a hyphen, two names may be two months."""
    first, second = given.month("mon"), given.month("twin")
    if not first or not second:
        return None
    between = given.scanned.classes[given.place("twin") - 1]
    year, turn = given.number("year"), given.turn("turn")
    if between != "-" or (year is None and turn is None):
        return None
    last = Point(month=second, year=year, turn=turn)
    return Shape(given.start, given.end, Point(month=first), last=last)


def _range(given: Match) -> Shape | None:
    first, last = _point(given), _point(given, "b")
    if first is None or last is None:
        return None
    if last.month is None:
        return Shape(given.start, given.end, first, last=last, unit="day!")
    return Shape(given.start, given.end, first, last=last)


def _numeric(given: Match) -> Shape | None:
    start, letters = given.place("clock"), given.letters("clock")
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
    return Shape(
        given.start, given.end, Point(day=day, month=month, year=year, hijri="h" in letters)
    )


def _hijri(given: Match) -> Shape | None:
    if given.has("dayj"):
        joined = _point(given, "j")
        if joined is None:
            return None
        if joined.year is not None:
            return Shape(given.start, given.end, joined)
    month = given.month("hmon")
    if month == 0:
        return None
    year = given.number("hyear")
    if year is not None and not 1 <= year < 1600:  # noqa: PLR2004
        return None
    is_said = given.scanned.classes[given.end - 1] == "H"
    if month is None and year is not None and year < 1200 and not is_said:  # noqa: PLR2004
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
    return Shape(given.start, given.end, point)


_READERS = {
    "hijri": _hijri,
    "range": _range,
    "listed": _full,
    "numeric": _numeric,
    "full": _full,
    "day": _day,
    "month": _month,
    **spans.READERS,
    **relative.READERS,
}
