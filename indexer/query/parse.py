"""Query parser: what a person typed, to a tree of analysed terms and remarks.

    typed text -> [grammar] -> syntax -> [analyse here] -> Parsed(tree, diagnostics, asked)

Words side by side must all match; `any_word` ranks by any of them. How alike a word must
be is said by `level` for all and by `=`, `√` and their like for one (`query.strictness`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold
from indexer.analysis.token import Token
from indexer.analysis.tokenizer import surfaces_of
from indexer.events import event_keys
from indexer.fields import BODY, ENTITY_FACETS, SOURCE, TITLE, TextField, index_field
from indexer.query.dates import parse_date_range
from indexer.query.diagnostics import Diagnostic, DiagnosticKind
from indexer.query.grammar import read_syntax
from indexer.query.strictness import MatchRule, Strictness
from indexer.query.syntax import Both, Either, Fielded, Syntax, Without, Word
from indexer.query.tree import All, And, Keyword, Node, Not, Nothing, Or, Prefix, Term, Wildcard
from indexer.query.words import Asked, NameVariants, WordNodes, WordTest, near, word_terms

# Resolves a name to the ids of entities of one facet: ("person", "علييف") -> ids.
NameResolver = Callable[[str, str], Sequence[str]]

_SHORTEST_PREFIX = 2
_LONGEST_NAME = 6
_WILDCARDS = re.compile(r"[*?]")
_BOTH_FIELDS = (TITLE, BODY)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood: its tree, and remarks in the order of the typed text.

    `asked` are its words and phrases that articles may hold, not those that are excluded.
    """

    typed: str
    tree: Node
    diagnostics: tuple[Diagnostic, ...]
    asked: tuple[Asked, ...] = ()


def parse(
    typed: str,
    analyzer: Analyzer,
    resolve: NameResolver,
    *,
    any_word: bool = False,
    level: Strictness = "default",
    off: frozenset[MatchRule] = frozenset(),
    variants: NameVariants | None = None,
    holds: WordTest | None = None,
) -> Parsed:
    """Read *typed*; whatever it is, a tree comes back and nothing is raised.

    Args:
        typed: Any Unicode text. An empty one asks for every document.
        analyzer: The chain that the index was built with.
        resolve: Finds the entities that a name in `person:` and its like stands for.
        any_word: Words side by side may match alone; what matches more ranks higher.
        level: How alike words must be, where the typed text does not say so itself.
        off: Rules that must join no words in this search; of `strictness.SWITCHES`.
        variants: Gives the other names of an entity; without it, names are words as others.
        holds: Tells whether the index has a folded word, so that a search without some rule
            asks for no forms that are nowhere.
    """
    remarks: list[Diagnostic] = []
    syntax = read_syntax(typed, remarks)
    nodes = WordNodes(analyzer, variants, off, holds)
    builder = _Builder(nodes, resolve, remarks, level=level, any_word=any_word)
    tree = builder.build(syntax) if syntax is not None else None
    if tree is None:
        tree = All() if not typed.strip() else Nothing()
        if typed.strip() and not remarks:
            remarks.append(Diagnostic("no-word", 0, len(typed), typed))
    ordered = sorted(remarks, key=lambda remark: (remark.start, remark.end, remark.kind))
    return Parsed(typed, tree, tuple(ordered), tuple(builder.asked))


def parse_free_text(text: str, analyzer: Analyzer) -> Node:
    """Return a tree that ranks by any word of *text*, with no syntax at all.

    Words of the same root count too, a little. Stop words count only where there is no
    other word. Spellings make no difference here: `indexer.rerank` sees to them.
    """
    tokens = analyzer.analyze(text)
    wanted = [token for token in tokens if not token.stop] or tokens
    if not wanted:
        return Nothing()
    terms: dict[Term, None] = {}
    for token in wanted:
        for field in _BOTH_FIELDS:
            stem, _, root = word_terms(token, field, "root")
            terms |= dict.fromkeys((stem, root))
    return near(Or(tuple(terms)), wanted)


class _Builder:
    def __init__(
        self,
        nodes: WordNodes,
        resolve: NameResolver,
        remarks: list[Diagnostic],
        *,
        level: Strictness,
        any_word: bool,
    ) -> None:
        self.asked: list[Asked] = []
        self._nodes = nodes
        self._analyzer = nodes.analyzer
        self._resolve = resolve
        self._remarks = remarks
        self._level = level
        self._any_word = any_word
        self._excluding = 0

    def build(self, syntax: Syntax) -> Node | None:
        """Return the tree of *syntax*, None where nothing of it can be asked for."""
        match syntax:
            case Word():
                return self._word(syntax, _BOTH_FIELDS)
            case Fielded():
                return self._fielded(syntax)
            case Without():
                self._excluding += 1
                child = self.build(syntax.child)
                self._excluding -= 1
                return Not(child) if child is not None else None
            case Both():
                return self._both(syntax)
            case Either():
                built = tuple(node for child in syntax.children if (node := self.build(child)))
                return _one_or(built, Or)

    def _both(self, syntax: Both) -> Node | None:
        """Join operands; a loose stop word among them is remarked and not asked for."""
        children = syntax.children
        some = any(not self._is_stop(child) for child in children)
        built: list[Node] = []
        loose: list[Token] = []
        at = 0
        while at < len(children):
            run = self._named_run(children[at:]) if some else None
            if run is not None:
                words, node = run
                built.append(node)
                loose += (token for word in words for token in self._tokens(word))
                at += len(words)
                continue
            child = children[at]
            at += 1
            if some and isinstance(child, Word) and self._is_stop(child):
                self._remarks.append(Diagnostic("stop-word", child.start, child.end, child.text))
                continue
            made = self.build(child)
            if made is not None:
                built.append(made)
            if isinstance(child, Word) and not (child.prefix or child.pattern):
                loose += self._tokens(child)
        joined = self._joined(built)
        return near(joined, loose) if joined is not None else None

    def _joined(self, built: list[Node]) -> Node | None:
        if not self._any_word:
            return _one_or(tuple(built), And)
        soft = tuple(node for node in built if not isinstance(node, Not))
        hard = tuple(node for node in built if isinstance(node, Not))
        return _one_or((*((_one_or(soft, Or),) if soft else ()), *hard), And)

    def _named_run(self, children: Sequence[Syntax]) -> tuple[list[Word], Node] | None:
        """Return the longest run of loose words from the first that names an entity."""
        words: list[Word] = []
        for child in children[:_LONGEST_NAME]:
            if not isinstance(child, Word) or child.quoted or child.prefix or child.pattern:
                break
            if words and child.level != words[0].level:
                break
            words.append(child)
        while len(words) > 1:
            level = words[0].level or self._level
            tokens = [token for word in words for token in self._tokens(word)]
            variants = self._nodes.variants(tokens, level)
            if variants:
                text = " ".join(word.text for word in words)
                named = replace(words[0], text=text, end=words[-1].end)
                self._note(named, (), _BOTH_FIELDS, variants)
                single = tuple(
                    node
                    for word in words
                    if not self._is_stop(word) and (node := self._plain(word, _BOTH_FIELDS))
                )
                if single:
                    joined = _one_or(single, Or if self._any_word else And)
                    node = self._nodes.named(joined or Nothing(), variants, _BOTH_FIELDS, level)
                    return words, node
            words.pop()
        return None

    def _tokens(self, word: Word) -> list[Token]:
        tokens = self._analyzer.analyze(word.text)
        if (word.level or self._level) != "root":
            return tokens
        return [replace(token, root=self._analyzer.root(token.surface)) for token in tokens]

    def _is_stop(self, syntax: Syntax) -> bool:
        if not isinstance(syntax, Word) or syntax.quoted or syntax.prefix or syntax.pattern:
            return False
        tokens = self._analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def _note(
        self,
        word: Word,
        tokens: Sequence[Token],
        fields: Sequence[TextField],
        variants: Sequence[tuple[Token, ...]] = (),
        *,
        prefix: str = "",
        pattern: str = "",
        entities: Sequence[str] = (),
    ) -> None:
        """Keep what *word* asks for, unless it is excluded."""
        if self._excluding:
            return
        level = word.level or self._level
        several = len(tokens) > 1
        nodes = self._nodes
        strictness = nodes.phrase_strictness(level) if several else nodes.strictness(level)
        self.asked.append(
            Asked(
                text=word.text,
                start=word.start,
                end=word.end,
                tokens=tuple(tokens),
                strictness="folded" if prefix or pattern else strictness,
                off=nodes.off,
                fields=tuple(field.name for field in fields),
                variants=tuple(variants),
                phrase=several,
                slop=word.slop,
                prefix=prefix,
                pattern=pattern,
                entities=tuple(entities),
            )
        )

    def _word(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        return self._plain(word, fields, named=True)

    def _plain(
        self, word: Word, fields: tuple[TextField, ...], *, named: bool = False
    ) -> Node | None:
        if word.prefix:
            return self._prefix(word, fields)
        if word.pattern:
            return self._pattern(word, fields)
        tokens = self._tokens(word)
        if not tokens:
            kind: DiagnosticKind = "empty-phrase" if word.quoted else "no-word"
            self._remarks.append(Diagnostic(kind, word.start, word.end, word.text))
            return None
        level = word.level or self._level
        variants = self._nodes.variants(tokens, level) if named else ()
        self._note(word, tokens, fields, variants)
        if len(tokens) > 1:
            node = self._nodes.phrase(tokens, fields, level, word.slop)
        else:
            node = self._nodes.word(tokens[0], fields, level)
        return self._nodes.named(node, variants, fields, level)

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
        self._note(word, (), fields, pattern=pattern)
        nodes = tuple(Wildcard(index_field(field, "surface"), pattern) for field in fields)
        return _one_or(nodes, Or)

    def _prefix(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        tokens = self._tokens(word)
        last = tokens[-1].surface if tokens else ""
        if len(last) < _SHORTEST_PREFIX:
            self._remarks.append(Diagnostic("prefix-too-short", word.start, word.end, word.text))
            return None
        level = word.level or self._level
        self._note(word, (), fields, prefix=last)
        nodes: list[Node] = [
            Or(tuple(Prefix(index_field(field, "surface"), last) for field in fields))
        ]
        for token in tokens[:-1]:
            self._note(word, (token,), fields)
            nodes.append(self._nodes.word(token, fields, level))
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
        if syntax.field == "entity":
            return self._name(syntax, ENTITY_FACETS)
        if syntax.field in ENTITY_FACETS:
            return self._name(syntax, (syntax.field,))
        return Keyword(syntax.field, value.text.strip().lower())

    def _event(self, value: Word) -> Node | None:
        days = parse_date_range(value.text)
        if days is None:
            self._remarks.append(Diagnostic("bad-date", value.start, value.end, value.text))
            return None
        nodes = tuple(Keyword(facet, text) for facet, text in event_keys(days.since, days.until))
        return _one_or(nodes, Or)

    def _name(self, syntax: Fielded, facets: Sequence[str]) -> Node:
        """Ask for the entities that a name or id stands for, in any of *facets*."""
        value = syntax.value
        found = [
            Keyword(facet, name) for facet in facets for name in self._resolve(facet, value.text)
        ]
        if not found:
            self._remarks.append(Diagnostic("unknown-name", value.start, value.end, value.text))
            return Nothing()
        self._note(value, (), (), entities=[each.value for each in found])
        return _one_or(tuple(found), Or) or Nothing()


def _one_or(nodes: tuple[Node, ...], join: type[And] | type[Or]) -> Node | None:
    if len(nodes) > 1:
        return join(nodes)
    return nodes[0] if nodes else None
