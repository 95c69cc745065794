"""Date grammar: find where the patterns of dates match a text, and read these places.

    text -> [scan] -> "ueWjdM/My" -> [find_shapes] -> shapes: points in time, not yet resolved

A shape is a span of letters and the points in time that were read; `resolve` makes a value of
it. The text is cut into runs of letters, at the words that are in no date. The matches in a run
are cached by its letters: few runs are frequent in news, and most of them hold no date.
"""

import re
from collections.abc import Iterator

from marsad.corpus.dates.patterns import ANCHORS, PATTERNS, Fit
from marsad.corpus.dates.reading import read_fit
from marsad.corpus.dates.shape import Shape
from marsad.corpus.dates.tokens import Scanned

_ANCHOR = re.compile(f"[{ANCHORS}]")
_STARTS = sorted({letter for pattern in PATTERNS for letter in pattern.starts})
_BY_START = {
    letter: tuple(pattern for pattern in PATTERNS if letter in pattern.starts) for letter in _STARTS
}
_MOST_KNOWN = 1 << 14
_LONGEST_KNOWN = 64
_LONGEST_RUN = 256

# For a run: letter to the next letter where patterns match, and the matches there.
_Fits = dict[int, tuple[int, tuple[Fit, ...]]]
_known: dict[str, _Fits] = {}


def find_shapes(scanned: Scanned) -> Iterator[Shape]:
    """Yield the date shapes of a text, in order, never overlapping.

    Patterns are tried in their order. The first one that can be read wins.
    """
    classes = scanned.classes
    end, previous = 0, None
    while anchor := _ANCHOR.search(classes, end):
        begin, end = run_about(classes, anchor.start(), end)
        run = classes[begin:end]
        fits = _known.get(run) or _fits(run)
        at = 0
        while at < len(run):
            at, fitting = fits.get(at) or _next(fits, run, at)
            for fit in fitting:
                shape = read_fit(fit, scanned, begin, previous)
                if shape is not None:
                    yield shape
                    previous = shape
                    at = fit.end
                    break
            else:
                at += 1


def run_about(classes: str, letter: int, after: int = 0) -> tuple[int, int]:
    """Return the start and end of the run around *letter*, which "_" ends.

    A "_" after L is part of the run: الموافق ل 9. Patterns look at every letter of a run again and
    again, so a long run, of a table of numbers, is cut: after a line if possible. It begins at
    *after* at the earliest.
    """
    begin = classes.rfind("_", after, letter)
    while begin > after and classes[begin - 1] == "L":
        begin = classes.rfind("_", after, begin)
    begin = after if begin < 0 else begin + 1
    end = classes.find("_", letter, begin + _LONGEST_RUN)
    while end > 0 and classes[end - 1] == "L":
        end = classes.find("_", end + 1, begin + _LONGEST_RUN)
    if end < 0:
        end = min(len(classes), begin + _LONGEST_RUN)
        if end < len(classes):
            end = (classes.rfind("|", letter, end) + 1) or end
    return begin, end


def _fits(run: str) -> _Fits:
    """Return an empty entry for a new run, and cache it unless the run is long.

    A long run is unlikely to occur again.
    """
    fits: _Fits = {}
    if len(run) <= _LONGEST_KNOWN:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[run] = fits
    return fits


def _next(fits: _Fits, run: str, at: int) -> tuple[int, tuple[Fit, ...]]:
    """Return the first letter from *at* on where patterns match, and the matches; cache them."""
    for start in range(at, len(run)):
        found = [pattern.fit(run, start) for pattern in _BY_START.get(run[start], ())]
        fitting = tuple(fit for fit in found if fit is not None)
        if fitting:
            fits[at] = start, fitting
            return fits[at]
    fits[at] = len(run), ()
    return fits[at]
