"""Folder scan: the files of a folder as a sync looks at them: paths, sizes, times, digests."""

import hashlib
import os
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

_PIECE = 1 << 20
# A file changed so shortly before it was read may change again within its time stamp.
_FRESH_NS = 2_000_000_000
# The stamp of a file that is to be looked at again.
UNSURE = "-"


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
    # A pipe of that name, with nobody writing to it, must not keep the run waiting.
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
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
    """Yield path in the folder and stamp of each file, hidden ones and pipes left out.

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
            if not stat.S_ISREG(about.st_mode):
                continue
            if name in names and (about.st_dev, about.st_ino) in owned:
                continue
            yield prefix + name, f"{about.st_size} {about.st_mtime_ns}"
