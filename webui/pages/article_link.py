"""Article link: an article as one line of a list: title, source and date."""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.webui.i18n.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """A link to an article from another page; `note` is its source and date, if known."""

    title: str
    href: str
    note: tuple[str, ...]
    lang: str


def article_link(article: Article, href: str, t: Catalogue) -> ArticleLink:
    """Return the link to *article*; *href* is its URL."""
    return ArticleLink(
        article.title or article.id, href, source_and_date(article, t), article.language
    )


def source_and_date(article: Article, t: Catalogue) -> tuple[str, ...]:
    """Return the source and the date of publication of an article, as far as they are known."""
    iso = article.published_iso()
    return tuple(part for part in (article.source, t.date(iso) if iso else "") if part)
