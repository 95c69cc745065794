"""ODT: documents of LibreOffice and of the programs that write the OpenDocument format.

The content is parsed without a tree. Deleted revisions, comments and tables of contents are left
out; text boxes and notes stay.
"""

from collections.abc import Iterator
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.draft import Draft, read_draft
from marsad.corpus.readers.office.flow import BlockKind, Flow
from marsad.corpus.readers.office.package import Package, open_package
from marsad.corpus.readers.office.properties import read_properties
from marsad.corpus.source import Read, Source

CONTENT = "content.xml"
_LEFT_OUT = frozenset(
    [
        "tracked-changes",
        "annotation",
        "note-citation",
        "ruby-text",
        "table-of-content",
        "alphabetical-index-source",
        "forms",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "title",
        "desc",
        "script",
        "hidden-text",
        "covered-table-cell",
    ]
)
_MANIFEST = "meta-inf/manifest.xml"
_MOST_SPACES = 1000


def read_odt(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article of a document, or the articles if a press database wrote it."""
    try:
        with open_package(stream, source.counter) as package:
            check_readable(package)
            body = _Body(source.limit)
            package.parse(CONTENT, body)
            title = read_properties(package, "meta.xml").title
            draft = Draft(body.flow.blocks, body.flow.notes, title)
            yield from read_draft(draft, source, package.digest())
    except RecordError as error:
        yield source.refusal(0, f"OpenDocument text: {error}")


def check_readable(package: Package) -> None:
    """Check that a document is not encrypted.

    Raises:
        RecordError: it is.
    """
    if _MANIFEST in package:
        found = _Manifest()
        package.parse(_MANIFEST, found)
        if found.is_encrypted:
            raise RecordError("found an encrypted document, expected one without a password")


class _Manifest:
    """Tells whether the content of a document is encrypted."""

    def __init__(self) -> None:
        self.is_encrypted = False
        self._path = ""

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if local == "file-entry":
            names = [value for key, value in attrib.items() if key.endswith("full-path")]
            self._path = names[0] if names else ""
        elif local == "encryption-data" and self._path in {CONTENT, "encrypted-package"}:
            self.is_encrypted = True

    def end(self, tag: str) -> None:
        pass

    def data(self, data: str) -> None:
        pass


def local_attributes(attrib: dict[str, str]) -> dict[str, str]:
    """Return attributes by their names without namespace."""
    return {key.rpartition("}")[2]: value for key, value in attrib.items()}


class _Body:
    """Turns the elements of a content into the blocks of a flow."""

    def __init__(self, limit: int) -> None:
        self.flow = Flow(limit)
        self._skipped = 0
        self._style = ""
        # Styles of paragraphs before which a page begins, and those that are titles.
        self._breaking: set[str] = set()
        self._titles = {"Title"}
        self._kinds: list[BlockKind] = []

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if self._skipped or local in _LEFT_OUT:
            self._skipped += 1
            return
        given = local_attributes(attrib)
        match local:
            case "style":
                self._style = given.get("name", "")
                if given.get("parent-style-name") in self._titles:
                    self._titles.add(self._style)
                if given.get("master-page-name"):
                    self._breaking.add(self._style)
            case "paragraph-properties" if given.get("break-before") == "page":
                self._breaking.add(self._style)
            case "p" | "h":
                style = given.get("style-name", "")
                if style in self._breaking and (self.flow.blocks or self.flow.is_open):
                    self.flow.page()
                self.flow.begin()
                is_title = local == "p" and style in self._titles
                self._kinds.append(
                    "heading" if local == "h" else "title" if is_title else "paragraph"
                )
            case "table-row":
                self.flow.begin_row()
            case "table-cell":
                self.flow.begin_cell()
            case "text-box" | "note-body":
                self.flow.begin_aside()
            case _:
                self._sign(local, given)

    def _sign(self, local: str, given: dict[str, str]) -> None:
        """Take an element that stands for characters, or for the begin of a page."""
        match local:
            case "s":
                count = given.get("c", "1")
                self.flow.text(" " * min(int(count) if count.isdigit() else 1, _MOST_SPACES))
            case "tab":
                self.flow.text("\t")
            case "line-break":
                self.flow.text("\n")
            case "soft-page-break":
                self.flow.page()
            case _:
                pass

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        match tag.rpartition("}")[2]:
            case "p" | "h" if self._kinds:
                self.flow.end(self._kinds.pop())
            case "table-row":
                self.flow.end_row()
            case "table-cell":
                self.flow.end_cell()
            case "text-box":
                self.flow.end_box()
            case "note-body":
                self.flow.end_note()
            case _:
                pass

    def data(self, data: str) -> None:
        if not self._skipped:
            self.flow.text(data, collapse=True)
