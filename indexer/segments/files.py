"""Files: making what was written durable, and locks that end with the process that took them."""

import os
from pathlib import Path

# Open files whose locks are this process's own: a forked child would keep them alive.
_locks: set[int] = set()


def open_lock(path: Path, flags: int) -> int:
    """Open a file to lock; a forked child of this process does not keep it open."""
    file = os.open(path, flags | os.O_CLOEXEC, 0o644)
    _locks.add(file)
    return file


def close_lock(file: int) -> None:
    """Close a file of `open_lock`, which ends its lock."""
    _locks.discard(file)
    os.close(file)


def _forget_locks() -> None:
    while _locks:
        os.close(_locks.pop())


os.register_at_fork(after_in_child=_forget_locks)


def fsync_file(path: Path) -> None:
    """Return when the bytes of a file are on the disk."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def fsync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def write_durably(path: Path, raw: bytes) -> None:
    """Put *raw* at *path* whole or not at all: write, fsync, rename, fsync the folder."""
    partial = path.with_name(f"{path.name}.tmp")
    with partial.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    fsync_folder(path.parent)
