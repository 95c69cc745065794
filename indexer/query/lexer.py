"""Lexer: splits the typed text into the pieces of a query.

    typed text -> visible text -> [lex] -> words, quotes, operators, parentheses, fields

It accepts Arabic and Latin quotes, all dashes, both sets of digits and field names in both
languages. Invisible characters are ignored, but spans refer to the typed text. `أو`, `OR`, `AND`,
`NOT` are operators only as whole words; a plain و is never an operator. A word such as `or` is an
operator between two operands, and that is reported.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from marsad.corpus.letters import VANISHING, fold_letters
from marsad.indexer.query.diagnostics import Diagnostic, DiagnosticKind
from marsad.indexer.query.keyboard import keyboard_brackets
from marsad.indexer.query.names import (
    BANGS,
    BARS,
    CLOSINGS,
    COLONS,
    DASHES,
    FIELD_NAMES,
    LEVEL_NAMES,
    LEVEL_SIGNS,
    OPENINGS,
    OTHER_NAMES,
    TILDES,
    UNKNOWN_FIELDS,
)
from marsad.indexer.query.operators import Operator, is_unknown, read_operator
from marsad.indexer.query.quotes import DOUBLE, Quote, read_quote
from marsad.indexer.query.syntax import SearchField
from marsad.indexer.query.tree import Link
from marsad.indexer.query.visible import VisibleText

PieceKind = Literal[
    "word", "quote", "and", "or", "not", "link", "times", "open", "close", "field", "level"
]

_WORD = re.compile(rf"&&|(?:(?!&&)[^\s{re.escape(OPENINGS + CLOSINGS + BARS + DOUBLE)}])+")
_FIELD = re.compile(rf"(?P<name>[^\W\d_](?:[^\W\d_]|[{VANISHING}])*)\s*[{COLONS}]")
# Fields as Factiva (`hd=`, `wc>`) and Lexis (`headline(`) write them.
_CODE = re.compile(r"(?P<name>[A-Za-z]{2,12})(?:=|(?=[<>]))(?=\S)")
_CALL = re.compile(r"(?P<name>[A-Za-z]{2,12})(?=\()")
# "..."~3 allows three other words among those of the phrase.
_SLOP = re.compile(rf"\s*[{TILDES}]\s*(?P<words>\d{{1,9}})(?!\w)")
MOST_SLOP = 50
# Lucene's fuzzy operator, which is not supported here.
_FUZZY = re.compile(rf"(?<=\w)[{TILDES}](?:\d(?:\.\d+)?)?$")
_BOOST = re.compile(r"\^\d{1,3}(?:\.\d+)?(?=$|[\s)\]}])")
# Lucene writes a range as [2020 TO 2021], this language as 2020..2021.
_RANGE = re.compile(r"[\[{]\s*(?P<first>\S{1,20})\s+TO\s+(?P<last>[^\s\]}]{1,20})\s*[\]}]")
_SPACED_RANGE = re.compile(
    rf"(?P<first>\d[\d/-]{{0,11}})(?:\s+(?:\.\.|[{DASHES}])\s*|\.\.\s+)(?P<last>\d[\d/-]{{0,11}})(?!\S)"
)
_BEFORE: frozenset[PieceKind] = frozenset(("word", "quote", "close"))
_AFTER: frozenset[PieceKind] = frozenset(
    ("word", "quote", "open", "field", "level", "not", "times")
)
# A NOT can follow AND or OR ("and not"), and a link can follow NOT ("not w/5").
_BEFORE_NOT: frozenset[PieceKind] = _BEFORE | {"and", "or"}
_AFTER_NOT: frozenset[PieceKind] = _AFTER | {"link"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the query, at `start` to `end` of the typed text.

    `text` has no invisible characters. A `weak` operator can also be an ordinary word.
    """

    kind: PieceKind
    text: str
    start: int
    end: int
    slop: int = 0
    link: Link | None = None
    times: int = 0
    weak: bool = False


def field_of(name: str) -> SearchField | None:
    """Return the field with this folded name, in this query language or in another system's."""
    return FIELD_NAMES.get(name) or OTHER_NAMES.get(name)


def lex(typed: str, diagnostics: list[Diagnostic]) -> Iterator[Piece]:
    """Yield the pieces of *typed*; problems are added to *diagnostics*."""
    seen = VisibleText(typed)
    scanner = _Scanner(seen.text)
    pieces = list(scanner.scan())
    for piece in _move_minus(list(_settle_weak(pieces, scanner.diagnostics))):
        start, end = seen.span(piece.start, piece.end)
        yield replace(piece, start=start, end=end)
    for diagnostic in scanner.diagnostics:
        start, end = seen.span(diagnostic.start, diagnostic.end)
        diagnostics.append(replace(diagnostic, start=start, end=end))


def _settle_weak(pieces: list[Piece], diagnostics: list[Diagnostic]) -> Iterator[Piece]:
    """Yield *pieces*, with each weak operator turned into a word unless it is between operands."""
    before: PieceKind | None = None
    for number, piece in enumerate(pieces):
        settled = piece
        if piece.weak:
            after = pieces[number + 1 : number + 2]
            is_not = piece.kind == "not"
            begins = before in (_BEFORE_NOT if is_not else _BEFORE)
            if begins and after and after[0].kind in (_AFTER_NOT if is_not else _AFTER):
                diagnostics.append(Diagnostic("operator-word", piece.start, piece.end, piece.text))
            else:
                settled = replace(piece, kind="word")
        before = settled.kind
        yield settled


def _move_minus(pieces: list[Piece]) -> list[Piece]:
    """Move the minus of `field:-word` in front of the field, where the grammar expects it."""
    for number in range(len(pieces) - 1, 0, -1):
        if pieces[number].kind != "not":
            continue
        at = number
        while at and pieces[at - 1].kind in ("field", "level"):
            pieces[at - 1], pieces[at] = pieces[at], pieces[at - 1]
            at -= 1
    return pieces


class _Scanner:
    """Splits the visible text into pieces, in one pass."""

    def __init__(self, text: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._text = text
        self._keys = keyboard_brackets(text)

    def scan(self) -> Iterator[Piece]:
        """Yield the pieces of the text; the order of the tests decides what a sign means."""
        text, at = self._text, 0
        last: Piece | None = None
        while at < len(text):
            char = text[at]
            made: list[Piece]
            if char.isspace():
                at += 1
                continue
            if last is not None and (dates := self._range(at, last)):
                made, at = [dates], dates.end
            elif (char in OPENINGS or char in CLOSINGS) and at not in self._keys:
                made, at = (
                    [Piece("open" if char in OPENINGS else "close", char, at, at + 1)],
                    at + 1,
                )
            elif char in BARS:
                end = at + len(text[at:]) - len(text[at:].lstrip(BARS))
                made, at = [Piece("or", text[at:end], at, end)], end
            elif quote := read_quote(text, at):
                made, at = self._quote(at, quote)
            elif end := self._word_end(at):
                made, at = self._run(at, end, last)
            else:
                at += 1
                continue
            yield from made
            last = made[-1] if made else last

    def _word_end(self, at: int) -> int:
        """Return the end of the run of characters that begins at *at*, or 0 if none begins."""
        end = at + 1 if at in self._keys else 0
        while run := _WORD.match(self._text, end or at):
            end = run.end()
            if end not in self._keys:
                break
            end += 1
        return end

    def _report(self, kind: DiagnosticKind, start: int, end: int) -> None:
        self.diagnostics.append(Diagnostic(kind, start, end, self._text[start:end]))

    def _quote(self, at: int, quote: Quote) -> tuple[list[Piece], int]:
        """Read a quotation, with the slop and boost that can follow it."""
        if quote.stray:
            self._report("unopened-quote", at, quote.end)
            return [], quote.end
        text = self._text[quote.first : quote.last]
        if not quote.closed:
            self._report("unclosed-quote", at, quote.first)
            return [Piece("quote", text, at, quote.end)], quote.end
        slop, end = 0, quote.end
        if near := _SLOP.match(self._text, end):
            slop = min(int(near["words"]), MOST_SLOP)
            if int(near["words"]) > MOST_SLOP:
                self.diagnostics.append(Diagnostic("too-wide", end, near.end(), str(MOST_SLOP)))
            end = near.end()
        return [Piece("quote", text, at, end, slop)], self._boost(end)

    def _boost(self, at: int) -> int:
        """Return the end of a Lucene boost at *at*, which is reported and ignored; *at* if none."""
        boost = _BOOST.match(self._text, at)
        if boost is None:
            return at
        self._report("no-boost", at, boost.end())
        return boost.end()

    def _run(self, at: int, end: int, last: Piece | None) -> tuple[list[Piece], int]:
        """Read a run of characters: an operator, or a minus, field, level or word."""
        text = self._text
        is_value = last is not None and last.kind in ("field", "level") and last.end == at
        if not is_value:
            if operator := read_operator(text, at, end):
                return [_piece(text, at, operator)], operator.end
            if is_unknown(text, at, end) and last is not None:
                self._report("unknown-operator", at, end)
        # Right after a field name, a dash before a digit belongs to the value.
        if text[at] in DASHES and not (is_value and text[at + 1 : at + 2].isdigit()):
            return self._dash(at, end, last)
        if text[at] in BANGS and self._is_minus(at):
            self._report("operator-word", at, at + 1)
            return [Piece("not", text[at], at, at + 1)], at + 1
        in_field = is_value and last is not None and last.kind == "field"
        for pattern in (_FIELD, _CODE, _CALL):
            named = self._named(pattern, at)
            if named and not (in_field and named.kind == "field"):
                return [named], named.end
        following = text[end : end + 1]
        if text[at] in LEVEL_SIGNS and (end - at > 1 or (following and following in DOUBLE)):
            return [Piece("level", text[at], at, at + 1)], at + 1
        return self._word(at, end)

    def _dash(self, at: int, end: int, last: Piece | None) -> tuple[list[Piece], int]:
        """Read a dash: a minus if it touches what follows; between spaces it is ignored."""
        text = self._text
        behind = end - len(text[at:end].lstrip(DASHES))
        following = text[behind : behind + 1]
        if not following or following.isspace():
            self._report("lone-dash", at, behind)
            return [], behind
        if following.isdigit() and last is not None and last.text[-1:].isdigit():
            # 2019 -2021 is a range with a space in it, not an exclusion.
            return self._word(at, end)
        return [Piece("not", text[at:behind], at, behind)], behind

    def _is_minus(self, at: int) -> bool:
        """Return whether a sign at *at* touches the word after it, but nothing before it."""
        before, behind = self._text[at - 1 : at], self._text[at + 1 : at + 2]
        is_apart = not before or before.isspace() or before in OPENINGS + COLONS
        return is_apart and (behind.isalnum() or (behind != "" and behind in OPENINGS + DOUBLE))

    def _named(self, pattern: re.Pattern[str], at: int) -> Piece | None:
        """Return the field or level that begins at *at*, in the notation of *pattern*, or None."""
        found = pattern.match(self._text, at)
        if found is None:
            return None
        name = fold_letters(found["name"]).lower()
        if field_of(name):
            return Piece("field", name, at, found.end())
        if name in LEVEL_NAMES and pattern is _FIELD:
            return Piece("level", name, at, found.end())
        if name in UNKNOWN_FIELDS:
            self._report("unknown-field", at, found.end())
        return None

    def _range(self, at: int, field: Piece) -> Piece | None:
        """Return a date range with spaces in it, if *field* takes dates and one begins at *at*."""
        if field.kind != "field" or field_of(field.text) not in ("date", "event"):
            return None
        found = _RANGE.match(self._text, at) or _SPACED_RANGE.match(self._text, at)
        if found is None:
            return None
        first, last = (found[name].strip("*") for name in ("first", "last"))
        return Piece("word", f"{first}..{last}", at, found.end())

    def _word(self, at: int, end: int) -> tuple[list[Piece], int]:
        """Read a word; a boost or fuzzy operator at its end is reported and ignored."""
        text = self._text[at:end]
        for pattern, kind in ((_BOOST, "no-boost"), (_FUZZY, "no-fuzzy")):
            found = pattern.search(text)
            if found and found.start():
                self._report("no-boost" if kind == "no-boost" else "no-fuzzy", at, end)
                text = text[: found.start()]
        return [Piece("word", text, at, at + len(text))], end


def _piece(text: str, at: int, operator: Operator) -> Piece:
    """Return the piece of an operator."""
    written = text[at : operator.end]
    if operator.kind is not None:
        return Piece(operator.kind, written, at, operator.end, weak=operator.weak)
    if operator.link is not None:
        link = operator.link
        return Piece("link", written, at, operator.end, link=link, weak=operator.weak)
    return Piece("times", written, at, operator.end, times=operator.times)
