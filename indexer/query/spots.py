"""Spots: builds the tree of operands that must occur near each other, as in `a near/5 b`.

NearQuery -> operands and links in one sequence -> spots in each field -> Chain
"""

from collections.abc import Mapping, Sequence
from itertools import product

from marsad.indexer.fields import BODY, TextField
from marsad.indexer.query.syntax import (
    AndQuery,
    FieldGroup,
    FieldQuery,
    NearQuery,
    NotQuery,
    OrQuery,
    SearchField,
    Syntax,
    Word,
)
from marsad.indexer.query.tree import And, Chain, Lead, Link, Node, Or, Spot
from marsad.indexer.query.word_builder import join_nodes


def alternatives_of(syntax: Syntax) -> list[Word] | None:
    """Return the words and phrases that *syntax* lists as alternatives.

    None if *syntax* is anything but a word, a phrase, or such operands joined by OR.
    """
    if isinstance(syntax, Word):
        # Prefixes and patterns have no positions, and a phrase with slop has no fixed length.
        return None if syntax.prefix or syntax.pattern or syntax.slop else [syntax]
    if isinstance(syntax, OrQuery):
        found: list[Word] = []
        for child in syntax.children:
            words = alternatives_of(child)
            if words is None:
                return None
            found += words
        return found
    return None


def flatten(syntax: NearQuery) -> tuple[tuple[Syntax, ...], tuple[Link, ...]]:
    """Return the operands and links of *syntax*, with nested near queries merged."""
    children: list[Syntax] = []
    links: list[Link] = []
    for nth, child in enumerate(syntax.children):
        if nth:
            links.append(syntax.links[nth - 1])
        if isinstance(child, NearQuery):
            inner, between = flatten(child)
            children += inner
            links += between
        else:
            children.append(child)
    return tuple(children), tuple(links)


def shared_field(children: Sequence[Syntax]) -> SearchField | None:
    """Return the field that all of *children* are typed with, or None."""
    fields = {
        child.field if isinstance(child, FieldGroup | FieldQuery) else None for child in children
    }
    return fields.pop() if len(fields) == 1 else None


def values_of(syntax: Syntax) -> tuple[Syntax, ...]:
    """Return *syntax* without its field name."""
    if isinstance(syntax, FieldQuery):
        return (syntax.value,)
    return (syntax.child,) if isinstance(syntax, FieldGroup) else (syntax,)


def span_of(syntax: Syntax) -> tuple[int, int]:
    """Return the start and end of *syntax* in the typed text."""
    match syntax:
        case AndQuery() | OrQuery():
            return span_of(syntax.children[0])[0], span_of(syntax.children[-1])[1]
        case NotQuery():
            return span_of(syntax.child)
        case _:
            return syntax.start, syntax.end


def spot_nodes(
    operands: Sequence[Mapping[TextField, Sequence[Spot]]], links: tuple[Link, ...], lead: int
) -> Node | None:
    """Return the node for a chain of operands in any field; in the body within *lead* words.

    *operands* has the spots of each operand by field; a *lead* of 0 means the whole body.
    """
    found: list[Node] = []
    for field in operands[0]:
        # An operand has several spots only if its words have different strictness, so there are few
        # combinations.
        for spots in product(*(operand[field] for operand in operands)):
            chain = Chain(spots, links, field.weight)
            if lead and field is BODY:
                found.append(And((chain, *(Lead(spot, lead, field.weight) for spot in spots))))
            else:
                found.append(chain)
    return join_nodes(tuple(found), Or)
