"""Open segments: the segments of the generation that a writer is making."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marsad.indexer.segments.build import hash_id
from marsad.indexer.segments.kernels.bits import popcount, set_docs
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.segment import Segment


@dataclass(slots=True)
class OpenSegment:
    """A segment of the next generation, and its removed documents."""

    segment: Segment
    deleted: Bits | None
    deletes_file: str | None
    changed: bool = False

    @property
    def live_count(self) -> int:
        """How many documents were not removed."""
        removed = 0 if self.deleted is None else int(popcount(self.deleted))
        return self.segment.documents - removed

    def remove(self, docs: np.ndarray[Any, Any]) -> None:
        """Remove documents."""
        if not len(docs):
            return
        if self.deleted is None:
            self.deleted = self.segment.new_bits()
        elif not self.changed:
            self.deleted = self.deleted.copy()
        self.changed = True
        set_docs(self.deleted, docs)

    def remove_copies(self, part: Segment) -> None:
        """Remove the documents whose ids *part* has too."""
        self.remove(_copies(self.segment, part))

    def remove_ids(self, ids: Sequence[str]) -> None:
        """Remove the documents with these ids."""
        for article_id in ids:
            docs = self.segment.docs_of_hash(hash_id(article_id))
            own = [doc for doc in docs if self.segment.id(doc) == article_id]
            self.remove(np.array(own, np.int64))


def _copies(older: Segment, part: Segment) -> np.ndarray[Any, Any]:
    """Return the documents of *older* whose ids *part* has too."""
    # Look up the shorter array of hashes in the longer one: that takes fewer searches.
    theirs, ours = older.arrays["key_hash"], part.arrays["key_hash"]
    if len(ours) < len(theirs):
        low = np.searchsorted(theirs, ours, "left")
        high = np.searchsorted(theirs, ours, "right")
        pairs = [
            (theirs_at, ours_at)
            for ours_at in np.flatnonzero(high > low).tolist()
            for theirs_at in range(low[ours_at], high[ours_at])
        ]
    else:
        low = np.searchsorted(ours, theirs, "left")
        high = np.searchsorted(ours, theirs, "right")
        pairs = [
            (theirs_at, ours_at)
            for theirs_at in np.flatnonzero(high > low).tolist()
            for ours_at in range(low[theirs_at], high[theirs_at])
        ]
    found = []
    for theirs_at, ours_at in pairs:
        doc = int(older.arrays["key_doc"][theirs_at])
        if older.id(doc) == part.id(int(part.arrays["key_doc"][ours_at])):
            found.append(doc)
    return np.array(found, np.int64)
