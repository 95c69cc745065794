"""Reports: what a run did with what it met."""

from dataclasses import dataclass, field
from typing import NamedTuple

# Records that a run makes durable at once.
BATCH = 4_000
# Refusals and removed ids that a report lists; its counts are of all.
MOST_LISTED = 1_000


class RefusalEntry(NamedTuple):
    """What is told of a refused record: where it stands, `line` 0 for the whole file, and why."""

    path: str
    line: int
    reason: str


@dataclass(slots=True)
class IndexReport:
    """What a run did with every record it met; `passed` are files that are no articles."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    passed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles read in a second."""
        return self.read / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class SyncReport:
    """What a run met and did: files, articles, and the ids that were removed."""

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
