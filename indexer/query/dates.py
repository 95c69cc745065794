"""Date expressions of a query: 2020, 2020-09, 2020-09-21, 2020..2021-06, ..2020, 2020.., >=2020."""

import datetime as dt
import re

from marsad.corpus.dates.mention import period
from marsad.corpus.letters import FORMAT_CHARS, fold_digits
from marsad.indexer.query.names import DASHES
from marsad.indexer.query.tree import DateRange

_INVISIBLE = re.compile(f"[{FORMAT_CHARS}]+")
_DASHES = dict.fromkeys(map(ord, DASHES), "-")
# 2016-2018 is a range of years, because no month has the number 2018.
_YEARS = re.compile(r"(\d{4})\s*-\s*(\d{4})")
_BOUND = re.compile(r"[<>]=?")
_DAY = re.compile(r"\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?")


def parse_date_range(typed: str) -> DateRange | None:
    r"""Return the range of days that *typed* describes, or None if it is not a date or range.

    Both ends are included as whole days, months or years. Slashes are read as hyphens, and digits
    can be Arabic-Indic. Invisible characters, such as direction marks from copied text, are
    ignored.

    Example:
        >>> parse_date_range("٢٠٢٠..2021-06")
        DateRange(since=datetime.date(2020, 1, 1), until=datetime.date(2021, 7, 1))
        >>> parse_date_range("\u20682020\u2069") == parse_date_range("2020")
        True
        >>> parse_date_range("2020-13") is None
        True
    """
    seen = _INVISIBLE.sub("", typed).strip()
    text = fold_digits(seen).translate(_DASHES).replace("/", "-").replace("…", "..")
    if years := _YEARS.fullmatch(text):
        text = f"{years[1]}..{years[2]}"
    if bound := _BOUND.match(text):
        return _beyond(bound[0], _period(text[bound.end() :].strip()))
    first, dots, last = text.partition("..")
    if not dots:
        last = first
    if not first and not last:
        return None
    begin, end = _period(first), _period(last)
    if (first and begin is None) or (last and end is None):
        return None
    since, until = begin[0] if begin else None, end[1] if end else None
    return DateRange(since, until) if not (since and until) or since < until else None


def _beyond(sign: str, bound: tuple[dt.date, dt.date] | None) -> DateRange | None:
    """Return the range before or after a period, as `>=2020` asks for."""
    if bound is None:
        return None
    if sign.startswith(">"):
        return DateRange(bound[0] if sign == ">=" else bound[1], None)
    return DateRange(None, bound[1] if sign == "<=" else bound[0])


def _period(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the first day of a year, month or day, and the day after its last; None if invalid."""
    if not _DAY.fullmatch(text):
        return None
    year, *rest = text.split("-")
    return period("-".join([year, *(part.zfill(2) for part in rest)]))
