"""Forget: a folder is synced no more, and its articles leave the index, or belong to `index`."""

from dataclasses import dataclass
from pathlib import Path

from marsad.corpus.hashes import hash_of
from marsad.corpus.quarantine import Quarantine
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.parts import parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.folders import find
from marsad.indexer.sync.known import write_known
from marsad.indexer.sync.opening import opened, prepare_writing
from marsad.indexer.sync.owners import Owners, append_pairs, pair_of
from marsad.indexer.sync.removal import held_by_others, stone_of
from marsad.indexer.sync.state import FolderState
from marsad.indexer.sync.tombstones import Tombstones


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A folder that was forgotten: how many articles it held, and how many were removed."""

    folder: str
    articles: int
    removed: int

    def __str__(self) -> str:
        """Return a sentence for the user."""
        return f"{self.folder}: forgotten; {self.removed} of {self.articles} articles were removed"


def forget_folder(
    index: str,
    folder: Path,
    quarantine: Path,
    *,
    stemming: bool = True,
    entities: Path | None = None,
    keep_articles: bool = False,
) -> Forgotten:
    """Forget a folder that is synced into the index at the address *index*.

    Its articles that no other folder and no `marsad index` holds are removed and get tombstones;
    with *keep_articles* all stay, as if `marsad index` had brought them. What was refused of its
    files leaves the quarantine.

    Raises:
        FolderUnknownError: the folder was never synced.
        IndexBusyError: another process writes to the index.
    """
    side = side_folder(index)
    path = find(side, folder)
    program = parts(stemming=stemming, entities=entities)
    with opened(index, program) as engine:
        prepare_writing(engine, index)
        state = FolderState(path, index, None)
        ids = tuple(dict.fromkeys(state.files.ids()))
        removed = 0
        with engine.writer() as writer:
            if keep_articles:
                pairs = [number for each in ids for number in pair_of(each, "")]
                append_pairs(Owners(side).path, b"+", pairs)
            else:
                others, owners = held_by_others(state), Owners(side)
                stones = [
                    stone
                    for name, file in state.files.states()
                    for each in file.ids
                    if hash_of(each) not in others and not owners.has(each)
                    if (stone := stone_of(engine, each, folder / name)) is not None
                ]
                unique = {stone.id: stone for stone in stones}
                removed = len(unique)
                Tombstones(side).add(unique.values())
                batch = ClusteredBatch(writer, DuplicateTracker(side, engine, program.documents))
                for each in unique:
                    batch.remove(each)
                batch.commit()
        _drop_refused(state, quarantine)
        path.unlink()
        write_known(side, {path.name: None})
    return Forgotten(str(folder), len(ids), removed)


def _drop_refused(state: FolderState, quarantine: Path) -> None:
    """Drop the entries of the folder's files from the quarantine."""
    with Quarantine(quarantine) as kept:
        for number, note in state.notes.items():
            if '"refused"' in note:
                name = state.files.path_of(number)
                for start in {state.given, state.real}:
                    raw = f"{start}/{name}".encode("utf-8", "surrogateescape")
                    kept.saw(raw.decode("utf-8", "backslashreplace"))
        kept.drop_mended()
