"""Query parser: what a person typed, to a tree of analysed terms and remarks.

    typed text -> [grammar] -> syntax -> [analyse here] -> Parsed(tree, diagnostics)

Words side by side must all match; `any_word` ranks by any of them. A word is looked
for by its stem in title and body, and ranks higher where it stands as typed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold
from indexer.analysis.token import Token
from indexer.analysis.tokenizer import surfaces_of
from indexer.events import event_keys
from indexer.fields import (
    BODY,
    ENTITY_FACETS,
    NEAR_WEIGHT,
    NEAR_WIDTH,
    ROOT_WEIGHT,
    SOURCE,
    SURFACE_WEIGHT,
    TITLE,
    Level,
    TextField,
    index_field,
)
from indexer.query.dates import parse_date_range
from indexer.query.diagnostics import Diagnostic, DiagnosticKind
from indexer.query.grammar import read_syntax
from indexer.query.syntax import Both, Either, Fielded, Syntax, Without, Word
from indexer.query.tree import (
    All,
    And,
    AndMaybe,
    Keyword,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)

# Resolves a name to the ids of entities of one facet: ("person", "علييف") -> ids.
NameResolver = Callable[[str, str], Sequence[str]]

_SHORTEST_PREFIX = 2
_WILDCARDS = re.compile(r"[*?]")
_BOTH_FIELDS = (TITLE, BODY)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood: its tree, and remarks in the order of the typed text."""

    typed: str
    tree: Node
    diagnostics: tuple[Diagnostic, ...]


def parse(
    typed: str, analyzer: Analyzer, resolve: NameResolver, *, any_word: bool = False
) -> Parsed:
    """Read *typed*; whatever it is, a tree comes back and nothing is raised.

    Args:
        typed: Any Unicode text. An empty one asks for every document.
        analyzer: The chain that the index was built with.
        resolve: Finds the entities that a name in `person:` and its like stands for.
        any_word: Words side by side may match alone; what matches more ranks higher.
    """
    remarks: list[Diagnostic] = []
    syntax = read_syntax(typed, remarks)
    builder = _Builder(analyzer, resolve, remarks, any_word=any_word)
    tree = builder.build(syntax) if syntax is not None else None
    if tree is None:
        tree = All() if not typed.strip() else Nothing()
        if typed.strip() and not remarks:
            remarks.append(Diagnostic("no-word", 0, len(typed), typed))
    ordered = sorted(remarks, key=lambda remark: (remark.start, remark.end, remark.kind))
    return Parsed(typed, tree, tuple(ordered))


def parse_free_text(text: str, analyzer: Analyzer) -> Node:
    """Return a tree that ranks by any word of *text*, with no syntax at all.

    Words of the same root count too, a little. Stop words count only where there is no
    other word.
    """
    tokens = analyzer.analyze(text)
    wanted = [token for token in tokens if not token.stop] or tokens
    if not wanted:
        return Nothing()
    terms: dict[Term, None] = {}
    for token in wanted:
        for field in _BOTH_FIELDS:
            terms |= dict.fromkeys(_word_terms(token, field))
            weight = round(field.weight * ROOT_WEIGHT, 4)
            terms[Term(index_field(field, "root"), token.root, weight)] = None
    return _near(Or(tuple(terms)), wanted)


def _near(node: Node, tokens: Sequence[Token]) -> Node:
    """Let documents that have the words of *tokens* close together rank higher."""
    roots = tuple(dict.fromkeys(token.root for token in tokens))
    if len(roots) == 1:
        return node
    near = Near(index_field(BODY, "root"), roots, NEAR_WIDTH, NEAR_WEIGHT)
    return AndMaybe(node, near)


class _Builder:
    def __init__(
        self,
        analyzer: Analyzer,
        resolve: NameResolver,
        remarks: list[Diagnostic],
        *,
        any_word: bool,
    ) -> None:
        self._analyzer = analyzer
        self._resolve = resolve
        self._remarks = remarks
        self._any_word = any_word

    def build(self, syntax: Syntax) -> Node | None:
        """Return the tree of *syntax*, None where nothing of it can be asked for."""
        match syntax:
            case Word():
                return self._word(syntax, _BOTH_FIELDS)
            case Fielded():
                return self._fielded(syntax)
            case Without():
                child = self.build(syntax.child)
                return Not(child) if child is not None else None
            case Both():
                return self._both(syntax)
            case Either():
                built = tuple(node for child in syntax.children if (node := self.build(child)))
                return _one_or(built, Or)

    def _both(self, syntax: Both) -> Node | None:
        """Join operands; a loose stop word among them is remarked and not asked for."""
        wanted = [child for child in syntax.children if not self._is_stop(child)]
        for child in syntax.children if wanted else ():
            if isinstance(child, Word) and child not in wanted:
                self._remarks.append(Diagnostic("stop-word", child.start, child.end, child.text))
        built = [node for child in wanted or syntax.children if (node := self.build(child))]
        if not self._any_word:
            return _one_or(tuple(built), And)
        loose = tuple(node for node in built if not isinstance(node, Not))
        hard = tuple(node for node in built if isinstance(node, Not))
        return _one_or((*((Or(loose),) if loose else ()), *hard), And)

    def _is_stop(self, syntax: Syntax) -> bool:
        if not isinstance(syntax, Word) or syntax.quoted or syntax.prefix or syntax.pattern:
            return False
        tokens = self._analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def _word(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        if word.prefix:
            return self._prefix(word, fields)
        if word.pattern:
            return self._pattern(word, fields)
        tokens = self._analyzer.analyze(word.text)
        if not tokens:
            kind: DiagnosticKind = "empty-phrase" if word.quoted else "no-word"
            self._remarks.append(Diagnostic(kind, word.start, word.end, word.text))
            return None
        if len(tokens) == 1:
            return _word_node(tokens[0], fields)
        return _phrase_node(tokens, fields, word.slop)

    def _pattern(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        """Look for folded words of a pattern; its letters must be one word's."""
        parts = [(part, fold(part)) for part in _WILDCARDS.split(word.text)]
        if any(folded and list(surfaces_of(part)) != [folded] for part, folded in parts) or any(
            part and not folded.isalnum() for part, folded in parts
        ):
            self._remarks.append(Diagnostic("bad-pattern", word.start, word.end, word.text))
            return None
        if sum(len(folded) for _, folded in parts) < _SHORTEST_PREFIX:
            self._remarks.append(Diagnostic("prefix-too-short", word.start, word.end, word.text))
            return None
        signs = [*_WILDCARDS.findall(word.text), ""]
        pattern = "".join(f"{folded}{sign}" for (_, folded), sign in zip(parts, signs, strict=True))
        nodes = tuple(Wildcard(index_field(field, "surface"), pattern) for field in fields)
        return _one_or(nodes, Or)

    def _prefix(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        tokens = self._analyzer.analyze(word.text)
        last = tokens[-1].surface if tokens else ""
        if len(last) < _SHORTEST_PREFIX:
            self._remarks.append(Diagnostic("prefix-too-short", word.start, word.end, word.text))
            return None
        nodes: list[Node] = [
            Or(tuple(Prefix(index_field(field, "surface"), last) for field in fields))
        ]
        nodes += [_word_node(token, fields) for token in tokens[:-1]]
        return _one_or(tuple(nodes), And)

    def _fielded(self, syntax: Fielded) -> Node | None:
        value = syntax.value
        if syntax.field == "date":
            dates = parse_date_range(value.text)
            if dates is None:
                self._remarks.append(Diagnostic("bad-date", value.start, value.end, value.text))
            return dates
        if syntax.field == "event":
            return self._event(value)
        if syntax.field == "title":
            return self._word(value, (TITLE,))
        if syntax.field == "source":
            return self._word(value, (SOURCE,))
        if syntax.field in ENTITY_FACETS:
            return self._name(syntax)
        return Keyword(syntax.field, value.text.strip().lower())

    def _event(self, value: Word) -> Node | None:
        days = parse_date_range(value.text)
        if days is None:
            self._remarks.append(Diagnostic("bad-date", value.start, value.end, value.text))
            return None
        nodes = tuple(Keyword(facet, text) for facet, text in event_keys(days.since, days.until))
        return _one_or(nodes, Or)

    def _name(self, syntax: Fielded) -> Node:
        value = syntax.value
        ids = self._resolve(syntax.field, value.text)
        if not ids:
            self._remarks.append(Diagnostic("unknown-name", value.start, value.end, value.text))
            return Nothing()
        return _one_or(tuple(Keyword(syntax.field, name) for name in ids), Or) or Nothing()


def _one_or(nodes: tuple[Node, ...], join: type[And] | type[Or]) -> Node | None:
    if len(nodes) > 1:
        return join(nodes)
    return nodes[0] if nodes else None


def _word_node(token: Token, fields: tuple[TextField, ...]) -> Node:
    """Return the node of one word: its stem in each field, weightier where it stands as typed."""
    terms = tuple(term for field in fields for term in _word_terms(token, field))
    return Or(terms) if len(terms) > 1 else terms[0]


def _word_terms(token: Token, field: TextField) -> tuple[Term, ...]:
    if "stem" not in field.levels:
        return (Term(index_field(field, "surface"), token.surface, field.weight),)
    weight = round(field.weight * SURFACE_WEIGHT, 4)
    return (
        Term(index_field(field, "stem"), token.stem, field.weight),
        Term(index_field(field, "surface"), token.surface, weight),
    )


def _phrase_node(tokens: Sequence[Token], fields: tuple[TextField, ...], slop: int) -> Node:
    phrases = []
    for field in fields:
        level: Level = "stem" if "stem" in field.levels else "surface"
        terms = tuple(token.stem if level == "stem" else token.surface for token in tokens)
        phrases.append(Phrase(index_field(field, level), terms, field.weight, slop))
    return Or(tuple(phrases)) if len(phrases) > 1 else phrases[0]
