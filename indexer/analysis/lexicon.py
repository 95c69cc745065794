"""Lexicon: how often each Arabic word occurs in general text.

The table is `data/frequencies.tsv.gz`. `build_lexicon` makes it from wordfreq; the README beside
the file gives the method and the licence. A count is occurrences of a folded word per 10 billion
words.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


class Lexicon:
    """Frequencies of folded words; a word that is not in the table has frequency 0."""

    def __init__(self, forms: dict[str, int]) -> None:
        self._forms = forms

    @property
    def forms(self) -> Mapping[str, int]:
        """The count of each word in the table."""
        return self._forms

    def form(self, word: str) -> int:
        """Return the count of *word*, without removing any particle."""
        return self._forms.get(word, 0)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package; the file is read once."""
    packed = files("marsad.indexer.analysis").joinpath("data/frequencies.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return Lexicon({form: int(count) for form, count in rows})
