"""Tokens of dates: a text as one string of word classes, a letter for each token.

    text -> [scan] -> Scanned("_d_M", values, spans) -> grammar

The grammar's patterns run over that string, which is a tenth of the text and mostly
"_"; offsets are those of the original text, marks and all, so nothing is folded twice.
"""

import re
from dataclasses import dataclass

from corpus.dates.lexicon import Entry, entry
from corpus.letters import VANISHING

# Letters (Latin, Cyrillic, Arabic) with the marks on them; digits; signs one by one.
_LETTERS = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u052f"
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef"
    "\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdff\ufe70-\ufefe"
)
_TOKEN = re.compile(rf"[0-9٠-٩۰-۹]+|[{_LETTERS}][{_LETTERS}{VANISHING}]*|\n|[^\s{VANISHING}]")
_MOST_KNOWN = 1 << 18

_known: dict[str, Entry] = {}


@dataclass(slots=True)
class Scanned:
    """The classes of a text, the value of each letter, and the text itself.

    A token with two classes (a conjunction and its word) has two letters.
    """

    text: str
    classes: str
    values: list[object]
    _tokens: list[int]
    _spans: list[tuple[int, int]] | None = None

    def start(self, letter: int) -> int:
        """Return where the token of a letter begins in the text."""
        return self._span(letter)[0]

    def end(self, letter: int) -> int:
        """Return where the token of a letter ends, marks included."""
        return self._span(letter)[1]

    def word(self, letter: int) -> str:
        """Return the raw token of a letter, empty beyond the ends."""
        if not 0 <= letter < len(self.classes):
            return ""
        start, end = self._span(letter)
        return self.text[start:end]

    def _span(self, letter: int) -> tuple[int, int]:
        if self._spans is None:
            self._spans = [match.span() for match in _TOKEN.finditer(self.text)]
        return self._spans[self._tokens[letter] if self._tokens else letter]


def scan(text: str) -> Scanned:
    """Return the classes of *text*.

    Example:
        >>> scan("في 9 نوفمبر وديسمبر 2020").classes
        'jdMVMy'
    """
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    tokens = _TOKEN.findall(text)
    known = _known
    for raw in set(tokens).difference(known):
        known[raw] = entry(raw)
    entries = [known[raw] for raw in tokens]
    classes = "".join([each[0] for each in entries])
    if len(classes) == len(entries):
        return Scanned(text, classes, [each[1][0] for each in entries], [])
    values = [value for each in entries for value in each[1]]
    places = [at for at, each in enumerate(entries) for _ in each[0]]
    return Scanned(text, classes, values, places)
