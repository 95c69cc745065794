"""Date resolution: from the words of a date to its value.

    text, day of publication -> [find_dates] -> date mentions

A date that is stated in full needs nothing else. "أمس" and "مارس الماضي" are counted
from the day of publication. "9 نوفمبر" without a year takes the year last named in
its paragraph, else the nearest year, the past before the future. What can not be
resolved (a relative word in an undated article) is no mention.
"""

import datetime as dt
from collections.abc import Iterator

from corpus.dates.grammar import Shape, find_shapes
from corpus.dates.mention import DateMention, DatePrecision, Resolution, period
from corpus.letters import fold_with_offsets

Value = tuple[str, Resolution]

# A date without a year up to this far ahead of publication is still an announced
# event ("the summit on 5 January", written in December), not one of last year.
_NEAR_FUTURE = dt.timedelta(days=60)
_LONGEST_DATELINE = 60


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
    folded, offsets = fold_with_offsets(text)
    year: int | None = None
    at = 0
    for shape in find_shapes(folded):
        if "\n" in folded[at : shape.start]:
            year = None
        at = shape.end
        resolved = _value(shape, published, year)
        if resolved is None or period(resolved[0]) is None:
            continue
        year = shape.year or (int(resolved[0][:4]) if resolved[1] == "context" else year)
        value, resolution = resolved
        end = offsets[shape.end - 1] + 1
        start = offsets[shape.start]
        yield DateMention(start, end, text[start:end], value, _precision(value), resolution)


def parse_dateline(line: str) -> str | None:
    """Return the ISO value of a line that is a date and nothing else, else None.

    Example:
        >>> parse_dateline("٢١ سبتمبر/أيلول ٢٠٢٣")
        '2023-09-21'
        >>> parse_dateline("أعلن ذلك في 21 سبتمبر 2023") is None
        True
    """
    stripped = line.strip().strip(".،,").strip()
    if not stripped or len(stripped) > _LONGEST_DATELINE:
        return None
    for mention in find_dates(stripped, None):
        if mention.start == 0 and mention.end == len(stripped) and mention.precision != "range":
            return mention.value
    return None


def _precision(value: str) -> DatePrecision:
    if "/" in value:
        return "range"
    lengths: dict[int, DatePrecision] = {4: "year", 7: "month"}
    return lengths.get(len(value), "day")


def _value(shape: Shape, published: dt.date | None, year: int | None) -> Value | None:
    if shape.year_to is not None:
        return (
            (f"{shape.year:04}/{shape.year_to:04}", "stated")
            if (shape.year or 0) < shape.year_to
            else None
        )
    if shape.year is not None:
        return _join(shape.year, shape.month, shape.day), "stated"
    if shape.month is not None:
        return _yearless(shape, published, year)
    if published is None:
        return None
    if shape.deixis is not None:
        return (published + dt.timedelta(days=shape.deixis)).isoformat(), "published"
    if shape.weekday is not None:
        return _weekday(shape.weekday, shape.turn, published).isoformat(), "published"
    return None


def _join(year: int, month: int | None, day: int | None) -> str:
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])


def _yearless(shape: Shape, published: dt.date | None, year: int | None) -> Value | None:
    month = shape.month or 1
    if published is not None and shape.turn is not None:
        ahead = shape.turn > 0 and month <= published.month
        behind = shape.turn < 0 and month >= published.month
        return _join(published.year + ahead - behind, shape.month, shape.day), "published"
    if published is not None and shape.deixis is not None:
        return _join(published.year, shape.month, shape.day), "published"
    if year is not None:
        return _join(year, shape.month, shape.day), "context"
    if published is None:
        return None
    first = period(_join(published.year, shape.month, shape.day))
    later = first is not None and first[0] > published + _NEAR_FUTURE
    return _join(published.year - later, shape.month, shape.day), "published"


def _weekday(weekday: int, turn: int | None, published: dt.date) -> dt.date:
    """Return the day meant by a weekday name: the last such day, today included.

    "الخميس الماضي" never means today, "المقبل" always lies ahead.
    """
    back = (published.weekday() - weekday) % 7
    if turn == 1:
        return published + dt.timedelta(days=7 - back)
    if turn == -1 and back == 0:
        back = 7
    return published - dt.timedelta(days=back)
