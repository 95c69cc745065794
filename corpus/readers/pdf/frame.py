"""Frame: the running heads, running feet and page numbers, which belong to no article.

Only lines that occur on several pages, at about one height near the edge, are left out.
"""

import re
from collections import Counter
from collections.abc import Sequence

from marsad.corpus.letters import fold_digits
from marsad.corpus.readers.pdf.columns import Line
from marsad.corpus.readers.pdf.logical import Reader
from marsad.corpus.readers.pdf.paragraphs import is_rtl

_EDGE = 0.13
_LONGEST = 160
_LONGEST_NUMBER = 7
_OWN_NUMBER = "the number of the page"
_DIGITS = re.compile(r"\d+")
_NUMBER_ONLY = re.compile(
    r"\W*(?:(?:صفحة|page|p|стр)\W*)?#(?:\s*(?:/|من|of|из)\s*#)?\W*", re.IGNORECASE
)


def without_frame(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the lines of the pages without those that repeat near an edge.

    `heights` are the heights of the pages. A line repeats if it is on two pages and on a third of
    all pages, apart from its digits. The number of a page may be on one page only. Text in large
    letters stays the first time.
    """
    keys = [
        [_key(line, height) for line in page] for page, height in zip(pages, heights, strict=True)
    ]
    counts = Counter(key for page in keys for key in set(page) if key is not None)
    least = max(2, len(pages) / 3)
    sizes = sorted(line.size for page in pages for line in page)
    large = 1.3 * sizes[len(sizes) // 2] if sizes else 0.0
    kept: list[list[Line]] = []
    seen: set[tuple[str, int]] = set()
    for page, own in zip(pages, keys, strict=True):
        left: list[Line] = []
        for line, key in zip(page, own, strict=True):
            repeats = key is not None and (counts[key] >= least or key[0] == _OWN_NUMBER)
            first = key is not None and key not in seen and line.size > large
            if key is not None:
                seen.add(key)
            if not repeats or first:
                left.append(line)
        kept.append(left)
    return kept


def _key(line: Line, height: float) -> tuple[str, int] | None:
    """Return what is equal for a line on several pages, None for a line away from the edges."""
    if not height or _EDGE * height < line.y < (1 - _EDGE) * height:
        return None
    text = Reader(is_rtl([line], True)).line(line.texts, line.stated)
    if len(text) > _LONGEST:
        return None
    plain = _DIGITS.sub("#", " ".join(fold_digits(text).split()))
    edge = 1 if line.y > height / 2 else -1
    is_number = len(text) <= _LONGEST_NUMBER and not any(map(str.isalpha, text))
    if is_number and _DIGITS.findall(fold_digits(text)) == [str(line.page)]:
        return _OWN_NUMBER, edge
    return ("#", edge) if _NUMBER_ONLY.fullmatch(plain) else (plain, edge)
