"""Wiki: the pages of a MediaWiki dump."""

from typing import Any
from urllib.parse import quote

from marsad.corpus.readers.xml.text import local
from marsad.corpus.readers.xml.wikitext import plain_wikitext

_ARTICLES = "0"


def wiki_page(page: Any, root: Any) -> dict[str, str] | str:  # noqa: ANN401  (lxml's element)
    """Return the fields of a page, or why it is no article.

    The date is the time of the last revision that the dump has.
    """
    title = _child(page, "title")
    if _child(page, "ns") not in {"", _ARTICLES}:
        return f"found the page {title!r:.80} of a namespace without articles"
    if any(local(child) == "redirect" for child in page):
        return f"found the page {title!r:.80}, which only redirects to another"
    revisions = [child for child in page if local(child) == "revision"]
    if not revisions:
        return f"found the page {title!r:.80} without a revision"
    last = max(revisions, key=lambda each: _child(each, "timestamp"))
    model = _child(last, "model")
    if model not in {"", "wikitext"}:
        return f"found the page {title!r:.80} of the kind {model!r:.40}, which is no text"
    text = plain_wikitext(_child(last, "text"))
    if not text:
        return f"found the page {title!r:.80} without text"
    site = next((child for child in root if local(child) == "siteinfo"), None)
    base = _child(site, "base") if site is not None else ""
    return {
        "id": _child(page, "id"),
        "title": title,
        "text": text,
        "date": _child(last, "timestamp"),
        "publisher": _child(site, "sitename") if site is not None else "",
        "url": f"{base.rpartition('/')[0]}/{quote(title.replace(' ', '_'))}" if base else "",
        "language": root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
    }


def drop_old_revisions(element: Any) -> None:  # noqa: ANN401
    """Free the revision before one that was read: a dump of histories has thousands a page."""
    if local(element) == "revision":
        before = element.getprevious()
        if before is not None and local(before) == "revision":
            element.getparent().remove(before)


def _child(element: Any, name: str) -> str:  # noqa: ANN401
    return next((child.text or "" for child in element if local(child) == name), "").strip()
