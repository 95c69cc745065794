"""Hijri dates: convert days of the Islamic calendar to the Gregorian one.

The tables of Umm al-Qura (hijridate) reach from 1343 to 1500. Outside of them the arithmetic
calendar is used. It may be wrong by a day or two, so the result is a month, not a day.
"""

import datetime as dt

from hijridate import Hijri

FIRST, LAST = 1343, 1500
_EPOCH = dt.date(622, 7, 19).toordinal()


def hijri_value(year: int, month: int | None, day: int | None) -> str | None:
    """Return the ISO value of a Hijri day, month or year; None if it does not exist.

    A month or year gives the range of its days. Outside of the tables a day gives its month,
    and a month or year a range of months.

    Example:
        >>> hijri_value(1436, 10, 25)
        '2015-08-10'
        >>> hijri_value(1437, 9, None)
        '2016-06-06/2016-07-05'
        >>> hijri_value(1213, 1, 7)
        '1798-06'
    """
    try:
        exact = FIRST <= year < LAST
        first = _start(year, month or 1, day or 1)
        if day is not None:
            return first.isoformat() if exact else first.isoformat()[:7]
        following = (year, month + 1) if month and month < 12 else (year + 1, 1)  # noqa: PLR2004
        last = _start(*following, 1) - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    length = 10 if exact else 7
    return f"{first.isoformat()[:length]}/{last.isoformat()[:length]}"


def hijri_year_near(day: dt.date, month: int, turn: int | None) -> int:
    """Return the Hijri year of "last", "this" or "next" *month*, as said on *day*.

    *turn* is -1, 0 or 1. Without a turn, the latest such month that has begun is meant.
    """
    estimate = int((day.toordinal() - _EPOCH) / 354.367) + 1
    begun = max(
        (year for year in range(estimate - 1, estimate + 2) if _start(year, month, 1) <= day),
        default=estimate,
    )
    running = hijri_value(begun, month, None)
    now = running is not None and running.split("/")[-1] >= day.isoformat()[: len("2016-06-06")]
    if turn == 1:
        return begun + 1
    if turn == -1 and now:
        return begun - 1
    return begun


def _start(year: int, month: int, day: int) -> dt.date:
    if FIRST <= year <= LAST:
        return dt.date(*Hijri(year, month, day).to_gregorian().datetuple())
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1 <= year <= 2000):  # noqa: PLR2004
        raise ValueError(year, month, day)
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return dt.date.fromordinal(_EPOCH + before + day - 1)
