"""JSON: an article, a list of articles, an object with such lists, or several of these in a row.

    stream -> [Window] -> value -> [records_in] -> plain records -> articles

A list is read element by element, also one deep in objects, so that an export of any size needs
little memory. Only an object of less than a few megabytes is decoded as a whole.
"""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from typing import IO, Any

from marsad.corpus.encoding import find_encoding
from marsad.corpus.readers.broken import begin_of, find_next, following_of, is_broken
from marsad.corpus.readers.shapes.frames import begins_frame
from marsad.corpus.readers.shapes.plain import Fields, Plain
from marsad.corpus.readers.shapes.registry import BESIDE, read_plain, records_in, strength
from marsad.corpus.readers.window import CHUNK, Window
from marsad.corpus.source import MOST_KEPT_BYTES, Read, Skipped, SkippedKind, Source, with_remarks

_BLANK = b" \t\r\n\xef\xbb\xbf\x1e"
_DEEPEST = 8
# A larger object is not decoded as a whole; in characters.
_WHOLE = 4 * 1024 * 1024
# A plain text may begin with a bracket, but then no key, object or list follows.
_BEGINNING = re.compile(r'\{\s*(?:"[^"\n]{1,200}"\s*:|\})|\[\s*[\[{]')
# Archives of X (Twitter) are scripts: a list that is given to a variable.
_ASSIGNMENT = re.compile(r"\s*(?:(?:var|let|const)\s+)?[\w.$]{1,100}\s*=\s*(?=[\[{])")
_ARCHIVE = re.compile(r"\s*window\.YTD\.(\w{1,60})\.part\d{1,6}\s*=\s*\[")
# Its parts of posts of the account; "like" and the others have no posts, or those of others.
_POSTS = re.compile(r"(?:\w+_)?(?:tweets?|notetweet)", re.IGNORECASE)
# A value of the shell of MongoDB, such as `ISODate("2023-04-15T10:00:00Z")`.
_CALL = re.compile(r'(?:new\s+)?[A-Za-z]\w{1,20}\(\s*"?([^"()]{0,200})"?\s*\)')
Item = Read | tuple[Any, bytes]


def is_json(text: str, named: str) -> bool:
    """Tell whether a text is JSON: by its suffix, or because it begins like an object or list."""
    return named == "json" or _BEGINNING.match(text) is not None


def is_tweet_archive(text: str, named: str) -> bool:
    """Tell whether a text is a script of an archive of X (Twitter), whatever its suffix."""
    return named != "html" and _ARCHIVE.match(text) is not None


def read_json(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each object."""
    head = b""
    while not head.strip(_BLANK) and (piece := stream.read(CHUNK)):
        head = piece if not head.strip(_BLANK) and head else head + piece
    cut = head if len(head) < CHUNK else head[: head.rfind(b",") + 1] or head
    encoding = find_encoding(cut)
    window = Window(stream, head, encoding.name)
    part = _ARCHIVE.match(window.text)
    if part is not None and not _POSTS.fullmatch(part[1]):
        reason = f"found the part {part[1]!r} of an archive of X, which holds no posts of its own"
        yield Skipped(source.name, "no-article", reason)
        return
    match = _ASSIGNMENT.match(window.text)
    window.at = match.end() if match else 0
    for found in _Reader(window, source).read():
        yield with_remarks(found, encoding.remarks)


class _Reader:
    """Reads the records of a window in the order of the file."""

    def __init__(self, window: Window, source: Source) -> None:
        self.window = window
        self.source = source
        self.number = 0
        self.whole = source.limit if begins_frame(window.text) else min(source.limit, _WHOLE)
        # The longest list whose objects may be no records: it is read if there is nothing else.
        self.unsure: tuple[list[tuple[Any, bytes]], Sequence[Fields]] = ([], ())
        # Whether an object or list ended otherwise than with its bracket, and a refusal says so.
        self.lost = self.told = False
        # The number of characters of an object that are kept outside of its lists.
        self.held = 0

    def read(self) -> Iterator[Read]:
        window = self.window
        while sign := window.skip(commas=True):
            if sign == "[":
                window.at += 1
                if window.skip() == "]":
                    yield self._nothing()
                for item in self._elements(()):
                    yield from self._item(item, ())
            elif sign == ";" and self.number:
                window.at += 1
            else:
                yield from self._value()

    def _value(self) -> Iterator[Read]:
        """Read an object that is in no list, or what was found in its place."""
        window, before = self.window, self.number
        try:
            found, end = self._decoded()
        except (ValueError, RecursionError) as error:
            reason = f"found no JSON ({error}), expected an object or a list"
        else:
            raw = window.raw(end)
            window.at = end
            yield from self._records(found, raw, (), alone=not before and not window.skip())
            return
        if window.left > self.source.limit:
            reason = self.source.too_long()
        kept, begin, self.held = window.kept(MOST_KEPT_BYTES), begin_of(window), 0
        self.lost, self.told = window.skip() != "{", False
        if not self.lost:
            yield from self._object(())
        elements, outer = self.unsure
        if self.number == before:
            for element in elements:
                yield from self._item(element, outer)
        self.unsure = [], ()
        if self.number == before or (self.lost and not self.told):
            there = find_next(window, begin) if self.lost else bool(window.skip())
            is_file = not there and not self.number
            self.number += not is_file
            yield self.source.refusal(0 if is_file else self.number, reason, kept, "json")

    def _decoded(self) -> tuple[Any, int]:
        """Return the value at the place, and where it ends.

        Raises:
            ValueError: it is broken, or too large to be decoded as a whole.
            RecursionError: it is nested too deeply.
        """
        while True:
            try:
                return self.window.decode()
            except ValueError:
                if self.window.left > self.whole:
                    raise
                if not self.window.more():
                    # At the end of the file a number is whole.
                    return self.window.decode()

    def _object(self, enclosing: Sequence[Fields]) -> Generator[Read, None, dict[str, Any]]:
        """Read the lists of a large object; return its other fields."""
        window, head = self.window, dict[str, Any]()
        window.at += 1
        while not self.lost and window.skip(commas=True) == '"':
            try:
                key, end = self._decoded()
            except ValueError:
                break
            window.at = end
            if window.skip() != ":":
                break
            window.at += 1
            yield from self._field(key, head, (*enclosing, head))
        self.lost = self.lost or window.skip() != "}"
        if not self.lost:
            window.at += 1
            if strength(head, self.source.mapping, enclosing) > 1:
                raw = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
                if len(raw) <= self.source.limit:
                    yield from self._records(head, raw, enclosing)
        return head

    def _field(self, key: str, head: dict[str, Any], outer: Sequence[Fields]) -> Iterator[Read]:
        """Read the lists in the value of a field; other values are kept in *head*."""
        window = self.window
        sign = window.skip()
        if sign in "{[" and key in BESIDE:
            head[key], window.at = self._scalar()
        elif sign == "{" and len(outer) < _DEEPEST:
            head[key] = yield from self._object(outer)
        elif sign == "[":
            window.at += 1
            if window.skip() == "{":
                yield from self._candidates(outer)
            else:
                window.pass_over(depth=1)
        else:
            value, end = self._scalar()
            self.held += len(key) + end - window.at
            window.at = end
            if self.held <= self.source.limit:
                head[key] = value

    def _scalar(self) -> tuple[Any, int]:
        window = self.window
        while True:
            try:
                return window.decode()
            except (ValueError, RecursionError):
                if window.left > self.source.limit or not window.more():
                    if match := _CALL.match(window.text, window.at):
                        return match[1], match.end()
                    window.pass_over()
                    return None, window.at

    def _candidates(self, outer: Sequence[Fields]) -> Iterator[Read]:
        """Read a list in a large object, if its elements are records."""
        waiting: list[tuple[Any, bytes]] = []
        size, sure = 0, False
        for item in self._elements(outer):
            if sure or not isinstance(item, tuple):
                sure = True
                for each in waiting:
                    yield from self._item(each, outer)
                waiting = []
                yield from self._item(item, outer)
                continue
            waiting.append(item)
            size += len(item[1])
            sure = size > self.whole or strength(item[0], self.source.mapping, outer) > 1
        if sure:
            for each in waiting:
                yield from self._item(each, outer)
        elif len(waiting) > len(self.unsure[0]):
            self.unsure = waiting, outer

    def _elements(self, outer: Sequence[Fields]) -> Iterator[Item]:
        """Yield the elements of a list with their bytes; a broken one is a refusal.

        An element that is too large to be decoded gives the records of its own lists.
        """
        window = self.window
        while (sign := window.skip(commas=True)) != "]":
            try:
                found, end = window.decode()
            except (ValueError, RecursionError) as error:
                begin, broken = begin_of(window), is_broken(window, error)
                following = following_of(window, begin, error, any_key=broken)
                if following < 0 and window.left <= self.whole and window.more():
                    continue
                if following < 0 and not broken and not window.ended:
                    yield from self._large(sign, begin, outer)
                    continue
                stop = following if following > 0 else len(window.text)
                reason = f"found no JSON ({error}), expected an object or the end of the list"
                self.number += 1
                yield self.source.refusal(self.number, reason, window.raw(stop), "json")
                window.at = stop
                if following < 0 and not find_next(window, begin):
                    self.lost = self.told = True
                    return
            else:
                raw = window.raw(end)
                window.at = end
                yield found, raw
        window.at += 1

    def _large(self, sign: str, begin: tuple[str, str], outer: Sequence[Fields]) -> Iterator[Read]:
        """Read the lists of an element that is too large to be decoded."""
        window, before = self.window, self.number
        kept, self.held = window.kept(MOST_KEPT_BYTES), 0
        if sign == "{" and len(outer) < _DEEPEST:
            yield from self._object(outer)
        else:
            window.pass_over()
        if self.number == before or self.lost:
            self.number += 1
            yield self.source.refusal(self.number, self.source.too_long(), kept)
        if self.lost:
            self.lost = not find_next(window, begin)

    def _nothing(self) -> Skipped:
        kind: SkippedKind = "record" if self.number else "no-article"
        return Skipped(self.source.name, kind, "found an empty list", self.number)

    def _item(self, item: Item, outer: Sequence[Fields]) -> Iterator[Read]:
        if isinstance(item, tuple):
            yield from self._records(*item, outer)
        else:
            yield item

    def _records(
        self,
        found: Any,  # noqa: ANN401  (any JSON)
        raw: bytes,
        outer: Sequence[Fields],
        *,
        alone: bool = False,
    ) -> Iterator[Read]:
        """Read the records in a value; the record of a value that is *alone* is the file."""
        mapping = self.source.mapping
        inside: list[tuple[Plain | None, Any]] = [(None, found)]
        if isinstance(found, dict):
            inside = records_in(found, mapping, outer)
            if not inside:
                yield self._nothing()
        for made, value in inside:
            if value is found and alone:
                number = 0
            else:
                self.number += 1
                number = self.number
            packed = raw
            if value is not found:
                packed = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
            if made is None:
                reason = f"found a JSON {type(value).__name__}, expected an object"
                yield self.source.refusal(number, reason, packed, "json")
            else:
                yield read_plain(made, self.source, number, packed, "json")
