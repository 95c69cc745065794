"""Tombstones: articles that were removed from an index, so that an old link can say so.

One JSON object a line: `id`, `title`, `published`, `source`, `path` and `gone_at` (UTC). A line
with `id` and `back_at` says that the article is in the index again. The last line of an id counts.
`crc32` is the checksum of the other members.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from marsad.corpus.line_file import append_lines

NAME = "tombstones.jsonl"
SEAL = "crc32"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An article that is gone; `path` is the file that held it, `gone_at` an ISO time (UTC)."""

    id: str
    title: str
    published: str | None
    source: str
    path: str
    gone_at: str


def _sealed(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row with the CRC-32 of its other members, in hexadecimal digits."""
    raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return {**row, SEAL: f"{zlib.crc32(raw):08x}"}


def is_sealed(row: Mapping[str, object]) -> bool:
    """Return whether a row matches its checksum; rows of earlier versions have none."""
    if SEAL not in row:
        return True
    return _sealed({name: value for name, value in row.items() if name != SEAL}) == row


class Tombstones:
    """The tombstones of one index, by id; kept in the side folder *side* of the index."""

    def __init__(self, side: Path) -> None:
        self.path = side / NAME
        self._stamp: tuple[int, int] = (0, 0)
        self._found: dict[str, Tombstone] = {}

    def get(self, article_id: str) -> Tombstone | None:
        """Return the tombstone of an article, None if there is none."""
        self._refresh()
        return self._found.get(article_id)

    def all(self) -> tuple[Tombstone, ...]:
        """Return every tombstone, in the order in which they were added."""
        self._refresh()
        return tuple(self._found.values())

    def add(self, stones: Iterable[Tombstone]) -> None:
        """Add tombstones; they are on the disk when this returns."""
        self._append([asdict(stone) for stone in stones])

    def lift(self, ids: Iterable[str], now: str) -> None:
        """Remove the tombstones of articles that are in the index again since *now* (UTC)."""
        self._refresh()
        self._append([{"id": each, "back_at": now} for each in ids if each in self._found])

    def _append(self, rows: list[dict[str, object]]) -> None:
        if not rows:
            return
        text = "".join(json.dumps(_sealed(row), ensure_ascii=False) + "\n" for row in rows)
        append_lines(self.path, text.encode("utf-8", "backslashreplace"))

    def _refresh(self) -> None:
        """Read the file again if it changed: another process may have written to it."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return
        stamp = (about.st_size, about.st_mtime_ns)
        if stamp == self._stamp:
            return
        self._stamp, self._found = stamp, {}
        for line in self.path.read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                row = json.loads(line)
                row.pop(SEAL, None)
                if "back_at" in row:
                    self._found.pop(row["id"], None)
                else:
                    self._found[row["id"]] = Tombstone(**row)
            except (ValueError, TypeError, KeyError):
                # The line was cut when a run was killed.
                continue
