"""Listed: an article as one line of a list: title, source and date."""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.webui.i18n.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class LinkItem:
    """An article that another page leads to."""

    title: str
    href: str
    note: tuple[str, ...]
    lang: str


def listed(article: Article, href: str, t: Catalogue) -> LinkItem:
    """Return the line of *article*."""
    return LinkItem(article.title or article.id, href, note_of(article, t), article.language)


def note_of(article: Article, t: Catalogue) -> tuple[str, ...]:
    """Return where and when an article was published, as far as it is known."""
    iso = article.published_iso()
    return tuple(part for part in (article.source, t.date(iso) if iso else "") if part)
