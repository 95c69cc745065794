"""Faults: errors of the disk, turned into errors that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.indexer.errors import IndexWriteError


@contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Raise IndexWriteError in place of an OSError, unless a file was missing."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOENT, None):
            raise
        raise IndexWriteError(folder, error.strerror or str(error)) from error
