"""Offer: what is said where a search for all words finds few: that any of them finds more.

all words, few found -> [count_any] -> how many articles have any of the words
"""

from dataclasses import replace

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.query.parse import Parsed

# So few articles are few: other searches are offered.
FEW = 3


def count_any(engine: Engine, request: SearchRequest, parsed: Parsed, total: int) -> int | None:
    """Return how many articles have any of the words that *total* have all of.

    Args:
        engine: What was asked.
        request: What it was asked, with its filters; its query is replaced.
        parsed: The query, read as a search by any word.
        total: How many articles have all words.

    Returns:
        A count above *total*; None where *total* is not few, or any finds no more.
    """
    if total > FEW or not parsed.typed.strip():
        return None
    wanted = replace(
        request, query=parsed.tree, again=None, offset=0, limit=0, facets=(), histogram=None
    )
    found = engine.search(wanted).total
    return found if found > total else None
