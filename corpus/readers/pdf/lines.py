"""Lines: glyphs that share a baseline, from left to right, cut where a column may end.

glyphs of a page -> [segments_of] -> Segment
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from marsad.corpus.readers.pdf.glyphs import Glyph

_SAME_LINE = 0.35
# A gap of so many times the size of the letters may be a space, or the end of a column.
_SPACE = 0.17
_SPACE_IF_SPACED = 0.45
_GAP = 0.9
_WIDE_GAP = 3.0


@dataclass(slots=True)
class Segment:
    """Neighbouring glyphs of one line, from left to right, without leading or trailing spaces."""

    glyphs: list[Glyph]
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int

    @property
    def top(self) -> float:
        """About the upper edge of its letters."""
        return self.y + 0.75 * self.size

    @property
    def bottom(self) -> float:
        """About the lower edge of its letters."""
        return self.y - 0.25 * self.size


@dataclass(slots=True)
class _Row:
    y: float
    size: float
    glyphs: list[Glyph]


def segment(glyphs: Sequence[Glyph]) -> Segment | None:
    """Return the segment of these glyphs, None if they are only spaces."""
    shown = [each for each in glyphs if each.text.strip()]
    if not shown:
        return None
    sizes = sorted(each.size for each in shown)
    heights = sorted(each.y for each in shown)
    first, last = glyphs.index(shown[0]), len(glyphs) - glyphs[::-1].index(shown[-1])
    return Segment(
        list(glyphs[first:last]),
        min(each.x0 for each in shown),
        max(each.x1 for each in shown),
        heights[len(heights) // 2],
        sizes[len(sizes) // 2],
        sum(each.bold for each in shown) * 2 > len(shown),
        min(each.order for each in shown),
    )


def segments_of(glyphs: Sequence[Glyph]) -> list[Segment]:
    """Return the segments of a page, from top to bottom and from left to right."""
    made: list[Segment] = []
    for row in _rows(glyphs):
        made += _cut(_ordered(row.glyphs))
    return made


def _rows(glyphs: Sequence[Glyph]) -> list[_Row]:
    rows: list[_Row] = []
    for each in sorted((one for one in glyphs if one.text.strip()), key=lambda one: -one.y):
        row = rows[-1] if rows else None
        reach = _SAME_LINE * min(each.size, row.size) if row else 0.0
        if row is not None and row.y - each.y <= reach:
            row.glyphs.append(each)
        else:
            rows.append(_Row(each.y, each.size, [each]))
    rows = _raised(rows)
    heights = [-row.y for row in rows]
    for each in glyphs:
        if each.text.strip():
            continue
        at = bisect_left(heights, -each.y)
        near = [
            row
            for row in rows[max(0, at - 2) : at + 2]
            if abs(row.y - each.y) <= _SAME_LINE * max(row.size, each.size)
        ]
        if near:
            min(near, key=lambda row: abs(row.y - each.y)).glyphs.append(each)
    return rows


def _raised(rows: list[_Row]) -> list[_Row]:
    """Move raised and lowered small glyphs, as of footnotes, to the line that they are in."""
    kept: list[_Row] = []
    for at, row in enumerate(rows):
        near = [*kept[-1:], *rows[at + 1 : at + 2]]
        homes = [
            other
            for other in near
            if row.size < 0.85 * other.size
            and -0.3 * other.size < row.y - other.y < 0.6 * other.size
            and all(_touches(each, other) for each in row.glyphs)
        ]
        if homes:
            homes[0].glyphs += row.glyphs
        else:
            kept.append(row)
    return kept


def _touches(glyph: Glyph, row: _Row) -> bool:
    edge = 0.6 * row.size
    return any(
        each.size > glyph.size and each.x0 - edge < glyph.x1 and glyph.x0 < each.x1 + edge
        for each in row.glyphs
    )


def _ordered(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a row from left to right, none twice."""
    return _once(sorted(glyphs, key=lambda one: (one.x0 + one.x1) / 2))


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop glyphs that are drawn twice at almost one place, which makes letters look bold."""
    kept: list[Glyph] = []
    for each in glyphs:
        double = any(
            other.text == each.text
            and abs(other.x0 - each.x0) < 0.25 * (each.x1 - each.x0)
            and abs(other.y - each.y) < 0.1 * each.size
            for other in kept[-2:]
        )
        if not double:
            kept.append(each)
    return kept


def _cut(glyphs: list[Glyph]) -> list[Segment]:
    """Cut a row where a gap is so wide that a column may end there, and add missing spaces."""
    spaced = sum(not each.text.strip() for each in glyphs) * 15 > len(glyphs)
    parts: list[list[Glyph]] = [[]]
    before: Glyph | None = None
    spaces: list[Glyph] = []
    for each in glyphs:
        if not each.text.strip():
            spaces.append(each)
            continue
        if before is not None:
            size = max(before.size, each.size)
            gap = each.x0 - before.x1
            if gap > _WIDE_GAP * size or (gap > _GAP * size and not spaces):
                parts.append([])
            elif spaces or gap > size * (_SPACE_IF_SPACED if spaced else _SPACE):
                parts[-1].append(
                    spaces[0]
                    if spaces
                    else Glyph(" ", before.x1, each.x0, each.y, each.size, each.bold, each.order)
                )
        parts[-1].append(each)
        before, spaces = each, []
    return [made for part in parts if (made := segment(part)) is not None]
