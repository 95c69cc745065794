"""Engine: the oracle of the contract as an engine of the registry."""

from pathlib import Path

from marsad.indexer.errors import IndexMissingError
from tests.contract.oracle import OracleEngine, OracleWriter
from tests.memory_engine.commits import MARKS

OPEN: dict[str, "MemoryEngine"] = {}


class MemoryEngine(OracleEngine):
    """An oracle that outlives its closing, and marks its commits."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place
        self.mark()

    def mark(self) -> None:
        marks = MARKS.setdefault(self.place, [])
        marks.append(f"{len(marks) + 1} {self.stats().content[:16]}")

    def writer(self) -> "MemoryWriter":
        return MemoryWriter(self)

    def close(self) -> None:
        pass


class MemoryWriter(OracleWriter):
    """A batch whose commits are marked."""

    def __init__(self, engine: MemoryEngine) -> None:
        super().__init__(engine)
        self._memory = engine

    def commit(self) -> None:
        super().commit()
        self._memory.mark()


def open_index(place: str, _analyzer: str, *, create: bool) -> MemoryEngine:
    """Open the index at *place*; with *create*, make an empty one where there is none."""
    if place not in OPEN:
        if not create:
            raise IndexMissingError(Path(place))
        OPEN[place] = MemoryEngine(place)
    return OPEN[place]


def forget(place: str) -> None:
    """Lose an index with all its commits."""
    del OPEN[place], MARKS[place]
