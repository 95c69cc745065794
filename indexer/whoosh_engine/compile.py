"""Compile: our query tree to Whoosh's query objects."""

from whoosh import query

from indexer.query.tree import (
    All, And, AndMaybe, DateRange, Keyword, Node, Not, Nothing, Or, Phrase, Prefix, Term,
)  # fmt: skip
from indexer.whoosh_engine.schema import clean_value, facet_field


def compile_tree(node: Node) -> query.Query:
    """Return the Whoosh query that matches what *node* matches."""
    match node:
        case All():
            return query.Every()
        case Nothing():
            return query.NullQuery
        case Term():
            return query.Term(node.field, node.text, boost=node.boost)
        case Phrase():
            return _phrase(node)
        case Prefix():
            return query.Prefix(node.field, node.text)
        case Keyword():
            return query.Term(facet_field(node.field), clean_value(node.value), boost=0.0)
        case DateRange():
            return _dates(node)
        case And():
            return _and(node)
        case Or():
            children = [compile_tree(child) for child in node.children]
            return query.Or(children) if children else query.NullQuery
        case Not():
            return query.AndNot(query.Every(), compile_tree(node.child))
        case AndMaybe():
            return query.AndMaybe(compile_tree(node.required), compile_tree(node.optional))


def _phrase(node: Phrase) -> query.Query:
    if not node.terms:
        return query.NullQuery
    if len(node.terms) == 1:
        return query.Term(node.field, node.terms[0], boost=node.boost)
    return query.Phrase(node.field, list(node.terms), slop=1, boost=node.boost)


def _dates(node: DateRange) -> query.Query:
    since = node.since.toordinal() if node.since else 1
    until = node.until.toordinal() - 1 if node.until else None
    if until is not None and until < since:
        return query.NullQuery
    return query.NumericRange("day", since, until, constantscore=True)


def _and(node: And) -> query.Query:
    """Join children; what must not match goes beside what must, not into it."""
    wanted = [compile_tree(child) for child in node.children if not isinstance(child, Not)]
    barred = [compile_tree(child.child) for child in node.children if isinstance(child, Not)]
    must = query.And(wanted) if wanted else query.Every()
    return query.AndNot(must, query.Or(barred)) if barred else must
