"""Grammar: pieces of a query to a syntax tree, leniently.

    either  = both ( OR both )*
    both    = linked ( AND? linked )*
    linked  = unary ( link unary )*
    unary   = NOT unary | times unary | "(" either ")" | field "(" either ")" | field value | value
    value   = level? ( word | quote )

Every sequence of pieces has a tree: a parenthesis that is missing is added, an
operator without an operand is dropped, and each is remarked.
"""

import re
from dataclasses import dataclass, replace

from marsad.indexer.query.diagnostics import Diagnostic, DiagnosticKind
from marsad.indexer.query.lexer import Piece, PieceKind, field_of, lex
from marsad.indexer.query.names import LEVEL_NAMES, LEVEL_SIGNS, QUESTIONS, STARS
from marsad.indexer.query.syntax import (
    AndQuery,
    FieldQuery,
    NotQuery,
    Often,
    OrQuery,
    Syntax,
    Together,
    Within,
    Word,
)
from marsad.indexer.query.tree import Link

_ENDS = f"{QUESTIONS}!.,،؛;:…"
_SIGNS = re.compile(f"[{re.escape(STARS + QUESTIONS)}]")

DEEPEST = 40
LONGEST = 4_000


def read_syntax(typed: str, remarks: list[Diagnostic]) -> Syntax | None:
    """Return the syntax tree of *typed*, None where it holds no operand."""
    if len(typed) > LONGEST:
        remarks.append(Diagnostic("too-long", LONGEST, len(typed), str(LONGEST)))
        typed = typed[:LONGEST]
    reader = _Reader(list(lex(typed, remarks)), remarks)
    parts = []
    while reader.piece is not None:
        part = reader.either(0)
        if part is not None:
            parts.append(part)
        stray = reader.take("close")
        if stray:
            remarks.append(Diagnostic("unbalanced-parenthesis", stray.start, stray.end))
    return _joined(parts)


def _joined(parts: list[Syntax]) -> Syntax | None:
    if len(parts) > 1:
        return AndQuery(tuple(parts))
    return parts[0] if parts else None


@dataclass(slots=True)
class _Reader:
    pieces: list[Piece]
    remarks: list[Diagnostic]
    at: int = 0

    @property
    def piece(self) -> Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def take(self, *kinds: PieceKind) -> Piece | None:
        piece = self.piece
        if piece is None or piece.kind not in kinds:
            return None
        self.at += 1
        return piece

    def either(self, depth: int) -> Syntax | None:
        children = [child] if (child := self.both(depth)) else []
        while operator := self.take("or"):
            child = self.both(depth)
            if child is None or not children:
                self._dangling(operator)
            if child is not None:
                children.append(child)
        if len(children) > 1:
            return OrQuery(tuple(children))
        return children[0] if children else None

    def both(self, depth: int) -> Syntax | None:
        children: list[Syntax] = []
        while (piece := self.piece) is not None and piece.kind not in ("or", "close"):
            operator = self.take("and")
            child = self.linked(depth)
            if operator and (child is None or not children):
                self._dangling(operator)
            if child is not None:
                children.append(child)
        return _joined(children)

    def linked(self, depth: int) -> Syntax | None:
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
                remark = Diagnostic("not-near", no.start, operator.end, operator.text)
                self.remarks.append(remark)
                pair = (children[-1], child)
                excluded.append(NotQuery(Together(pair, (operator.link,), start, self._end)))
                continue
            elif children:
                links.append(operator.link)
            if child is not None:
                children.append(child)
        linked = _joined(children)
        if links:
            linked = Together(tuple(children), tuple(links), start, self._end)
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
            return Often(child, times.times, times.start, self._end)
        if opening := self.take("open"):
            child = self.either(depth + 1)
            if not self.take("close"):
                remark = Diagnostic("unbalanced-parenthesis", opening.start, opening.end)
                self.remarks.append(remark)
            return child
        if field := self.take("field"):
            return self._fielded(field, depth)
        return self._word()

    def _word(self) -> Word | None:
        """Read a word or quote, with a level before it or not."""
        level = self.take("level")
        piece = self.take("word", "quote")
        if piece is None:
            if level is not None:
                remark = Diagnostic("empty-field", level.start, level.end, level.text)
                self.remarks.append(remark)
            return None
        if level is None:
            return _word(piece)
        strictness = LEVEL_SIGNS.get(level.text) or LEVEL_NAMES[level.text]
        return replace(_word(piece), start=level.start, level=strictness)

    def _too_deep(self) -> None:
        piece = self.pieces[self.at]
        self.remarks.append(Diagnostic("too-deep", piece.start, piece.end, str(DEEPEST)))
        self.at = len(self.pieces)

    def _fielded(self, field: Piece, depth: int) -> Syntax | None:
        name = field_of(field.text)
        if name is not None and self.piece is not None and self.piece.kind == "open":
            child = self.unary(depth + 1)
            if child is not None:
                return Within(name, child, field.start, self._end)
        word = self._word()
        if word is None or name is None:
            self.remarks.append(Diagnostic("empty-field", field.start, field.end, field.text))
            return None
        return FieldQuery(name, word, field.start, word.end)

    def _dangling(self, operator: Piece) -> None:
        kind: DiagnosticKind = "dangling-link" if operator.link else "dangling-operator"
        self.remarks.append(Diagnostic(kind, operator.start, operator.end, operator.text))


def _word(piece: Piece) -> Word:
    if piece.kind == "quote":
        return Word(piece.text, piece.start, piece.end, quoted=True, slop=piece.slop)
    # A question mark at the end asks; inside a word it stands for a letter.
    text = piece.text.rstrip(_ENDS)
    text = _SIGNS.sub(lambda sign: "*" if sign[0] in STARS else "?", text) or piece.text
    bare = text.rstrip("*")
    if bare.strip("*") and ("*" in bare or "?" in bare):
        return Word(text, piece.start, piece.end, pattern=True)
    prefix = bool(bare) and bare != text
    return Word(bare if prefix else piece.text, piece.start, piece.end, prefix=prefix)
