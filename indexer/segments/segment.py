"""Segment: the inverted lists and columns of some documents, open for reading.

Documents are numbered by date: undated ones first, then the oldest to the newest; those of one date
by id, in descending order. So a range of dates is a slice, and of documents with equal scores the
one with the higher number comes first. The key of a term is the number of its field (a byte) and
its text in UTF-8.

Inverted lists. The postings of a term are in runs, one for each chunk of 65,536 documents, so that
a document number takes 2 bytes. `run_doc[r]` is the offset of the first posting of run r,
`run_pos[r]` that of its first position, and `run_block[r]` that of its first score bound. `tf` and
`pos` have small types: a value that does not fit is in the escape tables.

    term_blob term_at -> term_runs -> run_chunk run_doc run_pos run_block -> doc tf pos block_max

Facets. The key of a value is the number of its facet, "=", and its text; the number of the facet
alone is the key of "no value". `facet_value` has the values of each document, without "no value".
The documents of each value are in one of three forms, whichever is fastest to count: a list, a
bitmap, or ranges of neighbouring documents (such as the documents of a month).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.fields import FACETS, INDEX_FIELDS
from marsad.indexer.segments.container import Container, open_container
from marsad.indexer.segments.kernels.layout import CHUNK, CHUNK_WORDS, Bits, FacetColumns, Postings
from marsad.indexer.segments.kernels.terms import find, first_from

SUFFIX = ".seg"
_REMEMBERED = 10_000


def term_key(field: str, text: str) -> bytes:
    """Return the key of a term in the dictionary."""
    return bytes([INDEX_FIELDS.index(field)]) + text.encode("utf-8", "surrogatepass")


def value_key(facet: str, value: str | None) -> bytes:
    """Return the key of a facet value, or of "no value" if *value* is None."""
    number = bytes([FACETS.index(facet)])
    return number if value is None else number + b"=" + value.encode("utf-8", "surrogatepass")


def bitmap_words(documents: int) -> int:
    """Return how many 64-bit words a bitmap of this many documents has: those of whole chunks."""
    return max(1, -(-documents // CHUNK)) * CHUNK_WORDS


class Segment:
    """An open segment. It does not know which documents were removed: a generation does."""

    def __init__(self, container: Container) -> None:
        arrays: dict[str, NDArray[Any]] = container.arrays
        self.container = container
        self.name = container.path.name
        self.documents = int(container.extra["documents"])
        self.stores: list[str] = container.extra["stores"]
        # For each field, the sum of its lengths, and the average for which bounds were made.
        self.field_totals: list[int] = container.extra["field_totals"]
        self.bound_averages: list[float] = container.extra["bound_averages"]
        self.words = bitmap_words(self.documents)
        self.days: NDArray[np.int32] = arrays["days"]
        self.postings = Postings(*(arrays[name] for name in Postings._fields))
        self.facets = FacetColumns(*(arrays[name] for name in FacetColumns._fields))
        self.value_blob, self.value_at = arrays["value_blob"], arrays["value_at"]
        self._arrays = arrays
        self._found: dict[tuple[str, str], int] = {}
        self._texts: dict[int, str] = {}

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name."""
        return self._arrays

    def find_term(self, field: str, text: str) -> int:
        """Return a term's number, -1 if the segment does not have it."""
        number = self._found.get((field, text))
        if number is None:
            key = np.frombuffer(term_key(field, text), np.uint8)
            number = int(find(self.postings.term_blob, self.postings.term_at, key))
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[field, text] = number
        return number

    def prefix_range(self, key: bytes) -> tuple[int, int]:
        """Return the number of the first term with this prefix, and of the first one after them."""
        blob, at = self.postings.term_blob, self.postings.term_at
        first = int(first_from(blob, at, np.frombuffer(key, np.uint8)))
        # The byte 0xFF is in no UTF-8 text, so this key is after every term with the prefix.
        return first, int(first_from(blob, at, np.frombuffer(key + b"\xff", np.uint8)))

    def runs(self, term: int) -> tuple[int, int]:
        """Return the numbers of a term's runs: the first, and the one after the last.

        They are `(0, 0)` for term -1, which `find_term` returns for an unknown term.
        """
        if term < 0:
            return 0, 0
        at = self.postings.term_runs
        return int(at[term]), int(at[term + 1])

    def document_frequency(self, term: int) -> int:
        """Return how many documents have a term, removed ones included."""
        first, end = self.runs(term)
        at = self.postings.run_doc
        return int(at[end]) - int(at[first])

    def term(self, number: int) -> bytes:
        """Return the key of term *number*: its field's number (a byte), then its text in UTF-8."""
        at = self.postings.term_at
        return self.postings.term_blob[at[number] : at[number + 1]].tobytes()

    def text_of(self, number: int) -> str:
        """Return a term's text, without its field."""
        text = self._texts.get(number)
        if text is None:
            text = self.term(number)[1:].decode("utf-8", "surrogatepass")
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            self._texts[number] = text
        return text

    def find_value(self, facet: str, value: str | None) -> int:
        """Return the number of a facet value, -1 if the segment does not have it."""
        key = np.frombuffer(value_key(facet, value), np.uint8)
        return int(find(self.value_blob, self.value_at, key))

    def value_range(self, facet: str) -> tuple[int, int]:
        """Return the number of a facet's first value, and of the first value after its last."""
        number = FACETS.index(facet)
        return tuple(  # type: ignore[return-value]
            int(first_from(self.value_blob, self.value_at, np.array([n], np.uint8)))
            for n in (number, number + 1)
        )

    def value(self, number: int) -> bytes:
        """Return a facet value's key."""
        return self.value_blob[self.value_at[number] : self.value_at[number + 1]].tobytes()

    def new_bits(self) -> Bits:
        """Return a bitmap of no documents."""
        return np.zeros(self.words, np.uint64)

    def id(self, doc: int) -> str:
        """Return a document's id."""
        return _text(self._arrays["id_blob"], self._arrays["id_at"], doc)

    def digest(self, doc: int) -> str:
        """Return a document's digest."""
        raw = self._arrays["digest_blob"][
            self._arrays["digest_at"][doc] : self._arrays["digest_at"][doc + 1]
        ].tobytes()
        if self.container.extra["hex_digests"]:
            return raw.hex()
        return raw.decode("utf-8", "surrogatepass")

    def date(self, doc: int) -> dt.date | None:
        """Return a document's date of publication, None if it is undated."""
        day = int(self.days[doc])
        return dt.date.fromordinal(day) if day else None

    def docs_of_hash(self, hashed: int) -> NDArray[np.uint32]:
        """Return the documents whose ids have this hash: usually one or none."""
        keys = self._arrays["key_hash"]
        wanted = np.uint64(hashed)
        low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        return self._arrays["key_doc"][low:high]

    def record(self, doc: int) -> tuple[str, int, int]:
        """Return the store of a document's record, its offset there and its length, in bytes."""
        arrays = self._arrays
        store = self.stores[int(arrays["store_no"][doc])]
        return store, int(arrays["store_place"][doc]), int(arrays["store_size"][doc])


def _text(blob: NDArray[np.uint8], at: NDArray[np.uint32], number: int) -> str:
    return blob[at[number] : at[number + 1]].tobytes().decode("utf-8", "surrogatepass")


def open_segment(path: Path) -> Segment:
    """Open the segment at *path*.

    Raises:
        FileDamagedError: it is missing, or its head or directory is damaged.
    """
    container = open_container(path)
    try:
        return Segment(container)
    except (KeyError, ValueError, TypeError) as error:
        raise FileDamagedError(path, f"its directory lacks {error}") from error
