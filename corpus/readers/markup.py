"""HTML: the article of a saved or crawled page.

trafilatura finds the body. Title, date, credits and subheads are read here, because it does
not know Arabic date and credit lines. The date is one that the page states in its metadata, in
a date line, or in its address; it is never guessed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.corpus.article import Article
from marsad.corpus.encoding import UTF8, Decoded, clean, decoded_text, named_encoding
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.layout import frame_article, read_frame, text_lines
from marsad.corpus.readers.page_date import (
    choose_date,
    drop_lone_foot,
    printed_date,
    with_date,
)
from marsad.corpus.readers.press.pages import export_page_articles
from marsad.corpus.readers.xml.root import markup_kind
from marsad.corpus.source import Read, Source

_TITLES = ("og:title", "twitter:title", "dc.title", "headline", "title")
_SITES = ("og:site_name", "application-name", "dc.publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "byl", "parsely-author")
_CHARSET = re.compile(rb"<meta\b[^>]*charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—]{2,60}$")
_ARTICLE_TYPES = ("newsarticle", "article", "reportagenewsarticle", "blogposting", "webpage")
# A tag with very many attributes: the parser compares each with all others.
_TAG = re.compile(r"""<([A-Za-z][\w:-]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+'|["'])*+(?:>|(?=<)|$)""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_MOST_ATTRIBUTES = 1_000
_LONGEST_TAG = 4_000
_CANDIDATES = 400
_LEAST_TEXT = 200


def is_page(text: str, named: str) -> bool:
    """Tell whether a text is HTML: by its root element, or by its suffix."""
    return markup_kind(text, named) == "page"


def read_page(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the article of a page, or the articles if a press database wrote it.

    Raises:
        RecordError: the page cannot be read, or holds no text.
    """
    export = export_page_articles(decode_page(raw), source)
    if export is None:
        yield source.article(parse_page(raw), 0, raw)
    else:
        yield from export


def parse_page(raw: bytes, url: str = "") -> Article:
    """Return the article of a page.

    Raises:
        RecordError: the page cannot be read, or holds no text.
    """
    from lxml.etree import LxmlError  # noqa: PLC0415  (takes a second; only pages need it)
    from lxml.html import document_fromstring  # noqa: PLC0415

    decoded = decoded_page(raw)
    try:
        tree = document_fromstring(_without_crowded_tags(_without_declaration(decoded.text)))
    except (LxmlError, ValueError, AssertionError) as error:
        raise RecordError(f"found no HTML ({error}), expected a page") from error
    meta = _metadata(tree)
    address = url or meta.get("canonical", "") or meta.get("og:url", "")
    title = _title(tree, meta)
    visible = printed_date(tree)
    lines, headings = _body(tree)
    found, body, frame = read_frame(lines, title)
    drop_lone_foot(lines, body, frame)
    frame.publisher = frame.publisher or _first(meta, _SITES)
    frame.author = frame.author or _first(meta, _AUTHORS)
    frame.url = address or frame.url
    evidence = choose_date(frame, meta, visible, address)
    if not body:
        raise RecordError("found a page without text, expected an article")
    article = frame_article(found, body, frame, headings=headings, evidence=evidence)
    return replace(with_date(article, frame), remarks=(*article.remarks, *decoded.remarks))


def decode_page(raw: bytes) -> str:
    """Return the text of a page: UTF-8, the encoding it names, or the one its bytes show."""
    return decoded_page(raw).text


def decoded_page(raw: bytes) -> Decoded:
    """Return the text of a page as `decode_page` does, with its encoding and what to remark."""
    match = _CHARSET.search(raw[:4096])
    name = match[1].decode("ascii", "replace").lower() if match else ""
    try:
        # UTF-8 comes first: many pages name a Latin encoding and are UTF-8.
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = named_encoding(raw, name) if name not in {"", "utf-8", "utf8"} else None
    else:
        named = UTF8
    try:
        return decoded_text(raw, named)
    except RecordError:
        # Parts of a page come from many systems: a bad byte in an advertisement must not cost
        # the article.
        return Decoded(clean(raw.decode("utf-8", "replace")), UTF8)


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text) or " "


def _without_crowded_tags(text: str) -> str:
    """Return a page in which no tag has too many attributes."""
    return _TAG.sub(_bare_if_crowded, text) if len(text) > _LONGEST_TAG else text


def _bare_if_crowded(found: "re.Match[str]") -> str:
    if len(found[0]) < _LONGEST_TAG:
        return found[0]
    names = _QUOTED.sub("", found[0])
    attributes = max(len(names.split()), names.count("="), names.count("/"))
    return f"<{found[1]}>" if attributes > _MOST_ATTRIBUTES else found[0]


def _metadata(tree: Any) -> dict[str, str]:  # noqa: ANN401  (lxml's element)
    meta: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = tag.get("content")
        if name and content and content.strip():
            meta.setdefault(name.strip().lower(), " ".join(content.split()))
    for tag in tree.iter("link"):
        if tag.get("rel") == "canonical" and tag.get("href"):
            meta["canonical"] = tag.get("href").strip()
    for tag in tree.xpath("//script[@type='application/ld+json']"):
        _read_linked_data(tag.text_content(), meta)
    for tag in tree.iter("time"):
        if tag.get("datetime"):
            meta.setdefault("time", tag.get("datetime").strip())
            break
    return meta


def _read_linked_data(text: str, meta: dict[str, str]) -> None:
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    queue = [found]
    at = 0
    while at < min(len(queue), _CANDIDATES):
        item = queue[at]
        at += 1
        if isinstance(item, list):
            queue += item
        elif isinstance(item, dict):
            queue += [value for value in (item.get("@graph"),) if value]
            kind = str(item.get("@type", "")).lower()
            if not any(name in kind for name in _ARTICLE_TYPES):
                continue
            for key in ("headline", "datePublished"):
                if isinstance(item.get(key), str):
                    meta.setdefault(key.lower(), " ".join(item[key].split()))


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _title(tree: Any, meta: dict[str, str]) -> str:  # noqa: ANN401
    heads = [" ".join(tag.text_content().split()) for tag in tree.iter("h1")]
    named = _first(meta, _TITLES)
    if heads and (not named or named.startswith(heads[0][:20]) or len(heads) == 1):
        return heads[0] or named
    tag = tree.find(".//title")
    given = " ".join(tag.text_content().split()) if tag is not None else ""
    return named or _SITE_NAME.sub("", given)


def _body(tree: Any) -> tuple[list[str], set[str]]:  # noqa: ANN401
    """Return the lines of the body that trafilatura finds, and the subheads among them."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    try:
        found = bare_extraction(tree, with_metadata=False, include_comments=False, fast=True)
        if not _is_most(found, tree):
            # Its own rules found little. Without `fast` it also tries other algorithms.
            found = bare_extraction(tree, with_metadata=False, include_comments=False)
    except Exception:  # noqa: BLE001  (its parsers raise many; the paragraphs are used then)
        found = None
    if found is None or isinstance(found, dict) or found.body is None:
        return text_lines("\n".join(_paragraphs(tree))), set()
    lines: list[str] = []
    headings: set[str] = set()
    for element in found.body.iter("head", "p", "item", "quote", "cell", "ab", "code"):
        if element.getparent() is not None and element.getparent().tag in {"item", "quote", "p"}:
            continue
        text = " ".join(" ".join(element.itertext()).split()) if element.tag != "p" else ""
        some = [text] if text else text_lines("\n".join(_broken(element)))
        lines += [line for line in some if line and (not lines or line != lines[-1])]
        if element.tag == "head" and text:
            headings.add(text)
    return lines, headings


def _is_most(found: Any, tree: Any) -> bool:  # noqa: ANN401
    """Tell whether an extraction has more than half of the text in paragraphs of a page."""
    text = getattr(found, "text", None) or ""
    paragraphs = sum(len(tag.text_content()) for tag in tree.iter("p"))
    return len(text) >= _LEAST_TEXT and len(text) > paragraphs / 2


def _broken(element: Any) -> list[str]:  # noqa: ANN401
    """Return the lines of a paragraph, split at its line breaks."""
    parts = [""]
    for node in element.iter():
        if node.tag == "lb":
            parts.append("")
        elif node.text:
            parts[-1] += node.text
        if node is not element and node.tail:
            parts[-1] += node.tail
    return [" ".join(part.split()) for part in parts]


def _paragraphs(tree: Any) -> list[str]:  # noqa: ANN401
    """Return the paragraphs of a page in which trafilatura finds no article."""
    return [" ".join(tag.text_content().split()) for tag in tree.iter("p", "h2", "h3")]
