"""Query parser: turns typed text into a tree of analyzed terms and diagnostics.

    typed text -> [grammar] -> syntax -> [builder] -> Parsed(tree, diagnostics, asked)

By default all words must match; with `any_word`, articles are ranked by any of them. `level` sets
the strictness of all words; signs such as `=` and `√` set the strictness of one word
(`query.strictness`).
"""

from dataclasses import dataclass, replace

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.query.builder import BOTH_FIELDS, Builder
from marsad.indexer.query.conditions import Condition
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.grammar import read_syntax
from marsad.indexer.query.questions import frame_of
from marsad.indexer.query.strictness import MatchRule, Strictness
from marsad.indexer.query.syntax import AndQuery, Syntax, Word
from marsad.indexer.query.tree import All, Node, Nothing, Or, Term
from marsad.indexer.query.values import NameResolver
from marsad.indexer.query.word_builder import content_tokens
from marsad.indexer.query.words import (
    NameVariants,
    QueryChain,
    QueryWord,
    WordNodes,
    WordTest,
    with_proximity,
    word_terms,
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query: its tree, and its diagnostics in the order of the typed text.

    `asked` has the words and phrases that the user wants to find, without excluded ones. `chains`
    says which of them must be near each other. `conditions` are the other requirements, without
    excluded ones. `any_word` is true if articles are ranked by any of the words.
    `syntax` is the tree of the typed text, None if it has no operand.
    """

    typed: str
    tree: Node
    diagnostics: tuple[Diagnostic, ...]
    asked: tuple[QueryWord, ...] = ()
    chains: tuple[QueryChain, ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_word: bool = False
    syntax: Syntax | None = None


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
    not_lemmas: frozenset[str] = frozenset(),
) -> Parsed:
    """Parse *typed*. Any input gives a tree; nothing is raised.

    Args:
        typed: Any Unicode text. An empty one matches every document.
        analyzer: The analyzer that the index was built with.
        resolve: Returns the entities with a given name, for `person:` and similar fields.
        any_word: Match articles with any of the words; those with more of them rank higher.
        level: The strictness of words for which the typed text does not set one.
        off: Match rules that are switched off for this search; a subset of `SWITCHES`.
        variants: Returns the other names of an entity. Without it, names are ordinary words.
        holds: Returns whether the index has a folded word, so that a search with a rule
            switched off leaves out forms that do not occur.
        not_lemmas: Lemmas that are excluded as readings, for words that have another reading.
    """
    diagnostics: list[Diagnostic] = []
    syntax = read_syntax(typed, diagnostics)
    nodes = WordNodes(analyzer, variants, off, holds, any_word=any_word, not_lemmas=not_lemmas)
    builder = Builder(nodes, resolve, diagnostics, level=level, frame=frame_of(syntax, analyzer))
    wanted = AndQuery((syntax,)) if any_word and isinstance(syntax, Word) else syntax
    tree = builder.build(wanted) if wanted is not None else None
    if tree is None:
        # Text without any word must not match everything, as an empty query does.
        tree = All() if not typed.strip() else Nothing()
        if typed.strip() and not diagnostics:
            diagnostics.append(Diagnostic("no-word", 0, len(typed), typed))
    diagnostics = [
        replace(diagnostic, detail=diagnostic.detail or typed[diagnostic.start : diagnostic.end])
        for diagnostic in diagnostics
    ]
    ordered = sorted(
        diagnostics, key=lambda diagnostic: (diagnostic.start, diagnostic.end, diagnostic.kind)
    )
    return Parsed(
        typed,
        tree,
        tuple(ordered),
        tuple(builder.asked),
        tuple(builder.chains),
        tuple(sorted(dict.fromkeys(builder.conditions), key=lambda each: (each.start, each.end))),
        any_word,
        syntax,
    )


def parse_article(text: str, analyzer: Analyzer) -> Node:
    """Return a tree that ranks articles by the words they share with *text*, part of an article.

    The text is not read as a query: it has no operators, fields or names of entities.
    """
    tokens = analyzer.analyze(text)
    wanted = content_tokens(tokens)
    if not wanted:
        return Nothing()
    terms: dict[Term, None] = {}
    for token in wanted:
        for field in BOTH_FIELDS:
            stems = analyzer.stems(token)
            *found, _, root = word_terms(token, field, "root", stems)
            terms |= dict.fromkeys((*found, root))
    return with_proximity(Or(tuple(terms)), wanted)
