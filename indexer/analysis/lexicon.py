"""Lexicon: how often Arabic words occur, the evidence behind taking a clitic off.

The table is `data/frequencies.tsv.gz`, made by `build_lexicon` from wordfreq
(its README beside it says how and under which licence). It gives two figures for
a folded form: its own frequency, and that of all forms with the same stem once
suffixes are off. Both are in occurrences per 10 billion words.
"""

import gzip
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from indexer.analysis.kernels.affixes import strip_all
from indexer.analysis.packed import FOLDED, spelt
from indexer.analysis.suffixes import strip_suffixes


class Lexicon:
    """Frequencies of folded forms; a form that is not in the table counts 0."""

    def __init__(self, forms: dict[str, int]) -> None:
        self._forms = forms

    @property
    def forms(self) -> Mapping[str, int]:
        """How often each form occurs."""
        return self._forms

    @cached_property
    def families(self) -> Mapping[str, int]:
        """How often all forms occur that share a stem once suffixes are off, by that stem."""
        forms = list(self._forms)
        packed = FOLDED.pack(forms)
        stems = spelt(strip_all(np.maximum(packed, 0)), FOLDED, np.zeros(0, np.uint16))
        for at in np.flatnonzero(packed < 0).tolist():
            stems[at] = strip_suffixes(forms[at])
        found: dict[str, int] = dict.fromkeys(stems, 0)
        for stem, count in zip(stems, self._forms.values(), strict=True):
            found[stem] += count
        return found

    def form(self, word: str) -> int:
        """Return how often *word* occurs as it stands."""
        return self._forms.get(word, 0)

    def family(self, word: str) -> int:
        """Return how often any form occurs that shares the suffix-stripped form of *word*."""
        return self.families.get(strip_suffixes(word), 0)

    def stem(self, stem: str) -> int:
        """Return how often any form occurs whose suffix-stripped form is *stem*."""
        return self.families.get(stem, 0)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package, read once."""
    packed = files("indexer.analysis").joinpath("data/frequencies.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return Lexicon({form: int(count) for form, count in rows})
