"""Stats cache: the statistics of the index, read once for each generation.

newest generation -> [a background thread] -> IndexStats -> the requests that wait for it

Reading takes seconds for a large index, because every document's digest is read. The thread
continues after a request has timed out, so that a later request finds the result. Only a few
requests may wait at the same time, so that enough threads are left for pages.
"""

import threading
from concurrent.futures import Future, wait

from marsad.indexer.engine.request import IndexStats
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import TimeLimitError
from marsad.webui.request.time_limit import deadline
from marsad.webui.state.permits import Permits

MOST_WAITING = 2


class StatsCache:
    """Keeps the statistics of the newest generation of an open index; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._reading: Future[IndexStats] | None = None
        self._permits = Permits(MOST_WAITING)

    def at_least(self, generation: int) -> IndexStats:
        """Return the statistics of this generation or of a newer one; wait until they are read.

        Raises:
            TimeLimitError: the deadline of the request passed before they were read.
            ServiceUnavailable: MOST_WAITING requests are waiting already.
        """
        # A commit may come while the statistics are read: then they are too old, and read again.
        while True:
            reading = self._reading_of(generation)
            if not reading.done():
                self._wait(reading)
            stats = reading.result()
            if stats.generation >= generation:
                return stats

    def _reading_of(self, generation: int) -> Future[IndexStats]:
        """Return the current reading, or start one if it failed or is older than *generation*."""
        with self._lock:
            if self._reading is None or _is_outdated(self._reading, generation):
                self._reading = Future()
                reader = threading.Thread(target=self._read, args=(self._reading,), daemon=True)
                reader.start()
            return self._reading

    def _read(self, reading: Future[IndexStats]) -> None:
        try:
            reading.set_result(self._engine.stats())
        except BaseException as error:  # noqa: BLE001  # the waiting request raises it
            reading.set_exception(error)

    def _wait(self, reading: Future[IndexStats]) -> None:
        limit = deadline()
        permit = self._permits.acquire()
        try:
            waited = wait([reading], timeout=limit.left_s() if limit else None)
        finally:
            permit.release()
        if limit and waited.not_done:
            raise TimeLimitError(limit.limit_s)


def _is_outdated(reading: Future[IndexStats], generation: int) -> bool:
    if not reading.done():
        return False
    return reading.exception() is not None or reading.result().generation < generation
