"""Chains: finds the spots of one text that are near each other, as links require.

spans of each operand, links, breaks -> [linked] -> the spans that are part of a match
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import get_args

from marsad.indexer.analysis.sentences import Breaks
from marsad.indexer.analysis.token import Token
from marsad.indexer.fields import Level
from marsad.indexer.query.tree import Chain, Lead, Link, Spot

# The positions of the first and last word of a spot.
Span = tuple[int, int]

_FAR = 1 << 40
_LEVELS: dict[str, Level] = {name: name for name in get_args(Level)}


def linked(
    operands: Sequence[Sequence[Span]], links: Sequence[Link], breaks: Breaks
) -> list[list[Span]]:
    """Return the spans of each operand that are part of a complete chain, in order.

    Example:
        >>> linked([[(0, 0), (9, 9)], [(3, 3)]], [Link(5)], Breaks())
        [[(0, 0)], [(3, 3)]]
    """
    kept = [list(spans) for spans in operands]
    # A pass from the left keeps the spans that a chain reaches, a pass from the right those that
    # also complete it. Two passes suffice because each link relates neighbours only.
    for nth, link in enumerate(links):
        kept[nth + 1] = _near(kept[nth + 1], kept[nth], link, breaks, is_later=True)
    for nth in range(len(links) - 1, -1, -1):
        kept[nth] = _near(kept[nth], kept[nth + 1], links[nth], breaks, is_later=False)
    return kept


def _near(
    spans: Sequence[Span], others: Sequence[Span], link: Link, breaks: Breaks, *, is_later: bool
) -> list[Span]:
    """Return the *spans* that have one of *others* near them.

    *is_later* tells whether *spans* are of the later operand, which matters for ordered links.
    """
    begins = sorted(first for first, _ in others)
    ends = sorted(last for _, last in others)
    found = []
    for first, last in spans:
        low, high = _window(first, last, link, breaks)
        before = is_later or not link.ordered
        after = not is_later or not link.ordered
        if (before and _holds(ends, low, first - 1)) or (after and _holds(begins, last + 1, high)):
            found.append((first, last))
    return found


def _window(first: int, last: int, link: Link, breaks: Breaks) -> Span:
    """Return the earliest end of a span before this one, and the latest start of one after it."""
    if isinstance(link.reach, int):
        return first - link.reach, last + link.reach
    places = breaks.sentences if link.reach == "sentence" else breaks.paragraphs
    low = bisect_right(places, first)
    high = bisect_right(places, last)
    return places[low - 1] if low else 0, places[high] - 1 if high < len(places) else _FAR


def _holds(ordered: Sequence[int], low: int, high: int) -> bool:
    """Return whether a sorted sequence has a value from *low* to *high*."""
    at = bisect_left(ordered, low)
    return at < len(ordered) and ordered[at] <= high


def spots_of(node: Chain | Lead) -> tuple[Spot, ...]:
    """Return the spots that a node asks for."""
    return node.spots if isinstance(node, Chain) else (node.spot,)


def level_of(spot: Spot) -> Level:
    """Return the level of a spot's terms, from the name of its engine field."""
    return _LEVELS[spot.field.rpartition("_")[2]]


def opening_terms(spots: Sequence[Spot]) -> list[tuple[str, Level]]:
    """Return the terms with which a spot can begin, each with its level."""
    return [(term, level_of(spot)) for spot in spots for row in spot.rows if row for term in row[0]]


def places_of(spot: Spot, tokens: Sequence[Token]) -> list[Span]:
    """Return the spans of the rows of *spot* in a text with these tokens, sorted."""
    level = level_of(spot)
    printed = [token.term(level) for token in tokens]
    found = {
        (at, at + len(row) - 1)
        for row in spot.rows
        if row
        for at in range(len(printed) - len(row) + 1)
        if all(printed[at + nth] in word for nth, word in enumerate(row))
    }
    return sorted(found)
