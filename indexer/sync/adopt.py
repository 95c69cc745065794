"""Adopt: articles that `marsad retry` brought belong to the folder that their file lies in.

So they leave the index when the file is deleted. Those of other files belong to `marsad index`.
"""

import os
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.source import Record
from marsad.indexer.sync.known import read_known
from marsad.indexer.sync.lines import FileState, Note
from marsad.indexer.sync.owners import Claims, Places
from marsad.indexer.sync.scan import UNSURE
from marsad.indexer.sync.state import FolderState, state_files

_MOST = 10_000


class Adoption:
    """Collects the articles of a retry, and writes them to the states of synced folders.

    Call `note` with each record, and `write` when the records are committed.
    """

    def __init__(self, side: Path, index: str) -> None:
        self._side, self._index = side, index
        self._places = Places()
        self._claims = Claims(side)
        self._folders: dict[str, Path] = {
            os.path.realpath(known.real): side / name for name, known in read_known(side).items()
        }
        # The state file and the path in the folder of a file, with the ids of its articles.
        self._found: dict[tuple[Path, str], list[str]] = {}
        self._count = 0

    def note(self, record: Record) -> None:
        """Keep the id of an article of a synced folder; claim any other."""
        if not isinstance(record, Article):
            return
        self._claims.note(record)
        if record.origin is None:
            return
        place = self._places.of_origin(record.origin.path)
        for folder, state in self._folders.items():
            if place.startswith(f"{folder.rstrip('/')}/"):
                name = place[len(folder.rstrip("/")) + 1 :]
                self._found.setdefault((state, name), []).append(record.id)
                self._count += 1
        if self._count >= _MOST:
            self.write()

    def write(self) -> None:
        """Write down what was noted."""
        self._claims.write()
        for path in state_files(self._side):
            found = {name: ids for (state, name), ids in self._found.items() if state == path}
            if not found:
                continue
            state = FolderState(path, self._index, None)
            state.add([(name, _with(state, name, ids)) for name, ids in found.items()])
        self._found.clear()
        self._count = 0


def _with(state: FolderState, name: str, ids: list[str]) -> FileState:
    """Return the state of a file with more articles.

    A file whose records are all taken up is read again by the next sync, which then knows what it
    holds.
    """
    known = state.files.get(name)
    if known is None:
        return FileState(UNSURE, UNSURE, tuple(dict.fromkeys(ids)))
    note = Note.of(known.note)
    note.refused = max(0, note.refused - len(ids))
    note.first = note.first[: note.refused]
    both = tuple(dict.fromkeys([*known.ids, *ids]))
    return known._replace(ids=both, note=note.text())
