"""Query parser: what a person typed, to a tree of analysed terms and remarks.

    typed text -> [grammar] -> syntax -> [analyse here] -> Parsed(tree, diagnostics, asked)

Words side by side must all match; `any_word` ranks by any of them. How alike a word must
be is said by `level` for all and by `=`, `√` and their like for one (`query.strictness`).
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
from marsad.indexer.query.word_builder import content
from marsad.indexer.query.words import (
    AskedChain,
    NameVariants,
    QueryWord,
    WordNodes,
    WordTest,
    near,
    word_terms,
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood: its tree, and remarks in the order of the typed text.

    `asked` are its words and phrases that articles may hold, not those that are excluded;
    `chains` are those of them that must stand near each other. `conditions` are what it asks
    beside words, where that is not itself excluded. `any_word` says that articles are ranked
    by any of its words. `syntax` is the tree of the typed text, None where it has no operand.
    """

    typed: str
    tree: Node
    diagnostics: tuple[Diagnostic, ...]
    asked: tuple[QueryWord, ...] = ()
    chains: tuple[AskedChain, ...] = ()
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
        not_lemmas: Lemmas that no word is to be read as, where it can be a form of another.
    """
    remarks: list[Diagnostic] = []
    syntax = read_syntax(typed, remarks)
    nodes = WordNodes(analyzer, variants, off, holds, any_word=any_word, not_lemmas=not_lemmas)
    builder = Builder(nodes, resolve, remarks, level=level, frame=frame_of(syntax, analyzer))
    wanted = AndQuery((syntax,)) if any_word and isinstance(syntax, Word) else syntax
    tree = builder.build(wanted) if wanted is not None else None
    if tree is None:
        tree = All() if not typed.strip() else Nothing()
        if typed.strip() and not remarks:
            remarks.append(Diagnostic("no-word", 0, len(typed), typed))
    remarks = [
        replace(remark, detail=remark.detail or typed[remark.start : remark.end])
        for remark in remarks
    ]
    ordered = sorted(remarks, key=lambda remark: (remark.start, remark.end, remark.kind))
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
    """Return a tree that ranks by any word of *text*, which is part of an article and no query.

    It has no syntax and no names: it says which articles share the most with this one.
    """
    tokens = analyzer.analyze(text)
    wanted = content(tokens)
    if not wanted:
        return Nothing()
    terms: dict[Term, None] = {}
    for token in wanted:
        for field in BOTH_FIELDS:
            stems = analyzer.stems(token)
            *found, _, root = word_terms(token, field, "root", stems)
            terms |= dict.fromkeys((*found, root))
    return near(Or(tuple(terms)), wanted)
