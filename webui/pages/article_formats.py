"""Article formats: the downloads of one article, and the links to them on its page."""

import hashlib

from marsad.corpus.article import Article
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.request.links import Link, article_path
from marsad.webui.state.backend import Backend

FORMATS = ("ris", "bib", "csl.json", "txt", "json")


def raw_text(article: Article) -> bytes:
    """Return the bytes of `/article/ID.txt`: the text of the article as UTF-8."""
    # A lone surrogate has no UTF-8 form: it becomes "?".
    return article.text.encode("utf-8", "replace")


def text_digest(article: Article) -> str:
    """Return the SHA-256 of `raw_text` in hexadecimal, by which a reader can verify a copy."""
    return hashlib.sha256(raw_text(article)).hexdigest()


def format_links(backend: Backend, article_id: str, t: Catalogue) -> tuple[Link, ...]:
    """Return a link for each of FORMATS, such as `/article/ID.ris`.

    An id may end like a format: `/article/a.txt` is the page of article `a.txt` if there is one,
    and the text of article `a` if not. Where another article takes the address, the link is
    `/article/ID?format=ris`.
    """
    rivals = {name: _rival_ids(article_id, name) for name in FORMATS}
    # One engine call for all formats.
    taken = backend.engine.existing_ids(frozenset().union(*rivals.values()))
    path = article_path(article_id)
    return tuple(
        Link(
            t(f"cite_{name}"),
            f"{path}?format={name}" if rivals[name] & taken else f"{path}.{name}",
        )
        for name in FORMATS
    )


def _rival_ids(article_id: str, name: str) -> frozenset[str]:
    """Return the ids that `/article/ID.NAME` could be read as, apart from *article_id*.

    With `csl.json` and `json`, one address can be read in two ways: `a.csl.json` is format
    csl.json of `a`, or format json of `a.csl`.
    """
    address = f"{article_id}.{name}"
    others = (address.removesuffix(f".{other}") for other in FORMATS if other != name)
    return frozenset((address, *others))
