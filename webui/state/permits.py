"""Places: so many exports are streamed at once; each holds a thread while its reader takes it."""

from collections.abc import Iterator
from threading import BoundedSemaphore

from werkzeug.exceptions import ServiceUnavailable

_RETRY_S = 30


class Place:
    """One of the places; given back once, however often it is left."""

    def __init__(self, places: BoundedSemaphore) -> None:
        self._places = places
        self._is_held = True

    def leave(self) -> None:
        """Give the place back."""
        if self._is_held:
            self._is_held = False
            self._places.release()

    def until_sent(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield *pieces* and leave behind the last, or where they are given up."""
        try:
            yield from pieces
        finally:
            self.leave()


class Places:
    """The places of one process."""

    def __init__(self, most: int) -> None:
        self._free = BoundedSemaphore(most)

    def take(self) -> Place:
        """Take a place.

        Raises:
            ServiceUnavailable: all are taken; it says when to try again.
        """
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=_RETRY_S)
        return Place(self._free)
