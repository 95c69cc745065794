"""Date resolution: from the words of a date to its value.

    text, day of publication -> [find_dates] -> date mentions

A date that is stated in full needs nothing else. "أمس" and "مارس الماضي" are counted
from publication. "9 نوفمبر" without a year takes the year of the date named before it
in its paragraph, else the nearest one, the past before the future unless the sentence
speaks of what is to come. What cannot be resolved (a relative word in an undated
article) is no mention.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.dates.cues import speaks_of_future
from corpus.dates.grammar import find_shapes
from corpus.dates.hijri import hijri_value, hijri_year_near
from corpus.dates.mention import DateMention, DatePrecision, Modifier, Resolution, period
from corpus.dates.reading import Point, Shape
from corpus.dates.tokens import Scanned, scan
from corpus.dates.traps import is_attacks

# A date without a year up to this far ahead of publication is still an announced
# event ("the summit on 5 January", written in December), not one of last year.
_NEAR_FUTURE = dt.timedelta(days=60)
_FAR_FUTURE = dt.timedelta(days=330)
_LONGEST_DATELINE = 80
_DAY_LENGTH, _MONTH_LENGTH = len("2023-09-21"), len("2023-09")
_DECEMBER = 12

Resolved = tuple[str, Resolution]


@dataclass(slots=True)
class _Context:
    """What the dates before this one in its paragraph said."""

    year: int | None = None
    year_end: int = -1
    month: int | None = None
    day: dt.date | None = None
    fine: bool = False


def find_dates(text: str, published: dt.date | None) -> Iterator[DateMention]:
    """Yield the dates that *text* names, in order.

    Args:
        text: The original text, in any digits and spelling.
        published: The day of publication, if it is known.

    Example:
        >>> day = dt.date(2023, 9, 21)
        >>> [m.value for m in find_dates("التقيا أمس الأربعاء وفي مارس/آذار الماضي", day)]
        ['2023-09-20', '2023-03']
    """
    scanned = scan(text)
    context = _Context()
    at = 0
    for shape in find_shapes(scanned):
        if "|" in scanned.classes[at : shape.start]:
            context = _Context()
        at = shape.end
        try:
            resolved = _Resolver(scanned, published, context).resolve(shape)
        except (ValueError, OverflowError):
            continue
        if resolved is None or period(resolved[0]) is None:
            continue
        value, resolution = resolved
        _remember(context, shape, value, resolution)
        yield _mention(scanned, shape, value, resolution)


def parse_dateline(line: str) -> str | None:
    """Return the ISO value of a line that is a date and nothing else, else None.

    A weekday, a label such as "تاريخ النشر:" and a time of day may stand beside the date.

    Example:
        >>> parse_dateline("الخميس، ٢١ سبتمبر/أيلول ٢٠٢٣ - 14:05")
        '2023-09-21'
        >>> parse_dateline("أعلن ذلك في 21 سبتمبر 2023") is None
        True
    """
    stripped = _DATELINE_EDGES.sub("", line.strip(_EDGES)).strip(_EDGES)
    if not stripped or len(stripped) > _LONGEST_DATELINE:
        return None
    for mention in find_dates(stripped, None):
        if mention.start == 0 and mention.end == len(stripped) and mention.precision != "range":
            return mention.value
    return None


_EDGES = " \t\u00a0.،,|-–\u200e\u200f"
_DATELINE_EDGES = re.compile(
    r"^(?:(?:تاريخ\s+)?(?:ال)?نشر(?:\s+في)?|[أا]خر\s+تحديث|تاريخ|التاريخ|نُ?شر\s+في|حُ?رر\s+في"
    r"|Published|Updated|Date|Опубликовано|Дата)\s*:?\s*"
    r"|[\s,،|–-]*(?:الساعة\s*:?\s*)?\(?(?:[0-2]?\d|[٠-٢]?[٠-٩]):[\d٠-٩]{2}(?::[\d٠-٩]{2})?\s*"
    r"(?:[صم]|AM|PM|صباح[اً]*|مساء[اً]*)?\s*(?:GMT|UTC|بتوقيت\s+\S+(?:\s+\S+)?)?(?:[+-]\d+)?\)?$"
)


def _mention(scanned: Scanned, shape: Shape, value: str, resolution: Resolution) -> DateMention:
    start, end = scanned.start(shape.start), scanned.end(shape.end - 1)
    while scanned.text[end - 1] in ",،(:":
        end -= 1
    modifier: Modifier = shape.modifier  # type: ignore[assignment]
    return DateMention(
        start, end, scanned.text[start:end], value, _precision(value), resolution, modifier
    )


def _precision(value: str) -> DatePrecision:
    if "/" in value:
        return "range"
    lengths: dict[int, DatePrecision] = {4: "year", 7: "month"}
    return lengths.get(len(value), "day")


def _remember(context: _Context, shape: Shape, value: str, resolution: Resolution) -> None:
    ends = value.split("/")
    if shape.years is not None or len(ends[-1]) < len("2023"):
        return
    stated = shape.first.year or (shape.last.year if shape.last else None)
    if stated or resolution == "context":
        context.year = int(ends[-1][:4])
        context.year_end = shape.end
        context.fine = len(ends[-1]) >= _MONTH_LENGTH
    if len(ends[-1]) >= _MONTH_LENGTH:
        context.month = int(ends[-1][5:7])
    if len(ends[-1]) == _DAY_LENGTH:
        context.day = dt.date.fromisoformat(ends[-1])


def _join(year: int, month: int | None, day: int | None) -> str:
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])


@dataclass(slots=True)
class _Resolver:
    scanned: Scanned
    published: dt.date | None
    context: _Context

    def resolve(self, shape: Shape) -> Resolved | None:
        """Return the value of *shape* and where it is from."""
        point = shape.first
        if shape.years is not None:
            return f"{shape.years[0]:04}/{shape.years[1]:04}", "stated"
        if shape.season is not None:
            return self._season(shape)
        if shape.last is not None:
            return self._range(shape, point, shape.last)
        if point.hijri:
            return self._hijri(point)
        if shape.unit in {"day!", ""} or shape.unit == "year!":
            return self._point(shape, point)
        return self._unit(shape)

    def _point(self, shape: Shape, point: Point) -> Resolved | None:
        named = self._misprinted(point)
        if named is not None:
            return named.isoformat(), "published"
        if point.year is not None:
            return _join(point.year, point.month, point.day), "stated"
        if point.month is not None:
            return self._yearless(shape, point)
        if point.day is not None:
            return self._day_of_month(point)
        if self.published is None:
            return None
        if point.deixis is not None:
            day = self.published + dt.timedelta(days=point.deixis)
            if point.weekday is not None and day.weekday() != point.weekday:
                # The name of the day decides; "yesterday" was written the day before.
                off = (point.weekday - day.weekday() + 3) % 7 - 3
                day += dt.timedelta(days=off)
            return day.isoformat(), "published"
        if point.weekday is not None:
            return self._weekday(shape, point).isoformat(), "published"
        return None

    def _misprinted(self, point: Point) -> dt.date | None:
        """Return the day of "today, Monday 8 May" where 8 May is no Monday and today is one.

        Two of the three words agree: the number is a misprint.
        """
        if self.published is None or point.deixis is None or point.weekday is None:
            return None
        named = self.published + dt.timedelta(days=point.deixis)
        if point.day is None or point.month is None or named.weekday() != point.weekday:
            return None
        year = point.year or named.year
        written = period(_join(year, point.month, point.day))
        return named if written is None or written[0].weekday() != point.weekday else None

    def _range(self, shape: Shape, first: Point, last: Point) -> Resolved | None:
        if last.month is None and last.year is not None:
            return f"{first.year:04}/{last.year:04}", "stated"
        if last.year_turn == 2 and first.year is not None:  # noqa: PLR2004
            last = last._replace(year=first.year)
        end = self._point(shape, last)
        if end is None:
            return None
        year, month = int(end[0][:4]), int(end[0][5:7])
        if first.year is None:
            before = first.month is not None and first.month > month
            first = first._replace(year=year - before, month=first.month or month)
        begin = self._point(shape, first)
        if begin is None or period(begin[0]) is None or not begin[0] <= end[0]:
            return None
        return f"{begin[0]}/{end[0]}", end[1]

    def _hijri(self, point: Point) -> Resolved | None:
        year = point.year
        how: Resolution = "stated"
        if self.published is not None and point.deixis is not None:
            # The moon is sighted, so the tables may be a day off; "today" is not.
            day = self.published + dt.timedelta(days=point.deixis)
            return day.isoformat(), "published"
        if year is None:
            if self.published is None or point.month is None:
                return None
            year = hijri_year_near(self.published, point.month, point.turn)
            how = "published"
        value = hijri_value(year, point.month, point.day)
        return (value, how) if value else None

    def _season(self, shape: Shape) -> Resolved | None:
        year, how = shape.first.year, "stated"
        if shape.season is None:
            return None
        if year is None and shape.first.year_turn in (-1, 0, 1) and self.published is not None:
            year, how = self.published.year + (shape.first.year_turn or 0), "published"
        if year is None:
            if self.published is None or shape.first.turn not in (-1, 0, 1):
                return None
            begun = self.published.month > shape.season[1]
            shift = {-1: 0 if begun else -1, 0: 0, 1: 1 if begun else 0}[shape.first.turn or 0]
            year, how = self.published.year + shift, "published"
        months = shape.season
        return f"{_join(year, months[0], None)}/{_join(year, months[1], None)}", how  # type: ignore[return-value]

    def _year_of_turn(self, turn: int | None) -> tuple[int | None, Resolution]:
        if turn == 2:  # noqa: PLR2004
            return self.context.year, "context"
        if turn is None or self.published is None:
            return None, "published"
        return self.published.year + turn, "published"

    def _yearless(self, shape: Shape, point: Point) -> Resolved | None:
        month = point.month or 1
        if (point.month, point.day) == (9, 11) and is_attacks(self.scanned, shape.start):
            return "2001-09-11", "stated"
        year, how = self._year_of_turn(point.year_turn)
        if year is not None:
            return _join(year, point.month, point.day), how
        published = self.published
        if point.turn in (-1, 0, 1) and published is not None:
            ahead = point.turn == 1 and month <= published.month
            behind = point.turn == -1 and month >= published.month
            return _join(published.year + ahead - behind, point.month, point.day), "published"
        if point.deixis is not None and published is not None:
            day = published + dt.timedelta(days=point.deixis)
            return _join(day.year, point.month, point.day), "published"
        if point.weekday is not None and published is not None:
            agreeing = self._agreeing(point, published)
            if agreeing is not None:
                return agreeing.isoformat(), "published"
        if self._context_counts(shape):
            return _join(self.context.year or 0, point.month, point.day), "context"
        if published is None:
            return None
        return _join(self._nearest_year(shape, point, published), point.month, point.day), (
            "published"
        )

    def _context_counts(self, shape: Shape) -> bool:
        """Tell whether the year named before is this date's.

        A lone year in an earlier sentence (founded in 1988) is not taken over.
        """
        if self.context.year is None:
            return False
        between = self.scanned.classes[self.context.year_end : shape.start]
        return self.context.fine or "." not in between

    @staticmethod
    def _agreeing(point: Point, published: dt.date) -> dt.date | None:
        """Return the day near publication whose weekday is as said."""
        for year in (published.year, published.year - 1, published.year + 1):
            try:
                day = dt.date(year, point.month or 1, point.day or 1)
            except ValueError:
                continue
            if day.weekday() == point.weekday and abs(day - published) < _FAR_FUTURE:
                return day
        return None

    def _nearest_year(self, shape: Shape, point: Point, published: dt.date) -> int:
        first = period(_join(published.year, point.month, point.day))
        if first is None:
            # 29 February of another year.
            return published.year - published.year % 4
        direction = self._direction(shape)
        if direction > 0 and first[1] <= published:
            # Announced at the end of a year for the beginning of the next.
            near = published.month - (point.month or 1) >= 6  # noqa: PLR2004
            return published.year + near
        later = first[0] > published + (
            dt.timedelta(0) if direction < 0 else _FAR_FUTURE if direction > 0 else _NEAR_FUTURE
        )
        early_next = (
            direction == 0
            and published.month == _DECEMBER
            and point.month == 1
            and first[1] <= published - _FAR_FUTURE / 2
            and speaks_of_future(self.scanned, shape.start)
        )
        return published.year - later + early_next

    def _direction(self, shape: Shape) -> int:
        before = self.scanned.classes[shape.start - 1] if shape.start else "_"
        if before == "P" and self.scanned.word(shape.start - 1).endswith(("منذ", "مذ")):
            return -1
        return 1 if speaks_of_future(self.scanned, shape.start) else 0

    def _day_of_month(self, point: Point) -> Resolved | None:
        """Resolve "9 الجاري" and "21 من الشهر الماضي"."""
        if point.turn == 2:  # noqa: PLR2004
            if self.context.year is None or self.context.month is None:
                return None
            return _join(self.context.year, self.context.month, point.day), "context"
        if self.published is None or point.turn is None:
            return None
        year, month = _shift(self.published, point.turn)
        return _join(year, month, point.day), "published"

    def _weekday(self, shape: Shape, point: Point) -> dt.date:
        """Return the day meant by a weekday: the last one, today included.

        "الخميس الماضي" never means today, "المقبل" always lies ahead, and so does a bare
        name in a sentence about what will happen.
        """
        published = self.published or dt.date.min
        back = (published.weekday() - (point.weekday or 0)) % 7
        if point.week_turn is not None and point.week_turn in (-1, 0, 1):
            monday = published - dt.timedelta(days=published.weekday() - 7 * point.week_turn)
            return monday + dt.timedelta(days=point.weekday or 0)
        turn = point.weekday_turn
        if turn == 1:
            return published + dt.timedelta(days=7 - back)
        if turn == -1 and back == 0:
            back = 7
        if turn is None and back and speaks_of_future(self.scanned, shape.start):
            return published + dt.timedelta(days=7 - back)
        return published - dt.timedelta(days=back)

    def _unit(self, shape: Shape) -> Resolved | None:
        """Resolve a distance ("قبل 3 أيام") or a whole unit ("العام الماضي")."""
        turn = shape.first.turn
        if shape.steps is None and turn == 2:  # noqa: PLR2004
            return self._same(shape.unit)
        day = self.published
        if day is None:
            return None
        shift = shape.steps if shape.steps is not None else turn or 0
        match shape.unit:
            case "hour":
                return day.isoformat(), "published"
            case "day":
                return (day + dt.timedelta(days=shift)).isoformat(), "published"
            case "months":
                return _join(*_shift(day, shift), None), "published"
            case "weeks":
                monday = day + dt.timedelta(days=7 * shift - day.weekday())
                return f"{monday}/{monday + dt.timedelta(days=6)}", "published"
            case "week" if shape.steps is not None:
                return (day + dt.timedelta(days=7 * shift)).isoformat(), "published"
            case "week":
                monday = day + dt.timedelta(days=7 * shift - day.weekday())
                return f"{monday}/{monday + dt.timedelta(days=6)}", "published"
            case "month":
                return _join(*_shift(day, shift), None), "published"
            case _:
                return f"{day.year + shift:04}", "published"

    def _same(self, unit: str) -> Resolved | None:
        if unit == "year" and self.context.year is not None:
            return f"{self.context.year:04}", "context"
        if unit == "month" and self.context.year is not None and self.context.month is not None:
            return _join(self.context.year, self.context.month, None), "context"
        return None


def _shift(day: dt.date, months: int) -> tuple[int, int]:
    """Return year and month so many months away."""
    number = day.year * 12 + day.month - 1 + months
    return number // 12, number % 12 + 1
