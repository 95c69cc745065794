"""Parts: documents inverted by any process, to be committed by the one that writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from marsad.indexer.engine.seam import Document, Part
from marsad.indexer.segments.build import build_segment
from marsad.indexer.segments.faults import clear_errors


@dataclass(frozen=True, slots=True)
class PartMaker:
    """Inverts documents in any process; see `marsad.indexer.engine.seam.PartBuilder`."""

    folder: Path
    dictionary: tuple[str, bytes] | None

    def __call__(self, documents: Iterable[Document]) -> Part:
        """Write the segment and store of *documents*; the last copy of an id wins."""
        last = {document.id: document for document in documents}
        with clear_errors(self.folder):
            entry = build_segment(self.folder, list(last.values()), self.dictionary)
        return Part(entry["name"], tuple(last))
