"""Old index: reads the stored articles of an index of schema 2 or later, and nothing else.

    manifest -> columns with the place of each article -> stores, record by record

These parts are in every schema: the columns `id`, `digest` and `store_*` of a segment, the removed
documents, and the stores. Terms, facets and dates are not read, so it does not matter in which
format they are, or whether they are damaged. If a new schema changes one of these parts, this
reader must learn to read both forms.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.errors import (
    FileDamagedError,
    IndexDamagedError,
    IndexMissingError,
    IndexTooOldError,
)
from marsad.indexer.segments.container import Container, open_container
from marsad.indexer.segments.generation import store_crc
from marsad.indexer.segments.manifest import (
    EARLIEST_SCHEMA,
    SCHEMA,
    Manifest,
    check_version,
    generations,
    lease,
    manifest_name,
    read_manifest,
    release,
    version_name,
)
from marsad.indexer.segments.store import Stores

_COLUMNS = (
    *("id_blob", "id_at", "digest_blob", "digest_at"),
    *("store_no", "store_place", "store_size"),
)


class StoredText(NamedTuple):
    """A stored document.

    `text` is None if it cannot be read; then `reason` says why, and `frame` has the raw bytes.
    `store` is the name of its store, and `sound` says whether the checksum of that store is right.
    """

    id: str
    digest: str
    text: str | None
    store: str
    sound: bool
    reason: str = ""
    frame: bytes = b""


class _Columns:
    """The columns of one segment that have the place of each document in the stores."""

    def __init__(self, folder: Path, entry: dict[str, Any], container: Container) -> None:
        damaged = container.damaged(_COLUMNS)
        if damaged:
            reason = f"the arrays {', '.join(damaged)} do not match their checksums"
            raise FileDamagedError(container.path, reason)
        self._arrays = container.arrays
        self._hexed = bool(container.extra["hex_digests"])
        self.stores: list[str] = container.extra["stores"]
        self.documents = int(container.extra["documents"])
        self.live = np.arange(self.documents)
        if "deletes" in entry:
            self.live = self.live[~_removed(folder / entry["deletes"], entry["name"], self.live)]

    def id(self, doc: int) -> str:
        """Return a document's id."""
        return self._bytes("id", doc).decode("utf-8", "surrogatepass")

    def digest(self, doc: int) -> str:
        """Return a document's digest."""
        raw = self._bytes("digest", doc)
        return raw.hex() if self._hexed else raw.decode("utf-8", "surrogatepass")

    def place(self, doc: int) -> tuple[str, int, int]:
        """Return the store, place and length of a document's record."""
        at, size = self._arrays["store_place"][doc], self._arrays["store_size"][doc]
        return self.stores[int(self._arrays["store_no"][doc])], int(at), int(size)

    def _bytes(self, name: str, doc: int) -> bytes:
        at = self._arrays[f"{name}_at"]
        return self._arrays[f"{name}_blob"][at[doc] : at[doc + 1]].tobytes()


class OldIndex:
    """The stored articles of one generation, which no writer removes before `close`.

    `lost` has a sentence for each newer generation and for each segment that cannot be read.
    `lost_documents` is the number of documents of these segments.
    """

    def __init__(self, folder: Path, manifest: Manifest, file: int, *, whole: bool) -> None:
        """Open the segments of a generation.

        Args:
            folder: The folder of the index.
            manifest: The manifest of the generation.
            file: The open manifest file; its lock keeps the files of the generation on the disk.
            whole: If true, a damaged segment raises an error. If false, it is left out, and `lost`
                says so.
        """
        self.folder = folder
        self.manifest = manifest
        self.lost: list[str] = []
        self.lost_documents = 0
        self._file = file
        self._segments: list[_Columns] = []
        for entry in manifest.segments:
            try:
                container = open_container(folder / entry["name"])
                self._segments.append(_Columns(folder, entry, container))
            except (FileDamagedError, KeyError, ValueError) as error:
                if whole:
                    raise
                held = int(entry["documents"]) - int(entry.get("deleted", 0))
                self.lost_documents += held
                reason = error.reason if isinstance(error, FileDamagedError) else repr(error)
                self.lost.append(f"segment {entry['name']} with {held} articles is lost: {reason}")
        self._stores = Stores(folder, self._dictionaries())
        self._sound: dict[str, bool] = {}

    @property
    def documents(self) -> int:
        """How many articles there are, without those of lost segments."""
        return sum(len(segment.live) for segment in self._segments)

    @property
    def built_with(self) -> str:
        """The versions of the index, as text for a message."""
        return version_name(self.manifest.schema, self.manifest.analyzer)

    def texts(self, store: str = "") -> Iterator[StoredText]:
        """Yield every stored document, or only those of one *store*."""
        for segment in self._segments:
            for doc in segment.live.tolist():
                place = segment.place(doc)
                if not store or place[0] == store:
                    yield self._read(segment.id(doc), segment.digest(doc), place)

    def close(self) -> None:
        """Release the files."""
        self._stores.close()
        release(self._file)

    def _read(self, article: str, digest: str, place: tuple[str, int, int]) -> StoredText:
        name = place[0]
        sound = self._is_sound(name)
        try:
            return StoredText(article, digest, self._stores.read(*place)[0], name, sound)
        except FileDamagedError as error:
            reason = f"{error.path.name}: {error.reason}"
        except (KeyError, struct.error, UnicodeDecodeError) as error:
            reason = f"{name}: the record at {place[1]} is damaged ({error})"
        return StoredText(article, digest, None, name, sound, reason, self._frame(place))

    def _frame(self, place: tuple[str, int, int]) -> bytes:
        try:
            return self._stores.frame(*place)
        except FileDamagedError:
            return b""

    def _is_sound(self, store: str) -> bool:
        """Return whether the checksum of a store is right."""
        known = self._sound.get(store)
        if known is None:
            entry = next((s for s in self.manifest.stores if s["name"] == store), None)
            path = self.folder / store
            known = self._sound[store] = (
                entry is not None
                and path.exists()
                and store_crc(path, int(entry["bytes"])) == entry["crc32"]
            )
        return known

    def _dictionaries(self) -> dict[str, bytes | None]:
        """Return the dictionary of each store; a store with a damaged dictionary has no entry."""
        found: dict[str, bytes | None] = {}
        for store in self.manifest.stores:
            name = store["dictionary"]
            path = self.folder / name if name else None
            if path is None:
                found[store["name"]] = None
            # A dictionary's name ends in its checksum.
            elif path.exists() and f"{store_crc(path, path.stat().st_size):08x}" in path.name:
                found[store["name"]] = path.read_bytes()
        return found


def _removed(path: Path, segment: str, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of *docs* were removed."""
    container = open_container(path)
    if segment not in container.arrays or container.damaged([segment]):
        raise FileDamagedError(path, f"it does not hold the removed documents of {segment}")
    words = container.arrays[segment][docs >> 6] >> (docs & 63).astype(np.uint64)
    removed: NDArray[np.bool_] = (words & np.uint64(1)).astype(np.bool_)
    return removed


def open_old(folder: Path) -> OldIndex:
    """Open the newest generation with sound segments only; if there is none, the newest in part.

    Raises:
        IndexMissingError: there is no index.
        IndexVersionError: its schema is below 2, or later than this program's.
        IndexDamagedError: no manifest can be read.
    """
    if (folder / "marsad.json").exists():
        raise IndexTooOldError(folder, found="schema 1", expected=f"schema {SCHEMA}")
    found = generations(folder)
    if not found:
        raise IndexMissingError(folder)
    lost_commits: dict[int, str] = {}
    for whole in (True, False):
        for number in found:
            opened = _open(folder, number, whole=whole)
            if isinstance(opened, OldIndex):
                opened.lost[:0] = [loss for newer, loss in lost_commits.items() if newer > number]
                return opened
            lost_commits[number] = opened
    raise IndexDamagedError(folder, "; ".join(lost_commits.values()))


def _open(folder: Path, number: int, *, whole: bool) -> OldIndex | str:
    """Open one generation; return a sentence if it cannot be read."""
    path = folder / manifest_name(number)
    try:
        file, raw = lease(folder, number)
    except FileNotFoundError:
        return f"generation {number} is gone"
    try:
        manifest = read_manifest(path, raw)
        if not EARLIEST_SCHEMA <= manifest.schema <= SCHEMA:
            check_version(folder, manifest)
        return OldIndex(folder, manifest, file, whole=whole)
    except FileDamagedError as error:
        release(file)
        return f"generation {number} is lost: {error.path.name}: {error.reason}"
    except (KeyError, ValueError) as error:
        release(file)
        return f"generation {number} is lost: {path.name}: it lacks {error}"
    except BaseException:
        release(file)
        raise
