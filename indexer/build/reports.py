"""Reports: what a run did with the records and files that it read."""

from dataclasses import dataclass, field
from typing import NamedTuple

# Records that a run commits at once.
BATCH = 4_000
# Refusals and removed ids that a report lists; its counts are of all.
MOST_LISTED = 1_000


class RefusalEntry(NamedTuple):
    """A refused record: its file, its line (from 1; 0 is the whole file), and the reason."""

    path: str
    line: int
    reason: str


@dataclass(slots=True)
class IndexReport:
    """How many records a run read, and what it did with them; `skipped` counts files."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    skipped: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles read per second."""
        return self.read / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did.

    The first five numbers count files, `removed` counts articles. `removed_ids` and `refusals` have
    the first thousand.
    """

    seen: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    removed: int = 0
    removed_ids: list[str] = field(default_factory=list)
    refusals: list[RefusalEntry] = field(default_factory=list)
    articles: IndexReport = field(default_factory=IndexReport)
    seconds: float = 0.0
