"""RTF: documents of old and new word processors, and of press databases.

Bytes are in the code page of their font, characters outside of it are numbers. Deleted
revisions, field codes, comments, headers and hidden text are left out; the result of a field,
text boxes and notes stay.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.draft import Draft, read_draft
from marsad.corpus.readers.office.flow import Block, BlockKind, Flow, row_blocks
from marsad.corpus.readers.office.properties import sensible_title
from marsad.corpus.readers.office.rtf_text import (
    CHARSETS,
    DEFAULT,
    KEPT,
    LEFT_OUT,
    SIGNS,
    State,
    codec_of,
    guessed_codec,
    is_level,
)
from marsad.corpus.source import Read, Source

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
_DEEPEST = 2000
_MOST_SKIPPED = 1000


def read_rtf(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the article of a document, or the articles if a press database wrote it.

    Raises:
        RecordError: there is no text in it.
    """
    parser = _Parser(raw, source.limit)
    parser.run()
    draft = Draft(parser.blocks, parser.flow.notes, sensible_title(parser.title))
    yield from read_draft(draft, source, hashlib.sha256(raw).hexdigest())


class _Parser:
    """Turns the tokens of a file into the blocks of a flow."""

    def __init__(self, raw: bytes, limit: int) -> None:
        self.flow = Flow(limit)
        self.title = ""
        self.blocks: list[Block] = []
        self._raw = raw
        self._stack: list[State] = []
        self._state = State()
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._styles: dict[int, BlockKind] = {}
        self._name = ""
        self._codec = guessed_codec(raw)
        # Bytes of the present code page, and half of a surrogate pair, that wait for the rest.
        self._bytes = bytearray()
        self._bytes_codec = ""
        self._high = 0
        # Characters that stand for a number, for readers that do not know numbers.
        self._skipped = 0
        self._starred = False
        self._section_breaks = True
        self._has_section = False
        self._cells: list[list[Block]] = []
        self._cell: list[Block] = []

    def run(self) -> None:
        """Read the whole file.

        Raises:
            RecordError: groups are too deep in each other, or there is too much text.
        """
        at, raw = 0, self._raw
        while at < len(raw):
            match = _TOKEN.match(raw, at)
            if match is None:
                break
            at = match.end()
            if match["text"] is not None:
                self._plain(match["text"])
            elif match["word"] is not None:
                number = match["number"]
                word = match["word"].decode("ascii")
                if word == "bin":
                    at += max(0, int(number or 0))
                else:
                    self._word(word, None if number is None else int(number))
            elif match["byte"] is not None:
                self._plain(bytes.fromhex(match["byte"].decode("ascii")), escaped=True)
            elif match["brace"] is not None:
                self._brace(match["brace"] == b"{")
            elif match["sign"] is not None:
                self._sign(match["sign"])
        self._end_paragraph()
        self._end_row()

    def _brace(self, opens: bool) -> None:
        self._flush()
        self._skipped = 0
        self._starred = False
        if opens:
            if len(self._stack) > _DEEPEST:
                raise RecordError(f"found {_DEEPEST} groups in each other, expected fewer")
            self._stack.append(self._state)
            self._state = replace(self._state)
            return
        done = self._state
        if self._stack:
            self._state = self._stack.pop()
        if done.target == "note" and self._state.target != "note":
            self.flow.end()
            self.flow.end_note()
        elif done.target == "style":
            name = self._name.strip(" ;").lower()
            if name.startswith("heading "):
                self._styles[done.style] = "heading"
            elif name == "title":
                self._styles[done.style] = "title"
            self._name = ""

    def _sign(self, sign: bytes) -> None:
        match sign:
            case b"*":
                self._starred = True
            case b"~":
                self._say("\u00a0")
            case b"_":
                self._say("\u2011")
            case b"\\" | b"{" | b"}":
                self._plain(sign)
            case b"\n" | b"\r":
                self._word("par", None)
            case _:
                pass

    def _plain(self, given: bytes, *, escaped: bool = False) -> None:
        if self._skipped:
            cut = 1 if escaped else min(self._skipped, len(given))
            self._skipped -= cut
            given = given[cut:]
        if not given or self._state.skip:
            return
        codec = self._state.codec or self._codec
        if codec != self._bytes_codec:
            self._flush()
            self._bytes_codec = codec
        self._bytes += given

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._bytes_codec or DEFAULT, "replace")
            self._bytes.clear()
            self._put(text)

    def _say(self, text: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._flush()
        self._put(text)

    def _put(self, text: str) -> None:
        state = self._state
        if state.skip:
            return
        match state.target:
            case "title":
                self.title += text
            case "style":
                self._name += text
            case "fonts" | "info" | "styles":
                pass
            case _ if not (state.deleted or state.hidden):
                if not self.flow.is_open:
                    self._begin()
                self.flow.text(text)

    def _begin(self) -> None:
        if self._has_section and self._section_breaks:
            self.flow.page()
        self._has_section = False
        self.flow.begin()

    def _unicode(self, number: int) -> None:
        self._flush()
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004
            self._high = code
        elif 0xDC00 <= code < 0xE000:  # noqa: PLR2004
            if self._high:
                self._put(chr(0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00))
            self._high = 0
        elif 0xF000 <= code <= 0xF0FF:  # noqa: PLR2004
            # Fonts of signs have their bytes here.
            self._put(chr(code - 0xF000) if code - 0xF000 >= 0x20 else "")  # noqa: PLR2004
        elif code:
            self._put(chr(code))
        self._skipped = self._state.count

    def _word(self, word: str, number: int | None) -> None:
        if self._skipped and word != "u":
            # A sign may stand for the character; any other word is one that counts.
            is_sign = word in SIGNS
            self._skipped = self._skipped - 1 if is_sign else 0
            if is_sign:
                return
        starred, self._starred = self._starred, False
        state = self._state
        if word in LEFT_OUT or (starred and word not in KEPT and not self._is_known(word)):
            self._flush()
            state.skip = state.skip or word not in {"info", "stylesheet"}
            state.target = {"info": "info", "stylesheet": "styles"}.get(word, state.target)
            return
        if state.skip and word != "ud":
            return
        if word == "u" and number is not None:
            self._unicode(number)
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif not self._paragraph(word, number):
            self._format(word, number)

    def _is_known(self, word: str) -> bool:
        return word in {"footnote", "cs"}

    def _paragraph(self, word: str, number: int | None) -> bool:
        """Take a word that begins or ends a part of the text; tell whether it was one."""
        state = self._state
        match word:
            case "par" if state.target != "styles":
                self._flush()
                if not state.deleted:
                    self._end_paragraph()
            case "cell" | "nestcell":
                self._flush()
                self._end_paragraph(in_cell=True)
                self._cells.append(self._cell)
                self._cell = []
            case "row" | "nestrow":
                self._flush()
                self._end_row()
            case "page" | "softpage" | "pagebb":
                self._flush()
                if state.is_shown and not (word == "pagebb" and number == 0):
                    self.flow.page()
            case "sect":
                self._flush()
                self._end_paragraph()
                self._has_section = True
            case "sbknone" | "sbkpage" | "sectd":
                self._section_breaks = word != "sbknone"
            case "footnote":
                self._flush()
                if not state.target:
                    self.flow.begin_aside()
                    self.flow.begin()
                state.target = "note"
            case _:
                return False
        return True

    def _end_paragraph(self, *, in_cell: bool = False) -> None:
        if self._state.target == "note":
            self.flow.end()
            self.flow.begin()
            return
        self.flow.end(self._state.kind)
        made = self.flow.blocks
        if in_cell or self._state.in_table:
            self._cell += made
        else:
            self.blocks += made
        made.clear()

    def _end_row(self) -> None:
        """End a row of a table; what is in no cell stays as it is."""
        self.blocks += row_blocks(self._cells) if self._cells else []
        self.blocks += self._cell
        self._cells, self._cell = [], []

    def _format(self, word: str, number: int | None) -> None:
        """Take a word that says how the text after it is."""
        state = self._state
        match word:
            case "uc":
                state.count = max(0, min(number if number is not None else 1, _MOST_SKIPPED))
            case "f" if number is not None and state.target != "fonts":
                self._flush()
                state.codec = self._fonts.get(number, "")
            case "v":
                self._flush()
                state.hidden = number != 0
            case "deleted":
                self._flush()
                state.deleted = number != 0
            case "plain":
                self._flush()
                state.hidden = state.deleted = False
                state.codec = ""
            case "pard":
                state.kind, state.in_table = "paragraph", False
            case "intbl":
                state.in_table = True
            case "s" if number is not None and state.target not in {"styles", "style"}:
                state.kind = self._styles.get(number, state.kind)
            case "outlinelevel" if not state.target and is_level(number):
                state.kind = "heading" if state.kind == "paragraph" else state.kind
            case "upr":
                state.skip = True
            case "ud":
                state.skip = False
            case _:
                self._declare(word, number)

    def _declare(self, word: str, number: int | None) -> None:
        """Take a word of the tables above the text: code page, fonts, styles, title."""
        state = self._state
        match word:
            case "ansicpg" if number and self._codec == DEFAULT:
                self._codec = codec_of(number)
            case "mac" | "pc" | "pca" if self._codec == DEFAULT:
                self._codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            case "fonttbl":
                state.target = "fonts"
            case "f" | "af" if number is not None:
                self._font = number
            case "fcharset" if state.target == "fonts":
                self._fonts[self._font] = CHARSETS.get(number or 0, "")
            case "cpg" if number and state.target == "fonts":
                self._fonts[self._font] = codec_of(number)
            case "s" if number is not None:
                state.target, state.style = "style", number
            case "outlinelevel" if state.target == "style" and is_level(number):
                self._styles[state.style] = "heading"
            case "title" if state.target == "info":
                state.target = "title"
            case _:
                pass
