"""Browser: what a browser prints around a page: the day of printing, the title, the address.

None of it is of the article, and the day is not its day, so it is left out even if there is only
one page. The address is kept.
"""

import re
from collections.abc import Sequence

from marsad.corpus.letters import fold_digits
from marsad.corpus.readers.pdf.lines import Segment
from marsad.corpus.readers.pdf.logical import Reader

_EDGE = 0.07
_MOST_PARTS = 12
_ADDRESS = re.compile(r"(?:https?|file|about|data|chrome)://?\S+")
_COUNT = re.compile(r"(?:\w+ )?(\d+)\s*(?:/|of|de|sur|von|из|من)\s*(\d+)")
_DAY = re.compile(r"(?=.*\d{1,4}\D{1,3}\d{1,2}\D{1,3}\d{2,4})(?=.*\d{1,2}:\d{2}).{8,40}")
_MARKS = re.compile("[\u200e\u200f\u061c]")


def without_browser(
    segments: Sequence[Segment], height: float, page: int
) -> tuple[list[Segment], str]:
    """Return the segments of a page without those of the browser, and the address, if any.

    They are recognised by three things at the edges of the page: an address, the number of the
    page with the number of all pages, and a day with a time.
    """
    edges = [each for each in segments if not _EDGE * height < each.y < (1 - _EDGE) * height]
    if not height or len(edges) > _MOST_PARTS:
        return list(segments), ""
    texts = [_text(each) for each in edges]
    address = next((text for text in texts if _ADDRESS.fullmatch(text)), "")
    counts = [match for text in texts if (match := _COUNT.fullmatch(text))]
    has_day = any(_DAY.fullmatch(text) for text in texts)
    if not (address and has_day and any(int(each[1]) == page for each in counts)):
        return list(segments), ""
    known = [
        each
        for each, text in zip(edges, texts, strict=True)
        if _ADDRESS.fullmatch(text) or _COUNT.fullmatch(text) or _DAY.fullmatch(text)
    ]
    dropped = {
        id(each) for each in edges for other in known if abs(each.y - other.y) < 0.6 * other.size
    }
    is_cut = address.endswith(("…", "..."))
    return (
        [each for each in segments if id(each) not in dropped],
        address if address.startswith("http") and not is_cut else "",
    )


def _text(segment: Segment) -> str:
    texts = [each.text for each in segment.glyphs]
    return fold_digits(_MARKS.sub("", Reader(rtl=False).line(texts))).strip()
