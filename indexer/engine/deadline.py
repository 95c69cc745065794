"""Deadline: the moment at which a search gives up; it is checked between its steps."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from marsad.indexer.errors import TimeLimitError


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment `at` of `clock`, in seconds; `limit_s` is the time limit it was made from."""

    limit_s: float
    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, limit_s: float) -> "Deadline":
        """Return the deadline *limit_s* seconds from now."""
        return cls(limit_s, time.monotonic() + limit_s)

    def left_s(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self.at - self.clock())

    def check(self) -> None:
        """Do nothing before the deadline.

        Raises:
            TimeLimitError: the deadline has passed.
        """
        if self.clock() >= self.at:
            raise TimeLimitError(self.limit_s)
