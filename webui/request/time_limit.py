"""Clock: until when the request that is being answered may search."""

from contextvars import ContextVar

from flask import Flask

from marsad.indexer.engine.deadline import Deadline

_DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def add_clock(app: Flask, limit_s: float) -> None:
    """Give every request *limit_s* seconds for its searches; 0 gives it any."""
    app.before_request(lambda: _begin(limit_s))
    app.teardown_request(lambda _: _end())


def deadline() -> Deadline | None:
    """Return the deadline of this request, None outside of one."""
    return _DEADLINE.get()


def check_time() -> None:
    """Go on, unless the time of this request is over.

    Raises:
        TimeLimitError: it is.
    """
    limit = _DEADLINE.get()
    if limit is not None:
        limit.check()


def _begin(limit_s: float) -> None:
    _DEADLINE.set(Deadline.after(limit_s) if limit_s else None)


def _end() -> None:
    _DEADLINE.set(None)
