"""Time limit: the deadline of the current request, and the check that enforces it."""

from contextvars import ContextVar

from flask import Flask

from marsad.indexer.engine.deadline import Deadline

# A context variable and no argument, because nearly every function of a page would need one.
_DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def add_time_limit(app: Flask, limit_s: float) -> None:
    """Give every request *limit_s* seconds to search and to build its page; 0 means no limit."""
    app.before_request(lambda: _start(limit_s))
    # A thread answers many requests: without this, the next one would inherit the deadline.
    app.teardown_request(lambda _: _clear())


def deadline() -> Deadline | None:
    """Return the deadline of the current request, None without a limit or outside a request."""
    return _DEADLINE.get()


def check_time() -> None:
    """Raise if the deadline of the current request has passed; call it between two steps.

    Raises:
        TimeLimitError: the deadline has passed.
    """
    limit = _DEADLINE.get()
    if limit is not None:
        limit.check()


def _start(limit_s: float) -> None:
    _DEADLINE.set(Deadline.after(limit_s) if limit_s else None)


def _clear() -> None:
    _DEADLINE.set(None)
