"""Columns: make the arrays of a segment from inverted lists and from facet values.

New segments and merged segments both come from here, so the layout of a segment is written in one
place.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.segments.kernels.bits import set_docs
from marsad.indexer.segments.kernels.facets import (
    count_spans,
    fill_spans,
    invert_values,
    with_missing,
)
from marsad.indexer.segments.kernels.inversion import block_bounds, count_runs, fill_runs, narrowed
from marsad.indexer.segments.kernels.layout import BLOCK, POSITION_ESCAPE, TF_ESCAPE, FacetColumns
from marsad.indexer.segments.segment import bitmap_words

# Chosen on tests/quality: a document with all words once beats one that repeats some of them.
K1, B = 0.6, 0.75
FLAT = K1 * (1 - B)

# A value has a bitmap if more than one in this many documents has the value.
_BITMAP_SHARE = 64
_LEAST_FOR_SPANS = 8
# Offsets of postings and positions are stored in 4 bytes.
_MOST_PLACES = 1 << 32

Arrays = dict[str, NDArray[Any]]


def narrow(values: NDArray[Any], escape: int, dtype: type) -> tuple[NDArray[Any], Any, Any]:
    """Return *values* as *dtype*, then the offsets and the values of those that do not fit."""
    return narrowed(values, escape, dtype(0))


@dataclass(frozen=True, slots=True)
class Lists:
    """Inverted lists of some terms; the documents of a term ascend.

    Postings of term t begin at `post_at[t]`, its positions at `place_at[t]`.
    """

    docs: NDArray[np.uint32]
    tfs: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    post_at: NDArray[np.int64]
    place_at: NDArray[np.int64]


class ListColumns:
    """Collects the arrays of inverted lists; terms come in their order, some at a time."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[NDArray[Any]]] = {}
        self._runs = self._postings = self._places = self._blocks = 0

    def add(self, lists: Lists, lengths: NDArray[np.uint32], average: float) -> None:
        """Add the lists of the next terms, which are of one field.

        Args:
            lists: The lists of the terms.
            lengths: The field's length in each document.
            average: The field's average length, for the bounds.
        """
        runs = count_runs(lists.docs, lists.post_at)
        total = int(runs.sum())
        chunk, run_doc, run_pos = fill_runs(lists.docs, lists.tfs, lists.post_at, 0, total)
        ends = np.append(run_doc, len(lists.docs))
        blocks = np.zeros(total + 1, np.int64)
        np.cumsum(-(-np.diff(ends) // BLOCK), out=blocks[1:])
        per_word = K1 * B / (average or 1.0)
        bounds = block_bounds(lists.docs, lists.tfs, ends, blocks, lengths, FLAT, per_word)
        tf, tf_big_at, tf_big = narrow(lists.tfs, TF_ESCAPE, np.uint8)
        pos, pos_big_at, pos_big = narrow(lists.positions, POSITION_ESCAPE, np.uint16)
        made: Arrays = {
            "term_runs": (np.cumsum(runs) - runs + self._runs).astype(np.uint32),
            "run_chunk": chunk,
            "run_doc": (run_doc + self._postings).astype(np.uint32),
            "run_pos": (run_pos + self._places).astype(np.uint32),
            "run_block": (blocks[:-1] + self._blocks).astype(np.uint32),
            "block_max": bounds,
            "doc": (lists.docs & 0xFFFF).astype(np.uint16),
            "tf": tf,
            "tf_big_at": (tf_big_at + self._postings).astype(np.uint32),
            "tf_big": tf_big,
            "pos": pos,
            "pos_big_at": (pos_big_at + self._places).astype(np.uint32),
            "pos_big": pos_big,
        }
        for name, piece in made.items():
            self._take(name, piece)
        self._runs += total
        self._postings += len(lists.docs)
        self._places += len(lists.positions)
        if self._places >= _MOST_PLACES:
            raise ValueError(
                f"{self._places} positions, but a segment has fewer than {_MOST_PLACES}"
            )
        self._blocks += int(blocks[-1])

    def _take(self, name: str, piece: NDArray[Any]) -> None:
        self._pieces.setdefault(name, []).append(piece)

    def end(self) -> dict[str, list[NDArray[Any]]]:
        """Complete the arrays of the lists, and return the pieces of each, in order.

        `term_runs`, `run_doc` and `run_block` get their last offset. An array without pieces gets
        an empty one. The arrays of the terms' text are made elsewhere.
        """
        empty: Arrays = {
            "run_chunk": np.empty(0, np.uint16),
            "run_pos": np.empty(0, np.uint32),
            "block_max": np.empty(0, np.uint8),
            "doc": np.empty(0, np.uint16),
            "tf": np.empty(0, np.uint8),
            "tf_big_at": np.empty(0, np.uint32),
            "tf_big": np.empty(0, np.uint32),
            "pos": np.empty(0, np.uint16),
            "pos_big_at": np.empty(0, np.uint32),
            "pos_big": np.empty(0, np.uint32),
        }
        ends = {
            "term_runs": self._runs,
            "run_doc": self._postings,
            "run_block": self._blocks,
        }
        for name, piece in empty.items():
            self._pieces.setdefault(name, [piece])
        for name, last in ends.items():
            self._take(name, np.array([last], np.uint32))
        return self._pieces


def facet_columns(
    facet_at: NDArray[np.uint32],
    facet_value: NDArray[np.uint32],
    facet_of: NDArray[np.uint8],
    missing_of: NDArray[np.int64],
) -> Arrays:
    """Return the arrays of `FacetColumns` from each document's values.

    Args:
        facet_at: Offset of each document's first value, and the end of the last (documents + 1).
        facet_value: The numbers of the values, without "no value".
        facet_of: The facet of each value.
        missing_of: The number of "no value" for each facet.
    """
    documents, values = len(facet_at) - 1, len(facet_of)
    whole = with_missing(facet_at, facet_value, facet_of, missing_of)
    value_at, docs = invert_values(*whole, values)
    df = np.diff(value_at)
    spans = count_spans(value_at, docs)
    in_spans = (df >= _LEAST_FOR_SPANS) & (spans * _LEAST_FOR_SPANS <= df)
    in_bits = ~in_spans & (df * _BITMAP_SHARE > documents) & (df > _BITMAP_SHARE)
    in_list = ~in_spans & ~in_bits
    bitmaps = np.zeros((int(in_bits.sum()), bitmap_words(documents)), np.uint64)
    value_bits = np.full(values, -1, np.int32)
    for row, value in enumerate(np.flatnonzero(in_bits)):
        value_bits[value] = row
        set_docs(bitmaps[row], docs[value_at[value] : value_at[value + 1]])
    value_span = np.zeros(values + 1, np.int64)
    np.cumsum(np.where(in_spans, spans, 0), out=value_span[1:])
    span_start = np.empty(value_span[-1], np.uint32)
    span_end = np.empty(value_span[-1], np.uint32)
    for value in np.flatnonzero(in_spans):
        place = slice(value_span[value], value_span[value + 1])
        own = docs[value_at[value] : value_at[value + 1]]
        fill_spans(own, span_start[place], span_end[place])
    value_list = np.zeros(values + 1, np.int64)
    np.cumsum(np.where(in_list, df, 0), out=value_list[1:])
    columns = FacetColumns(
        facet_at=facet_at.astype(np.uint32),
        facet_value=facet_value.astype(np.uint32),
        value_df=df.astype(np.uint32),
        value_list=value_list.astype(np.uint32),
        list_doc=docs[np.repeat(in_list, df)],
        value_bits=value_bits,
        bitmaps=bitmaps,
        value_span=value_span.astype(np.uint32),
        span_start=span_start,
        span_end=span_end,
    )
    return dict(columns._asdict())
