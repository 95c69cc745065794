"""Histogram: how many documents were published in each year, month or day.

Documents are numbered by date, so an interval is one range of documents in each segment.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.request import Interval
from marsad.indexer.segments.generation import Member
from marsad.indexer.segments.kernels.bits import popcount_ranges
from marsad.indexer.segments.kernels.layout import Bits


class Histogram:
    """Counts documents of one generation; remembers the ranges of the intervals."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._bounds: dict[Interval, tuple[list[dt.date], list[NDArray[np.int64]]]] = {}

    def count(self, found: Sequence[Bits], interval: Interval) -> tuple[tuple[dt.date, int], ...]:
        """Return `(first day, count)` of each interval that has documents in *found*."""
        if interval not in self._bounds:
            self._bounds[interval] = self._interval_bounds(interval)
        firsts, bounds = self._bounds[interval]
        if not firsts:
            return ()
        counts = np.zeros(len(firsts), np.int64)
        for bits, own in zip(found, bounds, strict=True):
            counts += popcount_ranges(bits, own)
        pairs = zip(firsts, counts.tolist(), strict=True)
        return tuple(pairs if counts.all() else (pair for pair in pairs if pair[1]))

    def _interval_bounds(self, interval: Interval) -> tuple[list[dt.date], list[NDArray[np.int64]]]:
        """Return the first days of all intervals with documents, and their ranges in each segment.

        Interval n of a segment is from `bounds[n]` to before `bounds[n + 1]`.
        """
        days = [member.segment.days for member in self._members]
        known = {int(day) for own in days for day in np.unique(own)} - {0}
        dates = [dt.date.fromordinal(day) for day in known]
        firsts = sorted({_first_day(day, interval) for day in dates})
        if not firsts:
            return [], []
        ordinals = [first.toordinal() for first in firsts]
        ends = np.array([*ordinals, dt.date.max.toordinal() + 1])
        return firsts, [np.searchsorted(own, ends).astype(np.int64) for own in days]


def _first_day(day: dt.date, interval: Interval) -> dt.date:
    match interval:
        case "year":
            return dt.date(day.year, 1, 1)
        case "month":
            return dt.date(day.year, day.month, 1)
        case "day":
            return day
