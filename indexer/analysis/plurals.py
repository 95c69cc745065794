"""Broken plurals: plurals that change the word inside, such as قادة of قائد.

The list is `data/plurals.tsv`: a singular, a tab, its plurals. Where a plural has two
singulars, the first counts.
"""

from functools import cache
from importlib.resources import files

from indexer.analysis.folding import fold


@cache
def plurals() -> dict[str, str]:
    """Return the folded singular of each folded broken plural of the package.

    Example:
        >>> plurals()["صواريخ"], plurals()["قاده"]
        ('صاروخ', 'قايد')
    """
    text = files("indexer.analysis").joinpath("data/plurals.tsv").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        singular, _, listed = line.partition("\t")
        for plural in listed.split():
            found.setdefault(fold(plural), fold(singular))
    return found


@cache
def singulars() -> frozenset[str]:
    """Return the folded singulars of the list."""
    return frozenset(plurals().values())
