"""Folder state: a file that says which articles the last sync found in each file of a folder.

Lines are appended to it; it is written anew when most of them are out of date.

Fields of a line are separated by tabs. There are four kinds of lines:

    PATH  STAMP  SHA-256  IDS     a file as it was read; IDS are those of its articles
    PATH                          the file is gone
    (empty)  VERSION  FINGERPRINT the version of the documents, and the program that made them
    (empty)  (empty)  COMMIT      the newest commit of the index; `-` if a commit was lost, so
                                  that all files above must be read again

The last line of a path counts. A line that was cut when a run was killed is skipped: its file is
read again, and its articles are found unchanged.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from marsad.corpus.line_file import append_lines
from marsad.indexer.engine.commits import commit_number
from marsad.indexer.registry import newest_commit
from marsad.indexer.sync.scan import UNSURE

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_LEAST_TO_REWRITE = 1_000


class FileState(NamedTuple):
    """A file as it was read: `stamp` is its size and time, `ids` are those of its articles."""

    stamp: str
    sha256: str
    ids: tuple[str, ...]


def state_path(side: Path, folder: Path) -> Path:
    """Return the file that keeps the state of *folder*, in the side folder of an index.

    Its name is a digest of the real path of *folder*.
    """
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return side / f"sync-{name}.tsv"


class FolderState:
    """The state of one folder that is synced into the index at the address *index*.

    *version* is the version of the documents that are made now. If the file says another one,
    every file of the folder counts as changed. With None nothing is compared or written.

    `files` maps each path in the folder to its state. `fingerprint` is the fingerprint of the
    program that wrote the file last. `commit` is the newest commit of the index at the last
    write, `UNSURE` if a commit was lost since then.
    """

    def __init__(self, path: Path, index: str, version: str | None, fingerprint: str = "") -> None:
        self.path = path
        self.index = index
        self.fingerprint = self.commit = ""
        self.files: dict[str, FileState] = {}
        self._lines = 0
        self._version = ""
        if path.exists():
            self._read(path.read_text(encoding="utf-8", errors="surrogateescape"))
        if version is None:
            return
        if self._version != version:
            self._count_all_as_changed()
        if (self._version, self.fingerprint) != (version, fingerprint):
            self._version, self.fingerprint = version, fingerprint
            self._write([self._head()])

    def _count_all_as_changed(self) -> None:
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
                    self._count_all_as_changed()
            elif not name:
                if self._version not in ("", parts[1]):
                    self._count_all_as_changed()
                self._version, self.fingerprint = parts[1], parts[-1]

    def add(self, changes: Iterable[tuple[str, FileState | None]]) -> None:
        """Write the new state of some files; None for a file that is gone."""
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
        """Count every file as changed if the index lost the commit that was written down here.

        Returns:
            Whether a sync can go on. It cannot if the newest commit is damaged and the state does
            not know that yet: the engine that is open was opened before the damage.
        """
        newest = newest_commit(self.index)
        if not newest:
            return self.commit in ("", UNSURE)
        same = newest == self.commit
        # Other commands commit too, so a later commit is no loss.
        if not same and commit_number(newest) <= commit_number(self.commit):
            self.commit = ""
        if not self.commit and self.files:
            self._count_all_as_changed()
            self._write([_commit_line(UNSURE)])
        return True

    def write_commit(self) -> None:
        """Write down the newest commit of the index, if it is not written yet."""
        lines = self._new_commit()
        if lines:
            self._write(lines)

    def _new_commit(self) -> list[str]:
        newest = newest_commit(self.index)
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
        """Write the file anew if most of its lines are out of date."""
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

    def ids_of_other_folders(self) -> set[str]:
        """Return the ids of all articles that other folders of the same index hold."""
        return {
            article
            for other in _state_files(self.path.parent)
            if other != self.path
            for state in FolderState(other, self.index, None).files.values()
            for article in state.ids
        }


def mark_all_changed(side: Path) -> None:
    """Have the next sync of every folder read all its files again, because the index lost a commit.

    *side* is the side folder of the index.
    """
    for path in _state_files(side):
        append_lines(path, f"{_commit_line(UNSURE)}\n".encode())


def _state_files(side: Path) -> Iterable[Path]:
    return side.glob("sync-*.tsv")


def _commit_line(commit: str) -> str:
    return f"\t\t{commit}"


def _line(name: str, state: FileState) -> str:
    return f"{_escape(name)}\t{state.stamp}\t{state.sha256}\t{' '.join(state.ids)}"


def _escape(name: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in name)


def unescape(text: str) -> str:
    """Return a path as it was before it was escaped for a line."""
    parts = iter(text)
    return "".join(_UNESCAPES.get(next(parts, ""), "") if c == "\\" else c for c in parts)
