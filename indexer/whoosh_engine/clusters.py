"""Clusters: which documents are copies of one story, in one generation.

A clusters file (`.cls`) is a container of two arrays, `article` and `cluster`: hashes of
ids, ascending, and hashes of the names of their clusters. It is written anew by a commit
that changes it; ids that no segment has say nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import FileDamagedError
from indexer.whoosh_engine.build import hash_id, new_name
from indexer.whoosh_engine.container import ContainerWriter, open_container
from indexer.whoosh_engine.files import fsync_file
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.kernels.layout import Bits

SUFFIX = ".cls"
_UNDATED = dt.date.max.toordinal() + 1

Hashes = NDArray[np.uint64]


def read_clusters(folder: Path, name: str | None) -> tuple[Hashes, Hashes]:
    """Return the hashes of articles and of their clusters; none where there is no file."""
    if name is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    arrays = open_container(folder / name).arrays
    try:
        return arrays["article"], arrays["cluster"]
    except KeyError as error:
        raise FileDamagedError(folder / name, f"its directory lacks {error}") from error


def write_clusters(
    folder: Path, base: tuple[Hashes, Hashes], changes: Mapping[str, str | None]
) -> str:
    """Write *base* with *changes* made to it; return the file's name."""
    known = dict(zip(base[0].tolist(), base[1].tolist(), strict=True))
    for article, cluster in changes.items():
        if cluster is None:
            known.pop(hash_id(article), None)
        else:
            known[hash_id(article)] = hash_id(cluster)
    articles = np.array(sorted(known), np.uint64)
    name = new_name(SUFFIX)
    with ContainerWriter(folder / name) as container:
        container.add("article", articles)
        container.add("cluster", np.array([known[a] for a in articles.tolist()], np.uint64))
        container.end()
    fsync_file(folder / name)
    return name


class Clusters:
    """The clusters of a generation that have several documents in it."""

    def __init__(self, generation: Generation) -> None:
        articles, names = read_clusters(generation.folder, generation.manifest.clusters)
        segments = [member.segment for member in generation.members]
        rows: list[tuple[int, int, str, int, int]] = []
        for number, segment in enumerate(segments):
            live = generation.members[number].live
            keys = segment.arrays["key_hash"]
            # The shorter list is looked up in the longer one.
            if len(keys) < len(articles):
                at = np.searchsorted(articles, keys)
                at[at == len(articles)] = 0
                found = np.flatnonzero(articles[at] == keys) if len(articles) else at[:0]
                of = names[at[found]]
            else:
                found, of = _in_keys(keys, articles, names)
            docs = segment.arrays["key_doc"][found]
            for doc, name in zip(docs.tolist(), of.tolist(), strict=True):
                if live is None or _has(live, doc):
                    day = int(segment.days[doc]) or _UNDATED
                    rows.append((name, day, segment.id(doc), number, doc))
        rows.sort()
        self._segments = segments
        self._name = np.array([row[0] for row in rows], np.uint64)
        self._segment = np.array([row[3] for row in rows], np.int64)
        self._doc = np.array([row[4] for row in rows], np.int64)
        self._place = {(row[3], row[4]): at for at, row in enumerate(rows)}

    @property
    def folded(self) -> int:
        """How many documents are not the earliest of their cluster."""
        return len(self._name) - len(np.unique(self._name))

    def collapse(self, found: Sequence[Bits]) -> tuple[list[Bits], dict[tuple[int, int], int]]:
        """Keep the earliest found document of each cluster.

        Returns:
            The bitmaps without the others, and for each kept document (its segment's number
            and its own) how many were folded under it, where there are any.
        """
        hit = np.zeros(len(self._name), np.bool_)
        for number, bits in enumerate(found):
            own = self._segment == number
            docs = self._doc[own]
            words = bits[docs >> 6] >> (docs & 63).astype(np.uint64)
            hit[own] = (words & np.uint64(1)).astype(np.bool_)
        at = np.flatnonzero(hit)
        first = np.ones(len(at), np.bool_)
        first[1:] = self._name[at[1:]] != self._name[at[:-1]]
        shown = [bits.copy() for bits in found]
        for place in at[~first].tolist():
            number, doc = int(self._segment[place]), int(self._doc[place])
            shown[number][doc >> 6] &= ~(np.uint64(1) << np.uint64(doc & 63))
        heads = np.flatnonzero(first)
        sizes = np.diff(np.append(heads, len(at)))
        copies = {
            (int(self._segment[at[head]]), int(self._doc[at[head]])): int(size) - 1
            for head, size in zip(heads.tolist(), sizes.tolist(), strict=True)
            if size > 1
        }
        return shown, copies

    def members(self, segment: int, doc: int) -> tuple[str, ...]:
        """Return the ids of a document's cluster, earliest first; none where it is alone."""
        place = self._place.get((segment, doc))
        if place is None:
            return ()
        low = int(np.searchsorted(self._name, self._name[place], "left"))
        high = int(np.searchsorted(self._name, self._name[place], "right"))
        if high - low == 1:
            return ()
        return tuple(
            self._segments[int(self._segment[at])].id(int(self._doc[at])) for at in range(low, high)
        )


def _in_keys(keys: Hashes, articles: Hashes, names: Hashes) -> tuple[NDArray[np.int64], Hashes]:
    low = np.searchsorted(keys, articles, "left")
    high = np.searchsorted(keys, articles, "right")
    several = np.flatnonzero(high > low)
    found = [at for n in several.tolist() for at in range(int(low[n]), int(high[n]))]
    of = np.repeat(names[several], (high - low)[several])
    return np.array(found, np.int64), of


def _has(live: Bits, doc: int) -> bool:
    return bool(live[doc >> 6] >> np.uint64(doc & 63) & np.uint64(1))
