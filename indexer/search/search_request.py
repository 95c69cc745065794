"""Search requests: what a person asks for, in the form that an engine takes.

typed query -> [Parts.parse] -> Parsed; dates and facet values -> [here] -> SearchRequest
"""

from collections.abc import Sequence
from dataclasses import replace

from marsad.indexer.engine.request import Choice, FacetFilter, SearchRequest
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.query.dates import parse_date_range
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import DateRange
from marsad.indexer.search.rerank import reranker_of


def date_range(since: str | None, until: str | None) -> DateRange:
    """Return the days from *since* to *until*, both included; a month or a year counts whole.

    Raises:
        ValueError: one of them is no date, or they are in the wrong order.

    Example:
        >>> date_range("2020", None)
        DateRange(since=datetime.date(2020, 1, 1), until=None)
    """
    if not since and not until:
        return DateRange(None, None)
    found = parse_date_range(f"{since or ''}..{until or ''}")
    if found is None:
        raise ValueError(
            f"found the dates {since or ''}..{until or ''}, expected days, months or years such "
            f"as 2023-09-21, 2023-09 or 2023, the earlier one first"
        )
    return found


def facet_filter(
    name: str, values: Sequence[str], gazetteer: Gazetteer, choice: Choice = "include"
) -> FacetFilter:
    """Return the choice of *values* in a facet; the name of an entity stands for its ids."""
    found = (tuple(gazetteer.resolve(name, value)) or (value,) for value in values)
    return FacetFilter(name, tuple(each for some in found for each in some), choice)


def with_query(request: SearchRequest, parsed: Parsed) -> SearchRequest:
    """Return *request* for the query *parsed*, with the order of hits that goes with it."""
    return replace(request, query=parsed.tree, again=reranker_of(parsed))
