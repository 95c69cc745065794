"""Highlighted text: cuts a text into runs that are highlighted, or belong to an entity or date.

A template prints a run as `mark` if the query matches it, and as `span` with a class if it is
a mention. Both may overlap, so the text is cut at every start and end of either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from marsad.indexer.search.highlight import Highlight


@dataclass(frozen=True, slots=True)
class Span:
    """A mention in a text: *kind* is its CSS class, *title* the tooltip; offsets in code points."""

    start: int
    end: int
    kind: str
    title: str = ""


class Run(NamedTuple):
    """A piece of text that has one style from start to end.

    `highlighted` says that the query matches it. `kind` and `title` are the CSS class and tooltip
    of the mention it belongs to, empty if it is no mention. `number` counts highlights from 1;
    it is 0 unless a highlight starts with this run.
    """

    text: str
    highlighted: bool = False
    kind: str = ""
    title: str = ""
    number: int = 0


def highlight_ranges(text: str, highlights: Iterable[Highlight]) -> list[tuple[int, int]]:
    """Return the ranges of *highlights*; two with only a space between them become one range.

    Example:
        >>> found = [Highlight(0, 3, "حفظ"), Highlight(4, 10, "سلام")]
        >>> highlight_ranges("حفظ السلام في", found)
        [(0, 10)]
    """
    joined: list[tuple[int, int]] = []
    for highlight in highlights:
        if joined and text[joined[-1][1] : highlight.start] == " ":
            joined[-1] = (joined[-1][0], highlight.end)
        else:
            joined.append((highlight.start, highlight.end))
    return joined


def highlighted_html(text: str, ranges: Iterable[tuple[int, int]]) -> Markup:
    """Return *text* as HTML with each of *ranges* in a `mark` element; they may not overlap.

    Example:
        >>> highlighted_html("في باكو <اليوم>", [(3, 7)])
        Markup('في <mark>باكو</mark> &lt;اليوم&gt;')
    """
    done = 0
    parts: list[str] = []
    for start, end in ranges:
        parts += (escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>")
        done = end
    return Markup("".join([*parts, escape(text[done:])]))  # noqa: S704 all of it is escaped


def runs(
    text: str, ranges: Iterable[tuple[int, int]], spans: Iterable[Span] = ()
) -> tuple[Run, ...]:
    """Return *text* cut at every start and end of *ranges* and *spans*.

    Ranges may overlap spans, but no other range; the same holds for spans.

    Example:
        >>> [(run.text, run.highlighted) for run in runs("في باكو اليوم", [(3, 7)])]
        [('في ', False), ('باكو', True), (' اليوم', False)]
    """
    ranges, spans = sorted(ranges), sorted(spans, key=lambda span: span.start)
    edges = {0, len(text)}
    for start, end in ranges:
        edges |= {start, end}
    for known in spans:
        edges |= {known.start, known.end}
    ordered = sorted(edge for edge in edges if 0 <= edge <= len(text))
    found = []
    # Both lists are sorted, so one pass over the edges finds what covers each piece.
    at_range = at_span = 0
    for start, end in pairwise(ordered):
        while at_range < len(ranges) and ranges[at_range][1] <= start:
            at_range += 1
        while at_span < len(spans) and spans[at_span].end <= start:
            at_span += 1
        highlighted = at_range < len(ranges) and ranges[at_range][0] <= start
        span = spans[at_span] if at_span < len(spans) and spans[at_span].start <= start else None
        kind, title = (span.kind, span.title) if span else ("", "")
        found.append(Run(text[start:end], highlighted, kind, title))
    return tuple(found)


def number_highlights(cut: Iterable[Run]) -> tuple[tuple[Run, ...], int]:
    """Return the runs with the highlights numbered from 1, and the number of highlights.

    A highlight that a mention cuts in two is still one: only its first run has the number.
    """
    found: list[Run] = []
    count = 0
    was_highlighted = False
    for run in cut:
        if run.highlighted and not was_highlighted:
            count += 1
            found.append(run._replace(number=count))
        else:
            found.append(run)
        was_highlighted = run.highlighted
    return tuple(found), count
