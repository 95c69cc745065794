"""Flow: the paragraphs, tables and notes of a document, in order, as its parser meets them.

begin, text, page, end  -> [Flow] -> Block, one paragraph, heading or row of a table each
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from marsad.corpus.errors import RecordError

BlockKind = Literal["paragraph", "heading", "title", "row"]
BreakKind = Literal["hard", "rendered"]

_SPACES = re.compile(r"[ \t\r\n]+")
# What a block costs besides its characters, so that millions of empty ones are bounded too.
_BLOCK_COST = 64
# A table with longer cells is there for the layout of the page: its cells are no columns.
_LONGEST_CELL = 300


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, or a row of a table with tabs between its cells.

    `breaks` are the page breaks in it: the code point before which a page begins, and the kind.
    `anchors` are the names that a table of contents may point to.
    """

    text: str
    kind: BlockKind = "paragraph"
    breaks: list[tuple[int, BreakKind]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A paragraph that is not ended; `boxes` are text boxes in it, that come after it."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    breaks: list[tuple[int, BreakKind]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)


class Flow:
    """Collects the blocks of a document of at most *limit* characters.

    Attributes:
        blocks: The paragraphs, headings and rows of the main text.
        notes: The paragraphs of footnotes and endnotes.
    """

    def __init__(self, limit: int) -> None:
        self.notes: list[Block] = []
        self._limit = limit
        self._size = 0
        self._out: list[list[Block]] = [[]]
        self._rows: list[list[list[Block]]] = []
        self._open: list[_Open] = []
        self._breaks: list[BreakKind] = []
        self._anchors: list[str] = []

    @property
    def blocks(self) -> list[Block]:
        """The blocks of the main text so far."""
        return self._out[0]

    @property
    def is_open(self) -> bool:
        """Whether a paragraph is open."""
        return bool(self._open)

    def begin(self) -> None:
        """Begin a paragraph."""
        opened = _Open(breaks=[(0, kind) for kind in self._breaks], anchors=self._anchors)
        self._breaks, self._anchors = [], []
        self._open.append(opened)

    def text(self, given: str, *, collapse: bool = False) -> None:
        """Add text to the open paragraph; *collapse* makes one space of white space.

        Raises:
            RecordError: the document is too long.
        """
        if not self._open or not given:
            return
        here = self._open[-1]
        if collapse:
            given = _SPACES.sub(" ", given)
            if given[0] == " " and (not here.parts or here.parts[-1][-1] in " \n\t"):
                given = given[1:]
                if not given:
                    return
        here.parts.append(given)
        here.size += len(given)
        self._count(len(given))

    def page(self, kind: BreakKind = "hard") -> None:
        """Note that a page begins here."""
        if self._open:
            self._open[-1].breaks.append((self._open[-1].size, kind))
        else:
            self._breaks.append(kind)
        self._count(8)

    def anchor(self, name: str) -> None:
        """Note a name that a table of contents may point to."""
        (self._open[-1].anchors if self._open else self._anchors).append(name)
        self._count(len(name) + 8)

    def end(self, kind: BlockKind = "paragraph") -> None:
        """End the open paragraph."""
        if not self._open:
            return
        done = self._open.pop()
        text = "".join(done.parts)
        self._count(_BLOCK_COST)
        if text.strip():
            self._out[-1].append(Block(text, kind, done.breaks, done.anchors))
        else:
            # What was noted in an empty paragraph belongs to the next one.
            self._breaks += [each for _, each in done.breaks]
            self._anchors += done.anchors
        self._out[-1].extend(done.boxes)

    def drop(self) -> None:
        """End the open paragraph without its text."""
        if self._open:
            done = self._open.pop()
            self._breaks += [each for _, each in done.breaks]
            self._out[-1].extend(done.boxes)

    def begin_row(self) -> None:
        """Begin a row of a table."""
        self._rows.append([])

    def begin_cell(self) -> None:
        """Begin a cell of the row."""
        self._out.append([])

    def end_cell(self) -> None:
        """End the cell."""
        if len(self._out) > 1:
            cell = self._out.pop()
            if self._rows:
                self._rows[-1].append(cell)
            else:
                self._out[-1].extend(cell)

    def end_row(self) -> None:
        """End the row: its cells become one block, or several if the table is a layout."""
        if self._rows:
            self._out[-1].extend(row_blocks(self._rows.pop()))

    def begin_aside(self) -> None:
        """Begin a text box or a note."""
        self._out.append([])

    def end_box(self) -> None:
        """End a text box: it comes after the paragraph that it is anchored in."""
        if len(self._out) > 1:
            box = self._out.pop()
            (self._open[-1].boxes if self._open else self._out[-1]).extend(box)

    def end_note(self) -> None:
        """End a note."""
        if len(self._out) > 1:
            self.notes.extend(self._out.pop())

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            message = f"found a document of more than {self._limit} characters, expected less"
            raise RecordError(message)


def row_blocks(cells: list[list[Block]]) -> list[Block]:
    """Return the blocks of a row of a table: one of all its cells, or those of each cell.

    A table whose cells hold several paragraphs, or one long one, is the layout of a page.
    """
    full = [cell for cell in cells if cell]
    if len(full) <= 1 or any(
        len(cell) > 1 or len(cell[0].text) > _LONGEST_CELL or cell[0].kind == "row" for cell in full
    ):
        return [block for cell in full for block in cell]
    text = "\t".join(cell[0].text.replace("\n", " ").strip() if cell else "" for cell in cells)
    breaks = [(0, kind) for cell in full for _, kind in cell[0].breaks]
    anchors = [name for cell in full for name in cell[0].anchors]
    return [Block(text.strip("\t"), "row", breaks, anchors)]
