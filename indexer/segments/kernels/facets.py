"""Facets: count the values of documents, and make the columns for that."""

import numpy as np

from marsad.indexer.compiled import bounded
from marsad.indexer.segments.kernels.bits import count_range
from marsad.indexer.segments.kernels.layout import Array, Bits, FacetColumns, lowest, ones

_ONE = np.uint64(1)


@bounded
def count_documents(bits: Bits, f: FacetColumns, counts: Array) -> None:
    """Count every value of every document in *bits* into *counts*, except "no value"."""
    facet_at, facet_value = f.facet_at, f.facet_value
    for at in range(bits.size):
        word = bits[at]
        while word:
            doc = (at << 6) + np.int64(lowest(word))
            word &= word - _ONE
            for place in range(np.int64(facet_at[doc]), np.int64(facet_at[doc + 1])):
                counts[np.int64(facet_value[place])] += 1


@bounded
def with_missing(
    facet_at: Array, facet_value: Array, facet_of: Array, missing_of: Array
) -> tuple[Array, Array]:
    """Return `(facet_at, facet_value)` with "no value" added for each facet without a value.

    Args:
        facet_at: Offset of each document's first value, and the end of the last.
        facet_value: The numbers of the values.
        facet_of: The facet of each value.
        missing_of: The number of "no value" for each facet.
    """
    documents = facet_at.size - 1
    most = facet_value.size + documents * missing_of.size
    at = np.zeros(documents + 1, np.int64)
    values = np.empty(most, np.uint32)
    filled = 0
    for doc in range(documents):
        has = 0
        for place in range(np.int64(facet_at[doc]), np.int64(facet_at[doc + 1])):
            value = facet_value[place]
            has |= 1 << np.int64(facet_of[value])
            values[filled] = value
            filled += 1
        for facet in range(missing_of.size):
            if not has >> facet & 1:
                values[filled] = missing_of[facet]
                filled += 1
        at[doc + 1] = filled
    return at, values[:filled].copy()


@bounded
def count_values(bits: Bits, f: FacetColumns, values: Array) -> Array:
    """Return how many documents of *bits* have each of *values*; 0 for the value -1."""
    counts = np.zeros(values.size, np.int64)
    value_list, list_doc = f.value_list, f.list_doc
    for at in range(values.size):
        value = values[at]
        if value < 0:
            continue
        total = 0
        if f.value_bits[value] >= 0:
            bitmap = f.bitmaps[f.value_bits[value]]
            for word in range(bits.size):
                total += np.int64(ones(bits[word] & bitmap[word]))
        else:
            for span in range(np.int64(f.value_span[value]), np.int64(f.value_span[value + 1])):
                total += count_range(bits, np.int64(f.span_start[span]), np.int64(f.span_end[span]))
            for place in range(np.int64(value_list[value]), np.int64(value_list[value + 1])):
                doc = np.int64(list_doc[place])
                total += np.int64((bits[doc >> 6] >> np.uint64(doc & 63)) & _ONE)
        counts[at] = total
    return counts


@bounded
def invert_values(facet_at: Array, facet_value: Array, values: int) -> tuple[Array, Array]:
    """Return `(value_at, docs)`: the documents of each value.

    The documents of value v, ascending, are `docs[value_at[v] : value_at[v + 1]]`.
    """
    value_at = np.zeros(values + 1, np.int64)
    for place in range(facet_value.size):
        value_at[np.int64(facet_value[place]) + 1] += 1
    for value in range(values):
        value_at[value + 1] += value_at[value]
    docs = np.empty(facet_value.size, np.uint32)
    cursor = value_at[:-1].copy()
    for doc in range(facet_at.size - 1):
        for place in range(np.int64(facet_at[doc]), np.int64(facet_at[doc + 1])):
            value = np.int64(facet_value[place])
            docs[cursor[value]] = doc
            cursor[value] += 1
    return value_at, docs


@bounded
def count_spans(value_at: Array, docs: Array) -> Array:
    """Return how many ranges of neighbouring documents each value has."""
    spans = np.zeros(value_at.size - 1, np.int64)
    for value in range(spans.size):
        previous = -2
        for place in range(value_at[value], value_at[value + 1]):
            doc = np.int64(docs[place])
            spans[value] += doc != previous + 1
            previous = doc
    return spans


@bounded
def fill_spans(docs: Array, starts: Array, ends: Array) -> None:
    """Write the ranges of neighbouring documents in *docs* (ascending) to *starts* and *ends*."""
    span = -1
    previous = -2
    for place in range(docs.size):
        doc = np.int64(docs[place])
        if doc != previous + 1:
            span += 1
            starts[span] = doc
        ends[span] = doc + 1
        previous = doc
