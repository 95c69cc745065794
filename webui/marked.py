"""Marked text: a text cut into runs, each with the classes that are drawn on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from indexer.snippet import Mark


@dataclass(frozen=True, slots=True)
class Span:
    """`start` to `end` of a text is of the class *kind*; `title` is shown on hover."""

    start: int
    end: int
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: whether the query marks it, and the class and title of what it names."""

    text: str
    marked: bool = False
    kind: str = ""
    title: str = ""


def strokes(text: str, marks: Iterable[Mark]) -> list[tuple[int, int]]:
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


def runs(
    text: str, marks: Iterable[tuple[int, int]], spans: Iterable[Span] = ()
) -> tuple[Run, ...]:
    """Cut *text* at every edge of *marks* and *spans*; neither may overlap among themselves.

    Example:
        >>> [(run.text, run.marked) for run in runs("في باكو اليوم", [(3, 7)])]
        [('في ', False), ('باكو', True), (' اليوم', False)]
    """
    marks, spans = list(marks), list(spans)
    edges = {0, len(text)}
    for start, end in marks:
        edges |= {start, end}
    for known in spans:
        edges |= {known.start, known.end}
    ordered = sorted(edge for edge in edges if 0 <= edge <= len(text))
    found = []
    for start, end in pairwise(ordered):
        span = next((s for s in spans if s.start <= start and end <= s.end), None)
        marked = any(a <= start and end <= b for a, b in marks)
        found.append(
            Run(text[start:end], marked, span.kind if span else "", span.title if span else "")
        )
    return tuple(found)
