"""Helper: writes to an index in forked children, which can be killed or kept from writing.

    JSON line in -> fork -> job, until its end or kill -9 -> JSON line out

The state of an index is the number of batches that were committed to it. Batch n depends on
n alone, and each batch writes its number into the document "marker". So the state of an index
can be read from it.
"""

import datetime as dt
import json
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from marsad.indexer.engine.seam import Document, Writer
from marsad.indexer.errors import IndexerError
from marsad.indexer.segments.engine import open_index

ANALYZER = "faults"
MARKER, MARKED = "marker", "علامة"
IDS = 60
WORDS = ("قوات", "سلام", "هدنة", "باكو", "يريفان", "الخرطوم", "اتفاق", "وزير", "في", "من")
PLACES = ("baku", "yerevan", "khartoum")


def batch(number: int) -> list[Document | str]:
    """Return the documents that batch *number* adds and the ids that it removes."""
    rng = random.Random(number)
    written: list[Document | str] = [document(MARKER, number, rng)]
    for _ in range(rng.randint(3, 12)):
        name = f"a{rng.randrange(IDS)}"
        written.append(name if rng.random() < 0.25 else document(name, number, rng))
    return written


def document(name: str, number: int, rng: random.Random) -> Document:
    """Return one document of a batch."""
    body = tuple(rng.choices(WORDS, k=rng.randint(1, 40)))
    if name == MARKER:
        body = (*body, MARKED)
    day = dt.date(2020, 1, 1) + dt.timedelta(days=rng.randrange(700))
    return Document(
        id=name,
        digest=f"{name} {number}",
        date=day if rng.random() < 0.9 else None,
        fields={"body_stem": body},
        facets={"place": (rng.choice(PLACES),)},
        stored=str(number),
    )


def write(writer: Writer, items: list[Document | str]) -> None:
    """Put a batch into a writer."""
    for item in items:
        if isinstance(item, Document):
            writer.add(item)
        else:
            writer.remove(item)


def state_of(index: Path) -> int:
    """Return the state of an index."""
    engine = open_index(index, ANALYZER)
    marker = engine.get(MARKER)
    engine.close()
    return int(marker.stored) + 1 if marker else 0


def do(job: str, index: Path, count: int, say: int) -> None:
    """Do one job; write the number of each batch to *say* as soon as it is committed.

    Args:
        job: `batches` (document by document), `parts` (a part a batch), `merge` or `compact`.
        index: The folder of the index.
        count: How many batches to write.
        say: A file descriptor for one line a batch.
    """
    engine = open_index(index, ANALYZER, create=True)
    match job:
        case "batches" | "parts":
            first = state_of(index)
            with engine.writer() as writer:
                for number in range(first, first + count):
                    if job == "parts":
                        items = batch(number)
                        added = {i.id: i for i in items if isinstance(i, Document)}
                        for item in items:
                            if not isinstance(item, Document):
                                added.pop(item, None)
                                writer.remove(item)
                            else:
                                added[item.id] = item
                        writer.add_part(writer.part_builder()(added.values()))
                    else:
                        write(writer, batch(number))
                    writer.commit()
                    os.write(say, f"{number}\n".encode())
        case "merge":
            engine.merge()
        case "compact":
            engine.compact()
        case _:
            raise ValueError(job)
    engine.close()


def _child(order: dict[str, Any], say: int) -> None:
    try:
        if order.get("most_bytes") is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["most_bytes"],) * 2)
        if order.get("nobody"):
            os.setuid(65534)
        do(order["job"], Path(order["index"]), order.get("count", 1), say)
    except IndexerError as error:
        os.write(say, f"{type(error).__name__}: {error}\n".encode())
        os._exit(2)
    except BaseException as error:  # noqa: BLE001  (the parent reports it)
        os.write(say, f"{error!r}\n".encode())
        os._exit(3)
    os._exit(0)


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Run one order in a child process and return how it ended.

    The order has `job`, `index` and perhaps `count`; `kill_after` (seconds) kills the child,
    `most_bytes` limits the size of a file, `nobody` takes the rights of root away.

    Returns:
        `said`: the lines that the child wrote; `code`: its exit code, negative if a signal
        ended it; `seconds`: how long it ran.
    """
    listen, say = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if not pid:
        os.close(listen)
        _child(order, say)
    os.close(say)
    if order.get("kill_after") is not None:
        ended = os.pidfd_open(pid)
        select.select([ended], [], [], order["kill_after"])
        os.close(ended)
        # If it has ended already, the signal changes nothing: its exit code is kept.
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(listen, "rb") as file:
        said = file.read().decode().splitlines()
    _, status = os.waitpid(pid, 0)
    return {
        "said": said,
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - began,
    }


def main() -> None:
    """Serve orders from stdin."""
    # Modules and kernels that are loaded on demand are loaded here, before the forks: a child
    # without rights could not read them, and each child would spend time on it.
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("wb") as nowhere:
        for job in ("batches", "parts", "merge", "compact"):
            do(job, Path(folder) / "index", 2, nowhere.fileno())
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
