"""Line file: append whole lines to a file, so that a kill or a full disk leaves no part of one."""

import os
from pathlib import Path


def append_lines(path: Path, lines: bytes, *, durable: bool = True) -> None:
    """Append lines to a file, all of them or none.

    If a killed process left the last line unfinished, it is ended first, so that it does not run
    into the new lines. The caller holds the lock of the file.

    Args:
        path: The file; it is created if it does not exist.
        lines: Lines, each with its line end.
        durable: Whether to wait until the lines are on the disk.

    Raises:
        OSError: the disk is full, or the file cannot be written. The file is unchanged then.
    """
    _append(path, lines, is_text=True, durable=durable)


def append_bytes(path: Path, block: bytes) -> None:
    """Append a block of a binary file, all of it or nothing; it is on the disk then.

    Raises:
        OSError: as `append_lines` does.
    """
    _append(path, block, is_text=False, durable=True)


def _append(path: Path, lines: bytes, *, is_text: bool, durable: bool) -> None:
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        size = os.fstat(file).st_size
        if is_text and size and os.pread(file, 1, size - 1) != b"\n":
            lines = b"\n" + lines
        try:
            written = 0
            while written < len(lines):
                written += os.write(file, lines[written:])
            if durable:
                os.fsync(file)
        except OSError as error:
            os.ftruncate(file, size)
            raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(file)
