"""Compact: write the stored articles that were not removed to one new store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.build import STORE_SUFFIX, new_name
from marsad.indexer.segments.columns import Arrays
from marsad.indexer.segments.files import fsync_file
from marsad.indexer.segments.generation import Generation, store_crc
from marsad.indexer.segments.store import StoreWriter


class StoreRewriter:
    """Copies the records of a merged segment to a new store; an argument of `merge_segments`."""

    def __init__(
        self, folder: Path, generation: Generation, dictionary: tuple[str, bytes] | None
    ) -> None:
        self._folder = folder
        self._generation = generation
        self._dictionary = dictionary

    def __call__(
        self, names: Sequence[str], columns: Arrays
    ) -> tuple[list[dict[str, Any]], Arrays]:
        """Write one store; return its entry for the manifest, and the columns that point into it.

        A record with a checksum that was compressed with the wanted dictionary is copied as it is.
        Records are in the order of the segment's documents.

        Raises:
            FileDamagedError: a record cannot be read, or a store is damaged and does not say where.
        """
        wanted = self._dictionary[0] if self._dictionary else None
        stores = {store["name"]: store for store in self._generation.manifest.stores}
        compressed_with = {name: store["dictionary"] for name, store in stores.items()}
        checked = {name for name, store in stores.items() if store.get("checked")}
        for name in set(names) - checked:
            path = self._folder / name
            if store_crc(path, int(stores[name]["bytes"])) != stores[name]["crc32"]:
                # The new store would have a right checksum over wrong records.
                raise FileDamagedError(path, "its records do not match their checksum")
        decompressors = {
            name: zstandard.ZstdDecompressor(
                dict_data=zstandard.ZstdCompressionDict(raw) if raw else None
            )
            for name in names
            if (raw := self._generation.dictionaries.get(compressed_with[name]))
            or compressed_with[name] is None
        }
        name = new_name(STORE_SUFFIX)
        writer = StoreWriter(self._folder / name, self._dictionary[1] if self._dictionary else None)
        count = len(columns["store_no"])
        places, sizes = np.empty(count, np.uint64), np.empty(count, np.uint32)
        try:
            for doc in range(count):
                store = names[int(columns["store_no"][doc])]
                place, size = int(columns["store_place"][doc]), int(columns["store_size"][doc])
                frame = self._generation.stores.frame(store, place, size)
                if compressed_with[store] == wanted and store in checked:
                    places[doc], sizes[doc] = writer.add_frame(frame)
                    continue
                try:
                    record = decompressors[store].decompress(frame)
                except zstandard.ZstdError as error:
                    reason = f"the record at {place} cannot be read ({error})"
                    raise FileDamagedError(self._folder / store, reason) from error
                places[doc], sizes[doc] = writer.add(record)
        finally:
            writer.close()
        fsync_file(self._folder / name)
        entry = {
            "name": name,
            "bytes": writer.size,
            "crc32": writer.crc,
            "dictionary": wanted,
            "checked": True,
        }
        pointed: Arrays = {
            "store_no": np.zeros(count, np.uint16),
            "store_place": places,
            "store_size": sizes,
        }
        return [entry], pointed
