"""Estimate: about how many records sources hold, so that a run can say how far it is.

Nothing is parsed and at most 64 MiB are looked at, of all sources together: lines are
counted in the first of them, and what is not counted is taken to have lines as long as
those that were, packed files by their packed bytes. Of these and of plain files each has a
share of what is looked at, so that neither is left to be guessed.
"""

import gzip
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

from marsad.corpus.formats import by_name
from marsad.corpus.read import STDIN, files_of
from marsad.corpus.streams import DAMAGE

MOST_COUNTED_BYTES = 64 << 20
_PIECE = 1 << 20
# 1 / share of the bound that is kept for plain, and for packed files.
_SHARES = 8


def estimate(paths: Iterable[Path]) -> int | None:
    """Return about how many records *paths* hold: files, members of archives, lines.

    It is exact for lines where they fit in what is looked at; None where nobody can know,
    for standard input. What cannot be read counts as none.
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
    """Records so far, and how many bytes of files of lines were left uncounted."""

    def __init__(self) -> None:
        self._records = 0
        share = MOST_COUNTED_BYTES // _SHARES
        self._left = MOST_COUNTED_BYTES - 2 * share
        # Of plain and of packed files: bytes of them that were counted, lines in these,
        # bytes that were not, and bytes still to be looked at whatever the other takes.
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
                with zipfile.ZipFile(path) as archive:
                    self._records += sum(not member.is_dir() for member in archive.infolist())
            else:
                self._records += by_name(name) is not None
        except DAMAGE:
            return

    def _count(
        self, stream: IO[bytes], tell: Callable[[], int], size: int, sums: list[int]
    ) -> None:
        """Count lines while there is something left to look at; *tell* says how far it is."""
        last = b"\n"
        while (left := sums[3] or self._left) > 0:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                # The last line may have no end.
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
        """Return the records, those of uncounted bytes by the length of counted lines."""
        total = float(self._records)
        for counted, lines, uncounted, _ in (self._plain, self._packed):
            total += lines + (uncounted * lines / counted if counted else 0)
        return round(total)
