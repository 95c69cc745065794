"""Tokens of dates: a text as one string of word classes, a letter for each token.

    text -> [scan] -> Scanned: "_d_M", and what stands behind each letter -> grammar

The grammar's patterns run over that string, which is a tenth of the text and mostly
"_"; offsets are those of the original text, marks and all, so nothing is folded twice.
"""

import re
from collections.abc import Iterator
from itertools import islice

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

# Raw token to its entry, and to its classes alone, which is what every text needs.
_entries: dict[str, Entry] = {}
_classes: dict[str, str] = {}


class Scanned:
    """The classes of a text, a letter for each token, and what stands behind each letter.

    A token with two classes (a conjunction and its word) has two letters. Values and places
    are looked up when they are asked for: most texts have few dates.
    """

    __slots__ = ("_ahead", "_at", "_places", "_spans", "_tokens", "classes", "text")

    def __init__(self, text: str, classes: str, tokens: list[str]) -> None:
        self.text = text
        self.classes = classes
        self._tokens = tokens
        self._places: list[int] | None = None
        self._ahead: Iterator[re.Match[str]] | None = None
        self._at = 0
        self._spans: dict[int, tuple[int, int]] = {}

    def value(self, letter: int) -> object:
        """Return the value of a letter."""
        if len(self.classes) == len(self._tokens):
            return _entries[self._tokens[letter]][1][0]
        token = self._token(letter)
        first = letter
        while first and self._token(first - 1) == token:
            first -= 1
        return _entries[self._tokens[token]][1][letter - first]

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
        return self._tokens[self._token(letter)]

    def _token(self, letter: int) -> int:
        if len(self.classes) == len(self._tokens):
            return letter
        if self._places is None:
            self._places = [
                at for at, raw in enumerate(self._tokens) for _ in range(len(_classes[raw]))
            ]
        return self._places[letter]

    def _span(self, letter: int) -> tuple[int, int]:
        token = self._token(letter)
        span = self._spans.get(token)
        if span is None:
            if self._ahead is None or token < self._at:
                self._ahead, self._at = _TOKEN.finditer(self.text), 0
            span = next(islice(self._ahead, token - self._at, None)).span()
            self._at = token + 1
            self._spans[token] = span
        return span


def scan(text: str) -> Scanned:
    """Return the classes of *text*.

    Example:
        >>> scan("في 9 نوفمبر وديسمبر 2020").classes
        'jdMVMy'
    """
    tokens = _TOKEN.findall(text)
    try:
        classes = "".join(map(_classes.__getitem__, tokens))
    except KeyError:
        _learn(tokens)
        classes = "".join(map(_classes.__getitem__, tokens))
    return Scanned(text, classes, tokens)


def _learn(tokens: list[str]) -> None:
    if len(_entries) > _MOST_KNOWN:
        _entries.clear()
        _classes.clear()
    for raw in set(tokens).difference(_entries):
        found = entry(raw)
        _entries[raw] = found
        _classes[raw] = found[0]
