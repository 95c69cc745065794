"""Charts: counts over time as slots of an SVG, and the axis and table below it.

    counts by year, month or day -> [draw] -> Chart -> template

Every interval between the first and the last has a slot, so that a gap in time is a gap
on the page. Time runs the way the page reads: the oldest slot stands at the right in
Arabic. The SVG is stretched to the page's width; its units are not pixels.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from marsad.indexer.engine.request import Interval

HEIGHT = 60
SLOT = 10
_GAP = 1.6
_LEAST = 1.5
# Of few slots each is wide; a bar is no wider than this part of the chart.
_WIDEST = 0.065
MOST_SLOTS = 400
_MOST_LABELS = 9
_STEPS: dict[Interval, tuple[int, ...]] = {
    "year": (1, 2, 5, 10, 20, 50, 100),
    "month": (1, 2, 3, 6, 12, 24, 60),
    "day": (1, 2, 3, 5, 7, 10, 14, 21, 30, 60),
}
_YEAR, _MONTH = 4, 7


class Bar(NamedTuple):
    """One interval with articles: its row of the table and two SVG paths; `value` is 2020-09.

    `path` is the bar itself, `reach` the whole height above the axis, for the pointer.
    """

    value: str
    reach: str
    path: str
    href: str
    name: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart over time; `labels` are equal parts of the axis, in the order of time.

    `top` is the highest count. `first` and `slots` tell a script which interval stands where:
    slot 0 is `first`.
    """

    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    width: int
    height: int
    interval: Interval
    first: str
    slots: int
    top: str


@dataclass(frozen=True, slots=True)
class Words:
    """How a chart speaks: names of values, short ones for the axis, counts, links."""

    name: Callable[[str], str]
    short: Callable[[str, bool], str]
    number: Callable[[int], str]
    title: Callable[[str, int], str]
    href: Callable[[str], str]


def place_of(value: str) -> int:
    """Return the number of an interval: years, months or days from the year 0.

    Example:
        >>> place_of("2020-02") - place_of("2019-12")
        2
    """
    if len(value) == _YEAR:
        return int(value)
    if len(value) == _MONTH:
        return int(value[:4]) * 12 + int(value[5:]) - 1
    return dt.date.fromisoformat(value).toordinal()


def value_at(place: int, interval: Interval) -> str:
    """Return the interval of a number.

    Example:
        >>> value_at(place_of("2020-02"), "month")
        '2020-02'
    """
    match interval:
        case "year":
            return f"{place:04}"
        case "month":
            return f"{place // 12:04}-{place % 12 + 1:02}"
        case "day":
            return dt.date.fromordinal(place).isoformat()


def coarser(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts of months as counts of years, of days as of months."""
    length = _YEAR if all(len(value) <= _MONTH for value in counts) else _MONTH
    merged: dict[str, int] = {}
    for value, count in counts.items():
        merged[value[:length]] = merged.get(value[:length], 0) + count
    return merged


def draw(counts: Mapping[str, int], interval: Interval, *, rtl: bool, words: Words) -> Chart | None:
    """Return the chart of *counts*, whose keys are intervals of one kind; None for none."""
    if not counts:
        return None
    places = {place_of(value): value for value in counts}
    first, last = min(places), max(places)
    every = _step(interval, last - first + 1)
    if interval != "day":
        first -= first % every
    slots = -(-(last - first + 1) // every) * every
    width, top = slots * SLOT, max(counts.values())
    bars, wide = [], round(min(SLOT - _GAP, width * _WIDEST), 1)
    for place in sorted(places):
        value = places[place]
        count = counts[value]
        height = max(round((HEIGHT - 4) * count / top, 1), _LEAST)
        at = slots - 1 - (place - first) if rtl else place - first
        x = round(at * SLOT + (SLOT - wide) / 2, 1)
        bars.append(
            Bar(
                value=value,
                reach=f"M{x} 0h{wide}v{HEIGHT}h-{wide}z",
                path=f"M{x} {round(HEIGHT - height, 1)}h{wide}v{height}h-{wide}z",
                href=words.href(value),
                name=words.name(value),
                number=words.number(count),
                title=words.title(value, count),
            )
        )
    marks = [value_at(first + n * every, interval) for n in range(slots // every)]
    labels = tuple(
        words.short(value, number == 0 or value[:_YEAR] != marks[number - 1][:_YEAR])
        for number, value in enumerate(marks)
    )
    return Chart(
        tuple(bars),
        labels,
        width,
        HEIGHT,
        interval,
        value_at(first, interval),
        slots,
        words.number(top),
    )


def _step(interval: Interval, slots: int) -> int:
    """Return how many slots one label of the axis stands for."""
    for step in _STEPS[interval]:
        if slots <= step * _MOST_LABELS:
            return step
    return -(-slots // _MOST_LABELS)
