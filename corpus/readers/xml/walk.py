"""Walk: the elements of an XML stream, with about one record in memory at a time.

Nothing outside the file is loaded and no entity is expanded. Small faults, such as a character
that XML does not allow, are passed over.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from marsad.corpus.encoding import encoding_of
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.xml.text import local
from marsad.corpus.source import Source
from marsad.corpus.streams import HEAD_BYTES, peekable

_PIECE = 1 << 15
# The names of encodings that the parser knows, by those of Python.
_NAMES = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
# Errors after which the parser reads no further, or content after the root element.
_CUT = frozenset(
    {"ERR_TAG_NOT_FINISHED", "ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG", "ERR_DOCUMENT_END"}
)
_DECLARED = re.compile(rb"^[^<]*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """An element that is a record; its content was dropped if it was too long."""

    element: Any
    too_long: bool


class Walk:
    """The start and end events of the elements of a stream.

    `root` is the root element, None before the first event. `depth` is that of the element of
    the last event; the root element has depth 0. `is_cut` tells, at the end, that the file ends
    within an element. If the file has *many_roots* they are read as the elements of one more.
    """

    def __init__(self, stream: IO[bytes], source: Source, *, many_roots: bool = False) -> None:
        self._stream = peekable(stream)
        self._many_roots = many_roots
        self._limit = source.limit
        self._pending = 0
        self._released: Any = None
        self._leaving = False
        self.root: Any = None
        self.depth = -1
        self.is_cut = False

    def events(self) -> Iterator[tuple[str, Any]]:
        """Yield ("start" or "end", element) in the order of the file.

        Raises:
            RecordError: the stream is not XML.
        """
        from lxml.etree import LxmlError, XMLPullParser  # noqa: PLC0415  (takes a second)

        head = self._stream.peek(HEAD_BYTES)[:HEAD_BYTES]
        parser = XMLPullParser(
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            encoding=_true_encoding(head),
        )
        try:
            piece = self._stream.read(_PIECE).lstrip(b" \t\r\n")
            if self._many_roots:
                piece = b"<records>" + piece.removeprefix(b"\xef\xbb\xbf")
            while piece:
                self._pending += len(piece)
                parser.feed(piece)
                yield from self._counted(parser.read_events())
                piece = self._stream.read(_PIECE)
            if self._many_roots:
                parser.feed(b"</records>")
            parser.close()
        except LxmlError as error:
            if self.root is None:
                raise RecordError(f"found no XML ({error!s:.200}), expected XML") from error
        self.is_cut = any(each.type_name in _CUT for each in parser.feed_error_log)
        last = list(parser.read_events())
        # The parser ends the elements that a cut file leaves open.
        while self.is_cut and last and last[-1][0] == "end":
            last.pop()
        yield from self._counted(last)

    def _counted(self, events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        for event, element in events:
            if self.root is None:
                self.root = element
            self.depth += (event == "start") - self._leaving
            self._leaving = event == "end"
            yield event, element

    @property
    def too_long(self) -> bool:
        """Whether more bytes were read than a record may have since the last `release`."""
        return self._pending > self._limit + _PIECE

    def release(self, element: Any) -> None:  # noqa: ANN401  (lxml's element)
        """Free the memory of a record that was read."""
        element.clear()
        # The element itself must stay until the next one, which the parser puts beside it.
        last, self._released = self._released, element
        if last is not None and last.getparent() is not None:
            last.getparent().remove(last)
        self._pending = 0

    def records(
        self,
        is_record: Callable[[Any, int], bool],
        trim: Callable[[Any], None] | None = None,
    ) -> Iterator[Found]:
        """Yield the outermost elements that *is_record* says, given an element and its depth.

        *trim* may free parts of a record that is being read, at the end of each element in it.
        """
        inside = -1
        for event, element in self.events():
            if event == "start":
                if inside < 0 and is_record(element, self.depth):
                    inside = self.depth
                continue
            if inside < 0:
                if self.too_long:
                    self.release(element)
                continue
            if self.depth == inside:
                yield Found(element, self.too_long)
                self.release(element)
                inside = -1
            elif self.too_long:
                element.clear()
            elif trim is not None:
                trim(element)
        if self.root is None:
            raise RecordError("found no XML element, expected XML")


def named(*names: str) -> Callable[[Any, int], bool]:
    """Return the test whether an element has one of some names, in any namespace."""
    return lambda element, _: local(element) in names


def _true_encoding(head: bytes) -> str | None:
    """Return the encoding of XML that declares none, or UTF-8 wrongly; None if it is right."""
    declared = _DECLARED.match(head)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        return None
    cut = head if len(head) < HEAD_BYTES else head[: max(head.rfind(b" "), head.rfind(b"<"))]
    return _NAMES.get(codecs.lookup(encoding_of(cut)).name)
