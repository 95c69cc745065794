"""Text: the paragraphs of an XML or HTML element, and of a string of HTML."""

import re
from html import unescape
from typing import Any

from marsad.corpus.encoding import clean

# Elements that stand on lines of their own: of HTML, NITF, TEI and trafilatura.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
        "hl1",
        "hl2",
        "block",
        "bq",
        "datasource",
        "tagline",
        "head",
        "ab",
        "l",
        "lg",
        "lb",
        "quote",
        "item",
        "list",
        "row",
        "cell",
        "entry",
        "sp",
        "para",
        "title",
        "subtitle",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "media",
        "figdesc",
        "media-metadata",
        "teiheader",
        "comments",
        "select",
        "textarea",
    ]
)
_BREAK = "\0"
_BLANK = re.compile(r"\n[ \t\r]*\n\s*")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def local(element: Any) -> str:  # noqa: ANN401  (lxml's element)
    """Return the name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def block_text(element: Any) -> str:  # noqa: ANN401
    """Return the text of an element, its paragraphs two line feeds apart.

    An element without elements of its own keeps the paragraphs that blank lines show.
    """
    parts: list[str] = []
    _collect(element, parts)
    whole = "".join(parts)
    inner = whole.strip(_BREAK)
    pieces = inner.split(_BREAK) if _BREAK in inner else _BLANK.split(clean(inner).strip())
    return "\n\n".join(line for piece in pieces if (line := " ".join(piece.split())))


def _collect(element: Any, parts: list[str]) -> None:  # noqa: ANN401
    name = local(element).lower()
    if name in _SILENT:
        return
    is_block = name in _BLOCKS
    if is_block:
        parts.append(_BREAK)
    if element.text:
        parts.append(element.text)
    for child in element:
        if isinstance(child.tag, str):
            _collect(child, parts)
        elif (child.text or "").startswith("&"):
            # An entity that was not resolved; those of HTML are known.
            parts.append(unescape(child.text))
        if child.tail:
            parts.append(child.tail)
    if is_block:
        parts.append(_BREAK)


def html_text(html: str) -> str:
    r"""Return the text of a string of HTML, its paragraphs two line feeds apart.

    Example:
        >>> html_text("<table><tr><td>a</td><td>b</td></tr></table>")
        'a\n\nb'
    """
    from lxml.etree import LxmlError  # noqa: PLC0415  (takes a second)
    from lxml.html import document_fromstring  # noqa: PLC0415

    try:
        tree = document_fromstring(_DECLARATION.sub("", html) or " ")
    except (LxmlError, ValueError, AssertionError):
        return ""
    for head in tree.xpath("//head"):
        head.getparent().remove(head)
    return block_text(tree)
