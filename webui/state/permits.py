"""Permits: limits how many requests of one kind are answered at the same time.

An export holds a thread of the server for as long as its reader takes to receive it. Without
a limit, slow readers could take all threads.
"""

from collections.abc import Iterator
from threading import BoundedSemaphore

from werkzeug.exceptions import ServiceUnavailable

_RETRY_S = 30


class Permit:
    """The right to answer one request; releasing it twice does no harm."""

    def __init__(self, semaphore: BoundedSemaphore) -> None:
        self._semaphore = semaphore
        self._is_held = True

    def release(self) -> None:
        """Give the permit back; only the first call has an effect."""
        # A response may release it at the end of its stream and again when it is closed.
        if self._is_held:
            self._is_held = False
            self._semaphore.release()

    def release_after(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield *pieces*, and release the permit after the last one or when the reader leaves."""
        try:
            yield from pieces
        finally:
            self.release()


class Permits:
    """At most *most* permits, counted within this process."""

    def __init__(self, most: int) -> None:
        self._free = BoundedSemaphore(most)

    def acquire(self) -> Permit:
        """Return a permit without waiting.

        Raises:
            ServiceUnavailable: no permit is free; its Retry-After header says when to try again.
        """
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=_RETRY_S)
        return Permit(self._free)
