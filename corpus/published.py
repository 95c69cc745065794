"""Published: the day of publication, from a field of the record, its address or its file name.

A day is stated or unknown; it is never guessed. A date field that cannot be read is an error of
its record, and an article without a date is undated.
"""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from marsad.corpus.article import LONGEST_PRINTED
from marsad.corpus.dates.dateline import parse_dateline
from marsad.corpus.dates.hijri import FIRST, LAST, hijri_value
from marsad.corpus.dates.mention import period
from marsad.corpus.letters import fold_digits

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T\s].*|Z)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
_EPOCH = re.compile(r"-?\d{9,10}(?:\d{3})?(?:\.\d+)?")
_RFC2822 = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\b.*")
_IN_URL = re.compile(
    r"[/=_-]((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?![\d])"
    r"|[/=_-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
)
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DIGITS_IN_SECONDS = 10
_DAY = len("2023-09-21")
# Years outside of these are taken for errors.
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


def read_published(given: str) -> str | None:
    """Return the ISO value of a date field of a record, None if it is no date.

    These forms are read: ISO 8601, whole or a part of it; RFC 2822; seconds or milliseconds since
    1970; day, month and year with slashes; dates as newspapers print them. With a time zone, the
    local day counts.

    Example:
        >>> read_published("Thu, 21 Sep 2023 23:30:00 GMT"), read_published("1695286800")
        ('2023-09-21', '2023-09-21')
        >>> read_published("٢٠٢٣/٩/٥"), read_published("soon") is None
        ('2023-09-05', True)
    """
    text = fold_digits(given.strip())
    try:
        value = _read(text)
    except (ValueError, OverflowError, OSError):
        value = None
    if value is None:
        value = parse_dateline(given)
    elif FIRST <= int(value[:4]) < LAST and len(value) == _DAY:
        # An ISO date of the Hijri calendar.
        year, month, day = map(int, value.split("-"))
        value = hijri_value(year, month, day)
    if value is None or period(value) is None:
        return None
    return value if _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR else None


def as_printed(given: str) -> str:
    """Return a printed date as an article keeps it: on one line, at most LONGEST_PRINTED long.

    Example:
        >>> as_printed(" 21  September 2023 ")
        '21 September 2023'
    """
    return " ".join(given.split())[:LONGEST_PRINTED].strip()


def _read(text: str) -> str | None:
    if match := _ISO.fullmatch(text):
        return "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:] if part)])
    if match := _COMPACT.fullmatch(text):
        return "-".join(match.groups()[:3])
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        if len(text.split(".", maxsplit=1)[0].lstrip("-")) > _DIGITS_IN_SECONDS:
            seconds /= 1000
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
    if _RFC2822.fullmatch(text):
        try:
            return parsedate_to_datetime(text).date().isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
    return None


def published_in_url(url: str) -> str | None:
    """Return the day or month in an address, None if it has none.

    Example:
        >>> published_in_url("https://example.org/news/2023/9/21/summit")
        '2023-09-21'
    """
    match = _IN_URL.search(url)
    if match is None:
        return None
    parts = [part.zfill(2) for part in match.groups() if part]
    return _valid("-".join(parts))


def published_in_name(name: str) -> str | None:
    """Return the day in the name of a file, None if it has none.

    Example:
        >>> published_in_name("archive/2023-09-21-summit.html")
        '2023-09-21'
    """
    match = _IN_NAME.search(re.split("[/!]", name)[-1])
    return _valid("-".join((match[1], match[3], match[4]))) if match else None


def _valid(value: str) -> str | None:
    return value if period(value) is not None else None
