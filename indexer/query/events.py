"""Events: the days, months and years that an article mentions, as facet values.

    date values of an article -> [event_values] -> values of the three event facets
    a range of days           -> [event_keys]   -> the fewest values that cover it

A day counts for its month and year too, and a month for its year. So `event:2020-11` finds an
article that mentions 9 November 2020, but not one that mentions only the year 2020.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from marsad.corpus.dates.mention import period

# A range counts for each of its days or months only up to these lengths: "2011 to 2020" does not
# mention single days.
_MOST_DAYS, _MOST_MONTHS, _MOST_YEARS = 31, 36, 100
# The limits of a range with an open end. No event is searched for outside of them.
FIRST_YEAR, LAST_YEAR = 1800, 2199

_MONTH, _DAY = len("2020-11"), len("2020-11-09")


def event_values(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the years, months and days that ISO *values* mention, each sorted.

    Example:
        >>> event_values(["2020-11-09", "2021-02", "1988/1989"])
        (('1988', '1989', '2020', '2021'), ('2020-11', '2021-02'), ('2020-11-09',))
    """
    years: set[str] = set()
    months: set[str] = set()
    days: set[str] = set()
    for value in values:
        if "/" in value:
            _add_range(value, years, months, days)
            continue
        years.add(value[:4])
        if len(value) >= _MONTH:
            months.add(value[:_MONTH])
        if len(value) == _DAY:
            days.add(value)
    return tuple(sorted(years)), tuple(sorted(months)), tuple(sorted(days))


def _add_range(value: str, years: set[str], months: set[str], days: set[str]) -> None:
    """Add the years, months and days of a range such as 2020-11/2021-02."""
    bounds = period(value)
    if bounds is None:
        return
    since, until = bounds
    last = until - dt.timedelta(days=1)
    # The coarser end decides: 2020/2021-02 names no months.
    fineness = min(map(len, value.split("/")))
    years.update(f"{year:04}" for year in range(since.year, last.year + 1)[:_MOST_YEARS])
    between = (last.year - since.year) * 12 + last.month - since.month + 1
    if fineness >= _MONTH and between <= _MOST_MONTHS:
        months.update(
            f"{since.year + (since.month - 1 + n) // 12:04}-{(since.month - 1 + n) % 12 + 1:02}"
            for n in range(between)
        )
    if fineness == _DAY and (until - since).days <= _MOST_DAYS:
        days.update((since + dt.timedelta(days=n)).isoformat() for n in range((until - since).days))


def event_keys(since: dt.date | None, until: dt.date | None) -> Iterator[tuple[str, str]]:
    """Yield facet and value of the fewest years, months and days from *since* until *until*.

    *since* is included and *until* is not; None means no limit.

    Example:
        >>> list(event_keys(dt.date(2019, 12, 31), dt.date(2021, 2, 1)))
        [('event_day', '2019-12-31'), ('event_year', '2020'), ('event_month', '2021-01')]
    """
    at = max(since or dt.date.min, dt.date(FIRST_YEAR, 1, 1))
    end = min(until or dt.date.max, dt.date(LAST_YEAR + 1, 1, 1))
    while at < end:
        year = dt.date(at.year + 1, 1, 1)
        month = dt.date(at.year + at.month // 12, at.month % 12 + 1, 1)
        if at.month == at.day == 1 and year <= end:
            yield "event_year", f"{at.year:04}"
            at = year
        elif at.day == 1 and month <= end:
            yield "event_month", f"{at.year:04}-{at.month:02}"
            at = month
        else:
            yield "event_day", at.isoformat()
            at += dt.timedelta(days=1)
