"""Lexer: typed characters to the pieces of a query.

    typed text -> [lex] -> words, quotes, operators, parentheses, field prefixes

Arabic and Latin quotes, both sets of digits and both languages of field names
are read. `أو`, `OR`, `AND`, `NOT` are operators only as whole words; a plain و
never is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.letters import fold_letters
from indexer.query.diagnostics import Diagnostic
from indexer.query.strictness import Strictness
from indexer.query.syntax import SearchField

PieceKind = Literal["word", "quote", "and", "or", "not", "open", "close", "field", "level"]

FIELD_NAMES: dict[str, SearchField] = {
    "title": "title",
    "عنوان": "title",
    "source": "source",
    "مصدر": "source",
    "entity": "entity",
    "كيان": "entity",
    "person": "person",
    "شخص": "person",
    "place": "place",
    "مكان": "place",
    "org": "organisation",
    "organisation": "organisation",
    "منظمه": "organisation",
    "group": "armed_group",
    "جماعه": "armed_group",
    "nationality": "nationality",
    "جنسيه": "nationality",
    "language": "language",
    "لغه": "language",
    "date": "date",
    "تاريخ": "date",
    "event": "event",
    "حدث": "event",
}

# How strictly the next word or phrase is meant: by a sign before it, or by a name.
LEVEL_SIGNS: dict[str, Strictness] = {"=": "exact", "√": "root"}
LEVEL_NAMES: dict[str, Strictness] = {
    "exact": "exact",
    "حرفيا": "exact",
    "folded": "folded",
    "رسم": "folded",
    "forms": "default",
    "صيغ": "default",
    "root": "root",
    "جذر": "root",
}

_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "“", "”": "”"}
_OPERATORS: dict[str, PieceKind] = {"AND": "and", "OR": "or", "NOT": "not", "أو": "or"}
_WORD = re.compile(r"[^\s()\"«»“”„]+")
_FIELD = re.compile(r"(?P<name>[^\W\d_]+):")
# "..."~3: so many other words may stand among those of the phrase.
_SLOP = re.compile(r"~(?P<words>\d{1,4})")
MOST_SLOP = 50
_MINUS = "-\u2212\u2013"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the typed text, at `start` to `end` of it."""

    kind: PieceKind
    text: str
    start: int
    end: int
    slop: int = 0


def lex(typed: str, remarks: list[Diagnostic]) -> Iterator[Piece]:
    """Yield the pieces of *typed*; what is off goes to *remarks*."""
    at = 0
    while at < len(typed):
        char = typed[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield Piece("open" if char == "(" else "close", char, at, at + 1)
            at += 1
        elif char in _QUOTES:
            piece = _quote(typed, at, remarks)
            yield piece
            at = piece.end
        elif match := _WORD.match(typed, at):
            yield from _word(match[0], at, before_quote=typed[match.end() : match.end() + 1])
            at = match.end()
        else:
            at += 1


def _quote(typed: str, at: int, remarks: list[Diagnostic]) -> Piece:
    closing = _QUOTES[typed[at]]
    end = typed.find(closing, at + 1)
    if end < 0:
        remarks.append(Diagnostic("unclosed-quote", at, at + 1, typed[at]))
        return Piece("quote", typed[at + 1 :], at, len(typed))
    near = _SLOP.match(typed, end + 1)
    if near is None:
        return Piece("quote", typed[at + 1 : end], at, end + 1)
    slop = min(int(near["words"]), MOST_SLOP)
    return Piece("quote", typed[at + 1 : end], at, near.end(), slop)


def _word(text: str, at: int, before_quote: str) -> Iterator[Piece]:
    """Split one run of characters into a minus, a field, a level and the word itself."""
    if text in _OPERATORS:
        yield Piece(_OPERATORS[text], text, at, at + len(text))
        return
    if text[0] in _MINUS and len(text) > 1 and not text[1].isdigit():
        yield Piece("not", text[0], at, at + 1)
        text, at = text[1:], at + 1
    elif text in _MINUS:
        yield Piece("not", text, at, at + 1)
        return
    for kind, names in (("field", FIELD_NAMES), ("level", LEVEL_NAMES)):
        match = _FIELD.match(text)
        name = fold_letters(match["name"]).lower() if match else ""
        if match and name in names:
            piece: PieceKind = "field" if kind == "field" else "level"
            yield Piece(piece, name, at, at + match.end())
            text, at = text[match.end() :], at + match.end()
    if text[:1] in LEVEL_SIGNS and (len(text) > 1 or before_quote in _QUOTES):
        yield Piece("level", text[0], at, at + 1)
        text, at = text[1:], at + 1
    if text:
        yield Piece("word", text, at, at + len(text))
