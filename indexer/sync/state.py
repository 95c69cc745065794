"""Folder state: a file that says which articles the last sync found in each file of a folder.

Lines are appended to it; it is written anew when most of them are out of date. `lines.py` has
their form. The last line of a path counts. A damaged line is skipped and told: the next sync reads
all files of the folder again and compares the index with them.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from marsad.corpus.line_file import append_lines
from marsad.indexer.engine.commits import commit_number
from marsad.indexer.registry import newest_commit
from marsad.indexer.sync.files import Files
from marsad.indexer.sync.known import Known, read_known, write_known
from marsad.indexer.sync.lines import (
    FILE_FIELDS,
    FileState,
    commit_line,
    escape,
    file_line,
    folder_line,
    head_line,
    read_lines,
    unescape,
)
from marsad.indexer.sync.scan import UNSURE
from marsad.indexer.sync.table import MASK, number_of

_LEAST_TO_REWRITE = 1_000
_MOST_PIECE = 1 << 20
# Bytes of a usual line.
_LIKELY_BYTES = 100
# Fields of the line of a head or commit, and of the folder.
_HEAD, _FOLDER = 3, 6
# A tab and the CRC.
_CRC_CHARS, _TAB = 9, 9


def state_path(side: Path, folder: Path) -> Path:
    """Return the file that keeps the state of *folder*, in the side folder of an index.

    Its name is a digest of the real path of *folder*.
    """
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return side / f"sync-{name}.tsv"


def state_files(side: Path) -> list[Path]:
    """Return the state files in the side folder of an index."""
    return sorted(side.glob("sync-*.tsv"))


class FolderState:
    """The state of one folder that is synced into the index at the address *index*.

    *version* is the version of the documents that are made now. If the file says another one,
    every file of the folder counts as changed. With None nothing is compared or written.

    `files` maps each path in the folder to its state; `notes` maps the number of a path to its
    note, where it has one. `fingerprint` is the fingerprint of the program that wrote the file
    last. `commit` is the newest commit of the index at the last write, `UNSURE` if a commit was
    lost since then. `given` and `real` are the paths of the folder, empty if an earlier version
    wrote the file. `damaged` counts damaged lines. `is_whole` says that an earlier version wrote
    no part of the file. `is_unfinished` says that a run began and did not reach its end: the index
    may have articles that the file does not know.
    """

    def __init__(
        self,
        path: Path,
        index: str,
        version: str | None,
        fingerprint: str = "",
        folder: Path | None = None,
    ) -> None:
        self.path = path
        self.index = index
        self.fingerprint = self.commit = self.version = self.given = self.real = self.token = ""
        self.notes: dict[int, str] = {}
        self.damaged = self.line_count = self.crc = 0
        self.is_whole = self.is_unfinished = False
        self._load()
        if version is not None:
            self.begin(version, fingerprint, folder)

    def begin(self, version: str, fingerprint: str, folder: Path | None = None) -> None:
        """Prepare the state for a run of this program; see the class."""
        if self.version != version:
            self.count_all_as_changed()
        if (self.version, self.fingerprint) != (version, fingerprint):
            self.version, self.fingerprint = version, fingerprint
            self._append(self._head())
        if folder is not None:
            self.set_folder(folder)

    def mark_run(self, *, is_unfinished: bool) -> None:
        """Write down that a run begins, before its first commit, or that it reached its end."""
        if self.is_unfinished != is_unfinished:
            self.is_unfinished = is_unfinished
            self._append(self._head())

    def _head(self) -> bytes:
        return head_line(self.version or UNSURE, UNSURE if self.is_unfinished else self.fingerprint)

    def set_folder(self, folder: Path) -> None:
        """Write down the path of the folder, if it is another one than before."""
        given, real = os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100
        if (self.given, self.real) != (given, real):
            self.given, self.real = given, real
            self.token = self.token or os.urandom(8).hex()
            self._append(folder_line(given, real, self.token))

    def _load(self) -> None:
        self.fingerprint = self.commit = self.version = self.given = self.real = self.token = ""
        self.notes = {}
        self.damaged = self.line_count = self.crc = 0
        self.is_whole = self.is_unfinished = False
        self._stamp = self._found()
        self._size = self._stamp[0]
        self.files = Files(self.path, self._size // _LIKELY_BYTES)
        known = read_known(self.path.parent).get(self.path.name)
        if not self._size:
            # It was there, and is lost.
            self.damaged += known is not None
            return
        with self.path.open("rb") as file:
            sound = self._check(file, known)
            file.seek(0)
            start = self._read_sound(file, sound)
            for offset, fields in read_lines(file, start, is_checked=sound > 0):
                self.line_count += 1
                if len(fields) == FILE_FIELDS and fields[0]:
                    self._put(offset, fields[0], fields[1], fields[4])
                else:
                    self._read_special(offset, fields)

    def _check(self, file: IO[bytes], known: Known | None) -> int:
        """Compute the CRC of the file; return how many bytes from the start are sound by it."""
        sound = 0
        first = next(read_lines(file), None)
        self.is_whole = first is not None and len(first.fields) == _FOLDER
        token = first.fields[5] if first and len(first.fields) == _FOLDER else b""
        file.seek(0)
        if known is not None and token and known.token == token.decode():
            size = known.size
            while size and (piece := file.read(min(size, _MOST_PIECE))):
                self.crc = zlib.crc32(piece, self.crc)
                size -= len(piece)
            if not size and self.crc == known.crc:
                sound = known.size
            else:
                self.damaged += 1
        while piece := file.read(_MOST_PIECE):
            self.crc = zlib.crc32(piece, self.crc)
        return sound

    def _read_sound(self, file: IO[bytes], size: int) -> int:
        """Read the lines of the first *size* bytes, whose CRCs need not be checked."""
        put, notes, offset = self.files.table.put, self.notes, 0
        for line in file if size else ():
            name, _, rest = line.partition(b"\t")
            # An empty note stands between two tabs, before the CRC and the line end.
            if name and line[-_CRC_CHARS - 2] == _TAB and rest[0] != _TAB:
                number = hash(name) & MASK or 1
                put(number, offset, hash(rest[: rest.index(b"\t")]) & MASK or 1)
                if notes:
                    notes.pop(number, None)
            else:
                fields = line[: -_CRC_CHARS - 1].split(b"\t")
                if name:
                    self._put(offset, name, fields[1], fields[4])
                else:
                    self._read_special(offset, fields)
            self.line_count += 1
            offset += len(line)
            if offset >= size:
                break
        return offset

    def _put(self, offset: int, name: bytes, stamp: bytes, note: bytes) -> None:
        number = number_of(name)
        if stamp:
            self.files.table.put(number, offset, number_of(stamp))
        else:
            self.files.table.drop(number)
        if note:
            self.notes[number] = note.decode("utf-8", "surrogateescape")
        elif self.notes:
            self.notes.pop(number, None)

    def _read_special(self, offset: int, fields: list[bytes]) -> None:
        texts = [field.decode("utf-8", "surrogateescape") for field in fields]
        if len(fields) == _HEAD and not fields[0] and not fields[1]:
            self.commit = texts[2]
            if self.commit == UNSURE:
                self.files.sure_from = offset
        elif len(fields) == _HEAD and not fields[0]:
            if self.version not in ("", texts[1]):
                self.files.sure_from = offset
            self.version = "" if texts[1] == UNSURE else texts[1]
            self.fingerprint = texts[2]
            self.is_unfinished = self.fingerprint == UNSURE
        elif len(fields) == _FOLDER and not any(fields[:3]):
            self.given, self.real = unescape(fields[3]), unescape(fields[4])
            self.token = texts[5]
        else:
            self.damaged += 1

    def _found(self) -> tuple[int, int]:
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return 0, 0
        return about.st_size, about.st_ino

    def refresh(self) -> bool:
        """Read the file again if another process wrote to it; return whether that was so."""
        if self._found() == self._stamp:
            return False
        version, fingerprint = self.version, self.fingerprint
        self._load()
        if version:
            self.begin(version, fingerprint)
        return True

    def keep_known(self, was: Iterable[str] = ()) -> None:
        """Write down in the list of known folders where the file is now, and *was* before.

        The file is written anew first if an earlier version wrote its start, or if it is damaged:
        the next run then reads all files, and looks for articles that the file does not know.
        """
        always = self.damaged > 0 or not self.is_whole
        if self.damaged:
            self.mark_run(is_unfinished=True)
            self.count_all_as_lost()
        self.compact(always=always)
        side = self.path.parent
        before = read_known(side).get(self.path.name)
        old = (*(before.was if before is not None else ()), *was)
        known = Known(
            self.given,
            self.real,
            self.token,
            self._size,
            self.crc,
            tuple(dict.fromkeys(old)),
        )
        write_known(side, {self.path.name: known})

    def count_all_as_lost(self) -> None:
        """Have every file that is known read again, by this run or the next."""
        self._append(commit_line(UNSURE))
        self.commit = UNSURE
        self.count_all_as_changed()

    def count_all_as_changed(self) -> None:
        """Have every file that is known read again; it is not written down."""
        self.files.sure_from = self._size

    def add(self, changes: Iterable[tuple[str, FileState | None]]) -> None:
        """Write the new state of some files; None for a file that is gone."""
        rows = [(number_of(escape(name)), file_line(name, state), state) for name, state in changes]
        if not rows:
            return
        offset = self._append(b"".join(line for _, line, _ in rows), self._new_commit())
        for name, line, state in rows:
            if state is None:
                self.files.table.drop(name)
            else:
                self.files.table.put(name, offset, number_of(state.stamp.encode()))
            if state is not None and state.note:
                self.notes[name] = state.note
            else:
                self.notes.pop(name, None)
            offset += len(line)

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
            self.count_all_as_lost()
            self.commit = ""
        return True

    def write_commit(self) -> None:
        """Write down the newest commit of the index, if it is not written yet."""
        line = self._new_commit()
        if line:
            self._append(line)

    def _new_commit(self) -> bytes:
        newest = newest_commit(self.index)
        if newest in ("", self.commit):
            return b""
        self.commit = newest
        return commit_line(newest)

    def _append(self, lines: bytes, last: bytes = b"") -> int:
        """Append *lines*, then *last*; return the offset of the first line."""
        if self._found() != self._stamp:
            kept = self.version, self.fingerprint, self.commit, self.given, self.real, self.token
            was = self.is_unfinished
            self._load()
            self.version, self.fingerprint, self.commit, self.given, self.real, self.token = kept
            self.is_unfinished = was
        self.path.parent.mkdir(parents=True, exist_ok=True)
        both = lines + last
        append_lines(self.path, both)
        self._stamp = self._found()
        added = self._stamp[0] - self._size
        # A line that a kill had cut was ended first.
        self.crc = zlib.crc32(b"\n" * (added - len(both)) + both, self.crc)
        self._size = self._stamp[0]
        self.line_count += both.count(b"\n")
        return self._size - len(both)

    def compact(self, *, always: bool = False) -> None:
        """Write the file anew if most of its lines are out of date."""
        if not always and self.line_count < 2 * len(self.files) + _LEAST_TO_REWRITE:
            return
        beside = self.path.with_suffix(".new")
        self.token = os.urandom(8).hex()
        with beside.open("wb") as file:
            file.write(folder_line(self.given, self.real, self.token))
            file.write(self._head())
            file.write(commit_line(self.commit))
            file.writelines(file_line(name, state) for name, state in self.files.states())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._load()
