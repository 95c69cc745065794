"""Context: the base from which incomplete dates are resolved.

It is the day of publication, and the dates before in the same paragraph.
"""

import datetime as dt

from marsad.corpus.dates.cues import speaks_of_future
from marsad.corpus.dates.mention import Resolution
from marsad.corpus.dates.shape import Shape
from marsad.corpus.dates.tokens import Scanned

_YEAR_LENGTH, _MONTH_LENGTH = len("2023"), len("2023-09")


class Context:
    """A text, its day of publication, and the year and month of the last dates in the paragraph."""

    __slots__ = ("_fine", "_stop", "_year_end", "month", "published", "scanned", "year")

    def __init__(self, scanned: Scanned, published: dt.date | None) -> None:
        self.scanned, self.published = scanned, published
        # The first full stop after the last year; -1 if there is none. It only goes forward, so
        # that a text is searched once.
        self._stop = scanned.classes.find(".")
        self.begin_paragraph()

    def begin_paragraph(self) -> None:
        """Forget the dates of the paragraph before."""
        self.year: int | None = None
        self.month: int | None = None
        self._year_end = -1
        self._fine = False

    def note(self, shape: Shape, value: str, resolution: Resolution) -> None:
        """Remember the year and month of a date."""
        last = value.rpartition("/")[2]
        if shape.years is not None or len(last) < _YEAR_LENGTH:
            return
        fine = len(last) >= _MONTH_LENGTH
        if resolution == "context" or shape.first.year or (shape.last and shape.last.year):
            self.year = int(last[:4])
            self._year_end = shape.end
            self._fine = fine
        if fine:
            self.month = int(last[5:7])

    def year_for(self, shape: Shape) -> int | None:
        """Return the year of a date before *shape*, if it holds for *shape* too.

        A year alone in an earlier sentence (founded in 1988) does not.
        """
        if self.year is None or self._fine:
            return self.year
        if 0 <= self._stop < self._year_end:
            self._stop = self.scanned.classes.find(".", self._year_end)
        return None if 0 <= self._stop < shape.start else self.year

    def is_ahead(self, shape: Shape) -> bool:
        """Tell whether the sentence of *shape* is about the future."""
        return speaks_of_future(self.scanned, shape.start)
