"""Deadline: the moment when a search gives up, asked about between its steps."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from marsad.indexer.errors import TimeLimitError


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of *clock*, which gives seconds; `limit_s` is how long there was until then."""

    limit_s: float
    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, limit_s: float) -> "Deadline":
        """Return the moment in so many seconds."""
        return cls(limit_s, time.monotonic() + limit_s)

    def left_s(self) -> float:
        """Return how many seconds are left, 0 where none are."""
        return max(0.0, self.at - self.clock())

    def check(self) -> None:
        """Go on, unless the moment has come.

        Raises:
            TimeLimitError: it has.
        """
        if self.clock() >= self.at:
            raise TimeLimitError(self.limit_s)
