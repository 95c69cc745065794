"""Parts: segments that worker processes build, and the writing process commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from marsad.indexer.engine.seam import Document, Part
from marsad.indexer.segments.build import build_segment
from marsad.indexer.segments.faults import clear_errors


@dataclass(frozen=True, slots=True)
class PartMaker:
    """Builds a part in any process; see `marsad.indexer.engine.seam.PartBuilder`."""

    folder: Path
    dictionary: tuple[str, bytes] | None

    def __call__(self, documents: Iterable[Document]) -> Part:
        """Write the segment and the store of *documents*; of those with the same id, the last."""
        last = {document.id: document for document in documents}
        with clear_errors(self.folder):
            entry = build_segment(self.folder, list(last.values()), self.dictionary)
        return Part(entry["name"], tuple(last))
