"""Server: a reader that receives nothing cannot block a thread for ever."""

import socket
from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import Any

import waitress

from marsad.webui.http.server import STALLED_S, drop_stalled


def test_a_connection_whose_reader_receives_nothing_is_closed() -> None:
    ended = Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * (1 << 20)
        finally:
            ended.set()

    def app(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return endless()

    listening = socket.create_server(("127.0.0.1", 0))
    server = waitress.create_server(app, sockets=[listening], threads=1, map={})
    with socket.create_connection(listening.getsockname()) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")

        def turn() -> None:
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)

        channels: list[Any] = []
        # The answer is larger than all buffers, so its thread waits for the reader.
        while not channels or channels[0].total_outbufs_len <= server.adj.outbuf_high_watermark:
            turn()
            channels = list(server.active_channels.values())
        (channel,) = channels
        drop_stalled(server, channel.last_activity + STALLED_S - 1)
        turn()
        assert not ended.is_set()

        drop_stalled(server, channel.last_activity + STALLED_S + 1)
        turn()

        assert ended.wait(60)
        assert not server.active_channels
    server.task_dispatcher.shutdown()
    server.close()
