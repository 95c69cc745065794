"""Gaps: where the tokens of a text begin, a byte each where they are near."""

import numpy as np

from marsad.indexer.compiled import kernel
from marsad.indexer.segments.kernels.layout import Array

_MORE = 255


@kernel
def code_gaps(starts: Array) -> Array:
    """Return the gaps between ascending numbers, the first from 0 (u8).

    A gap is the sum of bytes up to the first that is not 255.
    """
    size = starts.size
    before = np.int64(0)
    for start in starts:
        size += (np.int64(start) - before) // _MORE
        before = np.int64(start)
    coded = np.empty(size, np.uint8)
    at = 0
    before = np.int64(0)
    for start in starts:
        gap = np.int64(start) - before
        before = np.int64(start)
        while gap >= _MORE:
            coded[at] = _MORE
            gap -= _MORE
            at += 1
        coded[at] = gap
        at += 1
    return coded
