"""Spots: operands that stand at places of a text, as those of `near/5` must.

Together -> children and links in one row -> spots of each field -> Chain
"""

from collections.abc import Mapping, Sequence
from itertools import product

from marsad.indexer.fields import BODY, TextField
from marsad.indexer.query.syntax import (
    AndQuery,
    FieldQuery,
    NotQuery,
    OrQuery,
    SearchField,
    Syntax,
    Together,
    Within,
    Word,
)
from marsad.indexer.query.tree import And, Chain, Lead, Link, Node, Or, Spot
from marsad.indexer.query.word_builder import one_or


def alternatives_of(syntax: Syntax) -> list[Word] | None:
    """Return the words and phrases of which any may stand, None where it is something else."""
    if isinstance(syntax, Word):
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


def flattened(syntax: Together) -> tuple[tuple[Syntax, ...], tuple[Link, ...]]:
    """Return the operands and links of *syntax* with those of a row inside it."""
    children: list[Syntax] = []
    links: list[Link] = []
    for nth, child in enumerate(syntax.children):
        if nth:
            links.append(syntax.links[nth - 1])
        if isinstance(child, Together):
            inner, between = flattened(child)
            children += inner
            links += between
        else:
            children.append(child)
    return tuple(children), tuple(links)


def shared_field(children: Sequence[Syntax]) -> SearchField | None:
    """Return the field that all of *children* stand in, None where they are of several or none."""
    fields = {child.field if isinstance(child, Within | FieldQuery) else None for child in children}
    return fields.pop() if len(fields) == 1 else None


def values_of(syntax: Syntax) -> tuple[Syntax, ...]:
    """Return what stands in a field."""
    if isinstance(syntax, FieldQuery):
        return (syntax.value,)
    return (syntax.child,) if isinstance(syntax, Within) else (syntax,)


def span_of(syntax: Syntax) -> tuple[int, int]:
    """Return the start and end of *syntax* in the typed text."""
    match syntax:
        case AndQuery() | OrQuery():
            return span_of(syntax.children[0])[0], span_of(syntax.children[-1])[1]
        case NotQuery():
            return span_of(syntax.child)
        case _:
            return syntax.start, syntax.end


def spotted(
    operands: Sequence[Mapping[TextField, Sequence[Spot]]], links: tuple[Link, ...], lead: int
) -> Node | None:
    """Return what finds a row of operands in any field, in the first *lead* words of the body."""
    found: list[Node] = []
    for field in operands[0]:
        # An operand has several spots only where its words are meant more and less strictly.
        for spots in product(*(operand[field] for operand in operands)):
            chain = Chain(spots, links, field.weight)
            if lead and field is BODY:
                found.append(And((chain, *(Lead(spot, lead, field.weight) for spot in spots))))
            else:
                found.append(chain)
    return one_or(tuple(found), Or)
