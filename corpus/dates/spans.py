"""Spans: readers of years, seasons, decades and centuries."""

from marsad.corpus.dates.lexicon import SPRING
from marsad.corpus.dates.match import Match
from marsad.corpus.dates.shape import Point, Shape
from marsad.corpus.dates.traps import is_before_christ, is_counted

_SIGNS_BEFORE = frozenset({"(", "=", "-", "–", "/"})
_MOST_YEARS_APART = 120
_NOTHING = Point()


def _years(given: Match) -> Shape | None:
    begin, end = given.number("year"), given.number("yearb")
    sign = given.letters("to")
    if begin is None or end is None:
        return None
    if given.letters("yearb") != "y":
        # 2013-14, a season or school year.
        if sign not in {"-", "/"} or end != (begin + 1) % 100:
            return None
        end = begin + 1
    if end < begin and sign in {"-", "/"} and begin - end <= _MOST_YEARS_APART:
        # Printed right to left: (2020/2016).
        begin, end = end, begin
    if not begin < end <= begin + _MOST_YEARS_APART:
        return None
    letters = given.scanned.classes[given.start : given.end]
    if is_counted(given.scanned, given.end, bare=not {"a", "A"}.intersection(letters)):
        return None
    return Shape(given.start, given.end, Point(year=begin), last=Point(year=end))


def _season(given: Match) -> Shape | None:
    value = given.value("season")
    span = SPRING if given.letters("season") == "R" else value
    point = Point(year=given.number("year"), turn=given.turn("turn"), year_turn=given.turn("yturn"))
    return Shape(given.start, given.end, point, season=span)


def _decade(given: Match) -> Shape | None:
    first = int(given.value("decade"))
    return Shape(given.start, given.end, _NOTHING, years=(first, first + 9))


def _century(given: Match) -> Shape | None:
    letters = given.letters("century")
    if letters[0] in "pc":
        number = 20 if letters == "p" else 21
    else:
        number = int(given.value("century", letters.startswith("=")))
        if len(letters) > 1 and letters[0] == "O":
            number += 10 if letters[1] == "X" else int(given.value("century", 1))
    first, last = number * 100 - 99, number * 100
    if is_before_christ(given.scanned, given.end):
        return None
    if given.has("hijri"):
        # 33 Hijri years are 32 of ours; centuries need no more.
        first, last = (622 + round((year - 1) * 0.97023) for year in (first, last))
    return Shape(given.start, given.end, _NOTHING, years=(first, last))


def _year(given: Match) -> Shape | None:
    year = given.number("year")
    if is_counted(given.scanned, given.end, bare=False):
        return None
    if is_before_christ(given.scanned, given.end):
        return None
    return Shape(given.start, given.end, Point(year=year), unit="year!")


def _bare_year(given: Match) -> Shape | None:
    if is_counted(given.scanned, given.end, bare=True):
        return None
    before = given.scanned.word(given.start - 1)
    if (
        given.has("ce")
        and before not in _SIGNS_BEFORE
        and given.scanned.word(given.place("ce")) == "م"
    ):
        # "2000 م" may be metres.
        return None
    return _year(given)


READERS = {
    "years": _years,
    "season": _season,
    "decade": _decade,
    "century": _century,
    "year": _year,
    "bareyear": _bare_year,
}
