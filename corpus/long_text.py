"""Long text: how much of a text is analysed.

An article of any length is kept whole. What is searched, and what names and dates are found in, is
its beginning, up to bounds that no book reaches: otherwise one text of 30 MB would need gigabytes
of memory.
"""

import re

from marsad.corpus.remarks import Remark

# A book of 3 MB has 550,000 words in English, and half as many in Arabic.
MOST_CHARACTERS = 3_200_000
MOST_WORDS = 600_000
# A book of 500,000 Arabic words has 80,000 different ones, as printed.
MOST_DIFFERENT = 120_000
# A shorter text reaches none of the bounds.
_SHORT = 4 * MOST_DIFFERENT
_WORD = re.compile(r"\w+")
# The cut goes back so far at most, to the end of a paragraph or of a word.
_BACK = 10_000


def analysed_end(text: str) -> int:
    """Return the end of the part of *text* that is analysed: a code point, mostly its length.

    Example:
        >>> analysed_end("هدنة في عدن"), analysed_end("a " * 3_000_000)
        (11, 1199999)
    """
    if len(text) <= _SHORT:
        return len(text)
    different: set[str] = set()
    for count, found in enumerate(_WORD.finditer(text, 0, MOST_CHARACTERS), 1):
        different.add(found[0])
        if count > MOST_WORDS or len(different) > MOST_DIFFERENT:
            return _cut(text, found.start())
    return len(text) if len(text) <= MOST_CHARACTERS else _cut(text, MOST_CHARACTERS)


def _cut(text: str, end: int) -> int:
    for sign in ("\n", " "):
        at = text.rfind(sign, end - _BACK, end)
        if at >= 0:
            return at
    return end


def cut_remark(text: str) -> Remark | None:
    """Return the remark about a text that is not analysed whole, None for any other."""
    end = analysed_end(text)
    if end == len(text):
        return None
    return Remark(
        "text-cut",
        f"found a text of {len(text):,} characters: it is kept whole, and searched up to "
        f"character {end:,}; split it to search all of it",
    )
