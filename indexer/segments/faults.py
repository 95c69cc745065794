"""Faults: what a disk refuses, as an error that says what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.indexer.errors import IndexWriteError


@contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn a fault of the disk into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOENT, None):
            raise
        raise IndexWriteError(folder, error.strerror or str(error)) from error
