"""Slow files: a line in the log for a file that takes very long to read, so that it has a name."""

import logging
import time
from collections.abc import Iterator

from marsad.corpus.printable import printable
from marsad.corpus.source import Record

_LOG = logging.getLogger("marsad.corpus")
SLOW_S = 60.0


def watched(records: Iterator[Record], name: str) -> Iterator[Record]:
    """Yield the *records* of the file *name*; log a warning for each minute that reading takes.

    Only the time in the reader counts, not the time that the caller takes for a record.
    """
    spent, told, count = 0.0, SLOW_S, 0
    while True:
        began = time.monotonic()
        record = next(records, None)
        spent += time.monotonic() - began
        if spent >= told:
            told = spent + SLOW_S
            state = "was read" if record is None else "is still being read"
            _LOG.warning("%s %s after %.0f s, %d records", printable(name), state, spent, count)
        if record is None:
            return
        count += 1
        yield record
