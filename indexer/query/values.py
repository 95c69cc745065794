"""Values: what the value of a field that is no text asks for.

field, value -> a tree of facet values or a range of days, or a remark
"""

from collections.abc import Callable, Sequence

from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.dates import parse_date_range
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.events import event_keys
from marsad.indexer.query.syntax import SearchField, Word
from marsad.indexer.query.tree import Keyword, Node, Nothing, Or
from marsad.indexer.query.word_builder import one_or

# Resolves a name to the ids of entities of one facet: ("person", "علييف") -> ids.
NameResolver = Callable[[str, str], Sequence[str]]


def value_node(
    field: SearchField, value: Word, resolve: NameResolver
) -> tuple[Node | None, tuple[str, ...], Diagnostic | None]:
    """Return the node, the ids of the entities that it names, and what is off with the value."""
    if field in ("date", "event"):
        days = parse_date_range(value.text)
        if days is None:
            return None, (), Diagnostic("bad-date", value.start, value.end, value.text)
        if field == "date":
            return days, (), None
        keys = event_keys(days.since, days.until)
        return one_or(tuple(Keyword(facet, text) for facet, text in keys), Or), (), None
    if field != "entity" and field not in ENTITY_FACETS:
        return Keyword(field, value.text.strip().lower()), (), None
    facets: Sequence[str] = ENTITY_FACETS if field == "entity" else (field,)
    found = tuple(Keyword(facet, name) for facet in facets for name in resolve(facet, value.text))
    if not found:
        remark = Diagnostic("unknown-name", value.start, value.end, value.text)
        return Nothing(), (), remark
    return one_or(found, Or), tuple(each.value for each in found), None
