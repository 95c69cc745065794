"""Segment: the lists and columns of some documents, open for reading.

Documents are numbered by date, oldest first, undated before all; those of one
date by id, last first. So a date range is a slice, and of equal scores the higher
number comes first. A term is its field's number (a byte) and its text in UTF-8.

Inverted lists. A term's postings stand in runs, one for each chunk of 65,536
documents, so that a document takes 2 bytes. `run_doc[r]` is the first posting of
run r, `run_pos[r]` its first position, `run_block[r]` its first bound. `tf` and
`pos` are narrow: what does not fit stands in the escape tables.

    term_blob term_at -> term_runs -> run_chunk run_doc run_pos run_block -> doc tf pos block_max

Facets. A value is its facet's number, "=", and its text; the facet's number alone
stands for "no value". Each document's values stand in `facet_value` ("no value" does
not); each value's documents in one of three forms, whichever is smallest to count: a
list, a bitmap, or spans of neighbouring documents (months, in documents ordered by
date).
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
    """Return the key of a facet value; None stands for "no value"."""
    number = bytes([FACETS.index(facet)])
    return number if value is None else number + b"=" + value.encode("utf-8", "surrogatepass")


def bitmap_words(documents: int) -> int:
    """Return how many words a bitmap of so many documents has: whole chunks."""
    return max(1, -(-documents // CHUNK)) * CHUNK_WORDS


class Segment:
    """An open segment. Deletions are not its own: a generation keeps them."""

    def __init__(self, container: Container) -> None:
        arrays: dict[str, NDArray[Any]] = container.arrays
        self.container = container
        self.name = container.path.name
        self.documents = int(container.extra["documents"])
        self.stores: list[str] = container.extra["stores"]
        # Sum of lengths of each field, and the average its bounds were made with.
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
        """Every array by its name."""
        return self._arrays

    def find_term(self, field: str, text: str) -> int:
        """Return a term's number, -1 where no document has it."""
        number = self._found.get((field, text))
        if number is None:
            key = np.frombuffer(term_key(field, text), np.uint8)
            number = int(find(self.postings.term_blob, self.postings.term_at, key))
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[field, text] = number
        return number

    def prefix_range(self, key: bytes) -> tuple[int, int]:
        """Return the numbers of the first term with this prefix, and of the first after them."""
        blob, at = self.postings.term_blob, self.postings.term_at
        first = int(first_from(blob, at, np.frombuffer(key, np.uint8)))
        # 0xFF is in no UTF-8 text, so it stands after every continuation of the prefix.
        return first, int(first_from(blob, at, np.frombuffer(key + b"\xff", np.uint8)))

    def runs(self, term: int) -> tuple[int, int]:
        """Return the first run of a term and the end of its runs; none for -1."""
        if term < 0:
            return 0, 0
        at = self.postings.term_runs
        return int(at[term]), int(at[term + 1])

    def document_frequency(self, term: int) -> int:
        """Return in how many documents a term stands, removed ones included."""
        first, end = self.runs(term)
        at = self.postings.run_doc
        return int(at[end]) - int(at[first])

    def term(self, number: int) -> bytes:
        """Return a term's key."""
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
        """Return the number of a facet value, -1 where no document has it."""
        key = np.frombuffer(value_key(facet, value), np.uint8)
        return int(find(self.value_blob, self.value_at, key))

    def value_range(self, facet: str) -> tuple[int, int]:
        """Return the numbers of a facet's first value and of the first after its last."""
        number = FACETS.index(facet)
        return tuple(  # type: ignore[return-value]
            int(first_from(self.value_blob, self.value_at, np.array([n], np.uint8)))
            for n in (number, number + 1)
        )

    def value(self, number: int) -> bytes:
        """Return a facet value's key."""
        return self.value_blob[self.value_at[number] : self.value_at[number + 1]].tobytes()

    def new_bits(self) -> Bits:
        """Return an empty set of documents."""
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
        """Return a document's publication date, None where it is undated."""
        day = int(self.days[doc])
        return dt.date.fromordinal(day) if day else None

    def docs_of_hash(self, hashed: int) -> NDArray[np.uint32]:
        """Return the documents whose id has this hash: usually one or none."""
        keys = self._arrays["key_hash"]
        wanted = np.uint64(hashed)
        low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        return self._arrays["key_doc"][low:high]

    def record(self, doc: int) -> tuple[str, int, int]:
        """Return the store, place and length of a document's record."""
        arrays = self._arrays
        store = self.stores[int(arrays["store_no"][doc])]
        return store, int(arrays["store_place"][doc]), int(arrays["store_size"][doc])


def _text(blob: NDArray[np.uint8], at: NDArray[np.uint32], number: int) -> str:
    return blob[at[number] : at[number + 1]].tobytes().decode("utf-8", "surrogatepass")


def open_segment(path: Path) -> Segment:
    """Open the segment at *path*.

    Raises:
        FileDamagedError: it is not what was written.
    """
    container = open_container(path)
    try:
        return Segment(container)
    except (KeyError, ValueError, TypeError) as error:
        raise FileDamagedError(path, f"its directory lacks {error}") from error
