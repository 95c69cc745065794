"""Known files: the files that a writer may remove once no manifest names them."""

from collections.abc import Iterable
from pathlib import Path

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.build import DICTIONARY_SUFFIX, STORE_SUFFIX, remove_files
from marsad.indexer.segments.clusters import SUFFIX as CLUSTERS_SUFFIX
from marsad.indexer.segments.manifest import (
    generations,
    lease,
    manifest_name,
    read_manifest,
    release,
    retire,
)
from marsad.indexer.segments.segment import SUFFIX

DELETES_SUFFIX = ".del"
OWN_SUFFIXES = (
    SUFFIX,
    STORE_SUFFIX,
    DICTIONARY_SUFFIX,
    DELETES_SUFFIX,
    CLUSTERS_SUFFIX,
    ".tmp",
)


class KnownFiles:
    """Names of files in the folder of an index.

    A file that another process is still writing for this batch is not known yet, so it is never
    removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: set[str] = set()

    def add(self, names: Iterable[str]) -> None:
        """Add names of files; an empty name is ignored."""
        self._names.update(name for name in names if name)

    def retire(self, newest: int, previous: int) -> None:
        """Remove all generations but these two, and the files that only the removed ones needed."""
        for number in generations(self._folder):
            if number not in (newest, previous):
                retire(self._folder, number)
        self.remove_unnamed(newest)

    def remove_unnamed(self, newest: int) -> None:
        """Remove the known files that no generation names; *newest* is the open generation."""
        wanted: set[str] = set()
        for number in generations(self._folder):
            try:
                file, raw = lease(self._folder, number)
            except FileNotFoundError:
                continue
            release(file)
            try:
                wanted |= read_manifest(self._folder / manifest_name(number), raw).referenced()
            except FileDamagedError:
                # A damaged manifest does not say which files it needs, so nothing may be removed
                # while it is there. One that is newer than the open generation is lost anyway.
                if number > newest:
                    continue
                return
        unnamed = [
            name for name in self._names if name.endswith(OWN_SUFFIXES) and name not in wanted
        ]
        remove_files(self._folder, unnamed)
        self._names.difference_update(unnamed)
