"""DOCX: documents of Word and of the programs that write its format.

The main part is parsed without a tree. Text of deleted revisions, field codes, comments, headers
and hidden text are left out; inserted text, hyperlinks, text boxes, footnotes and endnotes stay.
"""

import re
from collections.abc import Iterator
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.draft import Draft, read_draft
from marsad.corpus.readers.office.flow import BlockKind, Flow
from marsad.corpus.readers.office.package import Package, open_package
from marsad.corpus.readers.office.properties import read_properties
from marsad.corpus.source import Read, Source

_MAIN = "word/document.xml"
_WORD = ("wordprocessingml/2006/main", "ooxml/wordprocessingml/main")
_MATH = ("officeDocument/2006/math", "ooxml/officeDocument/math")
# The text in these is not a part of the document as it is read.
_LEFT_OUT = frozenset(
    [
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "sectPr",
        "sdtPr",
        "rt",
        "Fallback",
        "pPrChange",
        "rPrChange",
    ]
)
_OFF = frozenset({"0", "false", "off", "none"})
_CONTENTS = re.compile(r"toc\s?\d|(?:toc|contents)\s?heading", re.IGNORECASE)
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "\u2011"}


def read_docx(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article of a document, or the articles if a press database wrote it."""
    try:
        with open_package(stream, source.counter) as package:
            yield from read_draft(_draft(package, source.limit), source, package.digest())
    except RecordError as error:
        yield source.refusal(0, f"Word document: {error}")


def _draft(package: Package, limit: int) -> Draft:
    main = next(iter(package.related("", "officeDocument")), "")
    if main not in package:
        main = _MAIN
    styles = _Styles()
    for name in package.related(main, "styles") or ["word/styles.xml"]:
        if name in package:
            package.parse(name, styles)
    body = _Body(styles.kinds(), limit)
    package.parse(main, body)
    for kind in ("footnotes", "endnotes"):
        for name in package.related(main, kind):
            if name in package:
                notes = _Body({}, limit)
                package.parse(name, notes)
                body.flow.notes += notes.flow.blocks
    title = read_properties(package, "docProps/core.xml").title
    return Draft(body.flow.blocks, body.flow.notes, title)


class _Styles:
    """Collects which styles of paragraphs are headings, titles, or lines of contents."""

    def __init__(self) -> None:
        self._style = ""
        self._names: dict[str, str] = {}
        self._bases: dict[str, str] = {}
        self._levels: set[str] = set()

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        value = _value(attrib)
        match local:
            case "style":
                self._style = _value(attrib, "styleId")
            case "name":
                self._names.setdefault(self._style, value)
            case "basedOn":
                self._bases[self._style] = value
            case "outlineLvl" if value.isdigit() and int(value) <= 8:  # noqa: PLR2004
                self._levels.add(self._style)

    def end(self, tag: str) -> None:
        pass

    def data(self, data: str) -> None:
        pass

    def kinds(self) -> dict[str, str]:
        """Return style to its kind: heading, title, or contents."""
        found = {}
        for style in self._names:
            at, seen = style, 0
            while at and seen < 20:  # noqa: PLR2004  (styles that are based on each other)
                if kind := self._kind(at):
                    found[style] = kind
                    break
                at, seen = self._bases.get(at, ""), seen + 1
        return found

    def _kind(self, style: str) -> str:
        name = self._names.get(style, "").lower()
        if name == "title":
            return "title"
        if _CONTENTS.fullmatch(name):
            return "contents"
        return "heading" if style in self._levels or name.startswith("heading ") else ""


def _value(attrib: dict[str, str], name: str = "val") -> str:
    """Return the value of an attribute in any namespace."""
    return next((each for key, each in attrib.items() if key.rpartition("}")[2] == name), "")


class _Body:
    """Turns the elements of a main part, or of one with notes, into the blocks of a flow."""

    def __init__(self, kinds: dict[str, str], limit: int) -> None:
        self.flow = Flow(limit)
        self._kinds = kinds
        self._path: list[str] = []
        self._skipped = 0
        self._in_text = False
        self._hidden = False
        self._styles: list[str] = []
        # The mark of the last paragraph was deleted: the next one goes on with it.
        self._is_joined = False
        self._joins: list[bool] = []

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        space, _, local = tag.rpartition("}")
        self._path.append(local)
        if self._skipped or (local in _LEFT_OUT and not self._is_mark()):
            self._skipped += 1
            return
        if not space.endswith(_WORD):
            self._in_text = local == "t" and space.endswith(_MATH)
            return
        match local:
            case "p":
                if not self._is_joined:
                    self.flow.begin()
                    self._styles.append("")
                    self._joins.append(False)
                self._is_joined = False
            case "r":
                self._hidden = False
            case "t":
                self._in_text = True
            case "tbl":
                self._end_open()
            case "tr":
                self.flow.begin_row()
            case "tc":
                self.flow.begin_cell()
            case "txbxContent":
                self.flow.begin_aside()
            case "footnote" | "endnote" if "eparator" in _value(attrib, "type").lower():
                self._skipped += 1
            case _:
                self._property(local, attrib)

    def _property(self, local: str, attrib: dict[str, str]) -> None:
        """Take a property, or an element of a run that stands for a character."""
        value = _value(attrib)
        parent = self._path[-2] if len(self._path) > 1 else ""
        match local:
            case "pStyle" if self._styles:
                self._styles[-1] = self._kinds.get(value, "")
            case "outlineLvl" if self._styles and parent == "pPr" and value != "9":
                self._styles[-1] = self._styles[-1] or "heading"
            case "pageBreakBefore" if value not in _OFF:
                self.flow.page()
            case "vanish" if value not in _OFF and "pPr" not in self._path[-3:]:
                self._hidden = True
            case "del" if self._joins:
                self._joins[-1] = True
            case "lastRenderedPageBreak":
                self.flow.page("rendered")
            case "br":
                if _value(attrib, "type") == "page":
                    self.flow.page()
                elif not self._hidden:
                    self.flow.text("\n")
            case "tab" if parent != "r":
                pass
            case _ if local in _SIGNS and not self._hidden:
                self.flow.text(_SIGNS[local])

    def _is_mark(self) -> bool:
        """Tell whether this is the property that the mark of a paragraph is deleted."""
        return self._path[-3:-1] == ["pPr", "rPr"]

    def end(self, tag: str) -> None:
        space, _, local = tag.rpartition("}")
        self._path.pop()
        if self._skipped:
            self._skipped -= 1
            return
        self._in_text = False
        if not space.endswith(_WORD):
            return
        match local:
            case "p" if self._joins:
                if self._joins[-1]:
                    self._joins[-1] = False
                    self._is_joined = True
                else:
                    self._end_paragraph()
            case "tr":
                self.flow.end_row()
            case "tc":
                self._end_open()
                self.flow.end_cell()
            case "txbxContent":
                self.flow.end_box()
            case "body" | "footnote" | "endnote":
                self._end_open()
            case _:
                pass

    def _end_open(self) -> None:
        if self._is_joined:
            self._end_paragraph()
            self._is_joined = False

    def _end_paragraph(self) -> None:
        self._joins.pop()
        style = self._styles.pop()
        if style == "contents":
            self.flow.drop()
            return
        kind: BlockKind = "paragraph"
        if style == "title":
            kind = "title"
        elif style == "heading":
            kind = "heading"
        self.flow.end(kind)

    def data(self, data: str) -> None:
        if self._in_text and not self._skipped and not self._hidden:
            self.flow.text(data)
