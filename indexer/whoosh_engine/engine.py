"""Whoosh engine: an index in one folder, behind the contract of `indexer.engine`.

A search runs on the newest committed generation; a commit by another process is
seen by the next search. One search at a time in one process.
"""

import hashlib
import threading
from collections import Counter
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.index import FileIndex

from indexer.engine import Hit, IndexStats, SearchRequest, SearchResult
from indexer.errors import IndexDamagedError
from indexer.whoosh_engine.manifest import NAME as MANIFEST
from indexer.whoosh_engine.manifest import (
    SCHEMA,
    Manifest,
    has_manifest,
    verify_manifest,
    write_manifest,
)
from indexer.whoosh_engine.schema import whoosh_schema
from indexer.whoosh_engine.searcher import GenerationSearcher
from indexer.whoosh_engine.writer import BatchWriter

_OPEN_ATTEMPTS = 5


class WhooshEngine:
    """An open Whoosh index; use `open_index` to get one."""

    def __init__(self, folder: Path, index: FileIndex, analyzer: str) -> None:
        self._folder = folder
        self._index = index
        self._analyzer = analyzer
        self._lock = threading.Lock()
        self._searcher: GenerationSearcher | None = None

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request from the newest generation."""
        with self._lock:
            return self._current().search(request)

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id."""
        with self._lock:
            return self._current().get(article_id)

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id."""
        with self._lock:
            return self._current().digest(article_id)

    def writer(self) -> BatchWriter:
        """Open a batch."""
        return BatchWriter(self._index)

    def stats(self) -> IndexStats:
        """Say what the newest generation holds."""
        with self._lock:
            searcher = self._current()
            columns = searcher.columns
            content = hashlib.sha256()
            for line in sorted(f"{columns.ids[n]} {columns.digests[n]}\n" for n in columns.live):
                content.update(line.encode("utf-8", "surrogatepass"))
            return IndexStats(
                documents=len(columns.live),
                undated=sum(not columns.days[n] for n in columns.live),
                generation=searcher.generation,
                analyzer=self._analyzer,
                content=content.hexdigest(),
                size_bytes=sum(f.stat().st_size for f in self._folder.iterdir() if f.is_file()),
            )

    def check(self) -> tuple[str, ...]:
        """Read every posting and stored article of the newest generation."""
        with self._lock:
            searcher = self._current()
            columns = searcher.columns
            ids = [columns.ids[number] for number in columns.live]
            faults = [f"id {i!r} stands in {n} documents" for i, n in Counter(ids).items() if n > 1]
            for article_id in dict.fromkeys(ids):
                try:
                    hit = searcher.get(article_id)
                except Exception as error:  # noqa: BLE001  (whatever damage does, it is told)
                    faults.append(f"stored article {article_id!r} is not readable: {error!r}")
                else:
                    if hit is None:
                        faults.append(f"id {article_id!r} is not found by its own term")
            faults.extend(searcher.read_postings())
            return tuple(faults)

    def close(self) -> None:
        """Close the open generation."""
        with self._lock:
            if self._searcher is not None:
                self._searcher.close()
                self._searcher = None
            self._index.close()

    def _current(self) -> GenerationSearcher:
        """Return a searcher of the newest generation; opened anew, never refreshed.

        Whoosh's `Searcher.refresh` returns merged-away duplicates. A commit may remove
        files while they are opened, so opening is tried again on a missing file.
        """
        newest = self._index.latest_generation()
        if self._searcher is not None and self._searcher.generation == newest:
            return self._searcher
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                opened = GenerationSearcher(self._index.searcher(), newest)
                break
            except FileNotFoundError as error:
                newest = self._index.latest_generation()
                if attempt == _OPEN_ATTEMPTS - 1:
                    raise IndexDamagedError(self._folder, f"{error.filename} is missing") from error
            except Exception as error:
                raise IndexDamagedError(self._folder, f"it cannot be opened ({error!r})") from error
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = opened
        return opened


def open_index(folder: Path, analyzer: str, *, create: bool = False) -> WhooshEngine:
    """Open the index in *folder*; with *create*, make an empty one where there is none.

    Raises:
        IndexMissingError: there is no index, and *create* is not set.
        IndexVersionError: it was built with another analyzer or schema.
        IndexDamagedError: its files cannot be read.
    """
    expected = Manifest(SCHEMA, analyzer)
    if create and not has_manifest(folder):
        _create(folder, expected)
    verify_manifest(folder, expected)
    try:
        index = whoosh_index.open_dir(str(folder), schema=whoosh_schema())
    except Exception as error:
        raise IndexDamagedError(folder, f"Whoosh cannot open it ({error!r})") from error
    return WhooshEngine(folder, index, analyzer)


def _create(folder: Path, manifest: Manifest) -> None:
    """Make an empty index; the manifest is written last and says that it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    if whoosh_index.exists_in(str(folder)) and not whoosh_index.open_dir(str(folder)).is_empty():
        raise IndexDamagedError(folder, f"{MANIFEST} is missing beside a filled index")
    whoosh_index.create_in(str(folder), whoosh_schema())
    write_manifest(folder, manifest)
