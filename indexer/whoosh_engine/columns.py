"""Columns: ids, dates and facet values of one generation, held in memory.

Whoosh's own facets unpack stored records; these lists are read once for a
generation and then counted by document number. A deleted document keeps its slot.
"""

import datetime as dt
from dataclasses import dataclass

from whoosh.reading import IndexReader

from indexer.fields import FACETS
from indexer.whoosh_engine.schema import SEPARATOR, facet_field


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry for each document number; `facets` holds the distinct values of each."""

    ids: list[str]
    days: list[int]
    digests: list[str]
    facets: dict[str, list[tuple[str, ...]]]
    live: list[int]

    def date(self, number: int) -> dt.date | None:
        """Return the publication date of a document, None where it is undated."""
        day = self.days[number]
        return dt.date.fromordinal(day) if day else None


def read_columns(reader: IndexReader) -> Columns:
    """Read every column of *reader*, segment by segment."""
    ids: list[str] = []
    days: list[int] = []
    digests: list[str] = []
    facets: dict[str, list[tuple[str, ...]]] = {name: [] for name in FACETS}
    shared: dict[str, tuple[str, ...]] = {}
    live: list[int] = []
    for leaf, offset in reader.leaf_readers():
        count = leaf.doc_count_all()
        if not count:
            continue
        live.extend(offset + n for n in range(count) if not leaf.is_deleted(n))
        ids.extend(_column(leaf, "id", count))
        digests.extend(_column(leaf, "digest", count))
        numbers = leaf.column_reader("day")
        days.extend(int(numbers[n]) for n in range(count))
        for name in FACETS:
            for packed in _column(leaf, facet_field(name), count):
                values = shared.get(packed)
                if values is None:
                    values = tuple(sorted(set(packed.split(SEPARATOR)) - {""}))
                    shared[packed] = values
                facets[name].append(values)
    return Columns(ids, days, digests, facets, live)


def _column(leaf: IndexReader, name: str, count: int) -> list[str]:
    column = leaf.column_reader(name)
    return [str(column[n]) for n in range(count)]
