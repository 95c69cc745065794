"""Scan: the paths, sizes, times and digests of the files in a folder."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from marsad.corpus.links import OUTSIDE, irregular, leaves
from marsad.corpus.source import SkippedKind

_PIECE = 1 << 20
# A file that changed so shortly before it was read may change again without a new time.
_FRESH_NS = 2_000_000_000
# The stamp of a file that must be read again.
UNSURE = "-"
# Stands before the stamp of a file that was seen once with a time in the future.
AHEAD = "~"


class LeftOut(NamedTuple):
    """What is in a folder and is not read: its path in the folder, its kind, and why."""

    path: str
    kind: SkippedKind
    reason: str


def stamp_of(about: os.stat_result) -> str:
    """Return the size (bytes) and modification time (ns) of a file as one text.

    Example:
        >>> stamp_of(os.stat_result((0, 0, 0, 0, 0, 0, 7, 0, 0, 0))).split()[0]
        '7'
    """
    return f"{about.st_size} {about.st_mtime_ns}"


def look_at(path: str) -> tuple[str, str]:
    """Return the stamp of a file and the SHA-256 of its bytes, in hexadecimal digits.

    The stamp is `UNSURE` if the file may change again without a new time. A file whose time is in
    the future, by this machine's clock, has its stamp after a `~`: it may be trusted when the file
    is found with the same stamp and the same bytes in a later run.
    """
    # O_NONBLOCK: opening a pipe would wait until another process writes to it.
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        about = os.fstat(file)
        # One byte more than its size, so that one call shows whether the file has grown.
        piece = os.read(file, min(_PIECE, about.st_size + 1))
        digest = hashlib.sha256(piece)
        if len(piece) != about.st_size:
            while piece:
                piece = os.read(file, _PIECE)
                digest.update(piece)
    finally:
        os.close(file)
    age = time.time_ns() - about.st_mtime_ns
    stamp = stamp_of(about)
    if age < -_FRESH_NS:
        stamp = f"{AHEAD}{stamp}"
    elif age < _FRESH_NS:
        stamp = UNSURE
    return stamp, digest.hexdigest()


def scan(
    folder: Path,
    unreadable: list[str] | None = None,
    own: Collection[str] = (),
    left_out: list[LeftOut] | None = None,
    *,
    follow_links: bool = False,
) -> Iterator[tuple[str, str]]:
    """Yield the path in the folder and the stamp of each file, without hidden files and pipes.

    Links to folders are followed, each folder once. Links that lead out of the folder are not,
    unless *follow_links* is set.

    Args:
        folder: The folder.
        unreadable: Gets the path in the folder of each file or folder that cannot be read.
        own: Real paths of files and folders that the run itself writes; they are left out.
        left_out: Gets what is not read: links that lead out of the folder, pipes and the like.
        follow_links: Read links that lead out of the folder.
    """
    root = None if follow_links else os.path.realpath(folder)
    odd: list[LeftOut] = [] if left_out is None else left_out
    owned = _same_files(own)
    seen = set(owned)
    names = {os.path.basename(path) for path in own}  # noqa: PTH119  (strings)
    waiting = [""]
    lost: list[str] = [] if unreadable is None else unreadable

    def is_outside(name: str) -> bool:
        return root is not None and leaves(root, f"{folder}/{name}")

    while waiting:
        prefix = waiting.pop()
        try:
            # With an open folder the system looks up names, which is faster than whole paths.
            here = os.open(f"{folder}/{prefix}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            lost.append(prefix)
            continue
        try:
            about = os.fstat(here)
            if (about.st_dev, about.st_ino) not in seen:
                seen.add((about.st_dev, about.st_ino))
                yield from _files(here, prefix, waiting, lost, names, owned, odd, is_outside)
        except OSError:
            lost.append(prefix)
        finally:
            os.close(here)


class Hidden:
    """Tells whether a path lies in one of *unreadable*, as `scan` lists them."""

    def __init__(self, unreadable: Collection[str]) -> None:
        self._files = frozenset(unreadable)
        starts = [path for path in self._files if not path or path.endswith("/")]
        for path in self._files.difference(starts):
            # A link that cannot be followed may be one to a folder. Members follow a `!`.
            starts += [f"{path}/", f"{path}!"]
        self._starts = tuple(starts)

    def __contains__(self, name: str) -> bool:
        """Return whether the file cannot be seen."""
        return name in self._files or name.startswith(self._starts)


def _same_files(paths: Collection[str]) -> set[tuple[int, int]]:
    """Return device and inode of each of *paths* that exists."""
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
    left_out: list[LeftOut],
    is_outside: Callable[[str], bool],
) -> Iterator[tuple[str, str]]:
    """Yield the files of an open folder; append its folders and what is not read to the lists.

    *is_outside* tells of a link whether it leads out of the folder that is synced.
    """
    with os.scandir(here) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_symlink() and is_outside(prefix + name):
                left_out.append(LeftOut(prefix + name, "outside-link", OUTSIDE))
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
            if not stat.S_ISREG(about.st_mode):
                reason = irregular(about.st_mode)
                left_out.append(LeftOut(prefix + name, "not-regular", reason))
                continue
            if name in names and (about.st_dev, about.st_ino) in owned:
                continue
            yield prefix + name, f"{about.st_size} {about.st_mtime_ns}"
