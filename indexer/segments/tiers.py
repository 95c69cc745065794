"""Tiers: which segments are merged, and how many of them one segment can hold."""

import math
from collections.abc import Sequence

from marsad.indexer.segments.held import OpenSegment
from marsad.indexer.segments.merge import MOST_POSITIONS

# Segments of one size class that are merged into one: Lucene's tiers merge ten.
MERGE_FACTOR = 8
_SMALLEST_TIER = 1_000


def groups_of(held: Sequence[OpenSegment]) -> list[list[OpenSegment]]:
    """Return the segments in as few groups as one segment can take the lists of."""
    groups: list[list[OpenSegment]] = []
    room = 0
    for each in sorted(held, key=lambda one: sum(one.segment.field_totals), reverse=True):
        size = sum(each.segment.field_totals)
        if not groups or size > room:
            groups.append([])
            room = MOST_POSITIONS
        groups[-1].append(each)
        room -= size
    return groups


def tier_to_merge(held: Sequence[OpenSegment]) -> list[OpenSegment]:
    """Return the segments to merge now: enough of one size class, or one that is mostly removed."""
    tiers: dict[int, list[OpenSegment]] = {}
    for each in held:
        if each.living * 2 < each.segment.documents:
            return [each]
        size = max(each.living, _SMALLEST_TIER) / _SMALLEST_TIER
        tiers.setdefault(int(math.log(size, MERGE_FACTOR)), []).append(each)
    for _, group in sorted(tiers.items()):
        if len(group) >= MERGE_FACTOR:
            chosen = group[:]
            while sum(sum(each.segment.field_totals) for each in chosen) > MOST_POSITIONS:
                chosen.pop()
            return chosen if len(chosen) > 1 else []
    return []
