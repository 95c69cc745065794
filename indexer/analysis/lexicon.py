"""Lexicon: how often Arabic words occur, the evidence behind taking a clitic off.

The table is `data/frequencies.tsv.gz`, made by `build_lexicon` from wordfreq
(its README beside it says how and under which licence). A figure is the occurrences of a
folded form per 10 billion words.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


class Lexicon:
    """Frequencies of folded forms; a form that is not in the table counts 0."""

    def __init__(self, forms: dict[str, int]) -> None:
        self._forms = forms

    @property
    def forms(self) -> Mapping[str, int]:
        """How often each form occurs."""
        return self._forms

    def form(self, word: str) -> int:
        """Return how often *word* occurs as it stands."""
        return self._forms.get(word, 0)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package, read once."""
    packed = files("marsad.indexer.analysis").joinpath("data/frequencies.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return Lexicon({form: int(count) for form, count in rows})
