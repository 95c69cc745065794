"""State files: the lines of a folder's state as a mapping from path to state.

Only a table of numbers is in memory; lines are read again when they are asked for.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from marsad.indexer.sync.lines import FILE_FIELDS, FileState, escape, read_lines, state_of, unescape
from marsad.indexer.sync.table import Table, number_of

_PIECE = 4_096


class Files(Mapping[str, FileState]):
    """The files of a state by their path in the folder. Each look-up reads a line of the file."""

    def __init__(self, path: Path, expected: int = 0) -> None:
        self.path = path
        self.table = Table(expected)
        # Lines before this offset are of files that must be read again.
        self.sure_from = 0

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.table.offset(number_of(escape(name))) >= 0

    def __getitem__(self, name: str) -> FileState:
        offset = self.table.offset(number_of(escape(name)))
        if offset < 0:
            raise KeyError(name)
        with self.path.open("rb", buffering=_PIECE) as file:
            file.seek(offset)
            line = next(read_lines(file), None)
        if line is None or len(line.fields) != FILE_FIELDS or line.fields[0] != escape(name):
            # Another process wrote the file anew.
            raise KeyError(name)
        found = state_of(line.fields, is_sure=offset >= self.sure_from)
        if found is None:
            raise KeyError(name)
        return found

    def path_of(self, number: int) -> str:
        """Return the path of a file by its number, empty if it has no line."""
        offset = self.table.offset(number)
        with self.path.open("rb", buffering=_PIECE) as file:
            file.seek(max(offset, 0))
            line = next(read_lines(file), None)
        return unescape(line.fields[0]) if line and line.fields and offset >= 0 else ""

    def __iter__(self) -> Iterator[str]:
        return (unescape(fields[0]) for _, fields in self.lines())

    def lines(self) -> Iterator[tuple[int, list[bytes]]]:
        """Yield offset and fields of the line that counts for each file, in the order of lines."""
        if not len(self):
            return
        offset_of = self.table.offset
        with self.path.open("rb") as file:
            for offset, fields in read_lines(file):
                if len(fields) == FILE_FIELDS and offset_of(number_of(fields[0])) == offset:
                    yield offset, fields

    def states(self) -> Iterator[tuple[str, FileState]]:
        """Yield each file with its state."""
        for offset, fields in self.lines():
            state = state_of(fields, is_sure=offset >= self.sure_from)
            if state is not None:
                yield unescape(fields[0]), state

    def ids(self) -> Iterator[str]:
        """Yield the ids of the articles of all files."""
        for _, state in self.states():
            yield from state.ids
