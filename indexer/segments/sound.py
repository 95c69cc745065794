"""Sound: open the newest generation whose bytes are as they were written.

A bit may change on the disk while the size and the time of the file stay. So the arrays of the
segments are compared with their checksums before anything is read from them: a kernel would answer
wrongly, or follow a damaged number. That costs 0.8 s a GB, once in a process for each segment. In
an index above MOST_CHECKED_BYTES it happens in the background, after the opening.

Each record of a store has a checksum of its own (`store`). Stores of earlier versions have one
checksum only; they are compared here too. A damaged one does not cost the generation: most of its
articles are whole, and a sentence says that some may be changed.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from marsad.indexer.engine.request import LostTexts
from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.clusters import read_clusters
from marsad.indexer.segments.damage import mark_of, note_damage
from marsad.indexer.segments.generation import Generation, open_newest, store_crc
from marsad.indexer.segments.segment import Segment

MOST_CHECKED_BYTES = 1 << 30

# Stores of earlier versions that were read whole, by name, place and size: whether they are whole.
_whole: dict[tuple[Any, ...], bool] = {}


def open_sound(
    folder: Path,
    known: Mapping[str, Segment] | None = None,
    trusted: set[tuple[str, int, int]] | None = None,
    analyzer: str = "",
) -> Generation:
    """Open the newest generation whose segments match their checksums.

    The arguments are those of `open_newest`. If there is more to compare than MOST_CHECKED_BYTES,
    nothing is compared yet: `Generation.unchecked` has the containers, for `check_arrays`.

    Raises:
        IndexMissingError, IndexVersionError, IndexDamagedError: as `open_newest` does.
    """
    while True:
        generation = open_newest(folder, known, trusted, analyzer)
        stores = _unchecked_stores(generation)
        size = sum(each.size for each in generation.unchecked())
        if size + sum(int(store["bytes"]) for store in stores) > MOST_CHECKED_BYTES:
            return generation
        try:
            check_arrays(generation)
        except FileDamagedError as error:
            pass_over(error)
            generation.close()
        else:
            return generation


def check_arrays(generation: Generation) -> None:
    """Compare the arrays of a generation, and its stores without checksums of records.

    Raises:
        FileDamagedError: a segment or the clusters are damaged.
    """
    checks: list[Callable[[], object]] = [each.check for each in generation.unchecked()]
    stores = _unchecked_stores(generation)
    checks += [lambda store=store: _is_whole(generation.folder, store) for store in stores]  # type: ignore[misc]
    if len(checks) > 1:
        # zlib lets other threads run meanwhile.
        with ThreadPoolExecutor(min(len(checks), os.cpu_count() or 1)) as pool:
            for done in [pool.submit(each) for each in checks]:
                done.result()
    else:
        for each in checks:
            each()
    read_clusters(generation.folder, generation.manifest.clusters)
    generation.damaged_stores = tuple(
        LostTexts(
            f"{store['name']}: its records do not match their checksum; the texts of some articles "
            f"of generation {generation.manifest.generation} may be changed"
        )
        for store in stores
        if not _is_whole(generation.folder, store)
    )


def pass_over(error: FileDamagedError) -> None:
    """Note the damage that *error* tells, so that no generation with that file is opened again."""
    try:
        note_damage(mark_of(error.path.stat()), error.reason)
    except OSError:
        # A file that cannot be looked at cannot be opened either.
        return


def _unchecked_stores(generation: Generation) -> list[dict[str, Any]]:
    return [store for store in generation.manifest.stores if not store.get("checked")]


def _is_whole(folder: Path, store: dict[str, Any]) -> bool:
    path, size = folder / store["name"], int(store["bytes"])
    key = (store["name"], size, *mark_of(path.stat()))
    if key not in _whole:
        _whole[key] = store_crc(path, size) == store["crc32"]
    return _whole[key]
