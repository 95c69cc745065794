"""Quarantine: the file that keeps every refused record, so that no record is lost.

Each line is a JSON object: `path`, `line` (from 1; 0 is the whole file), `reason`, `format`
(a name of FORMATS, or empty) and `raw`, the record itself (as base64 in `raw_base64` if it is
not UTF-8). `marsad retry` reads records again that were corrected in this file.
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

# Every line begins so. A line that does, and is not valid JSON, was cut by a kill.
ENTRY_START = '{"path": "'


class Quarantine:
    """Appends refusals to a file, which is created with the first one."""

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
        """Write one refusal and close the file, so that it is kept if the run is killed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(entry_of(refusal), ensure_ascii=False) + "\n"
        with locked(self.path):
            append_lines(self.path, line.encode("utf-8", "backslashreplace"), durable=False)
        self.count += 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a quarantine file for a change; a second process waits."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def entry_of(refusal: Refusal) -> dict[str, object]:
    """Return the JSON object that keeps a refusal."""
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
