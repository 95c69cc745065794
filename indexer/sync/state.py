"""Folder state: what a sync knew of each file of a folder, in a file that grows by lines.

A line is a file's path in the folder, its size and time, the SHA-256 of its bytes, and
the ids of the articles it holds, parted by tabs. A later line of a path counts; a line
of a path alone says that the file is gone, one without a path names a version, and one
without either the newest commit of the index then, or `-`: that a commit was lost, so that
all lines before are in doubt. A line that was cut by a kill is passed over: its file is
read again, and what it holds is found unchanged.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from marsad.corpus.line_file import append_lines
from marsad.indexer.segments.commits import commit_number, newest_commit
from marsad.indexer.sync.scan import UNSURE

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_LEAST_TO_REWRITE = 1_000


class FileState(NamedTuple):
    """A file as it was read: `stamp` is its size and time, `ids` what it held."""

    stamp: str
    sha256: str
    ids: tuple[str, ...]


def state_path(index: Path, folder: Path) -> Path:
    """Return where the state of a folder is kept: in the index, by the folder's real path."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return index / f"sync-{name}.tsv"


class FolderState:
    """The state of one folder.

    `version` is that of what is made of an article. Where it is another one than that of the
    file, every file of the folder counts as changed; None leaves that open. `fingerprint` is
    that of the program which wrote the file last (`fingerprint`). `commit` is the newest
    commit that the index had when something was written last, `UNSURE` where one was lost since.
    """

    def __init__(self, path: Path, version: str | None, fingerprint: str = "") -> None:
        self.path = path
        self.fingerprint = self.commit = ""
        self.files: dict[str, FileState] = {}
        self._lines = 0
        self._version = ""
        if path.exists():
            self._read(path.read_text(encoding="utf-8", errors="surrogateescape"))
        if version is None:
            return
        if self._version != version:
            self._doubt()
        if (self._version, self.fingerprint) != (version, fingerprint):
            self._version, self.fingerprint = version, fingerprint
            self._write([self._head()])

    def _doubt(self) -> None:
        """Count every file as changed: what was made of it is out of date."""
        self.files = {
            name: FileState(UNSURE, UNSURE, state.ids) for name, state in self.files.items()
        }

    def _head(self) -> str:
        return f"\t{self._version}\t{self.fingerprint}"

    def _read(self, text: str) -> None:
        for line in text.split("\n")[:-1]:
            self._lines += 1
            parts = line.split("\t")
            name = unescape(parts[0]) if "\\" in parts[0] else parts[0]
            if len(parts) == 4:  # noqa: PLR2004
                ids = tuple(parts[3].split(" ")) if parts[3] else ()
                self.files[name] = FileState(parts[1], parts[2], ids)
            elif len(parts) == 1:
                self.files.pop(name, None)
            elif not name and not parts[1]:
                self.commit = parts[-1]
                if self.commit == UNSURE:
                    self._doubt()
            elif not name:
                if self._version not in ("", parts[1]):
                    self._doubt()
                self._version, self.fingerprint = parts[1], parts[-1]

    def add(self, changes: Iterable[tuple[str, FileState | None]]) -> None:
        """Write what is known of some files now; None for one that is gone."""
        lines = []
        for name, state in changes:
            if state is None:
                self.files.pop(name, None)
                lines.append(_escape(name))
            else:
                self.files[name] = state
                lines.append(_line(name, state))
        if lines:
            self._write(lines + self._new_commit())

    def compare_with_index(self) -> bool:
        """Count every file as changed where the index has not the commit that it had.

        Returns whether the newest commit is whole, or is known to be lost.
        """
        newest = newest_commit(self.path.parent)
        if not newest:
            return self.commit in ("", UNSURE)
        same = newest == self.commit
        if not same and commit_number(newest) <= commit_number(self.commit):
            self.commit = ""
        if not self.commit and self.files:
            self._doubt()
            self._write([_commit_line(UNSURE)])
        return True

    def note_commit(self) -> None:
        """Write down the newest commit, where that is another one than was written."""
        lines = self._new_commit()
        if lines:
            self._write(lines)

    def _new_commit(self) -> list[str]:
        newest = newest_commit(self.path.parent)
        if newest in ("", self.commit):
            return []
        self.commit = newest
        return [_commit_line(newest)]

    def _write(self, lines: list[str]) -> None:
        self._lines += len(lines)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join(lines) + "\n"
        append_lines(self.path, text.encode("utf-8", "surrogateescape"))

    def compact(self) -> None:
        """Write the file anew where most of its lines are out of date."""
        if self._lines < 2 * len(self.files) + _LEAST_TO_REWRITE:
            return
        beside = self.path.with_suffix(".new")
        with beside.open("w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(self._head() + "\n")
            file.write(_commit_line(self.commit) + "\n")
            file.writelines(f"{_line(name, state)}\n" for name, state in self.files.items())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._lines = len(self.files)


def mark_all_changed(index: Path) -> None:
    """Have the next sync of every folder read all its files again: the index lost a commit."""
    for path in index.glob("sync-*.tsv"):
        append_lines(path, f"{_commit_line(UNSURE)}\n".encode())


def others_ids(path: Path) -> set[str]:
    """Return the ids that other folders of the same index hold."""
    return {
        article
        for other in path.parent.glob("sync-*.tsv")
        if other != path
        for state in FolderState(other, None).files.values()
        for article in state.ids
    }


def _commit_line(commit: str) -> str:
    return f"\t\t{commit}"


def _line(name: str, state: FileState) -> str:
    return f"{_escape(name)}\t{state.stamp}\t{state.sha256}\t{' '.join(state.ids)}"


def _escape(name: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in name)


def unescape(text: str) -> str:
    """Return a path as it was before it was written to a line."""
    parts = iter(text)
    return "".join(_UNESCAPES.get(next(parts, ""), "") if c == "\\" else c for c in parts)
