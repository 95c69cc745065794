"""An index for stock Whoosh: its searchers, query parsers and highlighters read it."""

from pathlib import Path

from whoosh.index import FileIndex

from marsad.indexer.parts import parts
from marsad.indexer.registry import index_folder
from marsad.indexer.whoosh_compat.index import open_dir


def open_whoosh(path: str | Path) -> FileIndex:
    """Open the index in a folder as a `whoosh.index.FileIndex`, read-only.

    Scores equal those of Marsad. Its fields are title_stem, body_stem, body_surface and so on,
    facets, `date` and `id`; `stored` has the article as JSON.

    Args:
        path: The folder of an index that `marsad index` made.

    Raises:
        IndexerError: there is no index, or it is damaged, or of another version.

    Example:
        >>> import marsad
        >>> from whoosh.qparser import QueryParser
        >>> index = marsad.open_whoosh("news")
        >>> with index.searcher() as searcher:
        ...     query = QueryParser("title_stem", index.schema).parse("هدنة")
        ...     print([hit["id"] for hit in searcher.search(query, limit=2)])
        ['d65b6afaef936cc7', '9dc843d6d84cf2fb']
        >>> index.close()
    """
    return open_dir(index_folder(str(path)), parts().analyzer)
