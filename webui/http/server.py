"""Server: waitress on one listening socket, in one or several processes, with a clean stop.

listen -> fork workers -> each loads the app and accepts -> SIGTERM -> finish requests -> end

Python runs one thread at a time in a process, so two cores need two processes. Each worker
opens the index itself; its files are memory-mapped, so all workers share the same memory. A
worker accepts a new connection only if no other worker has fewer, so that the load is even.

A thread is blocked while the reader of an export receives nothing. So there are extra threads
for exports, and the connection of a reader that receives nothing for STALLED_S is closed.
"""

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ctypes import Array, c_int
from dataclasses import dataclass
from multiprocessing.sharedctypes import RawArray
from types import FrameType

import waitress
from flask import Flask

from marsad.webui.state.settings import EXPORTS_AT_ONCE

_LOG = logging.getLogger("marsad.server")
# After a stop signal, a worker waits this long for answers that are still being sent.
GRACE_S = 20.0
# A connection whose reader receives nothing for this long is closed.
STALLED_S = 60.0
_TICK_S = 1.0
# While other workers have fewer connections, a worker looks often whether its turn has come.
_SHORT_TICK_S = 0.02
# The count of a worker that does not answer yet: higher than any real one, so nobody waits.
_NOT_READY = 1 << 30
_LONGEST_HEADER = 1 << 16
_CONNECTIONS = 500
# A worker that fails at once would otherwise be restarted in a tight loop.
_RESPAWN_S = 1.0
_STOPS = (signal.SIGTERM, signal.SIGINT)

LoadApp = Callable[[], Flask]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """The address of the server, and its number of threads and processes.

    `threads` is the number for pages in each process. `behind_proxy` keeps the headers in which a
    reverse proxy names the client.
    """

    host: str
    port: int
    threads: int
    workers: int
    behind_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """The entry of one worker in the array of connection counts that all workers share."""

    counts: "Array[c_int]"
    index: int

    def may_grow(self, connections: int) -> bool:
        """Publish the number of *connections*; return whether no other worker has fewer."""
        self.counts[self.index] = connections
        return bool(connections <= min(self.counts))


@dataclass(frozen=True, slots=True)
class Shares:
    """The counts of connections of all workers, in shared memory."""

    counts: "Array[c_int]"

    def of(self, index: int) -> Share:
        """Return the entry of worker *index*, marked as not ready: no other worker waits for it."""
        self.counts[index] = _NOT_READY
        return Share(self.counts, index)


def listen(where: Listening) -> socket.socket:
    """Return a listening socket.

    Raises:
        OSError: the port is taken, or the host is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    return socket.create_server((where.host, where.port), family=family, backlog=1024)


def run(sock: socket.socket, where: Listening, load: LoadApp) -> None:
    """Serve on *sock* until SIGTERM or SIGINT; requests that were received are still answered.

    Args:
        sock: A listening socket.
        where: The number of threads and processes.
        load: Opens the index and returns the application; each worker calls it once.
    """
    if where.workers == 1 or not hasattr(os, "fork"):
        _work(sock, where, load, Shares(RawArray("i", 1)).of(0), parent=0)
        return
    stopping = False
    children: dict[int, int] = {}
    parent = os.getpid()
    shares = Shares(RawArray("i", where.workers))

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        del number, frame
        stopping = True
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def start(index: int) -> None:
        # If the stop signal came after the fork but before the entry in `children`, the new
        # worker would never be told to stop.
        with _signals_blocked():
            if not stopping:
                children[_fork(sock, where, load, parent, shares.of(index))] = index

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for index in range(where.workers):
        start(index)
    while children:
        pid, status = os.wait()
        index = children.pop(pid, -1)
        # Without this, the others would wait for ever for the connections of a dead worker.
        shares.of(max(index, 0))
        if index >= 0 and not stopping:
            code = os.waitstatus_to_exitcode(status)
            _LOG.warning("worker %d ended with %d; another is started", pid, code)
            time.sleep(_RESPAWN_S)
            start(index)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Delay the stop signals until the end of the block."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _fork(sock: socket.socket, where: Listening, load: LoadApp, parent: int, share: "Share") -> int:
    """Start a worker process and return its id; the caller must block the stop signals."""
    pid = os.fork()
    if pid:
        _LOG.info("worker %d started", pid)
        return pid
    code = 1
    try:
        # While the worker loads, it has no requests to finish: a signal may end it at once.
        for stops in _STOPS:
            signal.signal(stops, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        _work(sock, where, load, share, parent=parent)
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Not `sys.exit`: the child must not run the parent's clean-up.
        os._exit(code)


def _work(
    sock: socket.socket, where: Listening, load: LoadApp, share: "Share", *, parent: int
) -> None:
    """Answer requests in this process until a stop signal, or until process *parent* has ended.

    *parent* is 0 if there is no parent to watch.
    """
    app = load()
    # The loaded index and tables live as long as the process, so the garbage collector should
    # not scan them again and again.
    gc.collect()
    gc.freeze()
    server = waitress.create_server(
        app,
        sockets=[sock],
        threads=where.threads + EXPORTS_AT_ONCE,
        # No `Server` header: it would tell attackers the version of waitress.
        ident="",
        connection_limit=_CONNECTIONS,
        max_request_header_size=_LONGEST_HEADER,
        max_request_body_size=_LONGEST_HEADER,
        clear_untrusted_proxy_headers=not where.behind_proxy,
    )
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        del number, frame
        stopping = True
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    # One turn of waitress's own loop: its `run` has no hook for the checks between two turns.
    def turn(seconds: float) -> None:
        server.asyncore.loop(timeout=seconds, map=server._map, count=1)  # noqa: SLF001

    # If the parent was killed, its worker has another parent, and must not run on alone.
    while not stopping and parent in (0, os.getppid()):
        drop_stalled(server, time.time())
        server.accepting = share.may_grow(len(server.active_channels))
        turn(_TICK_S if server.accepting else _SHORT_TICK_S)
    _LOG.info("process %d stops: it ends the answers that have begun", os.getpid())
    share.may_grow(_NOT_READY)
    server.del_channel()
    server.socket.close()
    end = time.monotonic() + GRACE_S
    while _is_busy(server) and time.monotonic() < end:
        turn(0.05)
    server.task_dispatcher.shutdown()


def drop_stalled(server: waitress.server.BaseWSGIServer, now: float) -> None:
    """Close each connection that has data to send and whose reader took none for STALLED_S.

    *now* is the time in seconds since the epoch, as waitress records it.
    """
    for channel in list(server.active_channels.values()):
        if channel.total_outbufs_len and now - channel.last_activity > STALLED_S:
            channel.handle_close()


def _is_busy(server: waitress.server.BaseWSGIServer) -> bool:
    """Return whether an answer is still being computed or sent."""
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
