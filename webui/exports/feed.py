"""Feed: a search as an Atom feed (RFC 4287), with pages (RFC 5005) that reach every hit."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, tostring

from marsad.corpus.article import Article
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import article_path

ENTRIES = 50
_LONGEST_SUMMARY = 400
# Characters that XML 1.0 forbids, even as escapes.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Atom requires a date for each entry; undated articles get the earliest one, and sort last.
_NO_DATE = "1970-01-01T00:00:00Z"


def atom(
    form: SearchForm, articles: Sequence[Article], total: int, root: str, t: Catalogue
) -> bytes:
    """Return one page of the feed as XML.

    Args:
        form: The search; `form.page` is the page of the feed.
        articles: The articles of this page, at most ENTRIES.
        total: The number of all found articles.
        root: The address of the site, such as https://example.org.
        t: The catalogue of the feed.
    """
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": t.lang})
    _text(feed, "title", f"{form.q or t('every_article')} – {t('name')}")
    _text(feed, "id", root + replace(form, page=1).url("/search.atom"))
    dates = [_moment(article) for article in articles]
    _text(feed, "updated", max(dates, default=_NO_DATE))
    generator = SubElement(feed, "generator", {"uri": root})
    generator.text = "Marsad"
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": root + form.url()})
    last = max(1, -(-total // ENTRIES))
    pages = {"self": form.page, "first": 1, "last": last}
    if form.page > 1:
        pages["previous"] = form.page - 1
    if form.page < last:
        pages["next"] = form.page + 1
    for rel, page in pages.items():
        href = root + replace(form, page=page).url("/search.atom")
        SubElement(feed, "link", {"rel": rel, "type": "application/atom+xml", "href": href})
    for article, moment in zip(articles, dates, strict=True):
        _entry(feed, article, moment, root)
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(feed: Element, article: Article, moment: str, root: str) -> None:
    entry = SubElement(feed, "entry", {"xml:lang": article.language} if article.language else {})
    _text(entry, "title", article.title or article.id)
    address = root + article_path(article.id)
    _text(entry, "id", address)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _text(entry, "updated", moment)
    if article.published:
        _text(entry, "published", moment)
    # Atom requires an author for each entry.
    author = SubElement(entry, "author")
    _text(author, "name", article.author or article.source or article.publisher or "–")
    summary = " ".join(article.text[: _LONGEST_SUMMARY * 2].split())
    cut = len(summary) > _LONGEST_SUMMARY
    _text(entry, "summary", summary[:_LONGEST_SUMMARY] + ("…" if cut else ""))


def _moment(article: Article) -> str:
    day: dt.date | None = article.published
    return f"{day.isoformat()}T00:00:00Z" if day else _NO_DATE


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _FORBIDDEN.sub("\ufffd", text)
