"""Charts: counts over time as the bars of an SVG, with the axis and the table below it.

    counts by year, month or day -> [draw] -> Chart -> template

Every interval between the first and the last has a slot, also if no article falls into it, so
that a gap in time is a gap on the page. Time runs in the reading direction of the page: in
Arabic, the oldest slot is at the right. The SVG is stretched to the width of the page, so its
units are not pixels.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from marsad.indexer.engine.request import Interval

# In units of the SVG: the height of the chart, the width of a slot, the gap between two bars.
HEIGHT = 60
SLOT = 10
_GAP = 1.6
# One article among thousands would give an invisible bar.
_LEAST_HEIGHT = 1.5
# A chart of few slots would have bars as wide as blocks, so a bar has at most this share of it.
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
    """One interval that has articles: its bar and its row of the table.

    `value` is the interval in ISO form, such as 2020-09. `path` is the SVG path of the bar,
    `reach` the path of the area that reacts to the pointer: the full height of the chart.
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
    """A bar chart over time.

    `labels` divide the axis into equal parts, oldest first. `top` is the highest count. The
    script of the page selects a range by dragging: it needs `first` (the interval of slot 0) and
    `slots` (their number).
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
class ChartText:
    """Functions that give a chart its texts and links.

    `name` gives the name of an interval, `short` a short name for the axis (with the year or
    without), `number` a formatted count, `title` the tooltip of a bar, `href` its link.
    """

    name: Callable[[str], str]
    short: Callable[[str, bool], str]
    number: Callable[[int], str]
    title: Callable[[str, int], str]
    href: Callable[[str], str]


def interval_number(value: str) -> int:
    """Return the number of an interval, counted in years, months or days from the year 0.

    Example:
        >>> interval_number("2020-02") - interval_number("2019-12")
        2
    """
    if len(value) == _YEAR:
        return int(value)
    if len(value) == _MONTH:
        return int(value[:4]) * 12 + int(value[5:]) - 1
    return dt.date.fromisoformat(value).toordinal()


def interval_at(number: int, interval: Interval) -> str:
    """Return the interval of a number; the inverse of `interval_number`.

    Example:
        >>> interval_at(interval_number("2020-02"), "month")
        '2020-02'
    """
    match interval:
        case "year":
            return f"{number:04}"
        case "month":
            return f"{number // 12:04}-{number % 12 + 1:02}"
        case "day":
            return dt.date.fromordinal(number).isoformat()


def coarser(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts of the next longer interval: days become months, and months become years."""
    length = _YEAR if all(len(value) <= _MONTH for value in counts) else _MONTH
    merged: dict[str, int] = {}
    for value, count in counts.items():
        merged[value[:length]] = merged.get(value[:length], 0) + count
    return merged


def draw(
    counts: Mapping[str, int], interval: Interval, *, rtl: bool, texts: ChartText
) -> Chart | None:
    """Return the chart of *counts*, None if there are no counts.

    Args:
        counts: The number of articles by interval; all intervals have the same length.
        interval: That length.
        rtl: Whether the page is read from right to left.
        texts: Gives names, numbers and links.
    """
    if not counts:
        return None
    values = {interval_number(value): value for value in counts}
    first, last = min(values), max(values)
    every = _step(interval, last - first + 1)
    if interval != "day":
        # The axis starts at a round year or month; days have no round numbers.
        first -= first % every
    slots = -(-(last - first + 1) // every) * every
    width, top = slots * SLOT, max(counts.values())
    bars, wide = [], round(min(SLOT - _GAP, width * _WIDEST), 1)
    for number in sorted(values):
        value = values[number]
        count = counts[value]
        height = max(round((HEIGHT - 4) * count / top, 1), _LEAST_HEIGHT)
        slot = slots - 1 - (number - first) if rtl else number - first
        x = round(slot * SLOT + (SLOT - wide) / 2, 1)
        bars.append(
            Bar(
                value=value,
                reach=f"M{x} 0h{wide}v{HEIGHT}h-{wide}z",
                path=f"M{x} {round(HEIGHT - height, 1)}h{wide}v{height}h-{wide}z",
                href=texts.href(value),
                name=texts.name(value),
                number=texts.number(count),
                title=texts.title(value, count),
            )
        )
    ticks = [interval_at(first + n * every, interval) for n in range(slots // every)]
    # Only the first label of each year has the year, so that the labels stay short.
    labels = tuple(
        texts.short(value, n == 0 or value[:_YEAR] != ticks[n - 1][:_YEAR])
        for n, value in enumerate(ticks)
    )
    return Chart(
        tuple(bars),
        labels,
        width,
        HEIGHT,
        interval,
        interval_at(first, interval),
        slots,
        texts.number(top),
    )


def _step(interval: Interval, slots: int) -> int:
    """Return how many slots one label of the axis covers, so that all labels have room."""
    for step in _STEPS[interval]:
        if slots <= step * _MOST_LABELS:
            return step
    return -(-slots // _MOST_LABELS)
