"""Rebuild helper: rebuilds an index in forked children, which can be killed at a given step.

    JSON line in -> fork -> rebuild, until its end or kill -9 at its step N -> JSON line out

A step is a change to the disk below a folder: a file is opened for writing, renamed, linked or
removed, a folder is made or removed. Python's audit hooks announce each one before it happens,
so the kill comes before the step.
"""

import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from marsad.indexer.build.workers import Workers
from marsad.indexer.errors import IndexerError
from marsad.indexer.parts import documents, parts
from marsad.indexer.rebuild.place import RebuildPlace
from marsad.indexer.rebuild.rebuild import Rebuild
from marsad.indexer.rebuild.refusals import KeptRefusals

_STEPS = frozenset({"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _watch(below: str, kill_at: int) -> list[str]:
    """Kill this process before step number *kill_at* (from 0; -1 for never).

    Returns:
        A list that grows by each step of this process.
    """
    steps: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            # args[2] are the flags, for os.open and open() alike.
            if not args[2] & _WRITES:
                return
        elif event not in _STEPS:
            return
        path = args[0]
        if not isinstance(path, str | os.PathLike):
            return
        # shutil.rmtree opens a folder and removes its files by their bare names.
        within = event in ("os.remove", "os.rmdir") and not Path(path).is_absolute()
        if not within and not os.fspath(path).startswith(below):
            return
        if len(steps) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        steps.append(f"{event} {os.path.basename(os.fspath(path))}")  # noqa: PTH119

    sys.addaudithook(hook)
    return steps


def rebuild(order: dict[str, Any]) -> dict[str, Any]:
    """Do one rebuild; return its report as plain values."""
    source, target = Path(order["index"]), Path(order.get("to") or order["index"])
    job = Rebuild(
        RebuildPlace(source, target, "helper"),
        parts(),
        Workers(1, documents),
        order.get("batch", 4),
        KeptRefusals(Path(f"{target}.quarantine.jsonl")),
    )
    report = job.run(lambda _: None, lambda _: None)
    return {name: getattr(report, name) for name in report.__slots__}


def _child(order: dict[str, Any], say: int) -> None:
    try:
        if order.get("most_bytes") is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["most_bytes"],) * 2)
        below = str(Path(order["index"]).parent)
        steps = _watch(below, order.get("kill_at", -1))
        said = {"report": rebuild(order), "steps": steps}
    except IndexerError as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    except BaseException:  # noqa: BLE001  (the parent reports it)
        said = {"fault": traceback.format_exc()}
    os.write(say, json.dumps(said).encode())
    os._exit(0)


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Run one order in a child; return its answer, or `killed` if a signal ended it."""
    listen, say = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(listen)
        _child(order, say)
    os.close(say)
    with os.fdopen(listen, "rb") as file:
        said = file.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(said) if said else {"killed": os.waitstatus_to_exitcode(status) == -9}


def main() -> None:
    """Serve orders from stdin."""
    warm = parts().documents
    del warm
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
