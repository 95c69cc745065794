"""Whoosh reader: one segment for Whoosh's searchers, queries and highlighters.

    Segment -> [ColumnReader] -> terms, statistics, stored fields
            -> `matcher.ColumnMatcher` -> postings of one term, without removed documents

Every method overrides one of `whoosh.reading.IndexReader`. These methods are the same in
Whoosh 2.7.4, Whoosh-Reloaded 2.7.5 and whoosh3 3.54. The date and each facet is a field, and its
values are the terms.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema
from whoosh.reading import IndexReader, TermInfo, TermNotFound

from marsad.indexer.fields import FACETS, INDEX_FIELDS
from marsad.indexer.segments.generation import Member, live_bits
from marsad.indexer.segments.kernels.bits import docs_of
from marsad.indexer.segments.kernels.positions import positions_in
from marsad.indexer.segments.kernels.postings import fill, tfs_of
from marsad.indexer.segments.segment import term_key
from marsad.indexer.whoosh_compat.matcher import ColumnMatcher, Docs

ID, DATE = "id", "date"


class ColumnReader(IndexReader):  # type: ignore[misc]
    """Reads one segment of one generation."""

    def __init__(
        self,
        member: Member,
        schema: Schema,
        generation: int,
        read_stored: Callable[[int], dict[str, Any]],
    ) -> None:
        self.schema = schema
        self.is_closed = False
        self._member = member
        self._segment = member.segment
        self._generation = generation
        self._read_stored = read_stored
        self._live = live_bits(member)
        self._days, first = np.unique(self._segment.days, return_index=True)
        self._day_at = np.append(first, self._segment.documents)
        self._ids: dict[bytes, int] | None = None

    def generation(self) -> int:
        """Return the number of the generation."""
        return self._generation

    def close(self) -> None:
        """Mark the reader as closed; `ColumnIndex.close` closes the files."""
        self.is_closed = True

    # Terms. Each kind of field has a list of terms, in the order of their bytes.

    def indexed_field_names(self) -> list[str]:
        """Return the names of all fields that have terms."""
        return sorted([ID, DATE, *INDEX_FIELDS, *FACETS])

    def _texts(self, fieldname: str, least: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that are *least* or later, in the order of their bytes."""
        segment = self._segment
        if fieldname in INDEX_FIELDS:
            first, _ = segment.prefix_range(term_key(fieldname, "") + least)
            _, end = segment.prefix_range(term_key(fieldname, ""))
            for number in range(first, end):
                if segment.document_frequency(number):
                    yield segment.term(number)[1:]
        elif fieldname in FACETS:
            for number in range(*segment.value_range(fieldname)):
                key = segment.value(number)
                # A merge keeps values that no document has any more.
                if len(key) > 1 and key[2:] >= least and segment.facets.value_df[number]:
                    yield key[2:]
        elif fieldname == DATE:
            yield from (text for text in map(_date_text, self._days) if text and text >= least)
        elif fieldname == ID:
            yield from (text for text in sorted(self._id_map()) if text >= least)

    def _id_map(self) -> dict[bytes, int]:
        if self._ids is None:
            docs = docs_of(self._live).tolist()
            self._ids = {
                self._segment.id(doc).encode("utf-8", "surrogatepass"): doc for doc in docs
            }
        return self._ids

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every pair of field and term, in order."""
        for name in self.indexed_field_names():
            for text in self._texts(name):
                yield name, text

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the pairs of field and term from *prefix* in *fieldname* on."""
        names = self.indexed_field_names()
        for name in names[bisect_left(names, fieldname) :]:
            for text in self._texts(name, prefix if name == fieldname else b""):
                yield name, text

    def lexicon(self, fieldname: str) -> Iterator[bytes]:
        """Yield the terms of one field."""
        return self._texts(fieldname)

    def expand_prefix(self, fieldname: str, prefix: str | bytes) -> Iterator[bytes]:
        """Yield the terms of a field that begin with *prefix*."""
        wanted = self._text_to_bytes(fieldname, prefix)
        for text in self._texts(fieldname, wanted):
            if not text.startswith(wanted):
                return
            yield text

    def __contains__(self, term: tuple[str, str | bytes]) -> bool:
        fieldname, text = term
        if fieldname not in self.schema:
            return False
        return self._known(fieldname, self._text_to_bytes(fieldname, text))

    def _known(self, fieldname: str, text: bytes) -> bool:
        segment = self._segment
        decoded = text.decode("utf-8", "surrogatepass")
        if fieldname in INDEX_FIELDS:
            return segment.document_frequency(segment.find_term(fieldname, decoded)) > 0
        if fieldname in FACETS:
            number = segment.find_value(fieldname, decoded)
            return number >= 0 and bool(segment.facets.value_df[number])
        if fieldname == DATE:
            return text in map(_date_text, self._days)
        return text in self._id_map()

    # Postings and their statistics.

    def _docs(self, fieldname: str, text: bytes) -> tuple[Docs, Docs | None]:
        """Return the documents of a term, removed ones too, and the frequency in each.

        Dates, ids and facets have no frequencies: None.
        """
        segment = self._segment
        decoded = text.decode("utf-8", "surrogatepass")
        if fieldname in INDEX_FIELDS:
            number = segment.find_term(fieldname, decoded)
            bits = segment.new_bits()
            fill(bits, segment.postings, *segment.runs(number))
            return docs_of(bits).astype(np.int64), tfs_of(segment.postings, *segment.runs(number))
        if fieldname in FACETS:
            number = segment.find_value(fieldname, decoded)
            at = segment.facets.facet_at.astype(np.int64)
            owners = np.repeat(np.arange(segment.documents), np.diff(at))
            return owners[segment.facets.facet_value == number], None
        if fieldname == DATE:
            place = [_date_text(day) for day in self._days].index(text)
            return np.arange(self._day_at[place], self._day_at[place + 1]), None
        return np.array([self._id_map()[text]], np.int64), None

    def postings(self, fieldname: str, text: str | bytes, **kwargs: Any) -> ColumnMatcher:  # noqa: ANN401
        """Return a matcher over the documents of a term, without removed ones."""
        raw = self._text_to_bytes(fieldname, text)
        if not self._known(fieldname, raw):
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        docs, weights = self._docs(fieldname, raw)
        if self._member.deleted is not None:
            alive = self._alive(docs)
            docs, weights = docs[alive], None if weights is None else weights[alive]
        positions = None
        if fieldname in INDEX_FIELDS:
            number = self._segment.find_term(fieldname, raw.decode("utf-8", "surrogatepass"))
            runs = self._segment.runs(number)

            def positions(doc: int) -> list[int]:
                return [int(at) for at in positions_in(self._segment.postings, *runs, doc)]

        own_format = self.schema[fieldname].format
        scorer = kwargs.get("scorer")
        return ColumnMatcher((fieldname, raw), docs, weights, positions, own_format, scorer)

    def _alive(self, docs: Docs) -> NDArray[np.bool_]:
        words = self._live[docs >> 6] >> (docs & 63).astype(np.uint64)
        return np.asarray(words & np.uint64(1), np.bool_)

    def term_info(self, fieldname: str, text: str | bytes) -> TermInfo:
        """Return the statistics of a term, removed documents included."""
        raw = self._text_to_bytes(fieldname, text)
        if not self._known(fieldname, raw):
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        docs, weights = self._docs(fieldname, raw)
        lengths = self._lengths(fieldname, docs)
        return TermInfo(
            weight=len(docs) if weights is None else int(weights.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=1 if weights is None else int(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: str | bytes) -> int:
        """Return how many times a term is in all documents together."""
        return int(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0

    def doc_frequency(self, fieldname: str, text: str | bytes) -> int:
        """Return how many documents have a term."""
        if (fieldname, text) not in self:
            return 0
        return int(self.term_info(fieldname, text).doc_frequency())

    # Documents.

    def has_deletions(self) -> bool:
        """Return whether any document was removed."""
        return bool(self._member.removed)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document was removed."""
        return not self._alive(np.array([docnum], np.int64))[0]

    def doc_count_all(self) -> int:
        """Return how many documents there are, removed ones included."""
        return int(self._segment.documents)

    def doc_count(self) -> int:
        """Return how many documents were not removed."""
        return int(self._member.documents)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored values of a document, by field."""
        return self._read_stored(docnum)

    def _lengths(self, fieldname: str, docs: Docs) -> NDArray[np.uint32]:
        if fieldname not in INDEX_FIELDS:
            return np.ones(len(docs), np.uint32)
        lengths = self._segment.postings.lengths[INDEX_FIELDS.index(fieldname)]
        return np.take(lengths, docs)

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field in all documents together, in words."""
        if fieldname not in INDEX_FIELDS:
            return 0
        return int(self._segment.field_totals[INDEX_FIELDS.index(fieldname)])

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field in a document, in words."""
        return int(self._lengths(fieldname, np.arange(self._segment.documents)).min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field in a document, in words."""
        return int(self._lengths(fieldname, np.arange(self._segment.documents)).max())

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in one document, in words."""
        if fieldname not in INDEX_FIELDS:
            return default
        return int(self._segment.postings.lengths[INDEX_FIELDS.index(fieldname)][docnum])

    def has_vector(self, docnum: int, fieldname: str) -> bool:  # noqa: ARG002
        """Return False: the index has no term vectors."""
        return False


def _date_text(day: int) -> bytes:
    return dt.date.fromordinal(int(day)).isoformat().encode() if day else b""
