"""Tiers: choose the segments to merge."""

import math
from collections.abc import Sequence

from marsad.indexer.segments.merge import MOST_POSITIONS
from marsad.indexer.segments.open_segments import OpenSegment

# This many segments of one size class are merged into one. Lucene merges ten.
MERGE_FACTOR = 8
_SMALLEST_TIER = 1_000


def groups_of(segments: Sequence[OpenSegment]) -> list[list[OpenSegment]]:
    """Return the segments in few groups, each small enough for the lists of one segment."""
    groups: list[list[OpenSegment]] = []
    room = 0
    for each in sorted(segments, key=lambda one: sum(one.segment.field_totals), reverse=True):
        size = sum(each.segment.field_totals)
        if not groups or size > room:
            groups.append([])
            room = MOST_POSITIONS
        groups[-1].append(each)
        room -= size
    return groups


def tier_to_merge(segments: Sequence[OpenSegment]) -> list[OpenSegment]:
    """Return the segments to merge now: enough of one size class, or one that is half empty."""
    tiers: dict[int, list[OpenSegment]] = {}
    for each in segments:
        if each.live_count * 2 < each.segment.documents:
            return [each]
        size = max(each.live_count, _SMALLEST_TIER) / _SMALLEST_TIER
        tiers.setdefault(int(math.log(size, MERGE_FACTOR)), []).append(each)
    for _, group in sorted(tiers.items()):
        if len(group) >= MERGE_FACTOR:
            chosen = group[:]
            while sum(sum(each.segment.field_totals) for each in chosen) > MOST_POSITIONS:
                chosen.pop()
            return chosen if len(chosen) > 1 else []
    return []
