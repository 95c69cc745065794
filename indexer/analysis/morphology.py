"""Morphology: the memory-mapped table of word forms and lemmas, `data/morphology.bin`.

    magic, header size, JSON header (name, type, offset, length of arrays; SHA-256) -> arrays

Entries are sorted by hash bucket, and entries of one form are neighbours. `build` makes the file
from the sources that `data/README.md` names. Because the file is mapped, only the pages that are
used are read.
"""

import hashlib
import json
import mmap
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.alphabet import PRINT, PRINTED
from marsad.indexer.analysis.kernels.table import BASE, FLAG_BITS, FLAGS, KEY_BITS, unpack

Array = NDArray[Any]
MAGIC = b"marsad morphology 1\n"
ALIGN = 64
FILE = "morphology.bin"
# The arrays, in the order of the file. The kernels search the first eight.
NAMES = (
    "buckets",  # the first entry of each bucket, u32
    "lows",  # the low 32 bits of an entry's key
    "highs",  # the high 10 bits of it, u16
    "values",  # its lemma, and below that its flags, u32
    "spellings",  # which of the letters that fold together it has, u16
    "weights",  # how likely it is, in tenths of the natural logarithm, u8
    "proclitics",  # what a proclitic adds to that, by class of word, i16
    "enclitics",  # the same for enclitics
    "lemma_letters",  # the letters of all lemmas, u8
    "lemma_at",  # where each lemma begins, u32
    "lemma_root",  # the number of its root, u16
    "root_letters",  # the letters of all roots, u8
    "root_at",  # where each root begins, u32
)
_SEARCHED = 8
_LETTERS = dict(enumerate(PRINTED, 1))


@dataclass(frozen=True, eq=False)
class Morphology:
    """The table: its arrays by name, and the SHA-256 of its content as `digest`."""

    arrays: dict[str, Array]
    digest: str

    @property
    def searched(self) -> tuple[Array, ...]:
        """The arrays that the kernels search, in the kernels' order."""
        return tuple(self.arrays[name] for name in NAMES[:_SEARCHED])

    @property
    def spelt(self) -> tuple[Array, ...]:
        """The letters of lemmas and roots, the offset of each, and the root of each lemma."""
        return tuple(self.arrays[name] for name in NAMES[_SEARCHED:])

    def lemma(self, number: int) -> str:
        """Return the lemma with this number, with hamza and teh marbuta as printed."""
        at = self.arrays["lemma_at"]
        return self._lemmas[at[number] : at[number + 1]]

    @cached_property
    def _lemmas(self) -> str:
        return _spell(self.arrays["lemma_letters"])

    def root(self, number: int) -> str:
        """Return the root of the lemma with this number, or "" if it is unknown."""
        at, root = self.arrays["root_at"], self.arrays["lemma_root"][number]
        return _spell(self.arrays["root_letters"][at[root] : at[root + 1]])

    def number(self, lemma: str) -> int | None:
        """Return the number of a lemma, or None if it is not in the table."""
        # Lemmas are sorted, so a binary search finds one without an index of strings.
        low, high = 0, len(self.arrays["lemma_root"])
        while low < high:
            middle = (low + high) // 2
            if self.lemma(middle) < lemma:
                low = middle + 1
            else:
                high = middle
        found = low < len(self.arrays["lemma_root"]) and self.lemma(low) == lemma
        return low if found else None

    def flags(self, entry: int) -> int:
        """Return the flags of an entry; see `kernels.table`."""
        return int(self.arrays["values"][entry]) & FLAGS

    def lemma_of(self, entry: int) -> int:
        """Return the number of an entry's lemma."""
        return int(self.arrays["values"][entry]) >> FLAG_BITS

    def forms(self, entries: Array) -> list[str]:
        """Return the form of each entry, as the table spells it."""
        # Forms are not stored. The hash is reversible: bucket and key together give the packed
        # form.
        buckets = np.searchsorted(self.arrays["buckets"], entries, "right").astype(np.int64) - 1
        mixed = buckets << KEY_BITS
        mixed |= self.arrays["highs"][entries].astype(np.int64) << 32
        mixed |= self.arrays["lows"][entries].astype(np.int64)
        spellings = self.arrays["spellings"][entries].tolist()
        packed = unpack(mixed.astype(np.uint64)).tolist()
        return [_form(*pair) for pair in zip(packed, spellings, strict=True)]

    def forms_of(self, lemma: int) -> list[str]:
        """Return all forms of the lemma with this number, sorted."""
        found = np.flatnonzero(self.arrays["values"] >> FLAG_BITS == lemma)
        return sorted(set(self.forms(found)))


def _spell(letters: Array) -> str:
    return letters.tobytes().decode("latin-1").translate(_LETTERS)


def _form(packed: int, spelling: int) -> str:
    """Return the form with this packed number and spelling; see `kernels.table.place`."""
    word = ""
    while packed:
        packed, folded = divmod(packed, BASE)
        variants = int((PRINT[folded] > 0).sum())
        spelling, variant = divmod(spelling, variants)
        word = PRINTED[PRINT[folded, variant] - 1] + word
    return word


def read(raw: "bytes | mmap.mmap") -> Morphology:
    """Return the table that is stored in *raw*.

    Raises:
        ValueError: The bytes are not a morphology table.
    """
    if raw[: len(MAGIC)] != MAGIC:
        raise ValueError(f"{FILE}: expected {MAGIC!r}, found {raw[: len(MAGIC)]!r}")
    start = len(MAGIC) + 4
    size = int.from_bytes(raw[len(MAGIC) : start], "little")
    head = json.loads(raw[start : start + size])
    start += size + -(start + size) % ALIGN
    arrays = {
        name: np.frombuffer(raw, np.dtype(kind), count, start + at)
        for name, kind, at, count in head["arrays"]
    }
    return Morphology(arrays, head["sha256"])


def is_whole(raw: bytes) -> bool:
    """Return whether the bytes of a table match the digest in its header."""
    start = len(MAGIC) + 4
    size = int.from_bytes(raw[len(MAGIC) : start], "little")
    digest: str = json.loads(raw[start : start + size])["sha256"]
    start += size + -(start + size) % ALIGN
    return hashlib.sha256(raw[start:]).hexdigest() == digest


@cache
def morphology() -> Morphology:
    """Return the table of the package; it is mapped once.

    Example:
        >>> table = morphology()
        >>> "معارضة" in {table.lemma(number) for number in range(len(table.arrays["lemma_root"]))}
        True
    """
    # If the package is in an archive, the file is unpacked while it is mapped.
    with (
        as_file(files("marsad.indexer.analysis").joinpath(f"data/{FILE}")) as path,
        path.open("rb") as file,
    ):
        return read(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
