"""Glyphs: what the pages of a PDF draw, as characters with their places.

    page of pdfminer -> [GlyphDevice] -> Glyph, in the order of drawing

Places are in points, with y upwards. Text that is turned by a quarter is turned back.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined

from marsad.corpus.readers.pdf.letters import spelled

_BOLD = re.compile("bold|black|heavy|semibold", re.IGNORECASE)
MOST_GLYPHS = 200_000
_SMALLEST, _LARGEST = 0.1, 10_000.0
_UNKNOWN = "\ufffd"


@dataclass(slots=True)
class Glyph:
    """A glyph on a page: its characters in the order of reading, and its place.

    `x0` and `x1` are its left and right edge, `y` is its baseline. `order` counts the glyphs of
    the page in the order of drawing. `logical` says that the file itself states the characters
    of this place (ActualText), so brackets are not the mirror images of what is drawn. `code` is
    equal for equal drawings: one glyph of one font.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int
    logical: bool = False
    turn: int = 0
    code: int = 0


class TooManyGlyphsError(Exception):
    """A page has more glyphs than any page of text."""


class GlyphDevice(PDFTextDevice):
    """Collects the glyphs and counts the images of one page at a time."""

    def __init__(self, manager: Any) -> None:  # noqa: ANN401  (pdfminer)
        super().__init__(manager)
        self.glyphs: list[Glyph] = []
        self.images = 0
        self.unknown = 0
        self._spoken: list[str | None] = []
        self._group: list[Glyph] | None = None
        self._depth = 0
        self._order = 0
        self._bold: dict[int, bool] = {}

    def begin_page(self, page: Any, ctm: Any) -> None:  # noqa: ANN401, ARG002  (pdfminer)
        """Forget the page before."""
        self.glyphs, self.images, self.unknown, self._order = [], 0, 0, 0
        self._spoken, self._group = [], None

    def render_image(self, name: str, stream: Any) -> None:  # noqa: ANN401, ARG002  (pdfminer)
        """Count an image."""
        self.images += 1

    def begin_tag(self, tag: Any, props: Any = None) -> None:  # noqa: ANN401, ARG002  (pdfminer)
        """Begin marked content, which may state its text."""
        stated = props.get("ActualText") if isinstance(props, Mapping) else None
        text = _decoded(stated) if isinstance(stated, bytes) else None
        self._spoken.append(text)
        if text is not None and self._group is None:
            self._group, self._depth = [], len(self._spoken)

    def end_tag(self) -> None:
        """End marked content; a text that it states replaces its glyphs."""
        if self._group is not None and len(self._spoken) == self._depth:
            text, group = self._spoken[-1] or "", self._group
            self._group = None
            self._state(text, group)
        if self._spoken:
            self._spoken.pop()

    def _state(self, text: str, group: list[Glyph]) -> None:
        if not group:
            return
        first = group[0]
        same = [each for each in group if abs(each.y - first.y) < first.size]
        # Marks are raised or lowered; the letter itself is on the line.
        letters = [each for each in same if any(char.isalnum() for char in each.text)]
        first.y = max(letters or same, key=lambda each: each.x1 - each.x0).y
        first.x0, first.x1 = min(each.x0 for each in same), max(each.x1 for each in same)
        first.text = spelled(text, is_logical=True)
        first.logical = True
        if first.text:
            self.glyphs.append(first)

    def render_char(
        self,
        matrix: Any,  # noqa: ANN401  (pdfminer)
        font: Any,  # noqa: ANN401
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,  # noqa: ANN401, ARG002
        graphicstate: Any,  # noqa: ANN401, ARG002
    ) -> float:
        """Keep one glyph; return how far the pen moves."""
        advance = float(font.char_width(cid)) * fontsize * scaling
        try:
            text = spelled(font.to_unichr(cid))
        except PDFUnicodeNotDefined:
            self.unknown += 1
            text = _UNKNOWN
        a, b, c, d, e, f = matrix
        size = abs(fontsize) * math.hypot(c, d)
        if not text or not _SMALLEST < size < _LARGEST:
            return advance
        x, y = e + c * rise, f + d * rise
        end_x, end_y = x + a * advance, y + b * advance
        turn = round(math.atan2(b, a) / (math.pi / 2)) % 4
        for _ in range(turn):
            x, y, end_x, end_y = y, -x, end_y, -end_x
        key = id(font)
        if key not in self._bold:
            self._bold[key] = bool(_BOLD.search(str(getattr(font, "fontname", "") or "")))
        self._order += 1
        if self._order > MOST_GLYPHS:
            raise TooManyGlyphsError
        made = Glyph(
            text,
            min(x, end_x),
            max(x, end_x),
            y,
            size,
            self._bold[key],
            self._order,
            turn=turn,
            code=hash((key, cid)),
        )
        (self.glyphs if self._group is None else self._group).append(made)
        return advance


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "ignore")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "ignore")
    return raw.decode("latin-1")
