"""Removal: articles that no file of a synced folder holds any more leave the index.

[lost ids] -> [held elsewhere?] -> [guard] -> tombstones -> index
"""

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from marsad.corpus.hashes import Hashes, hash_of
from marsad.indexer.build.document import load_hit
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import FolderVanishedError
from marsad.indexer.sync.known import read_known
from marsad.indexer.sync.lines import FileState, Note
from marsad.indexer.sync.owners import Owners
from marsad.indexer.sync.scan import Hidden
from marsad.indexer.sync.state import FolderState, state_files
from marsad.indexer.sync.tombstones import Tombstone, Tombstones

# If a folder lost more than this, or all of its files, its disk is probably not mounted: nothing is
# removed until a person allows it.
MOST_VANISHED_SHARE, LEAST_VANISHED = 0.5, 20


def utc_now() -> str:
    """Return the present time: UTC, ISO 8601, seconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Remover:
    """Removes articles of the folder of *state* from the index, with tombstones."""

    folder: Path
    engine: Engine
    state: FolderState
    duplicates: DuplicateTracker
    tombstones: Tombstones
    owners: Owners
    allow_vanished: bool = False

    def remove(
        self,
        gone: Collection[str],
        lost: Mapping[str, str],
        final: Mapping[str, FileState],
        new: Collection[str],
    ) -> list[str]:
        """Remove the articles that nothing else holds; return their ids.

        Args:
            gone: The files of the folder that vanished.
            lost: The ids that may be removed, each with the file that held it.
            final: The states of files that lost articles, which the state does not have yet.
            new: The files that were not known before this run.

        Raises:
            FolderVanishedError: most articles are gone, and `allow_vanished` is not set.
        """
        # The writer is opened first, so that no sync of another folder adds one of them meanwhile.
        with self.engine.writer() as writer:
            stones = self._stones(gone, lost, final, new)
            ids = [stone.id for stone in stones]
            if ids:
                # Before the commit: if the run is killed here, the next one adds them again.
                self.tombstones.add(stones)
                batch = ClusteredBatch(writer, self.duplicates)
                for each in ids:
                    batch.remove(each)
                batch.commit()
        return ids

    def _stones(
        self,
        gone: Collection[str],
        lost: Mapping[str, str],
        final: Mapping[str, FileState],
        new: Collection[str],
    ) -> list[Tombstone]:
        vanished = frozenset(gone)
        left, known = Hashes(), Hashes()
        files = 0
        for name, state in self.state.files.states():
            files += 1
            if name not in vanished:
                for each in final.get(name, state).ids:
                    number = hash_of(each)
                    left.add(number)
                    if name not in new:
                        known.add(number)
        for each in lost:
            known.add(hash_of(each))
        others = held_by_others(self.state)
        self.owners.refresh()
        free = {
            each: name
            for each, name in lost.items()
            if hash_of(each) not in left
            and hash_of(each) not in others
            and not self.owners.has(each)
        }
        self._guard(free, is_empty=len(vanished) == files, left=left, known=known)
        found = (stone_of(self.engine, each, self.folder / name) for each, name in free.items())
        return [stone for stone in found if stone is not None]

    def _guard(
        self, lost: Mapping[str, str], *, is_empty: bool, left: Hashes, known: Hashes
    ) -> None:
        """Refuse to remove most of the articles that the folder held."""
        if self.allow_vanished or not lost:
            return
        shrunk = len(lost) >= LEAST_VANISHED and len(left) < (1 - MOST_VANISHED_SHARE) * len(known)
        if is_empty or shrunk:
            raise FolderVanishedError(self.folder, len(lost), len(known))


def held_by_others(state: FolderState) -> Hashes:
    """Return the numbers of all ids that other folders of the same index hold."""
    held = Hashes()
    for path in state_files(state.path.parent):
        if path != state.path:
            for each in FolderState(path, state.index, None).files.ids():
                held.add(hash_of(each))
    return held


def stone_of(engine: Engine, article_id: str, path: Path) -> Tombstone | None:
    """Return the tombstone of an article of the index, None if it is not there."""
    hit = engine.get(article_id)
    if hit is None:
        return None
    article = load_hit(hit).article
    return Tombstone(
        id=article_id,
        title=article.title,
        published=article.published_iso(),
        source=article.source,
        path=str(path),
        gone_at=utc_now(),
    )


def strays(
    engine: Engine,
    state: FolderState,
    owners: Owners,
    folder: Path,
    unreadable: Iterable[str],
    *,
    is_damaged: bool,
) -> Iterator[tuple[str, str, bool]]:
    """Yield articles of the index that were read from *folder*, and that its state does not know.

    This is for a state that lost lines. All files of the folder were read again before. If it
    `is_damaged`, articles of files that could not be read whole are yielded also if another file
    holds them, so that they stay when that one loses them.

    Yields:
        The id, the file in the folder, and whether the article may be in it: the file could not be
        read whole.
    """
    others, own = held_by_others(state), Hashes()
    has_unsure = False
    for _, each_state in state.files.states():
        has_unsure = has_unsure or Note.of(each_state.note).refused > 0
        for each in each_state.ids:
            own.add(hash_of(each))
    starts = {str(folder), os.path.abspath(folder), os.path.realpath(folder)}  # noqa: PTH100
    known = read_known(state.path.parent).get(state.path.name)
    if known is not None:
        starts |= {known.given, known.real, *known.was}
    inside = tuple(f"{start.rstrip('/')}/" for start in starts if start)
    hidden = Hidden(tuple(unreadable))
    ids = [
        hit.id
        for hit in engine.walk(SearchRequest(sort="oldest", stored=False))
        if hash_of(hit.id) not in others
        and ((is_damaged and has_unsure) or hash_of(hit.id) not in own)
        and not owners.has(hit.id)
    ]
    for each in ids:
        hit = engine.get(each)
        origin = load_hit(hit).article.origin if hit is not None else None
        start = next((start for start in inside if origin and origin.path.startswith(start)), None)
        if origin is None or start is None:
            continue
        name = file_in(state, origin.path[len(start) :])
        found = state.files.get(name)
        is_unsure = found is not None and Note.of(found.note).refused > 0
        if hash_of(each) in own and (not is_unsure or found is None or each in found.ids):
            continue
        yield each, name, is_unsure or name in hidden


def file_in(state: FolderState, path: str) -> str:
    """Return the file of a folder that a path in the folder lies in: members follow a `!`."""
    at = len(path)
    while at > 0:
        if path[:at] in state.files:
            return path[:at]
        at = path.rfind("!", 0, at)
    return path
