"""Memory limit: a bound for a library that allocates whatever a file claims."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATE = Path("/proc/self/statm")


@contextmanager
def memory_limit(more: int) -> Iterator[None]:
    """Let the process take at most *more* bytes than it has; a larger allocation fails.

    Where the system does not tell how much the process has, there is no limit. The limit is of
    the process: another thread that allocates at the same time may get the error.
    """
    try:
        pages = int(_STATE.read_text("ascii").split()[0])
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * os.sysconf("SC_PAGE_SIZE") + more
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
