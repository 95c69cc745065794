"""Window: the part of a JSON text that is in memory, and what can be read at its place.

A text of any length is read through a window. Strings, numbers and small objects are decoded; a
value that is too large to decode is passed over, or its parts are read one by one.
"""

import codecs
import json
import re
from typing import IO, Any

CHUNK = 1 << 16
# A large text is cut where half of it was read, so that each character is copied few times.
_COMPACT = 1 << 18
_SPACE = re.compile(r"[ \t\r\n\ufeff\x1e]*")
_SPACE_OR_COMMA = re.compile(r"[ \t\r\n\ufeff\x1e,]*")
_SIGN = re.compile(r'["\[\]{}]')
_STRING_SIGN = re.compile(r'["\\]')
_SCALAR = re.compile(r"[^\s,\[\]{}]+")
_DECODER = json.JSONDecoder()


class Window:
    """The unread part of a text, of which `text[at:]` is in memory."""

    def __init__(self, stream: IO[bytes], head: bytes, encoding: str) -> None:
        self._stream = stream
        self._bytes_like_text = encoding == "utf-8"
        # An invalid byte is kept as a surrogate in the text, and its element is refused.
        self._characters = codecs.getincrementaldecoder(encoding)("surrogateescape")
        self.text = self._characters.decode(head)
        self.at = 0
        self.ended = False

    @property
    def left(self) -> int:
        """The number of characters in memory that were not read yet."""
        return len(self.text) - self.at

    def more(self) -> bool:
        """Read on, about as much as there is; False at the end of the stream."""
        piece = b"" if self.ended else self._stream.read(max(CHUNK, self.left))
        if not piece:
            self.ended = True
            return False
        self.text = self.text[self.at :] + self._characters.decode(piece)
        self.at = 0
        return True

    def skip(self, *, commas: bool = False) -> str:
        """Pass over white space (and *commas*); return the next character, empty at the end."""
        space = _SPACE_OR_COMMA if commas else _SPACE
        while True:
            match = space.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                if self.at > _COMPACT:
                    self.text, self.at = self.text[self.at :], 0
                return self.text[self.at]
            if not self.more():
                return ""

    def decode(self) -> tuple[Any, int]:
        """Return the value at the place, and where it ends; the place stays.

        Raises:
            ValueError: there is no whole value in memory.
            RecursionError: it is nested too deeply.
        """
        value, end = _DECODER.raw_decode(self.text, self.at)
        if end == len(self.text) and not self.ended and not isinstance(value, dict | list | str):
            raise json.JSONDecodeError("Number may go on", self.text, end)
        return value, end

    def raw(self, end: int) -> bytes:
        """Return the bytes from the place to *end*."""
        piece = self.text[self.at : end]
        return piece.encode("utf-8", "surrogateescape" if self._bytes_like_text else "replace")

    def kept(self, most: int) -> bytes:
        """Return the first bytes of what is in memory."""
        return self.text[self.at : self.at + most].encode("utf-8", "replace")

    def pass_over(self, depth: int = 0) -> None:
        """Pass over the value at the place, of any length, without keeping it.

        Within *depth* lists or objects, the rest of these is passed over.
        """
        while True:
            sign = self._next_sign() if depth else self.skip()
            if not sign:
                return
            if sign == '"':
                self.at += 1
                self._pass_string()
            elif sign in "[{":
                self.at += 1
                depth += 1
            elif sign in "]}":
                if not depth:
                    return
                self.at += 1
                depth -= 1
            else:
                self._pass_scalar()
            if not depth:
                return

    def _next_sign(self) -> str:
        while True:
            match = _SIGN.search(self.text, self.at)
            if match:
                self.at = match.start()
                return match[0]
            self.at = len(self.text)
            if not self.more():
                return ""

    def _pass_string(self) -> None:
        while True:
            match = _STRING_SIGN.search(self.text, self.at)
            self.at = match.start() if match else len(self.text)
            if match and match[0] == '"':
                self.at += 1
                return
            if match and self.left > 1:
                # The sign after a backslash is part of the string, whatever it is.
                self.at += 2
            elif not self.more():
                self.at = len(self.text)
                return

    def _pass_scalar(self) -> None:
        while True:
            match = _SCALAR.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1
            if self.at < len(self.text) or not self.more():
                return
