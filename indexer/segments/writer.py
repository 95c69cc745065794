"""Writer: collects a batch of documents and commits it as one generation.

    documents -> parts (segments that no manifest names yet) -> older copies removed -> merges
              -> manifest, the commit -> files that no generation needs are removed

Readers see nothing of a batch before its manifest is written. If a writer is killed, the next one
removes its files.
"""

import datetime as dt
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from marsad.indexer.engine.seam import Document, Part
from marsad.indexer.segments.build import MOST_CHARACTERS, MOST_DOCUMENTS, new_name
from marsad.indexer.segments.clusters import read_clusters, write_clusters
from marsad.indexer.segments.compact import StoreRewriter
from marsad.indexer.segments.container import ContainerWriter
from marsad.indexer.segments.faults import clear_errors
from marsad.indexer.segments.files import fsync_file, fsync_folder
from marsad.indexer.segments.generation import Generation, newest_number, open_newest
from marsad.indexer.segments.known_files import DELETES_SUFFIX, KnownFiles
from marsad.indexer.segments.lock import WriterLock
from marsad.indexer.segments.manifest import SCHEMA, Manifest, generations, stamps, write_manifest
from marsad.indexer.segments.merge import Source, merge_segments
from marsad.indexer.segments.numbering import numbering_digest
from marsad.indexer.segments.open_segments import OpenSegment
from marsad.indexer.segments.parts import PartMaker
from marsad.indexer.segments.segment import open_segment
from marsad.indexer.segments.sound import open_sound
from marsad.indexer.segments.tiers import groups_of, tier_to_merge

_LOG = logging.getLogger("marsad.engine")
_STORE_FILES = ("name", "dictionary")


class BatchWriter:
    """Collects a batch; leaving its `with` block without an error commits it."""

    def __init__(self, folder: Path, analyzer: str) -> None:
        """Take the writer lock, and remove the files of a writer that was killed.

        Raises:
            IndexBusyError: another writer holds it.
            IndexVersionError: the index now has another analyzer, schema or numbering.
        """
        self._folder = folder
        self._analyzer = analyzer
        with clear_errors(folder):
            self._lock = WriterLock(folder)
        self._known = KnownFiles(folder)
        try:
            # It may have been rebuilt since it was opened. Terms of two analyzers must not mix.
            self._base: Generation = open_sound(folder, analyzer=analyzer)
            self._known.add(path.name for path in folder.iterdir())
            self._known.remove_unnamed(self._base.manifest.generation)
        except BaseException:
            self._lock.release()
            raise
        self._pending: dict[str, Document] = {}
        self._characters = 0
        self._parts: list[str] = []
        # `(n, id)`: remove the id from the segments of the base and from parts before number n.
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
        """Discard what was not committed, and release the writer lock."""
        self._drop_parts()
        self._base.close()
        self._lock.release()

    def add(self, document: Document) -> None:
        """Add *document*; it replaces any document with the same id."""
        self._pending.pop(document.id, None)
        self._pending[document.id] = document
        self._characters += len(document.stored)
        if len(self._pending) >= MOST_DOCUMENTS or self._characters >= MOST_CHARACTERS:
            self._flush()

    def remove(self, article_id: str) -> None:
        """Remove the document of this id."""
        self._pending.pop(article_id, None)
        self._removals.append((len(self._parts), article_id))

    def assign_clusters(self, clusters: Mapping[str, str | None]) -> None:
        """Assign articles to clusters: ids to names of clusters, or to None for no cluster."""
        self._regrouped |= clusters

    def part_builder(self) -> PartMaker:
        """Return the builder with which other processes make parts of this batch."""
        return PartMaker(self._folder, self._dictionary())

    def add_part(self, part: Part) -> None:
        """Add the documents of *part*; they replace any documents with the same ids."""
        self._flush()
        self._parts.append(part.name)

    def commit(self) -> None:
        """Commit all changes so far as the newest generation, and continue with an empty batch."""
        self._flush()
        # Without changes there is no new generation, so that open readers need not change over.
        if not self._parts and not self._removals and not self._regrouped:
            return
        with clear_errors(self._folder):
            opened = self._with_parts()
            opened = self._merged(opened, tier_to_merge)
            self._write_generation(opened)

    def merge(self, *, rewrite: bool = False) -> None:
        """Commit, then merge all segments into one; with *rewrite*, all stores too.

        An index with more positions than one segment can have keeps several segments.
        """
        self.commit()
        opened = self._base_segments()
        untouched = all(each.deleted is None for each in opened)
        groups = groups_of(opened)
        if len(groups) == len(opened) and untouched and not (rewrite and self._has_stale(opened)):
            return
        with clear_errors(self._folder):
            rewriter = StoreRewriter(self._folder, self._base, self._dictionary())
            merged = [self._merge(group, rewriter if rewrite else None) for group in groups]
            self._write_generation([each for each in merged if each is not None])

    def _has_stale(self, opened: Sequence[OpenSegment]) -> bool:
        """Return whether stores have records that no segment needs, or there are several stores."""
        if len({name for each in opened for name in each.segment.stores}) > len(opened):
            return True
        used = sum(int(e.segment.arrays["store_size"].sum(dtype=np.int64)) for e in opened)
        return used < sum(int(store["bytes"]) for store in self._base.manifest.stores)

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
            self._known.remove_unnamed(self._base.manifest.generation)

    def _note_parts(self) -> None:
        for name in self._parts:
            stores = open_segment(self._folder / name).container.extra["entries"]
            self._known.add([name, *(entry[key] for entry in stores for key in _STORE_FILES)])

    def _base_segments(self) -> list[OpenSegment]:
        return [
            OpenSegment(member.segment, member.deleted, entry.get("deletes"))
            for member, entry in zip(self._base.members, self._base.manifest.segments, strict=True)
        ]

    def _with_parts(self) -> list[OpenSegment]:
        """Return the segments of the base and the parts, without older copies of a document."""
        opened = self._base_segments()
        for number, name in enumerate(self._parts):
            part = open_segment(self._folder / name)
            gone = self._removed_before(number)
            for older in opened:
                older.remove_ids(gone)
                older.remove_copies(part)
            opened.append(OpenSegment(part, None, None))
        gone = self._removed_before(len(self._parts))
        for each in opened:
            each.remove_ids(gone)
        return [each for each in opened if each.live_count]

    def _removed_before(self, part: int) -> list[str]:
        return [article_id for before, article_id in self._removals if before == part]

    def _merged(self, opened: list[OpenSegment], policy: Any) -> list[OpenSegment]:  # noqa: ANN401
        while chosen := policy(opened):
            merged = self._merge(chosen, None)
            opened = [each for each in opened if not any(each is one for one in chosen)]
            if merged is not None:
                opened.append(merged)
        return opened

    def _merge(
        self, chosen: Sequence[OpenSegment], rewriter: StoreRewriter | None
    ) -> OpenSegment | None:
        sources = [Source(each.segment, each.deleted) for each in chosen]
        for each in chosen:
            # The merged segment would have right checksums over wrong lists.
            each.segment.container.check()
        began = time.monotonic()
        entry = merge_segments(self._folder, sources, rewriter)
        if entry is None:
            return None
        _LOG.info("merged %d segments in %.1f s", len(sources), time.monotonic() - began)
        self._known.add([entry["name"]])
        return OpenSegment(open_segment(self._folder / entry["name"]), None, None)

    def _write_generation(self, opened: Sequence[OpenSegment]) -> None:
        """Commit a generation of these segments, which becomes the new base."""
        manifest = self._manifest(opened)
        fsync_folder(self._folder)
        write_manifest(self._folder, manifest)
        _LOG.debug("wrote generation %d, %d segments", manifest.generation, len(opened))
        self._note_parts()
        self._known.add(manifest.referenced())
        self._parts, self._removals, self._regrouped = [], [], {}
        previous = self._base
        segments_open = {each.segment.name: each.segment for each in opened}
        trusted = {(name, *stamp) for name, stamp in manifest.files.items()}
        self._base = open_newest(self._folder, segments_open, trusted)
        # The generation before stays on the disk, to fall back on if the newest one is damaged.
        keep = previous.manifest.generation
        previous.close()
        self._known.retire(self._base.manifest.generation, keep)

    def _manifest(self, opened: Sequence[OpenSegment]) -> Manifest:
        segments = self._entries(opened, self._write_deletes(opened))
        stores = self._stores(opened)
        clusters = self._base.manifest.clusters
        if self._regrouped:
            base = read_clusters(self._folder, clusters)
            clusters = write_clusters(self._folder, base, self._regrouped)
        files = {
            *(entry["name"] for entry in segments),
            *(entry["deletes"] for entry in segments if "deletes" in entry),
            *(store["name"] for store in stores),
            *(store["dictionary"] for store in stores if store["dictionary"]),
            *((clusters,) if clusters else ()),
        }
        return Manifest(
            schema=SCHEMA,
            analyzer=self._analyzer,
            numbering=numbering_digest(),
            generation=newest_number(self._folder) + 1,
            written=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            segments=segments,
            stores=stores,
            clusters=clusters,
            files=stamps(self._folder, sorted(files)),
        )

    @staticmethod
    def _entries(opened: Sequence[OpenSegment], deletes: str | None) -> tuple[dict[str, Any], ...]:
        """Return the manifest's entry of each segment."""
        segments = []
        for each in opened:
            entry: dict[str, Any] = {
                "name": each.segment.name,
                "documents": each.segment.documents,
            }
            if each.deleted is not None:
                entry["deletes"] = deletes if each.changed else each.deletes_file
                entry["deleted"] = each.segment.documents - each.live_count
            segments.append(entry)
        return tuple(segments)

    def _stores(self, opened: Sequence[OpenSegment]) -> tuple[dict[str, Any], ...]:
        """Return the manifest's entry of each store that segments point into."""
        known = {store["name"]: store for store in self._base.manifest.stores}
        parts = (open_segment(self._folder / name) for name in self._parts)
        for segment in (*(each.segment for each in opened), *parts):
            for store in segment.container.extra.get("entries", ()):
                known[store["name"]] = store
        names = dict.fromkeys(name for each in opened for name in each.segment.stores)
        return tuple(known[name] for name in names)

    def _write_deletes(self, opened: Sequence[OpenSegment]) -> str | None:
        changed = [each for each in opened if each.changed]
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


def create(folder: Path, analyzer: str) -> None:
    """Make an empty index in *folder*, unless another process has just made one."""
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder)
    try:
        if not generations(folder):
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            with clear_errors(folder):
                manifest = Manifest(SCHEMA, analyzer, numbering_digest(), 1, now)
                write_manifest(folder, manifest)
    finally:
        lock.release()
