"""Page date: the date of publication that a page states.

It is in the metadata, in a line of its own, or in the address of the page; it is never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.corpus.article import Article, Evidence
from marsad.corpus.dates.dateline import is_labelled, parse_dateline
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.published import as_printed, published_in_url, read_published
from marsad.corpus.readers.layout import Frame

_DATES = (
    *("article:published_time", "datepublished", "og:published_time", "date", "dc.date"),
    *("dc.date.issued", "dcterms.created", "pubdate", "publishdate", "publish-date"),
    *("article.published", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime"),
)
_LONGEST_DATELINE = 120
_YEAR = re.compile("[0-9٠-٩۰-۹]{4}")
_FRAMES = frozenset({"header", "nav", "footer", "aside"})
_ARTICLES = frozenset({"article", "main"})
_BLOCKS = frozenset({"div", "td", "li"})
_DATED = frozenset({"time", "span", "p", "div", "li", "small", "td", "font", "b", "i"})
_INLINE = frozenset({"a", "b", "br", "em", "font", "i", "mark", "q", "small", "span", "strong"}) | {
    *("abbr", "bdi", "bdo", "cite", "ins", "sub", "sup", "time", "u", "wbr"),
}
_PARAGRAPHS = frozenset({"p", "blockquote"})
_SILENT = _FRAMES | {"head", "noscript", "option", "script", "style", "textarea"}
_CANDIDATES = 400
_MOST_PARTS = 3


def choose_date(frame: Frame, meta: dict[str, str], visible: tuple[str, str], url: str) -> Evidence:
    """Choose the date of a page, set it in *frame*, and return the kind of place it was in."""
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


def drop_lone_foot(lines: list[str], body: list[str], frame: Frame) -> None:
    """Drop a date that is alone below the text: it may be the day the page was generated."""
    if frame.printed and not is_labelled(frame.printed) and lines[-1] == frame.printed:
        alone = len(lines) > 1 and bool(body) and lines[-2] == body[-1]
        if alone and frame.printed not in lines[:-1]:
            frame.value, frame.printed = None, ""


def printed_date(tree: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return the ISO value of the date that a page prints for its article, and its printed form.

    Only an element that holds a date and nothing else counts. Elements in the article win over
    others. Ignored are elements in the header, footer or navigation of the site, and a date
    without a label below the last paragraph. ("", "") if no date or several dates are left.
    """
    near: dict[str, str] = {}
    other: dict[str, str] = {}
    below: dict[str, str] = {}
    has_text = False
    looked = 0
    for tag in _in_order(tree):
        if tag is None:
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


def _in_order(tree: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield elements that may hold a date, and None after each text that is too long for a date.

    The texts of inline elements between two block elements count as one text. Text in the header,
    footer or navigation does not count, nor do links outside a paragraph.
    """
    from lxml.etree import iterwalk  # noqa: PLC0415  (takes a second; only pages need it)

    run = silent = links = paragraphs = 0
    for event, tag in iterwalk(tree, events=("start", "end", "comment")):
        name = tag.tag if event != "comment" else ""
        step = {"start": 1, "end": -1, "comment": 0}[event]
        silent += step * (name in _SILENT)
        links += step * (name == "a")
        paragraphs += step * (name in _PARAGRAPHS)
        if name and name not in _INLINE:
            run = 0
        if event == "start" and name in _DATED:
            yield tag
        if not silent and (not links or paragraphs):
            text = tag.text if event == "start" else tag.tail
            run += len(text.strip()) if text else 0
            if run > _LONGEST_DATELINE:
                run = 0
                yield None


def _printed(tag: Any) -> str:  # noqa: ANN401
    """Return the text of an element; empty if it is too long or too complex for a date."""
    inner = len(tag)
    if inner > _MOST_PARTS or (inner and tag.tag in _BLOCKS):
        return ""
    raw = tag.text_content() if inner else tag.text
    return raw if raw and len(raw) <= _LONGEST_DATELINE else ""


def _beside_title(tag: Any) -> bool:  # noqa: ANN401
    parent = tag.getparent()
    return parent is not None and parent.find("h1") is not None


def with_date(article: Article, frame: Frame) -> Article:
    """Return *article* with the date of *frame*, or undated if it has none."""
    bounds = period(frame.value) if frame.value else None
    if bounds is None:
        return replace(article, published=None, evidence="", printed_date="")
    return replace(
        article,
        published=bounds[0],
        precision=precision_of(frame.value),
        printed_date=as_printed(frame.printed),
    )
