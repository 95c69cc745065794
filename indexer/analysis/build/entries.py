"""Entries: forms with lemmas and weights, as the arrays that the kernels search.

forms, weights -> [Entries] -> arrays of `marsad.indexer.analysis.kernels.table`
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.alphabet import letters_and_offsets
from marsad.indexer.analysis.build.alkhalil import Form
from marsad.indexer.analysis.kernels.reading import CLASSES_OF_PARTICLES
from marsad.indexer.analysis.kernels.table import (
    BUCKET_BITS,
    FLAG_BITS,
    KEY_BITS,
    NAME,
    VERB,
    places,
)
from marsad.indexer.analysis.particles import ENCLITICS, PROCLITICS

Array = NDArray[Any]
# A weight is ten times the natural logarithm of a share, plus 220. The offset makes the rarest
# share positive, so that a weight fits into a byte.
LEAST = 22
TENTHS = 10


class Entries:
    """The entries of a table in the order of the arrays; `forms[n]` is the form of entry n."""

    def __init__(self, flags: Mapping[Form, int]) -> None:
        listed = list(flags)
        self.lemmas = sorted({form.lemma for form in listed})
        self.number = {lemma: at for at, lemma in enumerate(self.lemmas)}
        mixed, spellings = places(*letters_and_offsets([form.form for form in listed]))
        fit = np.flatnonzero(mixed >= 0)
        order = fit[np.argsort(mixed[fit], kind="stable")]
        mixed = mixed[order]
        self.forms = [listed[at] for at in order.tolist()]
        self.buckets = np.searchsorted(mixed >> KEY_BITS, np.arange((1 << BUCKET_BITS) + 1)).astype(
            np.uint32
        )
        self.lows = (mixed & 0xFFFFFFFF).astype(np.uint32)
        self.highs = ((mixed >> 32) & 0x3FF).astype(np.uint16)
        values = [self.number[form.lemma] << FLAG_BITS | flags[form] for form in self.forms]
        self.values = np.array(values, np.uint32)
        self.spellings = spellings[order]
        self.lemma = (self.values >> FLAG_BITS).astype(np.int64)
        is_name, is_verb = self.values & NAME > 0, self.values & VERB > 0
        self.kind = np.where(is_name, 2, np.where(is_verb, 1, 0))

    def __len__(self) -> int:
        return len(self.forms)

    def unweighted(self) -> tuple[Array, ...]:
        """Return the arrays with all weights 0; a score is then only the cost of the spelling."""
        nothing = np.zeros(len(self), np.uint8)
        sizes = len(PROCLITICS), len(ENCLITICS)
        costs = [np.zeros(CLASSES_OF_PARTICLES * size, np.int16) for size in sizes]
        return self.table(nothing, *costs)

    def weighted(self, shares: Array, before: Array, after: Array) -> tuple[Array, ...]:
        """Return the arrays with weights, from shares of entries and counts of particles."""
        weights = np.clip(np.round(TENTHS * (np.log(shares) + LEAST)), 0, 255).astype(np.uint8)
        return self.table(weights, _costs(before), _costs(after))

    def table(self, weights: Array, before: Array, after: Array) -> tuple[Array, ...]:
        """Return the arrays that the kernels search, in their order."""
        return (
            self.buckets,
            self.lows,
            self.highs,
            self.values,
            self.spellings,
            weights,
            before,
            after,
        )


def _costs(counts: Array) -> Array:
    """Return counts of particles as logarithmic weights (i16), one for each particle and class."""
    # The 0.3 keeps a particle that was never counted possible.
    share: Array = np.log(counts + 0.3) - np.log(counts.sum(0))
    costs: Array = np.round(TENTHS * share).astype(np.int16).ravel()
    return costs
