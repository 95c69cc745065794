"""Lexicon: how often Arabic words occur, the evidence behind taking a clitic off.

The table is `data/frequencies.tsv.gz`, made by `build_lexicon` from wordfreq
(its README beside it says how and under which licence). It gives two figures for
a folded form: its own frequency, and that of all forms with the same stem once
suffixes are off. Both are in occurrences per 10 billion words.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from indexer.analysis.suffixes import strip_suffixes


class Lexicon:
    """Frequencies of folded forms; a form that is not in the table counts 0."""

    def __init__(self, forms: dict[str, int]) -> None:
        self._forms = forms
        self._families: dict[str, int] = {}
        for form, count in forms.items():
            stem = strip_suffixes(form)
            self._families[stem] = self._families.get(stem, 0) + count

    def items(self) -> Iterable[tuple[str, int]]:
        """Return each form with how often it occurs."""
        return self._forms.items()

    def form(self, word: str) -> int:
        """Return how often *word* occurs as it stands."""
        return self._forms.get(word, 0)

    def family(self, word: str) -> int:
        """Return how often any form occurs that shares the suffix-stripped form of *word*."""
        return self._families.get(strip_suffixes(word), 0)

    def stem(self, stem: str) -> int:
        """Return how often any form occurs whose suffix-stripped form is *stem*."""
        return self._families.get(stem, 0)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package, read once."""
    packed = files("indexer.analysis").joinpath("data/frequencies.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return Lexicon({form: int(count) for form, count in rows})
