"""Quarantine: the file that keeps every refused record, so that none is lost.

One JSON object a line: `path`, `line` (from 1; 0 is the whole file), `reason`, `format`
(what the record was read as) and `raw`, the record itself (base64 under `raw_base64`
where it is not UTF-8). A record that is mended in place can be taken up again.
"""

import base64
import json
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from corpus.source import Refusal


class Quarantine:
    """Appends refusals to a file, which is only made when there is a first one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, refusal: Refusal) -> None:
        """Write one refusal and flush it, so that a killed run keeps it too."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        self._file.write(json.dumps(entry_of(refusal), ensure_ascii=False) + "\n")
        self._file.flush()
        self.count += 1


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
