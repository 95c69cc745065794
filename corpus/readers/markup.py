"""HTML: the article of a saved or crawled page.

trafilatura finds the body; title, day, credits and subheads are read here, since date
lines and credit lines in Arabic are ours to know. The day is what the page states: in
its metadata, in a date line, or in its address; nothing is guessed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from corpus.article import Article, Evidence
from corpus.dates.dateline import is_labelled, parse_dateline
from corpus.dates.mention import period
from corpus.encoding import clean, decode
from corpus.errors import RecordError
from corpus.published import as_printed, published_in_url, read_published
from corpus.readers.layout import Frame, frame_article, precision_of, read_frame, text_lines
from corpus.source import Read, Source

_TITLES = ("og:title", "twitter:title", "dc.title", "headline", "title")
_DATES = (
    *("article:published_time", "datepublished", "og:published_time", "date", "dc.date"),
    *("dc.date.issued", "dcterms.created", "pubdate", "publishdate", "publish-date"),
    *("article.published", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime"),
)
_SITES = ("og:site_name", "application-name", "dc.publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "byl", "parsely-author")
_CHARSET = re.compile(rb"<meta\b[^>]*charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—]{2,60}$")
_ARTICLE_TYPES = ("newsarticle", "article", "reportagenewsarticle", "blogposting", "webpage")
_LONGEST_DATELINE = 120
_YEAR = re.compile("[0-9٠-٩۰-۹]{4}")
_CANDIDATES = 400
_MOST_PARTS = 3
_LEAST_TEXT = 200
_FRAMES = frozenset({"header", "nav", "footer", "aside"})
_ARTICLES = frozenset({"article", "main"})
_BLOCKS = frozenset({"div", "td", "li"})


def read_page(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article of a page, or why it has none."""
    raw = stream.read(source.limit + 1)
    if len(raw) > source.limit:
        yield source.refusal(0, source.too_long(), raw, "html")
        return
    try:
        article = parse_page(raw)
    except RecordError as error:
        yield source.refusal(0, str(error), raw, "html")
    else:
        yield source.article(article, 0, raw)


def parse_page(raw: bytes, url: str = "") -> Article:
    """Return the article of a page.

    Raises:
        RecordError: the page cannot be read, or holds no text.
    """
    from lxml.etree import LxmlError  # noqa: PLC0415  (a second to load; only pages need it)
    from lxml.html import document_fromstring  # noqa: PLC0415

    text = decode_page(raw)
    try:
        tree = document_fromstring(_without_declaration(text))
    except (LxmlError, ValueError, AssertionError) as error:
        raise RecordError(f"found no HTML ({error}), expected a page") from error
    meta = _metadata(tree)
    address = url or meta.get("canonical", "") or meta.get("og:url", "")
    title = _title(tree, meta)
    visible = _dateline(tree)
    lines, headings = _body(tree)
    found, body, frame = read_frame(lines, title)
    _drop_lone_foot(lines, body, frame)
    frame.publisher = frame.publisher or _first(meta, _SITES)
    frame.author = frame.author or _first(meta, _AUTHORS)
    frame.url = address or frame.url
    evidence = _date(frame, meta, visible, address)
    if not body:
        raise RecordError("found a page without text, expected an article")
    article = frame_article(found, body, frame, headings=headings, evidence=evidence)
    return _with_date(article, frame)


def decode_page(raw: bytes) -> str:
    """Return the text of a page, by the encoding it names, else by its bytes."""
    try:
        # Many pages say they are Latin and are not.
        return clean(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    match = _CHARSET.search(raw[:4096])
    name = match[1].decode("ascii", "replace").lower() if match else ""
    if name not in {"", "utf-8", "utf8"}:
        try:
            return clean(raw.decode(name).removeprefix("\ufeff"))
        except (LookupError, UnicodeError):
            pass
    try:
        return decode(raw)
    except RecordError:
        # A page is made of many hands: one bad byte in an advertisement loses no article.
        return clean(raw.decode("utf-8", "replace"))


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text) or " "


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


def _drop_lone_foot(lines: list[str], body: list[str], frame: Frame) -> None:
    """Forget a date that stands alone below the text: it may be the day the page was made."""
    if frame.printed and not is_labelled(frame.printed) and lines[-1] == frame.printed:
        alone = len(lines) > 1 and bool(body) and lines[-2] == body[-1]
        if alone and frame.printed not in lines[:-1]:
            frame.value, frame.printed = None, ""


def _dateline(tree: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return the value of the date that a page states of its article, and how it prints it.

    Elements that hold a date and nothing else count, those of the article before others;
    where they name several days, or stand in the frame of the site or, without a label,
    below the last paragraph, none does.
    """
    near: dict[str, str] = {}
    other: dict[str, str] = {}
    below: dict[str, str] = {}
    has_text = False
    looked = 0
    for tag in tree.iter("time", "span", "p", "div", "li", "small", "td", "font", "b", "i"):
        if _own_length(tag) > _LONGEST_DATELINE:
            has_text = True
            other = {**below, **other}
            below.clear()
            continue
        raw = _printed(tag)
        if looked >= _CANDIDATES or not raw or not _YEAR.search(raw):
            continue
        looked += 1
        value = parse_dateline(" ".join(raw.split()))
        if value is not None:
            above = [parent.tag for parent in tag.iterancestors()]
            if not _FRAMES.isdisjoint(above):
                continue
            is_near = not _ARTICLES.isdisjoint(above) or _beside_title(tag)
            sure = is_labelled(raw)
            (near if is_near else other if sure else below).setdefault(value, raw)
    found = near or other or ({} if has_text else below)
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def _own_length(tag: Any) -> int:  # noqa: ANN401
    """Return how many characters stand in an element itself, not in those inside it."""
    return len(tag.text or "") + sum(len(inner.tail or "") for inner in tag)


def _printed(tag: Any) -> str:  # noqa: ANN401
    """Return what an element prints, empty where it is none for a date."""
    inner = len(tag)
    if inner > _MOST_PARTS or (inner and tag.tag in _BLOCKS):
        return ""
    raw = tag.text_content() if inner else tag.text
    return raw if raw and len(raw) <= _LONGEST_DATELINE else ""


def _beside_title(tag: Any) -> bool:  # noqa: ANN401
    parent = tag.getparent()
    return parent is not None and parent.find("h1") is not None


def _body(tree: Any) -> tuple[list[str], set[str]]:  # noqa: ANN401
    """Return the lines of the body as trafilatura finds it, and those that are subheads."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    try:
        found = bare_extraction(tree, with_metadata=False, include_comments=False, fast=True)
        if not _is_most(found, tree):
            # Its own rules found little: it compares what other algorithms find.
            found = bare_extraction(tree, with_metadata=False, include_comments=False)
    except Exception:  # noqa: BLE001  (what its parsers meet; the paragraphs are still there)
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
    """Tell whether an extraction has most of a page's paragraphs."""
    text = getattr(found, "text", None) or ""
    paragraphs = sum(len(tag.text_content()) for tag in tree.iter("p"))
    return len(text) >= _LEAST_TEXT and len(text) > paragraphs / 2


def _broken(element: Any) -> list[str]:  # noqa: ANN401
    """Return the lines of a paragraph, parted at its line breaks."""
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
    """Return the paragraphs of a page that trafilatura finds no article in."""
    return [" ".join(tag.text_content().split()) for tag in tree.iter("p", "h2", "h3")]


def _date(frame: Frame, meta: dict[str, str], visible: tuple[str, str], url: str) -> Evidence:
    """Choose the day of a page and return what it is from; the frame keeps it."""
    for name in (*_DATES, "time"):
        value = read_published(meta[name]) if meta.get(name) else None
        if value is not None:
            frame.value, frame.printed = value, meta[name]
            return "metadata"
    if not frame.value and visible[0]:
        frame.value, frame.printed = visible
    if frame.value:
        return "dateline"
    frame.value = published_in_url(url)
    return "url"


def _with_date(article: Article, frame: Frame) -> Article:
    bounds = period(frame.value) if frame.value else None
    if bounds is None:
        return replace(article, published=None, evidence="", printed_date="")
    return replace(
        article,
        published=bounds[0],
        precision=precision_of(frame.value),
        printed_date=as_printed(frame.printed),
    )
