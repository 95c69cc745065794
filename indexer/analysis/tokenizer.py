"""Tokenizer: finds the words of a text.

A token is a run of letters or a run of digits, including marks, tatweel and zero-width characters
inside the run. Letters and digits are separate tokens: و٢١ is two. Offsets are code points of the
original text.
"""

import re
from collections.abc import Iterator

from marsad.corpus.letters import FORMAT_CHARS, VANISHING
from marsad.indexer.analysis.folding import LONGEST_REMEMBERED, fold

_OPTIONAL = f"[{VANISHING}\u0300-\u036f]"
_LETTER = rf"(?:[^\W\d_]|{_OPTIONAL})"
# Possessive: a word of a million letters would keep a place to go back to for each of them.
_TOKEN = re.compile(rf"[^\W\d_{VANISHING}]{_LETTER}*+|\d(?:\d|[{FORMAT_CHARS}])*+")

# Splits a text into gap, token, gap, token, ..., gap.
SPLIT = re.compile(f"({_TOKEN.pattern})").split

# Finds the tokens of a text as match objects, unfolded.
find_printed = _TOKEN.finditer

# News repeats its words, so a lookup replaces folding for almost every token.
_MEMO: dict[str, tuple[str, ...]] = {}
_MEMO_SIZE = 400_000


def tokenize(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield `(surface, start, end)` for each folded word of *text*.

    Example:
        >>> list(tokenize("للكريملِن، و٢١"))
        [('للكريملن', 0, 9), ('و', 11, 12), ('21', 12, 14)]
    """
    for surfaces, start, end in printed_words(text):
        for surface in surfaces:
            yield surface, start, end


def printed_words(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the folded words of each printed token of *text*, with the token's start and end.

    Most tokens are one word. A sign such as ﷺ is several words at one place.
    """
    for match in find_printed(text):
        raw = match[0]
        start, end = match.span()
        if raw[-1] in FORMAT_EDGE:
            end = start + len(raw.rstrip(FORMAT_EDGE))
        yield _MEMO.get(raw) or known_surfaces_of(raw), start, end


# Invisible characters at the end of a token are left outside of its offsets, so that a highlighted
# word ends at its last visible letter.
FORMAT_EDGE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def surfaces_of(raw: str) -> tuple[str, ...]:
    """Return the folded words of one printed token; most have one, a sign such as ﷺ has several."""
    return tuple(fold(raw).split())


def known_surfaces_of(raw: str) -> tuple[str, ...]:
    """Return the result of `surfaces_of` from a memo."""
    if len(raw) > LONGEST_REMEMBERED:
        return surfaces_of(raw)
    known = _MEMO.get(raw)
    if known is None:
        if len(_MEMO) >= _MEMO_SIZE:
            _MEMO.clear()
        known = _MEMO[raw] = surfaces_of(raw)
    return known


def token_end(text: str, start: int) -> int:
    """Return the end of the token that begins at *start*, or *start* if no token begins there."""
    match = _TOKEN.match(text, start)
    return start + len(match[0].rstrip(FORMAT_EDGE)) if match else start
