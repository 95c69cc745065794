"""Hypertext: the blocks of a page of a book, or of a page of an export.

Every word of the page comes out: this is for files that hold nothing but their text. Pages of web
sites, with menus around the article, are read by `marsad.corpus.readers.markup`.
"""

from typing import Any

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.flow import Flow

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "blockquote",
        "pre",
        "dt",
        "dd",
        "figcaption",
        "caption",
        "address",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "center",
        "ul",
        "ol",
        "dl",
        "hr",
        "table",
        "aside",
        "figure",
        "body",
        "form",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "head",
        "nav",
        "noscript",
        "template",
        "svg",
        "iframe",
        "select",
        "object",
        "audio",
        "video",
        "rp",
        "rt",
    ]
)
# Numbers of notes and pages between the words, and links back from a note.
_MARKERS = ("noteref", "backlink", "pagebreak", "footnote-ref", "footnote-back")
_TYPE = "{http://www.idpf.org/2007/ops}type"


def parse_html(text: str) -> Any:  # noqa: ANN401  (lxml's element)
    """Return the tree of a page.

    Raises:
        RecordError: it is no HTML.
    """
    from lxml.etree import LxmlError  # noqa: PLC0415  (takes a second; only pages need it)
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    text = text.removeprefix("\ufeff").lstrip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    try:
        return document_fromstring(text or " ", HTMLParser(no_network=True, huge_tree=False))
    except (LxmlError, ValueError, AssertionError) as error:
        raise RecordError(f"found no HTML ({error}), expected a page") from error


def flow_of(tree: Any, limit: int) -> Flow:  # noqa: ANN401
    """Return the blocks and notes of a tree of at most *limit* characters.

    Raises:
        RecordError: the page is too long.
    """
    from lxml.etree import iterwalk  # noqa: PLC0415

    walker = _Walker(limit)
    walk = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start" and walker.is_unseen(node):
            walk.skip_subtree()
            walker.skipped.add(node)
        elif event == "start":
            walker.start(node)
        elif event == "end":
            walker.end(node)
        if event != "start" and node is not tree:
            walker.text(node.tail)
    walker.close()
    return walker.flow


class _Walker:
    """Feeds the elements of a page to a flow; a block begins where its first text is."""

    def __init__(self, limit: int) -> None:
        self.flow = Flow(limit)
        self.skipped: set[Any] = set()
        self._heading = 0
        self._pre = 0

    def is_unseen(self, node: Any) -> bool:  # noqa: ANN401
        kind = node.get("epub:type") or node.get(_TYPE) or ""
        kind = f"{kind} {node.get('role') or ''} {node.get('class') or ''}"
        return node.tag in _UNSEEN or any(each in kind for each in _MARKERS)

    def start(self, node: Any) -> None:  # noqa: ANN401
        tag = node.tag
        if tag in _BLOCKS or tag in {"tr", "td", "th"}:
            self.close()
        self._heading += tag in _HEADINGS
        self._pre += tag == "pre"
        name = node.get("id") or (node.get("name") if tag == "a" else None)
        if name:
            self.flow.anchor(name)
        match tag:
            case "tr":
                self.flow.begin_row()
            case "td" | "th":
                self.flow.begin_cell()
            case "aside" if "note" in (node.get("epub:type") or node.get(_TYPE) or ""):
                self.flow.begin_aside()
            case "br":
                self.flow.text("\n")
            case _:
                pass
        self.text(node.text)

    def end(self, node: Any) -> None:  # noqa: ANN401
        if node in self.skipped:
            return
        tag = node.tag
        if tag in _BLOCKS or tag in {"tr", "td", "th"}:
            self.close()
        self._heading -= tag in _HEADINGS
        self._pre -= tag == "pre"
        match tag:
            case "tr":
                self.flow.end_row()
            case "td" | "th":
                self.flow.end_cell()
            case "aside" if "note" in (node.get("epub:type") or node.get(_TYPE) or ""):
                self.flow.end_note()
            case _:
                pass

    def text(self, given: str | None) -> None:
        if not given or (not self.flow.is_open and not given.strip()):
            return
        if not self.flow.is_open:
            self.flow.begin()
        self.flow.text(given, collapse=not self._pre)

    def close(self) -> None:
        """End the open block."""
        if self.flow.is_open:
            self.flow.end("heading" if self._heading else "paragraph")
