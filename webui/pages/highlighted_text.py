"""Marked text: a text cut into runs, each with the classes that are drawn on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from marsad.indexer.search.highlight import Highlight


@dataclass(frozen=True, slots=True)
class Span:
    """`start` to `end` of a text is of the class *kind*; `title` is shown on hover."""

    start: int
    end: int
    kind: str
    title: str = ""


class Run(NamedTuple):
    """A stretch of text: whether the query marks it, and the class and title of what it names.

    `number` is the place of its mark among those of the text, from 1, where one begins.
    """

    text: str
    marked: bool = False
    kind: str = ""
    title: str = ""
    number: int = 0


def strokes(text: str, marks: Iterable[Highlight]) -> list[tuple[int, int]]:
    """Return the stretches of *marks*, neighbours with one space between them joined.

    Example:
        >>> strokes("حفظ السلام في", [Mark(0, 3, "حفظ"), Mark(4, 10, "سلام")])
        [(0, 10)]
    """
    joined: list[tuple[int, int]] = []
    for mark in marks:
        if joined and text[joined[-1][1] : mark.start] == " ":
            joined[-1] = (joined[-1][0], mark.end)
        else:
            joined.append((mark.start, mark.end))
    return joined


def marked(text: str, strokes: Iterable[tuple[int, int]]) -> Markup:
    """Return *text* as HTML with each of *strokes* marked; they may not overlap.

    Example:
        >>> marked("في باكو <اليوم>", [(3, 7)])
        Markup('في <mark>باكو</mark> &lt;اليوم&gt;')
    """
    done = 0
    parts: list[str] = []
    for start, end in strokes:
        parts += (escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>")
        done = end
    return Markup("".join([*parts, escape(text[done:])]))  # noqa: S704 all of it is escaped


def runs(
    text: str, marks: Iterable[tuple[int, int]], spans: Iterable[Span] = ()
) -> tuple[Run, ...]:
    """Cut *text* at every edge of *marks* and *spans*; neither may overlap among themselves.

    Example:
        >>> [(run.text, run.marked) for run in runs("في باكو اليوم", [(3, 7)])]
        [('في ', False), ('باكو', True), (' اليوم', False)]
    """
    marks, spans = sorted(marks), sorted(spans, key=lambda span: span.start)
    edges = {0, len(text)}
    for start, end in marks:
        edges |= {start, end}
    for known in spans:
        edges |= {known.start, known.end}
    ordered = sorted(edge for edge in edges if 0 <= edge <= len(text))
    found = []
    mark = span = 0
    for start, end in pairwise(ordered):
        while mark < len(marks) and marks[mark][1] <= start:
            mark += 1
        while span < len(spans) and spans[span].end <= start:
            span += 1
        marked = mark < len(marks) and marks[mark][0] <= start
        own = spans[span] if span < len(spans) and spans[span].start <= start else None
        found.append(
            Run(text[start:end], marked, own.kind if own else "", own.title if own else "")
        )
    return tuple(found)


def numbered(cut: Iterable[Run]) -> tuple[tuple[Run, ...], int]:
    """Give each mark its number; return the runs and how many marks there are.

    Marked runs side by side are one mark, so only the first of them has the number.
    """
    found: list[Run] = []
    count = 0
    before = False
    for run in cut:
        if run.marked and not before:
            count += 1
            found.append(run._replace(number=count))
        else:
            found.append(run)
        before = run.marked
    return tuple(found), count
