"""Breaks: where sentences and paragraphs begin, coded in a byte or two each.

The code of a break is twice its distance in tokens from the break before, plus 1 if it begins a
paragraph. A code is the sum of its bytes: BREAK_ESCAPE means that another byte follows.
"""

from collections.abc import Iterable

import numpy as np

from marsad.indexer.analysis.sentences import Breaks
from marsad.indexer.segments.kernels.layout import BREAK_ESCAPE


def pack_breaks(breaks: Breaks) -> bytes:
    """Return the coded breaks of a document.

    Example:
        >>> list(pack_breaks(Breaks([3, 7, 207], [7])))
        [6, 9, 255, 145]
    """
    paragraphs = set(breaks.paragraphs)
    if not breaks.sentences and not paragraphs:
        return b""
    coded = bytearray()
    last = 0
    for place in _ordered({*breaks.sentences, *paragraphs}):
        code = 2 * (place - last) + (place in paragraphs)
        coded += bytes([BREAK_ESCAPE]) * (code // BREAK_ESCAPE)
        coded.append(code % BREAK_ESCAPE)
        last = place
    return bytes(coded)


def _ordered(places: Iterable[int]) -> list[int]:
    ordered = sorted(places)
    if ordered[0] <= 0 or ordered[-1] >= np.iinfo(np.int32).max:
        message = (
            f"breaks at {ordered[0]} to {ordered[-1]}: expected positions after the first token"
        )
        raise ValueError(message)
    return ordered
