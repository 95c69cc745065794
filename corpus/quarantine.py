"""Quarantine: the file that keeps every refused record, so that none is lost.

One JSON object a line: `path`, `line` (from 1; 0 is the whole file), `reason`, `format`
(what the record was read as) and `raw`, the record itself (base64 under `raw_base64`
where it is not UTF-8). A record that is mended in place can be taken up again.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from marsad.corpus.line_file import append_lines
from marsad.corpus.source import Refusal

# How every line begins: one that does, and is no JSON, was cut.
ENTRY_START = '{"path": "'


class Quarantine:
    """Appends refusals to a file, which is only made when there is a first one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def add(self, refusal: Refusal) -> None:
        """Write one refusal and close the file, so that a killed run keeps it too."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(entry_of(refusal), ensure_ascii=False) + "\n"
        with locked(self.path):
            append_lines(self.path, line.encode("utf-8", "backslashreplace"), durable=False)
        self.count += 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the right to change a quarantine file; a second process waits."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def entry_of(refusal: Refusal) -> dict[str, object]:
    """Return the object that a refusal is kept as."""
    entry: dict[str, object] = {
        "path": refusal.path.encode("utf-8", "replace").decode("utf-8"),
        "line": refusal.line,
        "reason": refusal.reason,
        "format": refusal.format,
    }
    try:
        return {**entry, "raw": refusal.raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {**entry, "raw_base64": base64.b64encode(refusal.raw).decode("ascii")}
