"""Grammar: builds the syntax tree from the pieces of a query, without ever failing.

    or    = and ( OR and )*
    and   = near ( AND? near )*
    near  = unary ( link unary )*
    unary = NOT unary | times unary | "(" or ")" | field "(" or ")" | field value | value
    value = level? ( word | quote )

Every sequence of pieces has a tree. Missing parentheses are added and operators without operands
are dropped; each such correction is reported.
"""

import re
from dataclasses import dataclass, replace

from marsad.indexer.query.diagnostics import Diagnostic, DiagnosticKind
from marsad.indexer.query.lexer import Piece, PieceKind, field_of, lex
from marsad.indexer.query.names import LEVEL_NAMES, LEVEL_SIGNS, QUESTIONS, STARS
from marsad.indexer.query.syntax import (
    AndQuery,
    AtLeastQuery,
    FieldGroup,
    FieldQuery,
    NearQuery,
    NotQuery,
    OrQuery,
    Syntax,
    Word,
)
from marsad.indexer.query.tree import Link

_ENDS = f"{QUESTIONS}!.,،؛;:…"
_SIGNS = re.compile(f"[{re.escape(STARS + QUESTIONS)}]")

# Limits for nested parentheses and for typed characters. Recursion is bounded by the first, time
# and memory by the second.
DEEPEST = 40
LONGEST = 4_000


def read_syntax(typed: str, diagnostics: list[Diagnostic]) -> Syntax | None:
    """Return the syntax tree of *typed*, or None if it has no operand."""
    if len(typed) > LONGEST:
        diagnostics.append(Diagnostic("too-long", LONGEST, len(typed), str(LONGEST)))
        typed = typed[:LONGEST]
    reader = _Reader(list(lex(typed, diagnostics)), diagnostics)
    parts = []
    while reader.piece is not None:
        part = reader.or_query(0)
        if part is not None:
            parts.append(part)
        stray = reader.take("close")
        if stray:
            diagnostics.append(Diagnostic("unbalanced-parenthesis", stray.start, stray.end))
    return _joined(parts)


def _joined(parts: list[Syntax]) -> Syntax | None:
    """Return *parts* as one node; None if there are none."""
    if len(parts) > 1:
        return AndQuery(tuple(parts))
    return parts[0] if parts else None


@dataclass(slots=True)
class _Reader:
    """A recursive descent parser; each method reads one rule of the grammar."""

    pieces: list[Piece]
    diagnostics: list[Diagnostic]
    at: int = 0

    @property
    def piece(self) -> Piece | None:
        """The next piece, or None at the end."""
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def take(self, *kinds: PieceKind) -> Piece | None:
        """Read the next piece if it is of one of *kinds*."""
        piece = self.piece
        if piece is None or piece.kind not in kinds:
            return None
        self.at += 1
        return piece

    def or_query(self, depth: int) -> Syntax | None:
        children = [child] if (child := self.and_query(depth)) else []
        while operator := self.take("or"):
            child = self.and_query(depth)
            if child is None or not children:
                self._dangling(operator)
            if child is not None:
                children.append(child)
        if len(children) > 1:
            return OrQuery(tuple(children))
        return children[0] if children else None

    def and_query(self, depth: int) -> Syntax | None:
        children: list[Syntax] = []
        while (piece := self.piece) is not None and piece.kind not in ("or", "close"):
            operator = self.take("and")
            child = self.near_query(depth)
            if operator and (child is None or not children):
                self._dangling(operator)
            if child is not None:
                children.append(child)
        return _joined(children)

    def near_query(self, depth: int) -> Syntax | None:
        start = self.piece.start if self.piece else 0
        first = self.unary(depth)
        children = [first] if first is not None else []
        links: list[Link] = []
        excluded: list[Syntax] = []
        while True:
            no = self.take("not") if self._next_kind == "link" else None
            operator = self.take("link")
            if operator is None or operator.link is None:
                break
            child = self.unary(depth)
            if child is None or not children:
                self._dangling(operator)
            elif no is not None:
                diagnostic = Diagnostic("not-near", no.start, operator.end, operator.text)
                self.diagnostics.append(diagnostic)
                pair = (children[-1], child)
                excluded.append(NotQuery(NearQuery(pair, (operator.link,), start, self._end)))
                continue
            elif children:
                links.append(operator.link)
            if child is not None:
                children.append(child)
        linked = _joined(children)
        if links:
            linked = NearQuery(tuple(children), tuple(links), start, self._end)
        return _joined([linked, *excluded]) if linked is not None else None

    @property
    def _next_kind(self) -> PieceKind | None:
        following = self.pieces[self.at + 1 : self.at + 2]
        return following[0].kind if following else None

    @property
    def _end(self) -> int:
        return self.pieces[self.at - 1].end if self.at else 0

    def unary(self, depth: int) -> Syntax | None:
        if depth > DEEPEST:
            self._too_deep()
            return None
        if operator := self.take("not"):
            child = self.unary(depth + 1)
            if child is None:
                self._dangling(operator)
                return None
            return NotQuery(child)
        if times := self.take("times"):
            child = self.unary(depth + 1)
            if child is None:
                self._dangling(times)
                return None
            return AtLeastQuery(child, times.times, times.start, self._end)
        if opening := self.take("open"):
            child = self.or_query(depth + 1)
            if not self.take("close"):
                diagnostic = Diagnostic("unbalanced-parenthesis", opening.start, opening.end)
                self.diagnostics.append(diagnostic)
            return child
        if field := self.take("field"):
            return self._fielded(field, depth)
        return self._word()

    def _word(self) -> Word | None:
        """Read a word or quote, with or without a level before it."""
        level = self.take("level")
        piece = self.take("word", "quote")
        if piece is None:
            if level is not None:
                diagnostic = Diagnostic("empty-field", level.start, level.end, level.text)
                self.diagnostics.append(diagnostic)
            return None
        if level is None:
            return _word(piece)
        strictness = LEVEL_SIGNS.get(level.text) or LEVEL_NAMES[level.text]
        return replace(_word(piece), start=level.start, level=strictness)

    def _too_deep(self) -> None:
        piece = self.pieces[self.at]
        self.diagnostics.append(Diagnostic("too-deep", piece.start, piece.end, str(DEEPEST)))
        self.at = len(self.pieces)

    def _fielded(self, field: Piece, depth: int) -> Syntax | None:
        """Read the group or value after a field name."""
        name = field_of(field.text)
        if name is not None and self.piece is not None and self.piece.kind == "open":
            child = self.unary(depth + 1)
            if child is not None:
                return FieldGroup(name, child, field.start, self._end)
        word = self._word()
        if word is None or name is None:
            self.diagnostics.append(Diagnostic("empty-field", field.start, field.end, field.text))
            return None
        return FieldQuery(name, word, field.start, word.end)

    def _dangling(self, operator: Piece) -> None:
        """Report an operator that lacks an operand."""
        kind: DiagnosticKind = "dangling-link" if operator.link else "dangling-operator"
        self.diagnostics.append(Diagnostic(kind, operator.start, operator.end, operator.text))


def _word(piece: Piece) -> Word:
    """Return the word that a piece is, with its wildcards recognized."""
    if piece.kind == "quote":
        return Word(piece.text, piece.start, piece.end, quoted=True, slop=piece.slop)
    # A question mark at the end is punctuation; inside a word it is a wildcard.
    text = piece.text.rstrip(_ENDS)
    text = _SIGNS.sub(lambda sign: "*" if sign[0] in STARS else "?", text) or piece.text
    bare = text.rstrip("*")
    if bare.strip("*") and ("*" in bare or "?" in bare):
        return Word(text, piece.start, piece.end, pattern=True)
    prefix = bool(bare) and bare != text
    return Word(bare if prefix else piece.text, piece.start, piece.end, prefix=prefix)
