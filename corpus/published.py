"""Published: the day of publication, from a field of the record, its address or its file name.

A day is stated or unknown; it is never guessed. An article whose date cannot be read is undated.
"""

import re

from marsad.corpus.article import LONGEST_PRINTED
from marsad.corpus.dates.dateline import parse_dateline
from marsad.corpus.dates.hijri import FIRST, LAST, hijri_value
from marsad.corpus.dates.mention import period
from marsad.corpus.fields.date_forms import NO_HINT, DateHint, Form, plain, read_form

_IN_URL = re.compile(
    r"[/=_-]((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?![\d])"
    r"|[/=_-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
)
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_HIJRI = re.compile(r"\d{4}-\d\d-\d\d")
# Years outside of these are taken for errors.
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


def read_published(given: str, hint: DateHint = NO_HINT) -> str | None:
    """Return the ISO value of a date field of a record, None if it is no date.

    Example:
        >>> read_published("Thu, 21 Sep 2023 23:30:00 GMT"), read_published("1695286800")
        ('2023-09-21', '2023-09-21')
        >>> read_published("٢٠٢٣/٩/٥"), read_published("soon") is None
        ('2023-09-05', True)
    """
    form = read_date(given, hint)
    return form.value if form else None


def read_date(given: str, hint: DateHint = NO_HINT) -> Form | None:
    """Return the value of a date field, and whether its day and month may be exchanged.

    These forms are read: ISO 8601, whole or a part of it; RFC 2822; the forms of Unix, JavaScript,
    Python, Excel and of databases; seconds since 1970, or thousandths and less of them; day, month
    and year with slashes; dates as newspapers print them. With a time zone, the local day counts.

    Args:
        given: The value as it was printed.
        hint: What the other cells of the column say, if there is a column.
    """
    try:
        form = read_form(given, hint)
    except (ValueError, OverflowError, OSError, ArithmeticError):
        form = None
    if form is not None and _HIJRI.fullmatch(form.value) and FIRST <= int(form.value[:4]) < LAST:
        # An ISO date of the Hijri calendar.
        year, month, day = map(int, form.value.split("-"))
        form = Form(hijri_value(year, month, day) or "", form.ambiguous)
    if form is None:
        value = parse_dateline(plain(given))
        form = Form(value) if value is not None else None
    return form if form is not None and _is_day(form.value) else None


def _is_day(value: str) -> bool:
    return (
        bool(value) and period(value) is not None and (_FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR)
    )


def as_printed(given: str) -> str:
    """Return a printed date as an article keeps it: on one line, at most LONGEST_PRINTED long.

    Example:
        >>> as_printed(" 21  September 2023 ")
        '21 September 2023'
    """
    return " ".join(given.split())[:LONGEST_PRINTED].strip()


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
