"""Values: the tree for the value of a field that is not a text field, such as `date:2020`.

field, value -> facet values or a date range, or a diagnostic
"""

from collections.abc import Callable, Sequence

from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.dates import parse_date_range
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.events import event_keys
from marsad.indexer.query.syntax import SearchField, Word
from marsad.indexer.query.tree import Keyword, Node, Nothing, Or
from marsad.indexer.query.word_builder import join_nodes

# Returns the ids of all entities of a facet that have a name: ("person", "علييف") -> ids.
NameResolver = Callable[[str, str], Sequence[str]]


def value_node(
    field: SearchField, value: Word, resolve: NameResolver
) -> tuple[Node | None, tuple[str, ...], Diagnostic | None]:
    """Return the tree of *value*, the ids of the entities it names, and a diagnostic or None."""
    if field in ("date", "event"):
        days = parse_date_range(value.text)
        if days is None:
            return None, (), Diagnostic("bad-date", value.start, value.end, value.text)
        if field == "date":
            return days, (), None
        # An event range becomes facet values, so that engines need no support for ranges of events.
        keys = event_keys(days.since, days.until)
        return join_nodes(tuple(Keyword(facet, text) for facet, text in keys), Or), (), None
    if field != "entity" and field not in ENTITY_FACETS:
        return Keyword(field, value.text.strip().lower()), (), None
    facets: Sequence[str] = ENTITY_FACETS if field == "entity" else (field,)
    found = tuple(Keyword(facet, name) for facet in facets for name in resolve(facet, value.text))
    if not found:
        diagnostic = Diagnostic("unknown-name", value.start, value.end, value.text)
        return Nothing(), (), diagnostic
    return join_nodes(found, Or), tuple(each.value for each in found), None
