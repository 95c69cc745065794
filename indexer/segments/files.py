"""Files: durable writes, and locks that end with the process that took them."""

import os
from pathlib import Path

# Locked files of this process. A forked child closes them, or it would keep the locks alive.
_locks: set[int] = set()


def open_lock(path: Path, flags: int) -> int:
    """Open a file to lock it; a forked child of this process closes its copy."""
    file = os.open(path, flags | os.O_CLOEXEC, 0o644)
    _locks.add(file)
    return file


def close_lock(file: int) -> None:
    """Close a file that `open_lock` opened; this releases the lock."""
    _locks.discard(file)
    os.close(file)


def _forget_locks() -> None:
    while _locks:
        os.close(_locks.pop())


os.register_at_fork(after_in_child=_forget_locks)


def fsync_file(path: Path) -> None:
    """Flush the content of a file to the disk."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def fsync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk, so that a renamed file survives a power cut."""
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def write_durably(path: Path, raw: bytes) -> None:
    """Write *raw* to *path*, all or nothing.

    It is written to a file beside it, which is flushed and then renamed; the folder is flushed too.
    """
    partial = path.with_name(f"{path.name}.tmp")
    with partial.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    fsync_folder(path.parent)
