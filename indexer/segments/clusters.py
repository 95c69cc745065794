"""Clusters: the near-duplicate clusters of one generation.

A clusters file (`.cls`) is a container of two arrays: `article` has hashes of article ids,
ascending, and `cluster` the hash of the cluster's name for each. A commit that changes clusters
writes a new file. It may have ids of articles that are gone; they are ignored.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.build import hash_id, new_name
from marsad.indexer.segments.container import ContainerWriter, open_container
from marsad.indexer.segments.files import fsync_file
from marsad.indexer.segments.generation import Generation
from marsad.indexer.segments.kernels.bits import clear_docs
from marsad.indexer.segments.kernels.layout import Bits

SUFFIX = ".cls"
# An undated copy is never the earliest of a cluster that has a dated one.
_UNDATED = dt.date.max.toordinal() + 1

Hashes = NDArray[np.uint64]


def read_clusters(folder: Path, name: str | None) -> tuple[Hashes, Hashes]:
    """Return the hashes of articles and of their clusters, both empty if *name* is None."""
    if name is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    container = open_container(folder / name)
    container.check()
    arrays = container.arrays
    try:
        return arrays["article"], arrays["cluster"]
    except KeyError as error:
        raise FileDamagedError(folder / name, f"its directory lacks {error}") from error


def write_clusters(
    folder: Path, base: tuple[Hashes, Hashes], changes: Mapping[str, str | None]
) -> str:
    """Apply *changes* to *base*, write the result to a new file, and return the file's name."""
    made = {hash_id(article): cluster for article, cluster in changes.items()}
    # numpy 2.0.0 overflows on uint64 with the table that it would choose for close hashes.
    kept = ~np.isin(base[0], np.array(list(made), np.uint64), kind="sort")
    added = {article: hash_id(cluster) for article, cluster in made.items() if cluster is not None}
    articles = np.concatenate([base[0][kept], np.array(list(added), np.uint64)])
    clusters = np.concatenate([base[1][kept], np.array(list(added.values()), np.uint64)])
    order = np.argsort(articles, kind="stable")
    name = new_name(SUFFIX)
    with ContainerWriter(folder / name) as container:
        container.add("article", articles[order])
        container.add("cluster", clusters[order])
        container.end()
    fsync_file(folder / name)
    return name


class Folded:
    """How many copies are folded under each shown document of a result."""

    def __init__(self, keys: NDArray[np.int64], copies: NDArray[np.int64]) -> None:
        self._keys = keys
        self._copies = copies

    def copies(self, segment: int, doc: int) -> int:
        """Return how many other documents of the result are folded under this one."""
        key = _key(segment, doc)
        at = int(np.searchsorted(self._keys, key))
        return int(self._copies[at]) if at < len(self._keys) and self._keys[at] == key else 0


class Clusters:
    """The clusters of a generation, each with its documents, earliest first."""

    def __init__(self, generation: Generation) -> None:
        articles, names = read_clusters(generation.folder, generation.manifest.clusters)
        self._segments = [member.segment for member in generation.members]
        columns: list[tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]] = []
        for number, member in enumerate(generation.members):
            segment = member.segment
            keys = segment.arrays["key_hash"]
            # Look up the shorter array in the longer one: that takes fewer searches.
            if len(keys) < len(articles):
                at = np.searchsorted(articles, keys)
                at[at == len(articles)] = 0
                found = np.flatnonzero(articles[at] == keys) if len(articles) else at[:0]
                of = names[at[found]]
            else:
                found, of = _in_keys(keys, articles, names)
            docs = segment.arrays["key_doc"][found].astype(np.int64)
            if member.live is not None:
                alive = _has(member.live, docs)
                docs, of = docs[alive], of[alive]
            columns.append((of, np.full(len(docs), number, np.int64), docs))
        name, segment_of, doc = (
            np.concatenate([column[n] for column in columns]) if columns else np.zeros(0, np.int64)
            for n in range(3)
        )
        day = np.empty(len(doc), np.int64)
        for number, segment in enumerate(self._segments):
            own = segment_of == number
            day[own] = segment.days[doc[own]]
        day[day == 0] = _UNDATED
        order = np.lexsort((day, name))
        self._name = name[order].astype(np.uint64)
        self._segment, self._doc = segment_of[order], doc[order]
        self._order_ties(day[order])
        self._keys = _key(self._segment, self._doc)
        self._by_key = np.argsort(self._keys)

    def _order_ties(self, day: NDArray[np.int64]) -> None:
        """Sort documents of one cluster and one day by their ids."""
        same = (self._name[1:] == self._name[:-1]) & (day[1:] == day[:-1])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            places = sorted(range(first, last + 1), key=self._id)
            self._segment[first : last + 1] = self._segment[places]
            self._doc[first : last + 1] = self._doc[places]

    def _id(self, at: int) -> str:
        return self._segments[int(self._segment[at])].id(int(self._doc[at]))

    @property
    def folded(self) -> int:
        """How many documents are later copies: all of a cluster but the earliest."""
        return len(self._name) - len(np.unique(self._name))

    def collapse(self, found: Sequence[Bits]) -> tuple[list[Bits], Folded]:
        """Keep only the earliest document of each cluster.

        Args:
            found: A bitmap for each segment.

        Returns:
            The bitmaps without later copies, and how many were folded under each document.
        """
        hit = np.zeros(len(self._name), np.bool_)
        for number, bits in enumerate(found):
            own = self._segment == number
            hit[own] = _has(bits, self._doc[own])
        at = np.flatnonzero(hit)
        first = np.ones(len(at), np.bool_)
        first[1:] = self._name[at[1:]] != self._name[at[:-1]]
        shown = [bits.copy() for bits in found]
        hidden = at[~first]
        for number, bits in enumerate(shown):
            clear_docs(bits, self._doc[hidden[self._segment[hidden] == number]])
        heads = np.flatnonzero(first)
        keys = self._keys[at[heads]]
        order = np.argsort(keys)
        return shown, Folded(keys[order], np.diff(np.append(heads, len(at)))[order] - 1)

    def members(self, segment: int, doc: int) -> tuple[str, ...]:
        """Return the ids of a document's cluster, earliest first; empty if it has no copy."""
        key = _key(segment, doc)
        at = int(np.searchsorted(self._keys, key, sorter=self._by_key))
        if at == len(self._keys) or self._keys[self._by_key[at]] != key:
            return ()
        name = self._name[self._by_key[at]]
        low = int(np.searchsorted(self._name, name, "left"))
        high = int(np.searchsorted(self._name, name, "right"))
        return () if high - low == 1 else tuple(map(self._id, range(low, high)))


def _key(segment: Any, doc: Any) -> Any:  # noqa: ANN401  (numbers or columns of them)
    """Pack the number of a segment and the number of a document into one number."""
    return segment << 32 | doc


def _in_keys(keys: Hashes, articles: Hashes, names: Hashes) -> tuple[NDArray[np.int64], Hashes]:
    low = np.searchsorted(keys, articles, "left")
    high = np.searchsorted(keys, articles, "right")
    several = np.flatnonzero(high > low)
    found = [at for n in several.tolist() for at in range(int(low[n]), int(high[n]))]
    of = np.repeat(names[several], (high - low)[several])
    return np.array(found, np.int64), of


def _has(bits: Bits, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of *docs* are in *bits*."""
    words = bits[docs >> 6] >> (docs & 63).astype(np.uint64)
    among: NDArray[np.bool_] = (words & np.uint64(1)).astype(np.bool_)
    return among
