"""Server: waitress on one listening socket, in one process or several, stopped without loss.

listen -> [load] -> fork workers -> each accepts -> SIGTERM -> finish what has begun -> end

Python runs one thread at a time in a process, so two cores need two processes. Each
opens the index itself; the files are mapped, so they share the memory of the system. A
worker takes a new connection only while none has fewer, so that all wait alike.

A thread waits while the reader of an export takes nothing. So exports have threads beside
those of pages, and a reader that takes nothing for STALLED_S is let go.
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
# How long a worker waits for answers that are being sent when it is told to stop.
GRACE_S = 20.0
# A reader that takes nothing of an answer for so long is gone.
STALLED_S = 60.0
_TICK_S = 1.0
_SHORT_TICK_S = 0.02
_NOT_READY = 1 << 30
_LONGEST_HEADER = 1 << 16
_CONNECTIONS = 500
_RESPAWN_S = 1.0
_STOPS = (signal.SIGTERM, signal.SIGINT)

LoadApp = Callable[[], Flask]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where and with how many threads and processes a server answers."""

    host: str
    port: int
    threads: int
    workers: int
    behind_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One worker's place among the counts of connections that all workers see."""

    counts: "Array[c_int]"
    place: int

    def may_grow(self, connections: int) -> bool:
        """Say how many *connections* there are; tell whether no other worker has fewer."""
        self.counts[self.place] = connections
        return bool(connections <= min(self.counts))


@dataclass(frozen=True, slots=True)
class Shares:
    """The counts of connections of all workers, in memory that they share."""

    counts: "Array[c_int]"

    def of(self, place: int) -> Share:
        """Return the share of a worker that does not answer yet: nobody waits for it."""
        self.counts[place] = _NOT_READY
        return Share(self.counts, place)


def listen(where: Listening) -> socket.socket:
    """Return a socket that listens.

    Raises:
        OSError: the address is taken or is none of this machine.
    """
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    return socket.create_server((where.host, where.port), family=family, backlog=1024)


def run(sock: socket.socket, where: Listening, load: LoadApp) -> None:
    """Answer on *sock* until SIGTERM or SIGINT; every request that has begun is finished."""
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

    def start(place: int) -> None:
        # A signal between a fork and its place in `children` would reach no worker.
        with _held():
            if not stopping:
                children[_fork(sock, where, load, parent, shares.of(place))] = place

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for place in range(where.workers):
        start(place)
    while children:
        pid, status = os.wait()
        place = children.pop(pid, -1)
        shares.of(max(place, 0))
        if place >= 0 and not stopping:
            code = os.waitstatus_to_exitcode(status)
            _LOG.warning("worker %d ended with %d; another is started", pid, code)
            time.sleep(_RESPAWN_S)
            start(place)


@contextmanager
def _held() -> Iterator[None]:
    """Hold back the signals that stop the server."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _fork(sock: socket.socket, where: Listening, load: LoadApp, parent: int, share: "Share") -> int:
    """Start a worker; the caller holds back the signals that stop it."""
    pid = os.fork()
    if pid:
        _LOG.info("worker %d started", pid)
        return pid
    code = 1
    try:
        # Until it answers there is nothing to finish: a signal may end it at once.
        for stops in _STOPS:
            signal.signal(stops, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        _work(sock, where, load, share, parent=parent)
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _work(
    sock: socket.socket, where: Listening, load: LoadApp, share: "Share", *, parent: int
) -> None:
    """Answer requests in this process; *parent* is the process to end with, 0 for none."""
    app = load()
    # What is loaded stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    server = waitress.create_server(
        app,
        sockets=[sock],
        threads=where.threads + EXPORTS_AT_ONCE,
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

    def turn(seconds: float) -> None:
        server.asyncore.loop(timeout=seconds, map=server._map, count=1)  # noqa: SLF001

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
    """Close the connections whose readers have taken nothing of an answer for STALLED_S."""
    for channel in list(server.active_channels.values()):
        if channel.total_outbufs_len and now - channel.last_activity > STALLED_S:
            channel.handle_close()


def _is_busy(server: waitress.server.BaseWSGIServer) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
