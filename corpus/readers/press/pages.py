"""Pages: exports of press databases in HTML."""

import re
from collections.abc import Iterator
from typing import Any

from marsad.corpus.readers.office.flow import Flow
from marsad.corpus.readers.office.hypertext import flow_of, parse_html
from marsad.corpus.readers.press.export import articles_of
from marsad.corpus.readers.press.factiva import of_fields, plain_piece
from marsad.corpus.readers.press.piece import Piece
from marsad.corpus.source import Read, Source

# What exports have and pages of web sites have not.
_MARKS = re.compile(
    r"(?i:class\s*=\s*[\"']?article\s+\w\w\w?Article\b|\bof\s+\d+\s+DOCUMENTS?\b|LOAD-DATE"
    r"|End of Document)|>\s*HD\s*<|\b[A-Z][A-Z0-9]{3,13}(?:19|20)\d{6}[0-9a-z]{5}"
)
_ARTICLE = re.compile(r"[a-z]{2,3}Article")
_CODE = re.compile(r"[A-Z]{2,3}")


def export_page_articles(text: str, source: Source) -> Iterator[Read] | None:
    """Return the articles of a page, None if it is no export."""
    if not _MARKS.search(text):
        return None
    tree = parse_html(text)
    boxes = [box for box in tree.iter("div") if _is_article(box)]
    if boxes:
        many = len(boxes) > 1
        pieces = [_boxed(box, n + 1 if many else 0, source) for n, box in enumerate(boxes)]
        return (piece.read(source) for piece in pieces)
    found = articles_of(_lines(flow_of(tree, source.limit)))
    return None if found is None else (piece.read(source) for piece in found)


def _is_article(box: Any) -> bool:  # noqa: ANN401  (lxml's element)
    names = (box.get("class") or "").split()
    if "article" not in names or not any(_ARTICLE.fullmatch(name) for name in names):
        return False
    return not any(_is_article(inner) for inner in box.iterdescendants("div"))


def _lines(flow: Flow) -> list[str]:
    found = []
    for block in flow.blocks:
        found += [line.strip() for line in block.text.split("\n")]
    return found


def _boxed(box: Any, number: int, source: Source) -> Piece:  # noqa: ANN401
    """Return the article of an element of Factiva: a table of codes, or title and paragraphs."""
    fields: dict[str, list[str]] = {}
    for row in box.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        code = "".join(cells[0].itertext()).strip() if len(cells) > 1 else ""
        if _CODE.fullmatch(code) and code not in fields:
            fields[code] = [line for line in _lines(flow_of(cells[1], source.limit)) if line]
    if "HD" in fields and fields.keys() & {"LP", "TD"}:
        return of_fields(fields, number)
    lines = [line for line in _lines(flow_of(box, source.limit)) if line]
    found = plain_piece(lines, number)
    titles = [
        " ".join("".join(node.itertext()).split())
        for node in box.iter("div", "span", "b", "h1", "h2")
        if node.get("id") == "hd" or "Headline" in (node.get("class") or "")
    ]
    paragraphs = [
        " ".join("".join(node.itertext()).split())
        for node in box.iter("p")
        if "articleParagraph" in (node.get("class") or "")
    ]
    if paragraphs:
        last = f"Document {found.id}"
        found.body = [
            text
            for text in paragraphs
            if text and not (found.id and text.endswith(found.id) and len(text) <= len(last) + 8)
        ]
    found.title = next(filter(None, titles), found.title)
    return found
