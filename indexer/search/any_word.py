"""Any word: how many articles a search by any of its words would find.

A search asks for all of its words. Where that finds few articles, the page, the API and the
command line offer the same search by any word, with its count. Nothing is relaxed unasked.
"""

from dataclasses import replace

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.query.parse import Parsed

# A search that finds at most so many articles is offered again by any word.
FEW = 3


def count_any(engine: Engine, request: SearchRequest, parsed: Parsed, total: int) -> int | None:
    """Return how many articles hold any word of a query, if it is worth offering.

    Args:
        engine: The engine that was searched.
        request: The search that was made. Its filters are kept, its query is replaced.
        parsed: The same query, parsed as a search by any word.
        total: How many articles hold all words.

    Returns:
        A count greater than *total*; None if *total* is above FEW, the query is empty, or a
        search by any word finds no more.
    """
    if total > FEW or not parsed.typed.strip():
        return None
    # Only the total is needed, so hits, facets and the histogram are left out.
    count_request = replace(
        request, query=parsed.tree, again=None, offset=0, limit=0, facets=(), histogram=None
    )
    found = engine.search(count_request).total
    return found if found > total else None
