"""Stop words: function words, which say nothing about the subject of an article.

They are indexed in their positions, so that a phrase query can contain them. A query of separate
words ignores them.
"""

from functools import cache
from importlib.resources import files

from marsad.indexer.analysis.folding import fold


@cache
def stopwords() -> frozenset[str]:
    """Return the stop words of the package, folded."""
    text = (
        files("marsad.indexer.analysis").joinpath("data/stopwords.txt").read_text(encoding="utf-8")
    )
    return frozenset(fold(word) for word in text.split())
