"""Tokens of dates: a text as one string of word classes, a letter for each token.

    text -> [scan] -> Scanned: "_d_M", with the value and place of each letter -> grammar

The patterns of the grammar run over that string, which has a tenth of the length of the text
and is mostly "_". Offsets are those of the original text with its marks. The classes of a piece
between two spaces are cached, because pieces repeat and most have no word of a date.
"""

import re
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from marsad.corpus.dates.lexicon import entry
from marsad.corpus.letters import VANISHING, fold_letters

# A token is a run of letters (Latin, Cyrillic, Arabic) with their marks, a run of digits, or
# one sign.
_LETTERS = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u052f"
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef"
    "\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdff\ufe70-\ufefe"
)
_TOKEN = re.compile(rf"[0-9٠-٩۰-۹]+|[{_LETTERS}][{_LETTERS}{VANISHING}]*|\n|[^\s{VANISHING}]")
_MOST_KNOWN = 1 << 18
_LONGEST_KNOWN = 64


class _Piece(NamedTuple):
    """The letters of a piece, in order: value, token as printed and folded, span in the piece."""

    values: tuple[object, ...]
    tokens: tuple[str, ...]
    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def _read(piece: str) -> _Piece:
    values: list[object] = []
    tokens: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(piece):
        more = entry(found[0])[1]
        values += more
        tokens += [found[0]] * len(more)
        spans += [found.span()] * len(more)
    return _Piece(tuple(values), tuple(tokens), tuple(map(fold_letters, tokens)), tuple(spans))


class _Classes(dict[str, str]):
    """Cache of piece to classes; a long piece, which is unlikely to repeat, is not kept."""

    def __missing__(self, piece: str) -> str:
        classes = "".join([entry(raw)[0] for raw in _TOKEN.findall(piece)])
        if len(piece) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[piece] = classes
        return classes


class _Pieces(dict[str, _Piece]):
    """Cache of piece to the values and places of its letters, for pieces that were needed."""

    def __missing__(self, piece: str) -> _Piece:
        read = _read(piece)
        if len(piece) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[piece] = read
        return read


_classes = _Classes()
_pieces = _Pieces()


class Scanned:
    """The classes of a text, a letter for each token, with the value and place of each letter.

    A token with two classes (a conjunction and its word) has two letters. Values and places
    are looked up only when they are needed, because most texts have few dates.
    """

    __slots__ = ("_ends", "_letters", "_pieces", "_starts", "classes", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        # A line break ends a piece as a space does, but is a token too.
        self._pieces = text.replace("\n", "\n ").split(" ")
        self._starts: array[int] | None = None
        if max(map(len, self._pieces)) > _LONGEST_KNOWN:
            self._starts = self._cut()
        self._letters = list(map(_classes.__getitem__, self._pieces))
        self.classes = "".join(self._letters)
        self._ends: array[int] | None = None

    def _cut(self) -> "array[int]":
        """Cut long pieces between their tokens; return the offset of each piece in the text.

        A long piece is not cached, so each look at one of its tokens would read all of it.
        """
        pieces: list[str] = []
        starts = array("q")
        at = 0
        for piece in self._pieces:
            done = 0
            if len(piece) > _LONGEST_KNOWN:
                for found in _TOKEN.finditer(piece):
                    if found.end() - done > _LONGEST_KNOWN and found.start() > done:
                        pieces.append(piece[done : found.start()])
                        starts.append(at + done)
                        done = found.start()
            pieces.append(piece[done:])
            starts.append(at + done)
            at += len(piece) + (not piece.endswith("\n"))
        self._pieces = pieces
        return starts

    def value(self, letter: int) -> object:
        """Return the value of a letter."""
        at, within = self._find(letter)
        return _pieces[self._pieces[at]].values[within]

    def start(self, letter: int) -> int:
        """Return the offset of the token of a letter in the text."""
        at, within = self._find(letter)
        return self._offset(at) + _pieces[self._pieces[at]].spans[within][0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text of the tokens of letters *start* to *end* - 1, with marks."""
        first, within = self._find(start)
        last, within_last = self._find(end - 1)
        pieces = self._pieces
        begin = self._offset(first)
        finish = begin if first == last else self._offset(last)
        return (
            begin + _pieces[pieces[first]].spans[within][0],
            finish + _pieces[pieces[last]].spans[within_last][1],
        )

    def word(self, letter: int) -> str:
        """Return the printed token of a letter, empty outside of the text."""
        if not 0 <= letter < len(self.classes):
            return ""
        at, within = self._find(letter)
        return _pieces[self._pieces[at]].tokens[within]

    def folded(self, letter: int) -> str:
        """Return the folded token of a letter, empty outside of the text."""
        if not 0 <= letter < len(self.classes):
            return ""
        at, within = self._find(letter)
        return _pieces[self._pieces[at]].folded[within]

    def _find(self, letter: int) -> tuple[int, int]:
        """Return the number of the piece of a letter, and the place of the letter in it."""
        ends = self._ends
        if ends is None:
            ends = self._ends = array("q", accumulate(map(len, self._letters)))
        at = bisect_right(ends, letter)
        return at, letter - ends[at] + len(self._letters[at])

    def _offset(self, at: int) -> int:
        """Return the offset of a piece in the text."""
        starts = self._starts
        if starts is None:
            # After a piece that ends in a line break, no space was in the text.
            steps = (len(piece) + (not piece.endswith("\n")) for piece in self._pieces)
            starts = self._starts = array("q", accumulate(steps, initial=0))
        return starts[at]


def scan(text: str) -> Scanned:
    """Return the classes of *text*.

    Example:
        >>> scan("في 9 نوفمبر وديسمبر 2020").classes
        'jdMVMy'
    """
    return Scanned(text)
