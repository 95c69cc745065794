"""Datelines: lines that are a date and nothing else, as below a headline."""

import re

from marsad.corpus.dates.finder import find_dates

_LONGEST = 80
_EDGES = " \t\u00a0.،,|-–\u200e\u200f"
_LABEL = (
    r"(?:(?:تاريخ\s+)?(?:ال)?نشر(?:\s+في)?|[أا]خر\s+تحديث|تاريخ|التاريخ|نُ?شر\s+في|حُ?رر\s+في"
    r"|Published|Updated|Date|Опубликовано|Дата)\s*:?\s*"
)
_BESIDE = re.compile(
    rf"^{_LABEL}"
    r"|[\s,،|–-]*(?:الساعة\s*:?\s*)?\(?(?:[0-2]?\d|[٠-٢]?[٠-٩]):[\d٠-٩]{2}(?::[\d٠-٩]{2})?\s*"
    r"(?:[صم]|AM|PM|صباح[اً]*|مساء[اً]*)?\s*(?:GMT|UTC|بتوقيت\s+\S+(?:\s+\S+)?)?(?:[+-]\d+)?\)?$"
)


def parse_dateline(line: str) -> str | None:
    """Return the ISO value of a line that is a date and nothing else, None for other lines.

    A weekday, a label such as "تاريخ النشر:" and a time of day are allowed beside the date.

    Example:
        >>> parse_dateline("الخميس، ٢١ سبتمبر/أيلول ٢٠٢٣ - 14:05")
        '2023-09-21'
        >>> parse_dateline("أعلن ذلك في 21 سبتمبر 2023") is None
        True
    """
    stripped = _BESIDE.sub("", line.strip(_EDGES)).strip(_EDGES)
    if not stripped or len(stripped) > _LONGEST:
        return None
    for mention in find_dates(stripped, None):
        if mention.start == 0 and mention.end == len(stripped) and mention.precision != "range":
            return mention.value
    return None


def is_labelled(line: str) -> bool:
    """Tell whether a dateline has a label: "نشر في 21 سبتمبر 2023".

    Example:
        >>> is_labelled("تاريخ النشر: 21/09/2023"), is_labelled("21/09/2023")
        (True, False)
    """
    return re.match(_LABEL, line.strip(_EDGES)) is not None
