"""Index statistics: read once for each state of an index, by a thread of its own.

newest state -> [a thread] -> IndexStats; requests wait for it as long as they have time

Reading takes seconds where an index is large. It goes on when a request has given up, so that
a later one finds it done; and few requests wait at once, so that there are threads for pages.
"""

import threading
from concurrent.futures import Future, wait

from marsad.indexer.engine.request import IndexStats
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import TimeLimitError
from marsad.webui.request.clock import deadline
from marsad.webui.state.places import Places

MOST_WAITING = 2


class LastStats:
    """The statistics of the newest state of an open index."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._reading: Future[IndexStats] | None = None
        self._places = Places(MOST_WAITING)

    def since(self, generation: int) -> IndexStats:
        """Return the statistics of this state or of a newer one.

        Raises:
            TimeLimitError: they are not read in the time of this request.
            ServiceUnavailable: enough requests are waiting for them.
        """
        while True:
            reading = self._begun(generation)
            if not reading.done():
                self._wait(reading)
            stats = reading.result()
            if stats.generation >= generation:
                return stats

    def _begun(self, generation: int) -> Future[IndexStats]:
        with self._lock:
            if self._reading is None or _is_of_no_use(self._reading, generation):
                self._reading = Future()
                reader = threading.Thread(target=self._read, args=(self._reading,), daemon=True)
                reader.start()
            return self._reading

    def _read(self, reading: Future[IndexStats]) -> None:
        try:
            reading.set_result(self._engine.stats())
        except BaseException as error:  # noqa: BLE001  # whoever waits raises it
            reading.set_exception(error)

    def _wait(self, reading: Future[IndexStats]) -> None:
        limit = deadline()
        place = self._places.take()
        try:
            waited = wait([reading], timeout=limit.left_s() if limit else None)
        finally:
            place.leave()
        if limit and waited.not_done:
            raise TimeLimitError(limit.limit_s)


def _is_of_no_use(reading: Future[IndexStats], generation: int) -> bool:
    if not reading.done():
        return False
    return reading.exception() is not None or reading.result().generation < generation
