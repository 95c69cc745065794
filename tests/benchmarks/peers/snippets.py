"""Snippets: the passage of a text with most words of a query, these words in brackets.

The Python peers do not say where a word of the query is, so `Highlighter` finds them with our
analyzer. All peers share `passage`.
"""

import re
from collections.abc import Sequence

from marsad.indexer.parts import parts
from tests.benchmarks.peers.protocol import SNIPPET

_WORD = re.compile(r"\w+")


def passage(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """Return the passage of *text* with most of *marks* (ascending), each in brackets."""
    if not marks:
        return text[:SNIPPET]
    best, first = (0, 0), 0
    for last, (_, end) in enumerate(marks):
        while end - marks[first][0] > SNIPPET and first < last:
            first += 1
        best = max(best, (last - first + 1, -first))
    inside = marks[-best[1] : -best[1] + best[0]]
    start = max(0, inside[0][0] - (SNIPPET - (inside[-1][1] - inside[0][0])) // 2)
    pieces, at = [], start
    for mark, end in inside:
        pieces += [text[at:mark], "[", text[mark:end], "]"]
        at = end
    return "".join([*pieces, text[at : start + SNIPPET]])


class Highlighter:
    """Finds the words of a text that have one of some terms; remembers the terms of each word."""

    def __init__(self) -> None:
        self._analyzer = parts().analyzer
        self._memo: dict[str, frozenset[str]] = {}

    def __call__(self, text: str, wanted: Sequence[str]) -> str:
        """Return a snippet of *text*."""
        terms, memo, marks = frozenset(wanted), self._memo, []
        for match in _WORD.finditer(text):
            word = match[0]
            known = memo.get(word)
            if known is None:
                known = memo[word] = frozenset(self._analyzer.columns(word).stems)
            if not terms.isdisjoint(known):
                marks.append(match.span())
        return passage(text, marks)
