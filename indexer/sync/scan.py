"""Scan: the paths, sizes, times and digests of the files in a folder."""

import hashlib
import os
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

_PIECE = 1 << 20
# A file that changed so shortly before it was read may change again without a new time.
_FRESH_NS = 2_000_000_000
# The stamp of a file that must be read again.
UNSURE = "-"


def stamp_of(about: os.stat_result) -> str:
    """Return the size (bytes) and modification time (ns) of a file as one text.

    Example:
        >>> stamp_of(os.stat_result((0, 0, 0, 0, 0, 0, 7, 0, 0, 0))).split()[0]
        '7'
    """
    return f"{about.st_size} {about.st_mtime_ns}"


def look_at(path: str) -> tuple[str, str]:
    """Return the stamp of a file and the SHA-256 of its bytes, in hexadecimal digits.

    The stamp is `UNSURE` if the file may change again without a new time.
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
    fresh = time.time_ns() - about.st_mtime_ns < _FRESH_NS
    return UNSURE if fresh else stamp_of(about), digest.hexdigest()


def scan(
    folder: Path, unreadable: list[str] | None = None, own: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the path in the folder and the stamp of each file, without hidden files and pipes.

    Links to folders are followed, each folder once.

    Args:
        folder: The folder.
        unreadable: Gets the path in the folder of each file or folder that cannot be read.
        own: Real paths of files and folders that the run itself writes; they are left out.
    """
    owned = _same_files(own)
    seen = set(owned)
    names = {os.path.basename(path) for path in own}  # noqa: PTH119  (strings)
    waiting = [""]
    lost: list[str] = [] if unreadable is None else unreadable
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
                yield from _files(here, prefix, waiting, lost, names, owned)
        except OSError:
            lost.append(prefix)
        finally:
            os.close(here)


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
) -> Iterator[tuple[str, str]]:
    """Yield the files of an open folder; append its folders and unreadable files to the lists."""
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
