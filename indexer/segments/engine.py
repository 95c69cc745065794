"""Engine: an index in one folder, with the methods of `marsad.indexer.engine.seam`.

A search runs on the newest committed generation, so it sees a commit of another process. There is
one exception: if the newest generation has another analyzer, schema or numbering, an open engine
keeps the generation that it has, and `lost_commits` says so. The engine may be used in several
threads: each search keeps the generation that it began with.
"""

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    Hit,
    IndexStats,
    Reranker,
    ScorePart,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.errors import (
    FileDamagedError,
    IndexMissingError,
    IndexTooOldError,
    IndexVersionError,
)
from marsad.indexer.query.tree import Node
from marsad.indexer.segments.check import check_generation
from marsad.indexer.segments.explain import words_of
from marsad.indexer.segments.generation import (
    Generation,
    folder_size,
    live_bits,
    newest_number,
)
from marsad.indexer.segments.kernels.bits import docs_of
from marsad.indexer.segments.manifest import SCHEMA, generations, version_name
from marsad.indexer.segments.searcher import GenerationSearcher
from marsad.indexer.segments.sound import check_arrays, open_sound, pass_over
from marsad.indexer.segments.writer import BatchWriter
from marsad.indexer.segments.writer import create as create_index

# Longer than the granularity of any file system's modification times. Two changes of a folder
# within one step of that clock leave the same time.
_TICK_NS = 2_000_000_000
# The files of the open generation are looked at this often, and a damaged newer one is tried again.
_LOOK_S = 0.02
_RETRY_S = 2.0
# What a damaged number may raise: a place out of an array, an impossible size, a broken text.
_FOLLOWED = (IndexError, KeyError, ValueError, MemoryError, OverflowError)


class _Shared:
    """A searcher and how many callers use it; the last one to leave closes it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.searcher = GenerationSearcher(generation)
        self.users = 1

    def leave(self) -> None:
        """Count one user less, and close the searcher after the last one.

        The caller holds the engine's lock.
        """
        self.users -= 1
        if not self.users:
            self.searcher.close()


class SegmentEngine:
    """An open index; `open_index` makes one."""

    def __init__(self, folder: Path, analyzer: str) -> None:
        self._folder = folder
        self._analyzer = analyzer
        # Reentrant, because garbage collection may end an abandoned `walk` in the middle of this
        # thread's search: ending it takes the lock again.
        self._lock = threading.RLock()
        self._trusted: set[tuple[str, int, int]] = set()
        self._tried = 0
        self._shared: _Shared | None = None
        self._newest = self._seen = 0
        self._looked = self._retried = 0.0
        self._passed_over = ""
        with self._searching():
            pass

    def lost_commits(self) -> tuple[str, ...]:
        """A sentence for each newer generation that is damaged or of another version.

        A sentence for each store of an earlier version that is damaged comes last.
        """
        with self._searching() as shared:
            return (
                *((self._passed_over,) if self._passed_over else ()),
                *shared.generation.lost_commits,
                *shared.generation.damaged_stores,
            )

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request from the newest generation."""
        with self._searching() as shared:
            return shared.searcher.search(request)

    def walk(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield every hit of a request; the generation stays open until the last one."""
        with self._searching() as shared:
            yield from shared.searcher.walk(request)

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id, None if there is none."""
        with self._searching() as shared:
            return shared.searcher.get(article_id)

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id, None if there is none."""
        with self._searching() as shared:
            return shared.searcher.digest(article_id)

    def existing_ids(self, article_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of *article_ids* that have a document."""
        with self._searching() as shared:
            return shared.searcher.existing_ids(article_ids)

    def holds(self, query: Node, article_id: str, /, deadline: Deadline | None = None) -> bool:
        """Return whether the document of this id matches *query*."""
        with self._searching() as shared:
            return shared.searcher.holds(query, article_id, deadline)

    def explain(
        self,
        query: Node,
        article_id: str,
        /,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> tuple[ScorePart, ...]:
        """Return the parts of a document's score."""
        with self._searching() as shared:
            return shared.searcher.explain(query, article_id, deadline, again)

    def words(self, field: str) -> Mapping[str, int]:
        """Return every term of a field, and how many documents have it."""
        with self._searching() as shared:
            return words_of(shared.generation, field)

    def count(self, field: str, text: str) -> int:
        """Return how many documents have a term."""
        with self._searching() as shared:
            return shared.searcher.count(field, text)

    def cluster(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the articles in an article's cluster, earliest first."""
        with self._searching() as shared:
            return shared.searcher.cluster(article_id)

    def writer(self) -> BatchWriter:
        """Open a batch; only one may be open at a time, in all processes."""
        return BatchWriter(self._folder, self._analyzer)

    def merge(self) -> None:
        """Merge all segments into one."""
        with self.writer() as writer:
            writer.merge()

    def compact(self) -> None:
        """Merge all segments into one, and all stores too, without removed articles."""
        with self.writer() as writer:
            writer.merge(rewrite=True)

    def stats(self) -> IndexStats:
        """Return statistics of the newest generation."""
        with self._searching() as shared:
            generation = shared.generation
            lines = []
            undated = 0
            for member in generation.members:
                segment = member.segment
                docs = docs_of(live_bits(member))
                undated += int((segment.days[docs] == 0).sum())
                lines += [f"{segment.id(doc)} {segment.digest(doc)}\n" for doc in docs.tolist()]
            content = hashlib.sha256()
            for line in sorted(lines):
                content.update(line.encode("utf-8", "surrogatepass"))
            return IndexStats(
                documents=len(lines),
                undated=undated,
                generation=generation.manifest.generation,
                analyzer=generation.manifest.analyzer,
                content=content.hexdigest(),
                size_bytes=folder_size(self._folder, generation.manifest),
                stories=len(lines) - shared.searcher.clusters.folded,
            )

    def check(self) -> tuple[str, ...]:
        """Read every file of the newest generation; return a sentence for each fault."""
        with self._searching() as shared:
            generation = shared.generation
            found = (*generation.lost_commits, *check_generation(generation))
            return tuple(dict.fromkeys(found))

    def close(self) -> None:
        """Close the open generation."""
        with self._lock:
            if self._shared is not None:
                self._shared.leave()
                self._shared = None
                self._tried = 0

    @contextmanager
    def _searching(self) -> Iterator[_Shared]:
        """Lend a searcher of the newest generation that can be read."""
        with self._lock:
            newest = self._newest_number()
            if self._shared is None or newest != self._tried or self._is_outdated():
                opened = self._opened(newest)
                if opened is not None and self._shared is not None:
                    self._shared.leave()
                self._shared = opened or self._shared
                self._tried = newest
            shared = self._shared
            if shared is None:
                raise IndexMissingError(self._folder)
            shared.users += 1
        try:
            yield shared
        except _FOLLOWED as error:
            self._recheck(shared.generation, error)
            raise
        finally:
            with self._lock:
                shared.leave()

    def _recheck(self, generation: Generation, error: Exception) -> None:
        """Raise FileDamagedError in place of *error* if the bytes changed since they were compared.

        A bit may rot under an open index. The next search uses another generation then.
        """
        for member in generation.members:
            member.segment.container.forget_check()
        try:
            check_arrays(generation)
        except FileDamagedError as damage:
            pass_over(damage)
            self._drop(generation)
            raise damage from error

    def _drop(self, generation: Generation) -> None:
        """Close a generation in which damage was found; the next search opens another one."""
        with self._lock:
            if self._shared is not None and self._shared.generation is generation:
                self._shared.leave()
                self._shared = None

    def _is_outdated(self) -> bool:
        """Return whether the open generation must be opened again.

        Its files may have been written to: they are mapped, so a change of a file changes what is
        read. And a newer generation that was damaged may have been put back.
        """
        if self._shared is None:
            return True
        now, generation = time.monotonic(), self._shared.generation
        if now - self._looked >= _LOOK_S:
            if generation.is_changed():
                # A time that was only just set may be set again without a new one. Where no other
                # generation can be opened, the next call must look again and not use this one.
                self._trusted.clear()
                return True
            self._looked = now
        if generation.lost_commits and now - self._retried >= _RETRY_S:
            self._retried = now
            newest = open_sound(self._folder, generation.segments(), self._trusted, self._analyzer)
            newest.close()
            return newest.manifest.generation != generation.manifest.generation
        return False

    def _opened(self, newest: int) -> _Shared | None:
        """Open the newest generation; return None if the open one must be kept."""
        known = self._shared.generation.unchanged_segments() if self._shared else {}
        try:
            generation = open_sound(self._folder, known, self._trusted, self._analyzer)
        except IndexVersionError as error:
            if self._shared is None:
                raise
            self._passed_over = (
                f"generation {newest} was built with {error.found}, which is not what this process "
                f"reads ({error.expected}): it must be started anew"
            )
            return None
        self._passed_over = ""
        self._looked = self._retried = time.monotonic()
        if generation.unchecked():
            threading.Thread(target=self._check, args=(generation,), daemon=True).start()
        return _Shared(generation)

    def _check(self, generation: Generation) -> None:
        """Compare the arrays of a large index with their checksums, while it is searched."""
        try:
            check_arrays(generation)
        except FileDamagedError as error:
            pass_over(error)
            self._drop(generation)

    def _newest_number(self) -> int:
        """Return the number of the newest generation.

        The folder is listed only if its modification time is new. A change that follows a listing
        within one step of the file system's clock does not change that time, so a time that was
        only just set is not remembered.
        """
        changed = self._folder.stat().st_mtime_ns if self._folder.exists() else 0
        if self._shared is None or changed != self._seen:
            fresh = time.time_ns() - changed < _TICK_NS
            self._newest = newest_number(self._folder)
            self._seen = 0 if fresh else changed
        return self._newest


def open_index(place: Path | str, analyzer: str, *, create: bool = False) -> SegmentEngine:
    """Open the index in the folder *place*; with *create*, make an empty one where there is none.

    Raises:
        IndexMissingError: there is no index, and *create* is not set.
        IndexVersionError: it was built with another analyzer, schema or numbering.
        IndexDamagedError: no generation of it can be read.
    """
    folder = Path(place)
    if (folder / "marsad.json").exists():
        raise IndexTooOldError(folder, found="schema 1", expected=version_name(SCHEMA, analyzer))
    if create and not generations(folder):
        create_index(folder, analyzer)
    return SegmentEngine(folder, analyzer)
