"""Facets: exact counts of values over all segments of a generation.

If few documents were found, the values of each document are counted. If many were found, the
documents of each value are counted, commonest value first. This stops when no other value can be
among the wanted ones, because a value cannot have more documents in a result than in the whole
index (the threshold algorithm of Fagin, Lotem and Naor, 2003).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.request import FacetCounts
from marsad.indexer.fields import FACETS
from marsad.indexer.segments.generation import Generation
from marsad.indexer.segments.kernels.bits import popcount
from marsad.indexer.segments.kernels.facets import count_documents, count_values
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.kernels.merging import merge_terms

# If more than this share of all documents was found, the documents of each value are counted.
_DENSE = 1 / 8
_VALUES_AT_A_TIME = 24
_MOST_VALUES = 768

Counts = NDArray[np.int64]


class FacetCounter:
    """Counts facet values in one generation; has the union of the values of its segments."""

    def __init__(self, generation: Generation) -> None:
        self._segments = [member.segment for member in generation.members]
        self._documents = sum(segment.documents for segment in self._segments)
        blobs, ends = [np.empty(0, np.uint8)], [np.empty((0, 2), np.int64)]
        sizes, base = np.zeros(len(self._segments) + 1, np.int64), 0
        for place, segment in enumerate(self._segments):
            at = segment.value_at.astype(np.int64)
            blobs.append(segment.value_blob)
            ends.append(np.stack([at[:-1], at[1:]], axis=1) + base)
            base += len(segment.value_blob)
            sizes[place + 1] = sizes[place] + len(at) - 1
        self._blob, self._at = np.concatenate(blobs), np.concatenate(ends)
        self._first, number = merge_terms(self._blob, self._at, sizes)
        self._number = [number[sizes[n] : sizes[n + 1]] for n in range(len(self._segments))]
        self._local: list[Counts] = []
        df = np.zeros(len(self._first), np.int64)
        for segment, numbers in zip(self._segments, self._number, strict=True):
            local = np.full(len(self._first), -1, np.int64)
            local[numbers] = np.arange(len(numbers))
            self._local.append(local)
            df[numbers] += segment.facets.value_df
        self._df = df
        facet_of = self._blob[self._at[self._first, 0]] if len(self._first) else self._blob
        self._range = {
            name: (
                int(np.searchsorted(facet_of, number, "left")),
                int(np.searchsorted(facet_of, number, "right")),
            )
            for number, name in enumerate(FACETS)
        }
        self._missing: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._ranked: dict[str, Counts] = {}
        for name, (first, high) in self._range.items():
            low = first
            if low < high and self._at[self._first[low], 1] - self._at[self._first[low], 0] == 1:
                self._missing[name] = low
                low += 1
            self._range[name] = (low, high)
            self._ranked[name] = low + np.argsort(-df[low:high], kind="stable")

    def every_value(self, found: Sequence[Bits]) -> Counts | None:
        """Count all values of all facets in *found*; None if *found* is too large for that."""
        matching = sum(int(popcount(bits)) for bits in found)
        if matching > _DENSE * self._documents:
            return None
        return self._by_document(found)

    def count(
        self, name: str, size: int, found: Sequence[Bits], every: Counts | None
    ) -> FacetCounts:
        """Return the commonest *size* values of one facet.

        Args:
            name: The facet.
            size: How many values are wanted.
            found: The documents to count, a bitmap for each segment.
            every: The counts of all values in *found* from `every_value`, or None.
        """
        low, high = self._range[name]
        missing = self._count_missing(name, found)
        ranked = self._by_value(name, size + 1, found) if every is None else None
        if ranked is None:
            counts = self._by_document(found) if every is None else every
            ranked = _largest(counts, low, high, size + 1)
        texts = self._texts
        values = tuple(
            (texts.get(number) or self._value(number), count) for number, count in ranked[:size]
        )
        return FacetCounts(name, values, missing, len(ranked) > size)

    def _count_missing(self, name: str, found: Sequence[Bits]) -> int:
        number = self._missing.get(name)
        if number is None:
            return 0
        return int(self._count_values(np.array([number], np.int64), found)[0])

    def _by_document(self, found: Sequence[Bits]) -> Counts:
        counts = np.zeros(len(self._first), np.int64)
        for segment, numbers, bits in zip(self._segments, self._number, found, strict=True):
            own = np.zeros(len(numbers), np.int32)
            count_documents(bits, segment.facets, own)
            counts[numbers] += own
        return counts

    def _by_value(
        self, name: str, size: int, found: Sequence[Bits]
    ) -> list[tuple[int, int]] | None:
        """Return the commonest values by the threshold algorithm; None if that takes too long."""
        ranked = self._ranked[name]
        numbers = np.empty(0, np.int64)
        counts = np.empty(0, np.int64)
        for start in range(0, len(ranked), _VALUES_AT_A_TIME):
            if len(counts) >= size:
                least = int(np.partition(counts, -size)[-size])
                if least and self._df[ranked[start]] < least:
                    break
                if start >= _MOST_VALUES:
                    return None
            some = ranked[start : start + _VALUES_AT_A_TIME]
            numbers = np.concatenate([numbers, some])
            counts = np.concatenate([counts, self._count_values(some, found)])
        order = np.lexsort((numbers, -counts))[:size]
        order = order[counts[order] > 0]
        return list(zip(numbers[order].tolist(), counts[order].tolist(), strict=True))

    def _count_values(self, numbers: Counts, found: Sequence[Bits]) -> Counts:
        counts = np.zeros(len(numbers), np.int64)
        for segment, local, bits in zip(self._segments, self._local, found, strict=True):
            counts += count_values(bits, segment.facets, local[numbers])
        return counts

    def _value(self, number: int) -> str:
        start, end = self._at[self._first[number]]
        text = self._blob[start + 2 : end].tobytes().decode("utf-8", "surrogatepass")
        self._texts[number] = text
        return text


def _largest(counts: Counts, low: int, high: int, size: int) -> list[tuple[int, int]]:
    """Return `(place, count)` of the *size* largest of `counts[low:high]`; ties by place, no 0."""
    some = low + np.flatnonzero(counts[low:high])
    if len(some) > 4 * size:
        least = np.partition(counts[some], -size)[-size]
        some = some[counts[some] >= least]
    best = some[np.lexsort((some, -counts[some]))[:size]]
    return list(zip(best.tolist(), counts[best].tolist(), strict=True))
