"""Line file: a file that grows by whole lines, whatever is killed and however full the disk is."""

import os
from pathlib import Path


def append_lines(path: Path, lines: bytes, *, durable: bool = True) -> None:
    """Write whole lines to the end of a file, all of them or none.

    A line that was cut before them, by a kill, stays one of its own. The caller holds the
    right to write.

    Args:
        path: The file; it is made where it is not there.
        lines: Lines, each with its end.
        durable: Whether the lines are on the disk when this returns.

    Raises:
        OSError: the disk is full, or the file cannot be written; it is as it was.
    """
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
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
