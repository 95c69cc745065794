"""Estimate: about how many records some sources hold, so that a run can show its progress.

Nothing is parsed. At most 64 MiB are read, of all sources together: lines are counted in the
first bytes, and the rest is taken to have lines of the same mean length. Plain files are
compared by their size, packed files by their packed size. Both kinds have a reserved share of
the 64 MiB, so that neither is only guessed.
"""

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

from marsad.corpus.formats import by_name
from marsad.corpus.read import STDIN, files_of
from marsad.corpus.streams import DAMAGE
from marsad.corpus.zip_list import check_list

MOST_COUNTED_BYTES = 64 << 20
_PIECE = 1 << 20
# 1 / _SHARES of the bound is reserved for plain files, and as much for packed files.
_SHARES = 8


def estimate(paths: Iterable[Path]) -> int | None:
    """Return about how many records *paths* hold: files, members of archives, lines.

    Lines within the bound are counted exactly. None for standard input, whose length is not
    known. A file that cannot be read counts as no record.
    """
    listed = list(paths)
    if STDIN in listed:
        return None
    count = _Count()
    for path in listed:
        files = files_of(path) if path.is_dir() else [path]
        for file in files:
            if isinstance(file, Path):
                count.add(file)
    return count.total()


def _has_lines(name: str) -> bool:
    form = by_name(name)
    return form is not None and form.line_based


class _Count:
    """The records so far, and the bytes of line-based files that were not counted."""

    def __init__(self) -> None:
        self._records = 0
        share = MOST_COUNTED_BYTES // _SHARES
        self._left = MOST_COUNTED_BYTES - 2 * share
        # For plain and for packed files: counted bytes, lines in them, bytes not counted, and
        # the rest of the reserved share.
        self._plain = [0, 0, 0, share]
        self._packed = [0, 0, 0, share]

    def add(self, path: Path) -> None:
        """Count a file."""
        name = path.name.lower()
        try:
            if not path.is_file():
                return
            if _has_lines(name):
                with path.open("rb") as stream:
                    self._count(stream, stream.tell, path.stat().st_size, self._plain)
            elif name.endswith(".gz") and _has_lines(name[:-3]):
                with path.open("rb") as packed, gzip.open(packed) as stream:
                    lines = cast("IO[bytes]", stream)
                    self._count(lines, packed.tell, path.stat().st_size, self._packed)
            elif name.endswith(".zip"):
                # The list itself is not read: it may have millions of members.
                with path.open("rb") as archive:
                    self._records += check_list(archive)
            else:
                self._records += by_name(name) is not None
        except DAMAGE:
            return

    def _count(
        self, stream: IO[bytes], tell: Callable[[], int], size: int, sums: list[int]
    ) -> None:
        """Count lines within the bound; *tell* returns the position in the file."""
        last = b"\n"
        while (left := sums[3] or self._left) > 0:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                # The last line may lack its line end.
                sums[1] += last != b"\n"
                sums[0] += size
                return
            if sums[3]:
                sums[3] -= len(piece)
            else:
                self._left -= len(piece)
            sums[1] += piece.count(b"\n")
            last = piece[-1:]
        sums[0] += tell()
        sums[2] += max(0, size - tell())

    def total(self) -> int:
        """Return the number of records; uncounted bytes count by the mean length of a line."""
        total = float(self._records)
        for counted, lines, uncounted, _ in (self._plain, self._packed):
            total += lines + (uncounted * lines / counted if counted else 0)
        return round(total)
