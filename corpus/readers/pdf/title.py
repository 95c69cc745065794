"""Title: which text of a PDF is the title of its article.

The metadata often have the name of a file or of a program, so the largest letters at the top of
the first page win if the metadata only add to them.
"""

import re
from collections import Counter
from collections.abc import Sequence

from marsad.corpus.letters import fold_letters

Part = tuple[str, float, bool, list[list[int]]]
_JUNK = re.compile(
    r"(?:untitled|microsoft (?:word|powerpoint|excel)\b.*|powerpoint presentation|"
    r"(?:document|presentation|book|slide|doc|scan|img|page)[\s_-]*[0-9]*|about:blank|"
    r"[a-z]+://.*|\W*|بدون عنوان|مستند[0-9 ]*|عرض تقديمي|.*\.[a-z0-9]{2,5}|[\w-]*[0-9_]{3}[\w-]*)",
    re.IGNORECASE,
)
_LONGEST = 250
_LARGE = 1.12
_TOP = 8


def usual_size(parts: Sequence[Part]) -> float:
    """Return the size that most letters have."""
    sizes: Counter[float] = Counter()
    for text, size, _, _ in parts:
        sizes[round(size, 1)] += len(text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def choose_title(stated: str, parts: Sequence[Part]) -> tuple[str, int | None]:
    """Return the title, and the number of the paragraph that it is printed in, None if in none.

    *stated* is the title in the metadata. ("", None) if nothing is clearly a title.
    """
    printed = _heading(parts)
    stated = " ".join(stated.split())
    sensible = bool(stated) and len(stated) <= _LONGEST and not _JUNK.fullmatch(stated)
    if sensible:
        same = _bare(stated)
        for at, (text, _, _, _) in enumerate(parts[:_TOP]):
            if _bare(text) == same:
                return text, at
    if printed is not None and (not sensible or _bare(parts[printed][0]) in _bare(stated)):
        return parts[printed][0], printed
    return (stated, None) if sensible else ("", None)


def _heading(parts: Sequence[Part]) -> int | None:
    usual = usual_size(parts)
    top = [
        (size, -at)
        for at, (text, size, _, starts) in enumerate(parts[:_TOP])
        if starts[0][0] == parts[0][3][0][0] and 1 < len(text) <= _LONGEST and size > _LARGE * usual
    ]
    return -max(top)[1] if top and len(parts) > 1 else None


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_letters(text).casefold()))
