"""Folder state: what a sync knew of each file of a folder, in a file that grows by lines.

A line is a file's path in the folder, its size and time, the SHA-256 of its bytes, and
the ids of the articles it holds, parted by tabs. A later line of a path counts; a line
of a path alone says that the file is gone, one without a path names a version. A line
that was cut by a kill is passed over: its file is read again, and what it holds is found
unchanged.
"""

import hashlib
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PIECE = 1 << 20
# A file changed so shortly before it was read may change again within its time stamp.
_FRESH_NS = 2_000_000_000
UNSURE = "-"
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


def stamp_of(about: os.stat_result) -> str:
    """Return size and modification time (ns) of a file as a stamp.

    Example:
        >>> stamp_of(os.stat_result((0, 0, 0, 0, 0, 0, 7, 0, 0, 0))).split()[0]
        '7'
    """
    return f"{about.st_size} {about.st_mtime_ns}"


def look_at(path: str) -> tuple[str, str]:
    """Return the stamp of a file and the SHA-256 of its bytes, in hexadecimal digits.

    The stamp is `UNSURE` where the file may have changed again within its time stamp.
    """
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        about = os.fstat(file)
        # One byte more than it should have says that it ends there.
        piece = os.read(file, min(_PIECE, about.st_size + 1))
        digest = hashlib.sha256(piece)
        if len(piece) != about.st_size:
            while piece:
                piece = os.read(file, _PIECE)
                digest.update(piece)
    finally:
        os.close(file)
    fresh = time.time_ns() - about.st_mtime_ns < _FRESH_NS
    return UNSURE if fresh else stamp_of(about), digest.hexdigest()


def scan(
    folder: Path, unreadable: list[str] | None = None, own: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Yield path in the folder and stamp of each file, hidden ones left out.

    Links to folders are followed, each folder once. The beginning of the paths of what cannot
    be looked at goes to *unreadable*, if that is given: nothing is known of those files. *own*
    are the real paths of files and folders that the run itself writes: they are left out.
    """
    owned = _same_files(own)
    seen = set(owned)
    names = {os.path.basename(path) for path in own}  # noqa: PTH119  (strings)
    waiting = [""]
    lost: list[str] = [] if unreadable is None else unreadable
    while waiting:
        prefix = waiting.pop()
        try:
            # By its descriptor, so that the system looks up names and not whole paths.
            here = os.open(f"{folder}/{prefix}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            lost.append(prefix)
            continue
        try:
            about = os.fstat(here)
            if (about.st_dev, about.st_ino) not in seen:
                seen.add((about.st_dev, about.st_ino))
                yield from _files(here, prefix, waiting, lost, names, owned)
        except OSError:
            lost.append(prefix)
        finally:
            os.close(here)


def _same_files(paths: Collection[str]) -> set[tuple[int, int]]:
    """Return what the system knows files by, of those that are there."""
    found = set()
    for path in paths:
        with suppress(OSError):
            about = os.stat(path)  # noqa: PTH116
            found.add((about.st_dev, about.st_ino))
    return found


def _files(
    here: int,
    prefix: str,
    folders: list[str],
    unreadable: list[str],
    names: Collection[str],
    owned: Collection[tuple[int, int]],
) -> Iterator[tuple[str, str]]:
    """Yield the files of an open folder; note its folders, and what cannot be looked at."""
    with os.scandir(here) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            try:
                if entry.is_dir():
                    folders.append(f"{prefix}{name}/")
                    continue
                about = entry.stat()
            except FileNotFoundError:
                continue
            except OSError:
                unreadable.append(prefix + name)
                continue
            if name in names and (about.st_dev, about.st_ino) in owned:
                continue
            yield prefix + name, f"{about.st_size} {about.st_mtime_ns}"


class FolderState:
    """The state of one folder.

    `version` is that of what is made of an article. Where it is another one than that of the
    file, every file of the folder counts as changed; None leaves that open. `fingerprint` is
    that of the program which wrote the file last (`indexer.fingerprint`).
    """

    def __init__(self, path: Path, version: str | None, fingerprint: str = "") -> None:
        self.path = path
        self.fingerprint = ""
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
            name = _unescape(parts[0]) if "\\" in parts[0] else parts[0]
            if len(parts) == 4:  # noqa: PLR2004
                ids = tuple(parts[3].split(" ")) if parts[3] else ()
                self.files[name] = FileState(parts[1], parts[2], ids)
            elif len(parts) == 1:
                self.files.pop(name, None)
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
            self._write(lines)

    def _write(self, lines: list[str]) -> None:
        self._lines += len(lines)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # A line that was cut by a kill must not run into the next one.
        head = "\n" if self._is_cut() else ""
        with self.path.open("a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(head + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _is_cut(self) -> bool:
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read(1) != b"\n"
        except OSError:
            return False

    def compact(self) -> None:
        """Write the file anew where most of its lines are out of date."""
        if self._lines < 2 * len(self.files) + _LEAST_TO_REWRITE:
            return
        beside = self.path.with_suffix(".new")
        with beside.open("w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(self._head() + "\n")
            file.writelines(f"{_line(name, state)}\n" for name, state in self.files.items())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._lines = len(self.files)


def others_ids(path: Path) -> set[str]:
    """Return the ids that other folders of the same index hold."""
    return {
        article
        for other in path.parent.glob("sync-*.tsv")
        if other != path
        for state in FolderState(other, None).files.values()
        for article in state.ids
    }


def unchanged(
    path: Path,
    folder: Path,
    fingerprint: str,
    *,
    checksum: bool = False,
    own: Collection[str] = (),
) -> int | None:
    """Return how many files a folder has, where all are as the state at *path* has them.

    None where any is not, or another program wrote the state. Nothing is read but names, sizes
    and times; with *checksum* the bytes are compared in place of these.
    """
    if not path.exists():
        return None
    known = known_stamps(path.read_text(encoding="utf-8", errors="surrogateescape"), fingerprint)
    if known is None:
        return None
    count = 0
    unreadable: list[str] = []
    for name, stamp in scan(folder, unreadable, own):
        said = known.get(name, "")
        if checksum:
            if not said or _digest(f"{folder}/{name}") != said.split("\t", 2)[1]:
                return None
        elif not said.startswith(f"{stamp}\t"):
            return None
        count += 1
    return count if count == len(known) and not unreadable else None


def _digest(path: str) -> str:
    """Return the SHA-256 of a file's bytes, empty where they cannot be read."""
    try:
        return look_at(path)[1]
    except OSError:
        return ""


def known_stamps(text: str, fingerprint: str) -> dict[str, str] | None:
    """Return name to stamp and what follows it, by a state that this program wrote, else None.

    It is what `FolderState` knows, without what a quiet night need not: a third of the time.
    """
    known: dict[str, str] = {}
    version = last = ""
    for line in text.split("\n")[:-1]:
        name, tab, rest = line.partition("\t")
        if not tab:
            known.pop(_unescape(name) if "\\" in name else name, None)
        elif name and rest.count("\t") == 2:  # noqa: PLR2004
            known[_unescape(name) if "\\" in name else name] = rest
        elif not name:
            found, _, last = rest.partition("\t")
            if version not in ("", found):
                known = dict.fromkeys(known, UNSURE)
            version = found
    return known if last == fingerprint else None


def _line(name: str, state: FileState) -> str:
    return f"{_escape(name)}\t{state.stamp}\t{state.sha256}\t{' '.join(state.ids)}"


def _escape(name: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in name)


def _unescape(text: str) -> str:
    parts = iter(text)
    return "".join(_UNESCAPES.get(next(parts, ""), "") if c == "\\" else c for c in parts)
