"""Date finder: find the dates that a text mentions.

    text, day of publication -> [scan] -> [find_shapes] -> [resolve] -> date mentions

A date that cannot be resolved (a relative word in an undated article) gives no mention.
"""

import datetime as dt
from collections.abc import Iterator

from marsad.corpus.dates.context import Context
from marsad.corpus.dates.grammar import find_shapes
from marsad.corpus.dates.mention import DateMention, Modifier, Resolution, period
from marsad.corpus.dates.resolve import resolve
from marsad.corpus.dates.shape import Shape
from marsad.corpus.dates.tokens import Scanned, scan
from marsad.corpus.dates.value import precision


def find_dates(text: str, published: dt.date | None) -> Iterator[DateMention]:
    """Yield the dates that *text* mentions, in order.

    Args:
        text: The original text, in any digits and spelling.
        published: The day of publication, if it is known.

    Example:
        >>> day = dt.date(2023, 9, 21)
        >>> [m.value for m in find_dates("التقيا أمس الأربعاء وفي مارس/آذار الماضي", day)]
        ['2023-09-20', '2023-03']
    """
    scanned = scan(text)
    context = Context(scanned, published)
    at = 0
    for shape in find_shapes(scanned):
        if scanned.classes.find("|", at, shape.start) >= 0:
            context.begin_paragraph()
        at = shape.end
        try:
            resolved = resolve(shape, context)
        except (ValueError, OverflowError):
            continue
        if resolved is None or period(resolved[0]) is None:
            continue
        value, resolution = resolved
        context.note(shape, value, resolution)
        yield _mention(scanned, shape, value, resolution)


def _mention(scanned: Scanned, shape: Shape, value: str, resolution: Resolution) -> DateMention:
    start, end = scanned.span(shape.start, shape.end)
    while scanned.text[end - 1] in ",،(:":
        end -= 1
    modifier: Modifier = shape.modifier  # type: ignore[assignment]
    return DateMention(
        start, end, scanned.text[start:end], value, precision(value), resolution, modifier
    )
