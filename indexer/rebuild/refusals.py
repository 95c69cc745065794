"""Rebuild refusals: stored articles that a rebuild could not take over.

They are kept in memory until the new index is put in place, and then written to its quarantine.
Each is written once, even if the rebuild was started several times.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from marsad.corpus.quarantine import Quarantine
from marsad.corpus.source import Refusal


class KeptRefusals(Quarantine):
    """Refusals of one run, not yet written.

    `ids` maps path and line to the id of each article that could not be read. Any other refusal is
    of an article that could not be analysed; its raw record has the id.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.begin()

    def begin(self) -> None:
        """Forget all refusals, because the articles are read from the start again."""
        self._kept: list[Refusal] = []
        self.ids: dict[tuple[str, int], str] = {}
        self.count = 0

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal; nothing is written."""
        self._kept.append(refusal)
        self.count += 1

    @property
    def of_analysis(self) -> list[Refusal]:
        """The refusals of articles that could be read, but not analysed."""
        return [each for each in self._kept if (each.path, each.line) not in self.ids]

    def ids_and_reasons(self) -> Iterator[tuple[str, str]]:
        """Yield the id of each refused article, and the reason."""
        for each in self._kept:
            yield self.ids.get((each.path, each.line)) or _id_in(each), each.reason

    def write(self, source: Path) -> None:
        """Add the refusals that the file lacks; a new file starts as a copy of the old index's."""
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


def _id_in(refusal: Refusal) -> str:
    """Return the id in a raw record of `Documents.prepare`, empty if the record was cut."""
    try:
        return str(json.loads(refusal.raw)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
