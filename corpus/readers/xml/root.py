"""Root: what kind of markup a text is, by its root element.

    beginning of a text -> [markup_kind] -> "feed", "page", "xml" or ""

The root element comes after the declaration, comments, instructions and the document type.
"""

import re
from typing import Literal, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

MarkupKind = Literal["", "feed", "page", "xml"]
_BEFORE = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?P<type>[^\s>\[]+)[^>\[]*(?:\[.*?\]\s*)?>)",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?(?P<name>[\w.-]+)(?P<rest>[^>]*)")
_FEEDS = frozenset({"rss", "feed", "rdf"})
_WORDPRESS = "wordpress.org/export"
_XHTML = "http://www.w3.org/1999/xhtml"
# A root of these is HTML, whatever the suffix of the file.
_SURE = frozenset({"html", "head", "body", "div", "p", "table", "span"})
_HTML = _SURE | frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "base",
        "blockquote",
        "br",
        "button",
        "canvas",
        "caption",
        "center",
        "cite",
        "code",
        "data",
        "dd",
        "del",
        "details",
        "dl",
        "dt",
        "em",
        "embed",
        "fieldset",
        "figure",
        "font",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "label",
        "li",
        "link",
        "main",
        "map",
        "mark",
        "menu",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "picture",
        "pre",
        "q",
        "s",
        "script",
        "section",
        "select",
        "small",
        "source",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "tbody",
        "td",
        "template",
        "textarea",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "tt",
        "u",
        "ul",
        "video",
    ]
)
# A root of these is XML without any other sign.
_KNOWN = frozenset(
    {"tei", "tei.2", "teicorpus", "teicorpus.2", "newsml", "newsitem", "newsmessage", "nitf"}
    | {"mediawiki", "opml", "urlset", "doc"}
)
_PAGE = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|article|meta|title|div|p)[\s>]", re.IGNORECASE
)


class Root(NamedTuple):
    """The root element of a text: its name without prefix, the rest of its tag, its type."""

    name: str
    rest: str
    doctype: str


def root_of(text: str) -> Root | None:
    """Return the root element of a markup text, None if the text shows none.

    Example:
        >>> root_of("<?xml version='1.0'?><!-- a <p> --><tei:TEI n='1'>").name
        'TEI'
    """
    at, doctype = 0, ""
    while match := _BEFORE.match(text, at):
        at, doctype = match.end(), match["type"] or doctype
    found = _ROOT.match(text, at)
    return Root(found["name"], found["rest"], doctype.lower()) if found else None


def markup_kind(text: str, named: str) -> MarkupKind:
    """Return what kind of markup a text is; empty if it is none.

    Args:
        text: The beginning of the text, without leading white space.
        named: The name of the format that has the suffix of the file, "" if none has.
    """
    if not text.startswith("<"):
        return ""
    declared = text.startswith("<?xml")
    root = root_of(text)
    if root is None:
        if named == "html" or (not declared and _PAGE.search(text)):
            return "page"
        return "xml" if declared else ""
    name = root.name.lower()
    if name in _FEEDS:
        return "xml" if _WORDPRESS in text else "feed"
    has_namespace = "xmlns" in root.rest
    bare = not declared and not has_namespace and named != "xml"
    if root.doctype == "html" or name in _SURE or _XHTML in root.rest or named == "html":
        return "page"
    if bare and name in _HTML:
        return "page"
    if not bare or name in _KNOWN or named == "feed" or _is_well_formed(text):
        return "xml"
    return "page" if _PAGE.search(text) else ""


def _is_well_formed(text: str) -> bool:
    """Tell whether a text is the beginning of XML with an element in the root element."""
    started: list[str] = []
    parser = ParserCreate()
    parser.StartElementHandler = lambda name, _: started.append(name)
    try:
        parser.Parse(text, False)
    except (ExpatError, ValueError):
        return False
    return len(started) > 1
