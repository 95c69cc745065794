"""Merge: make one segment of several. Lists and columns are merged; stores are not touched.

    sources -> order of documents -> columns
            -> union of terms -> [some terms at a time: read, merge] -> lists -> container

Memory is needed for the columns and for the terms of one step: merged postings and positions go to
temporary files.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.fields import INDEX_FIELDS
from marsad.indexer.segments.build import new_name, write_segment
from marsad.indexer.segments.columns import Arrays, ListColumns, Lists, facet_columns
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.kernels.merging import (
    gather_rows,
    merge_documents,
    merge_lists,
    merge_terms,
    read_lists,
)
from marsad.indexer.segments.segment import SUFFIX, Segment

# About this many postings are merged at a time.
_POSTINGS = 1 << 22
# A segment stores offsets in 4 bytes; this leaves some room.
MOST_POSITIONS = (1 << 32) - (1 << 20)


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to merge, and its removed documents as a bitmap."""

    segment: Segment
    deleted: Bits | None

    def live(self) -> NDArray[np.uint8]:
        """Return 1 for each document that was not removed, else 0 (u8)."""
        count = self.segment.documents
        if self.deleted is None:
            return np.ones(count, np.uint8)
        bits = np.unpackbits(self.deleted.view(np.uint8), bitorder="little")[:count]
        return 1 - bits


class SpooledColumns(ListColumns):
    """List columns that keep their largest arrays in temporary files."""

    _LARGE = ("doc", "tf", "pos")

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__()
        self._files: dict[str, tuple[Path, IO[bytes], np.dtype[Any]]] = {}
        for name in self._LARGE:
            path = folder / new_name(f".{name}.tmp")
            dtype = np.dtype(np.uint8 if name == "tf" else np.uint16)
            file = stack.enter_context(path.open("wb"))
            stack.callback(path.unlink, missing_ok=True)
            self._files[name] = path, file, dtype

    def _take(self, name: str, piece: NDArray[Any]) -> None:
        if name in self._files:
            self._files[name][1].write(piece.tobytes())
        else:
            super()._take(name, piece)

    def end(self) -> dict[str, list[NDArray[Any]]]:
        """Return the pieces of all arrays; large arrays are mapped from their files."""
        pieces = super().end()
        for name, (path, file, dtype) in self._files.items():
            file.flush()
            size = path.stat().st_size // dtype.itemsize
            if size:
                whole = np.memmap(path, dtype, "r", shape=(size,))
                step = 1 << 23
                pieces[name] = [whole[at : at + step] for at in range(0, size, step)]
            else:
                pieces[name] = [np.empty(0, dtype)]
        return pieces


def merge_segments(
    folder: Path,
    sources: Sequence[Source],
    rewrite: Callable[[Sequence[str], Arrays], tuple[list[dict[str, Any]], Arrays]] | None = None,
) -> dict[str, Any] | None:
    """Write one segment with the documents of all *sources* that were not removed.

    Args:
        folder: The folder of the index.
        sources: The segments to merge, at least one.
        rewrite: Called with the names of the stores and the columns that point into them; writes
            the records to new stores and returns their entries and columns. With None, the records
            stay in their stores.

    Returns:
        The segment's entry for the manifest, None if all documents were removed.
    """
    segments = [source.segment for source in sources]
    starts = np.zeros(len(sources) + 1, np.int64)
    np.cumsum([segment.documents for segment in segments], out=starts[1:])
    live = np.concatenate([source.live() for source in sources])
    id_blob, id_at = _rows(segments, "id")
    days = np.concatenate([segment.days for segment in segments])
    order = merge_documents(days, id_blob, id_at, live, starts)
    if not len(order):
        return None
    new_doc = np.full(len(live), -1, np.int32)
    new_doc[order] = np.arange(len(order))
    lengths = np.concatenate([s.postings.lengths for s in segments], axis=1)[:, order]
    totals = [int(row.sum(dtype=np.int64)) for row in lengths]
    averages = [total / len(order) for total in totals]
    columns: Arrays = {
        "lengths": lengths,
        "days": days[order],
        **_gathered("id", id_blob, id_at, order),
        **_keys(segments, new_doc, starts),
        **_facets(segments, order),
    }
    # If one segment has digests that are not hexadecimal, those of all are written out.
    hexed = all(segment.container.extra["hex_digests"] for segment in segments)
    digest_blob, digest_at = _rows(segments, "digest", unpacked=not hexed)
    columns |= _gathered("digest", digest_blob, digest_at, order)
    columns |= _gathered("break", *_rows(segments, "break"), order)
    names, stored = _stored(segments, order)
    entries: list[dict[str, Any]] = []
    if rewrite is not None:
        entries, stored = rewrite(names, stored)
        names = [entry["name"] for entry in entries]
    columns |= stored
    with ExitStack() as stack:
        lists = SpooledColumns(folder, stack)
        columns |= _merge_terms(segments, new_doc, starts, lengths, averages, lists)
        extra = {
            "documents": len(order),
            "stores": names,
            "entries": entries,
            "field_totals": totals,
            "bound_averages": averages,
            "hex_digests": hexed,
        }
        name = new_name(SUFFIX)
        write_segment(folder / name, columns, lists.end(), extra)
    return {"name": name, "documents": len(order), "stores": names}


def _rows(
    segments: Sequence[Segment], name: str, *, unpacked: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of a column of all segments, and the begin and end of each row in them."""
    blobs, ends = [], []
    base = 0
    for segment in segments:
        blob = segment.arrays[f"{name}_blob"]
        at = segment.arrays[f"{name}_at"].astype(np.int64)
        if unpacked and segment.container.extra["hex_digests"]:
            blob = np.frombuffer(blob.tobytes().hex().encode(), np.uint8)
            at = at * 2
        blobs.append(blob)
        ends.append(np.stack([at[:-1], at[1:]], axis=1) + base)
        base += len(blob)
    return np.concatenate(blobs), np.concatenate(ends)


def _gathered(
    name: str, blob: NDArray[np.uint8], at: NDArray[np.int64], order: NDArray[np.int64]
) -> Arrays:
    values, new_at = gather_rows(blob, at, order)
    return {f"{name}_blob": values, f"{name}_at": new_at.astype(np.uint32)}


def _keys(
    segments: Sequence[Segment], new_doc: NDArray[np.int32], starts: NDArray[np.int64]
) -> Arrays:
    hashes = np.concatenate([segment.arrays["key_hash"] for segment in segments])
    docs = np.concatenate(
        [
            new_doc[segment.arrays["key_doc"].astype(np.int64) + start]
            for segment, start in zip(segments, starts, strict=False)
        ]
    )
    hashes, docs = hashes[docs >= 0], docs[docs >= 0]
    by_hash = np.argsort(hashes, kind="stable")
    return {"key_hash": hashes[by_hash], "key_doc": docs[by_hash].astype(np.uint32)}


def _facets(segments: Sequence[Segment], order: NDArray[np.int64]) -> Arrays:
    """Return the facet columns of the union, in the order of its documents."""
    blob, at = _rows(segments, "value")
    sizes = np.zeros(len(segments) + 1, np.int64)
    np.cumsum([len(segment.value_at) - 1 for segment in segments], out=sizes[1:])
    first, number = merge_terms(blob, at, sizes)
    values, ends = [], []
    base = 0
    for place, segment in enumerate(segments):
        renumber = number[sizes[place] : sizes[place + 1]]
        values.append(renumber[segment.facets.facet_value].astype(np.uint32))
        own = segment.facets.facet_at.astype(np.int64)
        ends.append(np.stack([own[:-1], own[1:]], axis=1) + base)
        base += len(values[-1])
    gathered, facet_at = gather_rows(np.concatenate(values), np.concatenate(ends), order)
    facet_of = blob[at[first, 0]]
    # The key of "no value" is the facet's number alone.
    missing_of = np.flatnonzero(at[first, 1] - at[first, 0] == 1)
    columns = facet_columns(facet_at.astype(np.uint32), gathered, facet_of, missing_of)
    return {**columns, **_gathered("value", blob, at, first)}


def _stored(segments: Sequence[Segment], order: NDArray[np.int64]) -> tuple[list[str], Arrays]:
    """Return the names of the stores in use, and the columns that point into them."""
    names: dict[str, int] = {}
    numbers = []
    for segment in segments:
        renumber = np.array([names.setdefault(s, len(names)) for s in segment.stores], np.int64)
        numbers.append(renumber[segment.arrays["store_no"]])
    number = np.concatenate(numbers)[order]
    used = np.unique(number)
    every = list(names)
    columns: Arrays = {
        "store_no": np.searchsorted(used, number).astype(np.uint16),
        "store_place": np.concatenate([s.arrays["store_place"] for s in segments])[order],
        "store_size": np.concatenate([s.arrays["store_size"] for s in segments])[order],
    }
    return [every[n] for n in used], columns


def _merge_terms(
    segments: Sequence[Segment],
    new_doc: NDArray[np.int32],
    starts: NDArray[np.int64],
    lengths: NDArray[np.uint32],
    averages: Sequence[float],
    lists: ListColumns,
) -> Arrays:
    """Add the lists of the union of terms to *lists*; return the columns of their text."""
    blob, at = _rows(segments, "term")
    sizes = np.zeros(len(segments) + 1, np.int64)
    np.cumsum([len(segment.postings.term_at) - 1 for segment in segments], out=sizes[1:])
    first, number = merge_terms(blob, at, sizes)
    numbers = [number[sizes[n] : sizes[n + 1]] for n in range(len(segments))]
    frequencies = np.zeros(len(first), np.int64)
    own_frequencies = []
    for segment, own in zip(segments, numbers, strict=True):
        p = segment.postings
        starts_of = p.run_doc[p.term_runs].astype(np.int64)
        frequency: NDArray[np.int64] = starts_of[1:] - starts_of[:-1]
        own_frequencies.append(frequency)
        frequencies[own] += frequency
    field_of = blob[at[first, 0]] if len(first) else np.empty(0, np.uint8)
    kept: list[NDArray[np.int64]] = []
    for low, high in _blocks(frequencies, field_of):
        field = int(field_of[low])
        merged = _merge_block(segments, numbers, own_frequencies, new_doc, starts, low, high)
        alive = np.diff(merged.post_at) > 0
        kept.append(low + np.flatnonzero(alive))
        if alive.any():
            keep = np.append(alive, True)
            post_at, place_at = merged.post_at[keep], merged.place_at[keep]
            lists.add(
                Lists(merged.docs, merged.tfs, merged.positions, post_at, place_at),
                lengths[field],
                averages[field],
            )
    terms = np.concatenate(kept) if kept else np.empty(0, np.int64)
    return _gathered("term", blob, at, first[terms])


def _blocks(
    frequencies: NDArray[np.int64], field_of: NDArray[np.uint8]
) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms of one field, each with at most _POSTINGS postings or of one term."""
    sums = np.cumsum(frequencies)
    low = 0
    for field in range(len(INDEX_FIELDS)):
        end = int(np.searchsorted(field_of, field, "right"))
        while low < end:
            before = int(sums[low - 1]) if low else 0
            high = int(np.searchsorted(sums, before + _POSTINGS, "right"))
            high = min(max(high, low + 1), end)
            yield low, high
            low = high


def _merge_block(
    segments: Sequence[Segment],
    numbers: Sequence[NDArray[np.int64]],
    frequencies: Sequence[NDArray[np.int64]],
    new_doc: NDArray[np.int32],
    starts: NDArray[np.int64],
    low: int,
    high: int,
) -> Lists:
    docs, tfs, positions = [], [], []
    ranges = np.zeros((len(segments), high - low, 2), np.int64)
    begins = np.zeros(len(segments), np.int64)
    post = place = 0
    for n, segment in enumerate(segments):
        a, b = np.searchsorted(numbers[n], [low, high])
        own = read_lists(segment.postings, int(a), int(b), new_doc[starts[n] : starts[n + 1]])
        ends = post + np.cumsum(frequencies[n][a:b])
        inside = numbers[n][a:b] - low
        ranges[n, inside, 0] = ends - frequencies[n][a:b]
        ranges[n, inside, 1] = ends
        begins[n] = place
        docs.append(own[0])
        tfs.append(own[1])
        positions.append(own[2])
        post += len(own[0])
        place += len(own[2])
    merged = merge_lists(
        np.concatenate(docs), np.concatenate(tfs), np.concatenate(positions), ranges, begins
    )
    return Lists(*merged)
