"""Compile: the leaves of our query tree to Whoosh's query objects.

Joins are not compiled: Whoosh's own And, Not and AndMaybe were seen to match too
much when nested (a Not of a term that every document holds, beside a date range),
so `evaluate` joins document numbers itself and asks Whoosh for leaves only.
"""

from collections.abc import Iterator

from whoosh import query

from indexer.query.tree import (
    All,
    And,
    AndMaybe,
    DateRange,
    Keyword,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
)


def compile_leaf(leaf: Term | Phrase | Prefix) -> query.Query:
    """Return the Whoosh query of one leaf."""
    match leaf:
        case Term():
            return query.Term(leaf.field, leaf.text, boost=leaf.boost)
        case Phrase(terms=()):
            return query.NullQuery
        case Phrase(terms=(only,)):
            return query.Term(leaf.field, only, boost=leaf.boost)
        case Phrase():
            return query.Phrase(leaf.field, list(leaf.terms), slop=1, boost=leaf.boost)
        case Prefix():
            return query.Prefix(leaf.field, leaf.text)


def scoring_query(node: Node) -> query.Query | None:
    """Return the sum of every leaf that speaks for a document, None where there is none."""
    leaves = [compile_leaf(leaf) for leaf in dict.fromkeys(_leaves(node))]
    return query.Or(leaves) if leaves else None


def _leaves(node: Node) -> Iterator[Term | Phrase | Prefix]:
    match node:
        case Term() | Phrase() | Prefix():
            yield node
        case And() | Or():
            for child in node.children:
                yield from _leaves(child)
        case AndMaybe():
            yield from _leaves(node.required)
            yield from _leaves(node.optional)
        case All() | Nothing() | Keyword() | DateRange() | Not():
            return
