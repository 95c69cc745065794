"""Stats cache: a receipt waits for the statistics up to its deadline, and pages never wait."""

import socket
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Any, cast

import pytest
import waitress

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import IndexStats
from marsad.indexer.engine.seam import Engine
from marsad.webui.state.settings import Settings
from marsad.webui.state.stats_cache import MOST_WAITING
from tests.web.conftest import app_of


class SlowStats:
    """A real engine whose statistics cannot be read before `go` is set."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.started, self.go = Event(), Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def stats(self) -> IndexStats:
        self.started.set()
        if not self.go.wait(60):
            raise TimeoutError
        return self._engine.stats()


def test_no_page_waits_for_the_statistics_of_a_receipt(engine: Engine) -> None:
    slow = SlowStats(engine)
    app = app_of(cast("Engine", slow))
    receipt = Thread(target=lambda: app.test_client().get("/receipt"), daemon=True)
    seen: list[int] = []
    pages = Thread(
        target=lambda: seen.append(app.test_client().get("/search").status_code), daemon=True
    )
    receipt.start()
    assert slow.started.wait(60)
    pages.start()
    pages.join(30)

    assert seen == [200]
    slow.go.set()
    receipt.join(60)


def test_receipts_that_wait_leave_threads_for_pages(engine: Engine) -> None:
    slow = SlowStats(engine)
    listening = socket.create_server(("127.0.0.1", 0))
    app = app_of(cast("Engine", slow))
    server = waitress.create_server(app, sockets=[listening], threads=MOST_WAITING + 1, map={})
    Thread(target=server.run, daemon=True).start()

    def get(path: str) -> int:
        connection = HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=60)
        with closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status

    with ThreadPoolExecutor(MOST_WAITING + 1) as readers:
        receipts = [readers.submit(get, "/receipt") for _ in range(MOST_WAITING + 1)]
        refused = next(as_completed(receipts, timeout=60)).result()
        page = get("/search?q=x")
        slow.go.set()
        statuses = sorted(receipt.result() for receipt in receipts)
    server.task_dispatcher.shutdown()

    assert (refused, page) == (503, 200)
    assert statuses == [200] * MOST_WAITING + [503]


def test_a_receipt_times_out_while_statistics_are_read_and_a_later_one_gets_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowStats(engine)
    app = app_of(cast("Engine", slow), Settings(time_limit_s=10))
    # The clock does not move, so only the wait for the statistics can reach the deadline: it has
    # a tenth of a second.
    monkeypatch.setattr(Deadline, "after", lambda _: Deadline(10, 0.1, lambda: 0.0))

    late = app.test_client().get("/receipt")
    slow.go.set()
    app.extensions["marsad"].stats()

    assert late.status_code == 503
    assert late.get_json()["type"] == "urn:marsad:problem:time-limit"
    assert app.test_client().get("/receipt").status_code == 200
