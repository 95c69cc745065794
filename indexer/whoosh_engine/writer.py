"""Writer: one batch of documents, committed as one generation.

    documents -> parts (segments that no manifest names yet) -> removed copies -> merges
              -> manifest, the commit -> files that no generation needs are removed

What is written before the manifest is invisible. A writer that dies leaves files
that the next one removes.
"""

import datetime as dt
import errno
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from indexer.engine import Document, Part
from indexer.errors import FileDamagedError, IndexWriteError
from indexer.whoosh_engine.build import (
    DICTIONARY_SUFFIX,
    MOST_CHARACTERS,
    MOST_DOCUMENTS,
    STORE_SUFFIX,
    build_segment,
    hash_id,
    new_name,
    remove_files,
)
from indexer.whoosh_engine.clusters import SUFFIX as CLUSTERS_SUFFIX
from indexer.whoosh_engine.clusters import read_clusters, write_clusters
from indexer.whoosh_engine.compact import StoreRewriter
from indexer.whoosh_engine.container import ContainerWriter
from indexer.whoosh_engine.files import fsync_file, fsync_folder
from indexer.whoosh_engine.generation import Generation, newest_number, open_newest
from indexer.whoosh_engine.kernels.bits import popcount, set_docs
from indexer.whoosh_engine.kernels.layout import Bits
from indexer.whoosh_engine.lock import WriterLock
from indexer.whoosh_engine.manifest import (
    SCHEMA,
    Manifest,
    generations,
    lease,
    manifest_name,
    read_manifest,
    release,
    retire,
    stamps,
    write_manifest,
)
from indexer.whoosh_engine.merge import MOST_POSITIONS, Source, merge_segments
from indexer.whoosh_engine.segment import SUFFIX, Segment, open_segment

DELETES_SUFFIX = ".del"
_OWN_SUFFIXES = (
    SUFFIX,
    STORE_SUFFIX,
    DICTIONARY_SUFFIX,
    DELETES_SUFFIX,
    CLUSTERS_SUFFIX,
    ".tmp",
)

# Segments of one size class that are merged into one: Lucene's tiers merge ten.
MERGE_FACTOR = 8
_SMALLEST_TIER = 1_000


@dataclass(slots=True)
class _Held:
    """A segment of the generation that is being made."""

    segment: Segment
    deleted: Bits | None
    deletes_file: str | None
    changed: bool = False

    @property
    def living(self) -> int:
        """How many documents are not removed."""
        removed = 0 if self.deleted is None else int(popcount(self.deleted))
        return self.segment.documents - removed

    def remove(self, docs: np.ndarray[Any, Any]) -> None:
        """Remove documents."""
        if not len(docs):
            return
        if self.deleted is None:
            self.deleted = self.segment.new_bits()
        elif not self.changed:
            self.deleted = self.deleted.copy()
        self.changed = True
        set_docs(self.deleted, docs)


@dataclass(frozen=True, slots=True)
class PartMaker:
    """Inverts documents in any process; see `indexer.engine.PartBuilder`."""

    folder: Path
    dictionary: tuple[str, bytes] | None

    def __call__(self, documents: Iterable[Document]) -> Part:
        """Write the segment and store of *documents*; the last copy of an id wins."""
        last = {document.id: document for document in documents}
        with clear_errors(self.folder):
            entry = build_segment(self.folder, list(last.values()), self.dictionary)
        return Part(entry["name"], tuple(last))


class BatchWriter:
    """Collects a batch; commits it on a clean exit."""

    def __init__(self, folder: Path, analyzer: str) -> None:
        """Take the right to write, and remove what a writer that died has left.

        Raises:
            IndexBusyError: another writer holds it.
        """
        self._folder = folder
        self._analyzer = analyzer
        with clear_errors(folder):
            self._lock = WriterLock(folder)
        # Files that may be removed when nothing names them; parts that other processes
        # are still writing are not among them.
        self._known: set[str] = set()
        try:
            self._base: Generation = open_newest(folder)
            self._known.update(path.name for path in folder.iterdir())
            self._remove_unnamed()
        except BaseException:
            self._lock.release()
            raise
        self._pending: dict[str, Document] = {}
        self._characters = 0
        self._parts: list[str] = []
        # Ids to remove from what was there before the part of that number.
        self._removals: list[tuple[int, str]] = []
        self._regrouped: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Drop what was not committed and give the right to write back."""
        self._drop_parts()
        self._base.close()
        self._lock.release()

    def add(self, document: Document) -> None:
        """Add *document*, in place of any with its id."""
        self._pending.pop(document.id, None)
        self._pending[document.id] = document
        self._characters += len(document.stored)
        if len(self._pending) >= MOST_DOCUMENTS or self._characters >= MOST_CHARACTERS:
            self._flush()

    def remove(self, article_id: str) -> None:
        """Remove the document of this id."""
        self._pending.pop(article_id, None)
        self._removals.append((len(self._parts), article_id))

    def regroup(self, clusters: Mapping[str, str | None]) -> None:
        """Put articles into clusters, by the clusters' names; None takes one out."""
        self._regrouped |= clusters

    def part_builder(self) -> PartMaker:
        """Return what other processes make parts of this batch with."""
        return PartMaker(self._folder, self._dictionary())

    def add_part(self, part: Part) -> None:
        """Add the documents of *part*, in place of any with their ids."""
        self._flush()
        self._parts.append(part.name)

    def commit(self) -> None:
        """Make what was added so far the newest generation, and go on with an empty batch."""
        self._flush()
        if not self._parts and not self._removals and not self._regrouped:
            return
        with clear_errors(self._folder):
            held = self._with_parts()
            held = self._merged(held, _tier_to_merge)
            self._write_generation(held)

    def merge(self, *, rewrite: bool = False) -> None:
        """Commit, then make one segment of all; with *rewrite* one store of all articles too.

        More postings than the places of one segment can number stay in several.
        """
        self.commit()
        held = self._held()
        untouched = all(each.deleted is None for each in held)
        groups = _groups(held)
        if len(groups) == len(held) and untouched and not (rewrite and self._has_stale(held)):
            return
        with clear_errors(self._folder):
            rewriter = StoreRewriter(self._folder, self._base, self._dictionary())
            merged = [self._merge(group, rewriter if rewrite else None) for group in groups]
            self._write_generation([each for each in merged if each is not None])

    def _has_stale(self, held: Sequence[_Held]) -> bool:
        """Tell whether stores hold articles that no segment points to, or there are several."""
        if len({name for each in held for name in each.segment.stores}) > len(held):
            return True
        living = sum(int(e.segment.arrays["store_size"].sum(dtype=np.int64)) for e in held)
        return living < sum(int(store["bytes"]) for store in self._base.manifest.stores)

    def _dictionary(self) -> tuple[str, bytes] | None:
        return next(iter(self._base.dictionaries.items()), None)

    def _flush(self) -> None:
        if self._pending:
            documents = list(self._pending.values())
            self._pending, self._characters = {}, 0
            self._parts.append(self.part_builder()(documents).name)

    def _drop_parts(self) -> None:
        if self._parts:
            self._note_parts()
            self._parts = []
            self._remove_unnamed()

    def _note_parts(self) -> None:
        for name in self._parts:
            self._known.add(name)
            for entry in open_segment(self._folder / name).container.extra["entries"]:
                self._known |= {entry["name"], entry["dictionary"]}

    def _held(self) -> list[_Held]:
        return [
            _Held(member.segment, member.deleted, entry.get("deletes"))
            for member, entry in zip(self._base.members, self._base.manifest.segments, strict=True)
        ]

    def _with_parts(self) -> list[_Held]:
        """Return the segments of the base and of the parts, older copies removed."""
        held = self._held()
        for number, name in enumerate(self._parts):
            self._remove_ids(held, [i for before, i in self._removals if before == number])
            part = open_segment(self._folder / name)
            for older in held:
                older.remove(_copies(older.segment, part))
            held.append(_Held(part, None, None))
        self._remove_ids(held, [i for before, i in self._removals if before == len(self._parts)])
        return [each for each in held if each.living]

    @staticmethod
    def _remove_ids(held: Sequence[_Held], ids: Sequence[str]) -> None:
        for article_id in ids:
            hashed = hash_id(article_id)
            for each in held:
                docs = each.segment.docs_of_hash(hashed)
                each.remove(
                    np.array([d for d in docs if each.segment.id(d) == article_id], np.int64)
                )

    def _merged(self, held: list[_Held], policy: Any) -> list[_Held]:  # noqa: ANN401
        while chosen := policy(held):
            merged = self._merge(chosen, None)
            held = [each for each in held if not any(each is one for one in chosen)]
            if merged is not None:
                held.append(merged)
        return held

    def _merge(self, chosen: Sequence[_Held], rewriter: StoreRewriter | None) -> _Held | None:
        sources = [Source(each.segment, each.deleted) for each in chosen]
        entry = merge_segments(self._folder, sources, rewriter)
        if entry is None:
            return None
        self._known.add(entry["name"])
        return _Held(open_segment(self._folder / entry["name"]), None, None)

    def _write_generation(self, held: Sequence[_Held]) -> None:
        deletes = self._write_deletes(held)
        known = {store["name"]: store for store in self._base.manifest.stores}
        for each in held:
            for store in each.segment.container.extra.get("entries", ()):
                known[store["name"]] = store
        names = dict.fromkeys(name for each in held for name in each.segment.stores)
        clusters = self._base.manifest.clusters
        if self._regrouped:
            base = read_clusters(self._folder, clusters)
            clusters = write_clusters(self._folder, base, self._regrouped)
        for name in self._parts:
            for store in open_segment(self._folder / name).container.extra["entries"]:
                known[store["name"]] = store
        stores = tuple(known[name] for name in names)
        segments = []
        for each in held:
            entry: dict[str, Any] = {
                "name": each.segment.name,
                "documents": each.segment.documents,
            }
            if each.deleted is not None:
                entry["deletes"] = deletes if each.changed else each.deletes_file
                entry["deleted"] = each.segment.documents - each.living
            segments.append(entry)
        files = {
            *(entry["name"] for entry in segments),
            *(entry["deletes"] for entry in segments if "deletes" in entry),
            *names,
            *(store["dictionary"] for store in stores if store["dictionary"]),
            *((clusters,) if clusters else ()),
        }
        manifest = Manifest(
            schema=SCHEMA,
            analyzer=self._analyzer,
            generation=newest_number(self._folder) + 1,
            written=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            segments=tuple(segments),
            stores=stores,
            clusters=clusters,
            files=stamps(self._folder, sorted(files)),
        )
        fsync_folder(self._folder)
        write_manifest(self._folder, manifest)
        self._note_parts()
        self._known |= manifest.referenced()
        self._parts, self._removals, self._regrouped = [], [], {}
        previous = self._base
        segments_open = {each.segment.name: each.segment for each in held}
        trusted = {(name, *stamp) for name, stamp in manifest.files.items()}
        self._base = open_newest(self._folder, segments_open, trusted)
        keep = previous.manifest.generation
        previous.close()
        self._retire(keep)

    def _write_deletes(self, held: Sequence[_Held]) -> str | None:
        changed = [each for each in held if each.changed]
        if not changed:
            return None
        name = new_name(DELETES_SUFFIX)
        with ContainerWriter(self._folder / name) as container:
            for each in changed:
                if each.deleted is not None:
                    container.add(each.segment.name, each.deleted)
            container.end()
        fsync_file(self._folder / name)
        return name

    def _retire(self, previous: int) -> None:
        """Remove generations before the previous one, and the files that only they needed."""
        newest = self._base.manifest.generation
        for number in generations(self._folder):
            if number not in (newest, previous):
                retire(self._folder, number)
        self._remove_unnamed()

    def _remove_unnamed(self) -> None:
        """Remove the files that this writer knows and no generation names."""
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
                # What it needs is not known, so nothing may go while it is there.
                if number > self._base.manifest.generation:
                    continue
                return
        unnamed = [
            name
            for name in self._known
            if name and name.endswith(_OWN_SUFFIXES) and name not in wanted
        ]
        remove_files(self._folder, unnamed)
        self._known.difference_update(unnamed)


@contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn a fault of the disk into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOENT, None):
            raise
        raise IndexWriteError(folder, error.strerror or str(error)) from error


def create(folder: Path, analyzer: str) -> None:
    """Make an empty index in *folder*, unless another process just did."""
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder)
    try:
        if not generations(folder):
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            with clear_errors(folder):
                write_manifest(folder, Manifest(SCHEMA, analyzer, 1, now))
    finally:
        lock.release()


def _copies(older: Segment, part: Segment) -> np.ndarray[Any, Any]:
    """Return the documents of *older* whose ids are in *part*."""
    theirs, ours = older.arrays["key_hash"], part.arrays["key_hash"]
    if len(ours) < len(theirs):
        low = np.searchsorted(theirs, ours, "left")
        high = np.searchsorted(theirs, ours, "right")
        pairs = [
            (theirs_at, ours_at)
            for ours_at in np.flatnonzero(high > low).tolist()
            for theirs_at in range(low[ours_at], high[ours_at])
        ]
    else:
        low = np.searchsorted(ours, theirs, "left")
        high = np.searchsorted(ours, theirs, "right")
        pairs = [
            (theirs_at, ours_at)
            for theirs_at in np.flatnonzero(high > low).tolist()
            for ours_at in range(low[theirs_at], high[theirs_at])
        ]
    found = []
    for theirs_at, ours_at in pairs:
        doc = int(older.arrays["key_doc"][theirs_at])
        if older.id(doc) == part.id(int(part.arrays["key_doc"][ours_at])):
            found.append(doc)
    return np.array(found, np.int64)


def _groups(held: Sequence[_Held]) -> list[list[_Held]]:
    """Return the segments in as few groups as one segment can take the lists of."""
    groups: list[list[_Held]] = []
    room = 0
    for each in sorted(held, key=lambda one: sum(one.segment.field_totals), reverse=True):
        size = sum(each.segment.field_totals)
        if not groups or size > room:
            groups.append([])
            room = MOST_POSITIONS
        groups[-1].append(each)
        room -= size
    return groups


def _tier_to_merge(held: Sequence[_Held]) -> list[_Held]:
    """Return the segments to merge now: enough of one size class, or one that is mostly removed."""
    tiers: dict[int, list[_Held]] = {}
    for each in held:
        if each.living * 2 < each.segment.documents:
            return [each]
        size = max(each.living, _SMALLEST_TIER) / _SMALLEST_TIER
        tiers.setdefault(int(math.log(size, MERGE_FACTOR)), []).append(each)
    for _, group in sorted(tiers.items()):
        if len(group) >= MERGE_FACTOR:
            chosen = group[:]
            while sum(sum(each.segment.field_totals) for each in chosen) > MOST_POSITIONS:
                chosen.pop()
            return chosen if len(chosen) > 1 else []
    return []
