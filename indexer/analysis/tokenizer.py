"""Tokenizer: where the words of a text stand.

A token is a run of letters or a run of digits, with the marks, tatweel and
zero-width characters inside it; letters and digits are separate tokens, so that
و٢١ is two. Offsets are code points of the original text.
"""

import re
from collections.abc import Iterator

from marsad.corpus.letters import FORMAT_CHARS, VANISHING
from marsad.indexer.analysis.folding import LONGEST_REMEMBERED, fold

_OPTIONAL = f"[{VANISHING}\u0300-\u036f]"
_LETTER = rf"(?:[^\W\d_]|{_OPTIONAL})"
_TOKEN = re.compile(rf"[^\W\d_{VANISHING}]{_LETTER}*|\d(?:\d|[{FORMAT_CHARS}])*")

# Gaps and tokens of a text by turns, a gap first and last.
SPLIT = re.compile(f"({_TOKEN.pattern})").split

# The tokens of a text as they are printed.
find_printed = _TOKEN.finditer

_MEMO: dict[str, tuple[str, ...]] = {}
_MEMO_SIZE = 400_000


def tokenize(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield `(surface, start, end)` for each token of *text*; the surface is folded.

    Example:
        >>> list(tokenize("للكريملِن، و٢١"))
        [('للكريملن', 0, 9), ('و', 11, 12), ('21', 12, 14)]
    """
    for surfaces, start, end in printed_words(text):
        for surface in surfaces:
            yield surface, start, end


def printed_words(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the folded words that each printed token of *text* is, with its start and end."""
    for match in find_printed(text):
        raw = match[0]
        start, end = match.span()
        if raw[-1] in FORMAT_EDGE:
            end = start + len(raw.rstrip(FORMAT_EDGE))
        yield _MEMO.get(raw) or known_surfaces_of(raw), start, end


# Invisible characters at the end of a token are not part of the word that is marked.
FORMAT_EDGE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def surfaces_of(raw: str) -> tuple[str, ...]:
    """Return the folded words of one printed token; ﷺ and its like open into several."""
    return tuple(fold(raw).split())


def known_surfaces_of(raw: str) -> tuple[str, ...]:
    """Return what `surfaces_of` does, remembered."""
    if len(raw) > LONGEST_REMEMBERED:
        return surfaces_of(raw)
    known = _MEMO.get(raw)
    if known is None:
        if len(_MEMO) >= _MEMO_SIZE:
            _MEMO.clear()
        known = _MEMO[raw] = surfaces_of(raw)
    return known


def token_end(text: str, start: int) -> int:
    """Return where the token that begins at *start* ends, *start* where none begins."""
    match = _TOKEN.match(text, start)
    return start + len(match[0].rstrip(FORMAT_EDGE)) if match else start
