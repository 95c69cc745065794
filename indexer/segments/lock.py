"""Lock: only one process writes to an index at a time, and the lock file names it."""

import datetime as dt
import fcntl
import json
import os
import socket
from pathlib import Path

from marsad.indexer.errors import IndexBusyError
from marsad.indexer.segments.files import close_lock, open_lock

NAME = "write.lock"


class WriterLock:
    """The writer lock of an index, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            IndexBusyError: another writer holds it; the error names the holder.
        """
        self._file = open_lock(folder / NAME, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(os.pread(self._file, 4096, 0))
            close_lock(self._file)
            raise IndexBusyError(folder, holder) from None
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        text = json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": now})
        # The holder stays in the file after its end. It is shown only while the lock is held.
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, text.encode(), 0)
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Release the lock."""
        close_lock(self._file)


def _holder(raw: bytes) -> str:
    try:
        said = json.loads(raw)
        return f"process {said['process']} on {said['host']} since {said['since']}"
    except (ValueError, KeyError, TypeError):
        return "its name is not in the lock file"
