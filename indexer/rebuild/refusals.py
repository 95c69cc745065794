"""Rebuild refusals: stored articles that a rebuild could not take over.

They are kept until the new index is put in its place, and written to its quarantine then, each
once, however often the run was begun.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Refusal


class KeptRefusals(Quarantine):
    """Refusals of one run, not yet written.

    `ids` has the ids of articles that could not be read, by path and line; what is refused and
    is not there could not be analysed, and says its id itself.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.begin()

    def begin(self) -> None:
        """Forget everything: the articles are read from the first on."""
        self._kept: list[Refusal] = []
        self.ids: dict[tuple[str, int], str] = {}
        self.count = 0

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal; nothing is written."""
        self._kept.append(refusal)
        self.count += 1

    @property
    def of_analysis(self) -> list[Refusal]:
        """Those of articles that could be read."""
        return [each for each in self._kept if (each.path, each.line) not in self.ids]

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield the id of each article, and why it was refused."""
        for each in self._kept:
            yield self.ids.get((each.path, each.line)) or _said_id(each), each.reason

    def write(self, source: Path) -> None:
        """Write what the file does not have yet; one that is new begins with that of *source*."""
        before = Path(f"{source}.quarantine.jsonl")
        if before.exists() and not self.path.exists():
            beside = self.path.with_name(f"{self.path.name}.new")
            shutil.copyfile(before, beside)
            beside.replace(self.path)
        known = set(_entries(self.path))
        for each in self._kept:
            if (each.path, each.line, each.reason) not in known:
                super().add(each)


def _entries(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield path, line and reason of each entry of a quarantine file."""
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            said = json.loads(line)
            yield said["path"], said["line"], said["reason"]
        except (ValueError, KeyError, TypeError):
            continue


def _said_id(refusal: Refusal) -> str:
    """Return the id in an article that `build.workers` refused; empty where it was cut off."""
    try:
        return str(json.loads(refusal.raw)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
