"""Gaps: code the offsets of tokens as distances, most of them in one byte."""

import numpy as np

from marsad.indexer.compiled import kernel
from marsad.indexer.segments.kernels.layout import Array

_MORE = 255


@kernel
def code_gaps(starts: Array) -> Array:
    """Return the coded gaps between ascending numbers, the first one from 0 (u8).

    A gap is the sum of its bytes, of which only the last is not 255.
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
