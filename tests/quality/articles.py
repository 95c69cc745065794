"""Articles that are made for one test."""

from marsad.corpus.article import Article
from marsad.indexer.engine.seam import Document
from marsad.indexer.parts import Parts


def document(known: Parts, article_id: str, text: str, title: str = "") -> Document:
    """Return the document of an article."""
    return known.documents.make(Article(id=article_id, title=title, text=text))
