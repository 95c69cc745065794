"""Writer: one batch of documents into a Whoosh index.

The batch is held until its clean end, the last copy of each id only: Whoosh's own
`update_document` sees committed copies alone, so an id given twice in one batch
would stand in the index twice.
"""

from types import TracebackType
from typing import Self

from whoosh.index import FileIndex, LockError
from whoosh.writing import SegmentWriter

from indexer.engine import Document
from indexer.errors import IndexBusyError
from indexer.fields import FACETS, INDEX_FIELDS
from indexer.whoosh_engine.schema import SEPARATOR, clean_value, facet_field

_MEMORY_MB = 128


class BatchWriter:
    """Collects a batch; commits it on a clean exit."""

    def __init__(self, index: FileIndex) -> None:
        try:
            self._writer: SegmentWriter = index.writer(limitmb=_MEMORY_MB)
        except LockError:
            raise IndexBusyError(index.storage.folder) from None
        self._pending: dict[str, Document | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None or not self._pending:
            self._writer.cancel()
            return
        try:
            for article_id, document in self._pending.items():
                self._writer.delete_by_term("id", article_id)
                if document is not None:
                    self._writer.add_document(**_whoosh_fields(document))
        except BaseException:
            self._writer.cancel()
            raise
        self._writer.commit()

    def add(self, document: Document) -> None:
        """Add *document*, in place of any with its id."""
        self._pending.pop(document.id, None)
        self._pending[document.id] = document

    def remove(self, article_id: str) -> None:
        """Remove the document of this id."""
        self._pending.pop(article_id, None)
        self._pending[article_id] = None


def _whoosh_fields(document: Document) -> dict[str, object]:
    row: dict[str, object] = {
        "id": document.id,
        "digest": document.digest,
        "stored": document.stored,
    }
    if document.date is not None:
        row["day"] = document.date.toordinal()
    for name in INDEX_FIELDS:
        row[name] = " ".join(document.fields.get(name, ()))
    for name in FACETS:
        values = (clean_value(value) for value in document.facets.get(name, ()))
        row[facet_field(name)] = SEPARATOR.join(sorted({value for value in values if value}))
    return row
