"""Facts: what the tables of the chain say of each packed word, for the compiled rules.

lexicon, lemmas, plurals, stop words, names -> [Facts] -> hash table of rows
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.analysis.kernels.lookup import (
    COLUMNS,
    FAMILY,
    FLAGS,
    FORM,
    FREE,
    IS_SINGULAR,
    LEMMA,
    NAME,
    ROOT,
    SINGULAR,
    STEM_LEMMA,
    STOP,
    add_values,
    rehash,
)
from indexer.analysis.kernels.packing import Array
from indexer.analysis.lemmas import lemmas
from indexer.analysis.lexicon import lexicon
from indexer.analysis.packed import FOLDED
from indexer.analysis.plurals import plurals, singulars
from indexer.analysis.stopwords import stopwords


class Facts(NamedTuple):
    """Rows of facts (i64, n x 8) and a hash table to find them: word and row number (i64, s x 2).

    `slots` has a power of two of rows, at least twice the number of words.
    """

    slots: Array
    rows: Array


class _Filling:
    """Facts in the making."""

    def __init__(self, facts: Facts, used: int) -> None:
        self.facts = facts
        self.used = used

    def add(self, words: Array, column: int, values: Array) -> None:
        """Add values to a column of the rows of packed words."""
        self.used = add_values(*self.facts, self.used, words, column, values)

    def add_counts(self, table: Mapping[str, int], column: int) -> None:
        """Add how often words occur."""
        counts = np.fromiter(table.values(), np.int64, len(table))
        self.add(FOLDED.pack(list(table)), column, counts)

    def add_words(self, table: Mapping[str, str], column: int) -> None:
        """Add a table from words to words."""
        self.add(FOLDED.pack(list(table)), column, FOLDED.pack(list(table.values())))

    def add_flag(self, words: Iterable[str], flag: int) -> None:
        """Flag words."""
        packed = FOLDED.pack(list(words))
        self.add(packed, FLAGS, np.full(len(packed), flag, np.int64))


def no_facts() -> Facts:
    """Return facts of no word."""
    return Facts(np.full((2, 2), FREE, np.int64), np.zeros((1, COLUMNS), np.int64))


def facts(names: Mapping[str, str]) -> Facts:
    """Return the facts of the package's tables, and the stem of each form of *names*."""
    shared = _shared()
    listed = FOLDED.pack(list(names))
    room = int((listed >= 0).sum())
    rows = np.concatenate([shared.rows, np.zeros((room, COLUMNS), np.int64)])
    slots = 1 << (2 * len(rows)).bit_length()
    filling = _Filling(Facts(rehash(shared.slots, slots), rows), len(shared.rows))
    filling.add_words(names, NAME)
    return Facts(filling.facts.slots, rows[: filling.used].copy())


@cache
def _shared() -> Facts:
    """Return the facts of the package's tables, without room for more."""
    known, words, plural = lemmas(), lexicon(), plurals()
    tables = (words.forms, words.families, known.forms, known.stems, known.roots, plural)
    most = sum(map(len, (*tables, singulars(), stopwords())))
    slots = np.full((1 << (2 * most).bit_length(), 2), FREE, np.int64)
    filling = _Filling(Facts(slots, np.zeros((most, COLUMNS), np.int64)), 0)
    filling.add_counts(words.forms, FORM)
    filling.add_counts(words.families, FAMILY)
    filling.add_words(known.forms, LEMMA)
    filling.add_words(known.stems, STEM_LEMMA)
    filling.add_words(known.roots, ROOT)
    filling.add_words(plural, SINGULAR)
    filling.add_flag(singulars(), IS_SINGULAR)
    filling.add_flag(stopwords(), STOP)
    return Facts(slots, filling.facts.rows[: filling.used].copy())
