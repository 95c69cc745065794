"""Marsad: full-text search for Arabic news of armed conflict.

Three lines are enough:

    >>> import marsad
    >>> with marsad.open_index("news") as index:
    ...     for hit in index.search("هدنة", limit=2):
    ...         print(hit.date, hit.title)
    2022-04-02 بدء سريان هدنة لشهرين في اليمن مع حلول رمضان
    2014-08-26 هدنة مفتوحة توقف خمسين يوماً من الحرب في قطاع غزة

`marsad index FOLDER --index news` makes an index. The names in `__all__`, with the attributes and
arguments that their documentation names, are public: a change of them is written down in
CHANGELOG.md. Everything else may change in any version.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marsad.api import Index, open_index
    from marsad.articles import Article, DateMention, Entity, Hit, Mention, Passage
    from marsad.indexer.engine.request import IndexStats
    from marsad.indexer.errors import IndexerError
    from marsad.indexer.query.diagnostics import Diagnostic
    from marsad.results import Facet, FacetValue, Hits, Results
    from marsad.stock_whoosh import open_whoosh
    from marsad.texts import Extraction, Token, analyze, extract

    __version__: str

__all__ = [
    "Article",
    "DateMention",
    "Diagnostic",
    "Entity",
    "Extraction",
    "Facet",
    "FacetValue",
    "Hit",
    "Hits",
    "Index",
    "IndexStats",
    "IndexerError",
    "Mention",
    "Passage",
    "Results",
    "Token",
    "__version__",
    "analyze",
    "extract",
    "open_index",
    "open_whoosh",
]

# The module of each public name. It is loaded when the name is used for the first time, so that
# `import marsad`, which every command does, loads nothing.
_MODULES = {
    "Article": "articles",
    "DateMention": "articles",
    "Diagnostic": "indexer.query.diagnostics",
    "Entity": "articles",
    "Extraction": "texts",
    "Facet": "results",
    "FacetValue": "results",
    "Hit": "articles",
    "Hits": "results",
    "Index": "api",
    "IndexStats": "indexer.engine.request",
    "IndexerError": "indexer.errors",
    "Mention": "articles",
    "Passage": "articles",
    "Results": "results",
    "Token": "texts",
    "analyze": "texts",
    "extract": "texts",
    "open_index": "api",
    "open_whoosh": "stock_whoosh",
}


# A type checker must not see this: it would take any name for one of the package.
if not TYPE_CHECKING:

    def __getattr__(name):  # noqa: ANN001, ANN202
        """Load a public name at its first use."""
        if name == "__version__":
            found = import_module("importlib.metadata").version("marsad")
        elif name in _MODULES:
            found = getattr(import_module(f"marsad.{_MODULES[name]}"), name)
        else:
            raise AttributeError(f"module 'marsad' has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Name what is public, loaded or not."""
    return sorted({*globals(), *__all__})
