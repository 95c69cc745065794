"""Strings: the texts that the cells of a workbook share, kept on disk and not in memory."""

import os
import tempfile
from array import array

_BUFFER_BYTES = 1 << 20


class Strings:
    """Texts by number, in a file that is removed when it is closed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=_BUFFER_BYTES)  # noqa: SIM115  (close() closes it)
        # Where each text begins, and the last one ends.
        self._starts = array("Q", [0])
        self._recent: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, text: str) -> None:
        """Add a text."""
        raw = text.encode("utf-8", "surrogatepass")
        self._file.write(raw)
        self._starts.append(self._starts[-1] + len(raw))

    def flush(self) -> None:
        """Write what was added, so that it can be read."""
        self._file.flush()

    def __getitem__(self, number: int) -> str:
        if (found := self._recent.get(number)) is not None:
            return found
        begin, end = self._starts[number], self._starts[number + 1]
        text = os.pread(self._file.fileno(), end - begin, begin).decode("utf-8", "surrogatepass")
        if len(text) < 200:  # noqa: PLR2004  (names of sources and the like come again and again)
            if len(self._recent) > 10_000:  # noqa: PLR2004
                self._recent.clear()
            self._recent[number] = text
        return text

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
