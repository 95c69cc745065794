"""Garbage: how often Python looks for it while a run makes documents.

A run holds tables of a million objects that live as long as it does, and makes many
small ones that die by reference count. Looking through all of them again and again took
a fifth of the time of making documents.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Containers that are made, beyond those that died, before the youngest are looked through.
_SELDOM = 50_000


@contextmanager
def reduced_gc() -> Iterator[None]:
    """Look through new objects only, and seldom; processes that are forked meanwhile do too.

    Example:
        >>> before = gc.get_threshold()
        >>> with reduced_gc():
        ...     inside = gc.get_threshold()
        >>> inside[0], gc.get_threshold() == before
        (50000, True)
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
