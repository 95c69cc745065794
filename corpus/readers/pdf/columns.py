"""Columns: the segments of a page in the order of reading.

    segments -> [lines_in_order] -> Line

A gutter is a vertical strip without letters that several lines share. Left and right of it are
either columns of text, which are read one after the other, or the cells of a table, which are read
row by row: the order of drawing tells which, and how full the lines are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from marsad.corpus.readers.pdf.glyphs import Glyph
from marsad.corpus.readers.pdf.lines import Segment

_LEAST_ROWS = 2
_DEEPEST = 12
_MOST_SEGMENTS = 3_000
_FULL = 0.8
_COLUMN_LETTERS = 16
# Lines of two columns may be at other heights.
_APART = 0.4
_CHANGES = 0.15
_WIDE_GAP = 3.5


@dataclass(slots=True)
class Line:
    """A line of text: its characters from left to right, and the column that it is in.

    `texts` has the characters of each glyph, `stated` the numbers of those that the file states.
    `ends` has the widths of the first word on the left and on the right. `left` and `right` are
    the edges of the column. `row` counts the rows of a table from 1; it is 0 outside of tables.
    """

    texts: tuple[str, ...]
    stated: frozenset[int]
    ends: tuple[float, float]
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    left: float
    right: float
    page: int = 0
    row: int = 0
    cell: int = 0


def lines_in_order(segments: Sequence[Segment], *, rtl: bool, width: float = 0.0) -> list[Line]:
    """Return the lines of a page in the order of reading.

    *width* is the width of the page, 0 if it is not known.
    """
    if len(segments) > _MOST_SEGMENTS:
        return _plain(segments)
    lines = _Cutter(rtl).region(list(segments), 0)
    if width and lines and len({(each.left, each.right) for each in lines}) == 1:
        _widen(lines, width, rtl=rtl)
    return lines


def _widen(lines: list[Line], width: float, *, rtl: bool) -> None:
    """Take the other margin of a page to be as wide as the one where lines begin.

    That is for a page of short lines only: if two lines end together, they end at the margin.
    """
    left, right = lines[0].left, lines[0].right
    ends = [each.x0 - left if rtl else right - each.x1 for each in lines]
    if sum(end < 0.5 * each.size for end, each in zip(ends, lines, strict=True)) > 1:
        return
    for each in lines:
        if rtl:
            each.left = min(left, width - right)
        else:
            each.right = max(right, width - left)


class _Cutter:
    """Cuts regions of a page at gutters."""

    def __init__(self, rtl: bool) -> None:
        self._rtl = rtl
        self._row = 0

    def region(self, segments: list[Segment], depth: int) -> list[Line]:
        gutter = _gutter(segments) if depth < _DEEPEST else None
        if gutter is None:
            return _plain(segments)
        lines: list[Line] = []
        for band, crosses in _bands(segments, gutter):
            left = [each for each in band if each.x1 <= gutter]
            right = [each for each in band if each.x0 >= gutter]
            if crosses or not left or not right:
                lines += self.region(band, depth + 1) if len(band) < len(segments) else _plain(band)
            elif _is_text(left, right):
                for side in (right, left) if self._rtl else (left, right):
                    lines += self.region(side, depth + 1)
            else:
                lines += self._table(band)
        return lines

    def _table(self, band: list[Segment]) -> list[Line]:
        """Return the lines of a table in the order of drawing, which is row by row."""
        lines: list[Line] = []
        before: Segment | None = None
        cell = 0
        drawn = sorted(band, key=lambda each: each.order)
        if not _is_drawn_by_row(drawn, rtl=self._rtl):
            drawn = _by_row(band, rtl=self._rtl)
        for each in drawn:
            beside = before is None or each.x0 >= before.x1 or each.x1 <= before.x0
            below = before is not None and each.y < before.y - 0.5 * each.size
            if before is None or (beside and below and self._is_back(each, before)):
                self._row += 1
                cell = 0
            elif beside or not below:
                cell += 1
            lines.append(_line([each], each.x0, each.x1))
            lines[-1].row, lines[-1].cell = self._row, cell
            before = each
        return lines

    def _is_back(self, now: Segment, before: Segment) -> bool:
        return now.x0 >= before.x1 if self._rtl else now.x1 <= before.x0


def _gutter(segments: Sequence[Segment]) -> float | None:
    """Return the middle of the strip that most lines share as a gap, None if fewer than two do."""
    gaps: list[tuple[float, float]] = []
    ordered = sorted(segments, key=lambda each: -each.y)
    for at, one in enumerate(ordered):
        best: Segment | None = None
        for other in ordered[max(0, at - 8) : at + 9]:
            shared = min(one.top, other.top) - max(one.bottom, other.bottom)
            if other.x0 < one.x1 or shared < -_APART * min(one.size, other.size):
                continue
            if best is None or other.x0 < best.x0:
                best = other
        if best is not None and best.x0 - one.x1 > 0.5 * min(one.size, best.size):
            gaps.append((one.x1, best.x0))
    edges = sorted([(low, 1) for low, _ in gaps] + [(high, -1) for _, high in gaps])
    open_gaps = most = 0
    found: float | None = None
    for at, (x, step) in enumerate(edges):
        open_gaps += step
        if open_gaps > most and at + 1 < len(edges):
            most, found = open_gaps, (x + edges[at + 1][0]) / 2
    return found if most >= _LEAST_ROWS else None


def _bands(segments: Sequence[Segment], gutter: float) -> list[tuple[list[Segment], bool]]:
    """Return the segments in bands from top to bottom: those that cross the gutter, and others.

    A wide gap ends a band too.
    """
    bands: list[tuple[list[Segment], bool]] = []
    lowest = 0.0
    for each in sorted(segments, key=lambda one: -one.y):
        crosses = each.x0 < gutter < each.x1
        if not bands or bands[-1][1] != crosses or lowest - each.y > _WIDE_GAP * each.size:
            bands.append(([], crosses))
        lowest = each.y
        bands[-1][0].append(each)
    return [part for band in bands for part in _cut_below(band, gutter)]


def _cut_below(band: tuple[list[Segment], bool], gutter: float) -> list[tuple[list[Segment], bool]]:
    """Cut a band where all of one side ends, if the order of drawing agrees.

    So a table below columns is not read as a part of one of them.
    """
    segments, crosses = band
    if crosses or len(segments) < _LEAST_ROWS:
        return [band]
    parts: list[tuple[list[Segment], bool]] = []
    count = len(segments)
    # The first and the last order of drawing, and the sides, of all segments from here on.
    first_below = [0] * count
    sides_below: list[set[bool]] = [set()] * count
    first, sides = segments[-1].order, set[bool]()
    for at in range(count - 1, -1, -1):
        first = min(first, segments[at].order)
        sides = sides | {segments[at].x0 >= gutter}
        first_below[at], sides_below[at] = first, sides
    begin = 0
    last, bottom, above = 0, segments[0].bottom, set[bool]()
    for at, each in enumerate(segments):
        apart = at > begin and each.top <= bottom and last < first_below[at]
        if apart and 1 in (len(above), len(sides_below[at])):
            parts.append((segments[begin:at], crosses))
            begin, above = at, set()
        last = max(last, each.order)
        bottom = min(bottom, each.bottom) if at > begin else each.bottom
        above = above | {each.x0 >= gutter}
    return [*parts, (segments[begin:], crosses)]


def _is_text(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Tell whether two sides of a gutter are columns of text, and not cells of a table."""
    drawn = sorted([(each.order, 0) for each in left] + [(each.order, 1) for each in right])
    changes = sum(one[1] != other[1] for one, other in pairwise(drawn))
    if changes <= max(1, _CHANGES * len(drawn)):
        return True
    return all(_is_full(side) for side in (left, right))


def _is_full(side: Sequence[Segment]) -> bool:
    width = max(each.x1 for each in side) - min(each.x0 for each in side)
    letters = sum(len(each.glyphs) for each in side) / len(side)
    filled = sum(each.x1 - each.x0 for each in side) / len(side)
    return len(side) > _LEAST_ROWS and filled > _FULL * width and letters > _COLUMN_LETTERS


def _is_drawn_by_row(drawn: Sequence[Segment], *, rtl: bool) -> bool:
    """Tell whether cells beside each other are drawn in the order of reading."""
    good = bad = 0
    for one, other in pairwise(drawn):
        if abs(one.y - other.y) < 0.5 * one.size:
            onward = other.x0 < one.x0 if rtl else other.x0 > one.x0
            good, bad = good + onward, bad + (not onward)
    return good > bad


def _by_row(segments: Sequence[Segment], *, rtl: bool) -> list[Segment]:
    rows: list[list[Segment]] = []
    for each in sorted(segments, key=lambda one: -one.y):
        if rows and rows[-1][0].y - each.y < 0.5 * each.size:
            rows[-1].append(each)
        else:
            rows.append([each])
    return [
        each for row in rows for each in sorted(row, key=lambda one: -one.x0 if rtl else one.x0)
    ]


def _plain(segments: Sequence[Segment]) -> list[Line]:
    """Return the lines of one column; segments beside each other are one line."""
    rows = _by_row(segments, rtl=False)
    if not rows:
        return []
    left, right = min(each.x0 for each in rows), max(each.x1 for each in rows)
    lines: list[Line] = []
    group: list[Segment] = []
    for each in rows:
        if group and (group[0].y - each.y >= 0.5 * each.size or each.x0 < group[-1].x0):
            lines.append(_line(group, left, right))
            group = []
        group.append(each)
    lines.append(_line(group, left, right))
    return lines


def _line(group: Sequence[Segment], left: float, right: float) -> Line:
    glyphs: list[Glyph] = []
    for each in group:
        if glyphs:
            last = glyphs[-1]
            glyphs.append(Glyph(" ", last.x1, each.x0, last.y, last.size, last.bold, last.order))
        glyphs += each.glyphs
    widest = max(group, key=lambda each: each.x1 - each.x0)
    return Line(
        tuple(each.text for each in glyphs),
        frozenset(at for at, each in enumerate(glyphs) if each.logical),
        (_first_word(glyphs), _first_word(glyphs[::-1])),
        group[0].x0,
        max(each.x1 for each in group),
        widest.y,
        widest.size,
        widest.bold,
        left,
        right,
    )


def _first_word(glyphs: Sequence[Glyph]) -> float:
    width = 0.0
    for each in glyphs:
        if not each.text.strip():
            break
        width += each.x1 - each.x0
    return width
