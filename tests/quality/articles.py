"""Articles made up for one test."""

from corpus.article import Article
from indexer.engine import Document
from indexer.registry import Parts


def document(known: Parts, article_id: str, text: str, title: str = "") -> Document:
    """Return the document of an article."""
    return known.documents.make(Article(id=article_id, title=title, text=text))
