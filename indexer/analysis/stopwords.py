"""Stop words: function words that say nothing of what an article is about.

They keep their place in every field, so that a phrase may hold them; a query of
loose words does not ask for them.
"""

from functools import cache
from importlib.resources import files

from marsad.indexer.analysis.folding import fold


@cache
def stopwords() -> frozenset[str]:
    """Return the folded stop words of the package."""
    text = (
        files("marsad.indexer.analysis").joinpath("data/stopwords.txt").read_text(encoding="utf-8")
    )
    return frozenset(fold(word) for word in text.split())
