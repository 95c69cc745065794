"""JSONL: one article a line, as `{id, title, text, date, source, url, author, language}`.

Every key but the text is optional; other keys are ignored. The file is split into lines before
it is decoded, so that a badly encoded line is one bad record and not the end of the file. UTF-16
files, which Windows writes, are decoded first; a line that is not UTF-8 may be Windows-1256.
"""

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from marsad.corpus.article import Article
from marsad.corpus.encoding import decode, encoding_of, find_encoding
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.shapes.databases import action_of, document_of, is_deletion
from marsad.corpus.readers.shapes.registry import read_plain, records_in
from marsad.corpus.record import article_of
from marsad.corpus.remarks import Remark
from marsad.corpus.source import Read, Skipped, Source, with_remarks
from marsad.corpus.streams import HEAD_BYTES, peekable

_OVER_LINES = re.compile(r'\[\s*\{\s*"|\{[ \t]*\r?\n\s*"')


def is_jsonl(text: str, named: str) -> bool:
    """Tell whether a text is JSONL: by its suffix, or because its first line is an object.

    A list, or an object over several lines, is JSON whatever the suffix. Without a suffix that a
    format has, one line is enough; otherwise the second line must begin an object too, since a
    file of JSON may be one line long.
    """
    first, _, rest = text.partition("\n")
    if named == "jsonl":
        return _OVER_LINES.match(text) is None
    if not first.startswith("{") or (named and not rest.lstrip().startswith("{")):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def read_jsonl(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each line that is not blank."""
    lines = _Lines(stream)
    try:
        yield from _read(lines, source)
    finally:
        lines.detach()


def _read(lines: "_Lines", source: Source) -> Iterator[Read]:
    number = 0
    # What a line of a `_bulk` file says of the document in the next one.
    announced: Mapping[str, Any] | None = None
    while line := lines.readline(source.limit + 1):
        number += 1
        if len(line) > source.limit:
            yield source.refusal(number, source.too_long(), line, "jsonl")
            while line and not line.endswith(b"\n"):
                line = lines.readline(1 << 20)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            record, remarks = _load(line)
        except RecordError as error:
            yield source.refusal(number, str(error), line, "jsonl")
            continue
        if (meta := action_of(record)) is not None:
            announced = None if is_deletion(record) else meta
            continue
        if announced is not None:
            record, announced = document_of(record, announced), None
        for found in _records(record, number, line, source):
            yield with_remarks(found, remarks)


def _records(record: dict[str, Any], number: int, line: bytes, source: Source) -> Iterator[Read]:
    """Yield the record of a line, or those of the lists in it: an answer of an interface."""
    inside = records_in(record, source.mapping)
    if not inside:
        yield Skipped(source.name, "record", "found an empty list", number)
    for made, found in inside:
        if made is None:
            reason = f"found a JSON {type(found).__name__}, expected an object"
            yield source.refusal(number, reason, line, "jsonl")
        else:
            yield read_plain(made, source, number, line, "jsonl")


def _pass_halves(error: UnicodeError) -> tuple[str | bytes, int]:
    """Decode half a surrogate pair as it is, and half a character at the end as U+FFFD.

    So a line that was cut is refused as one record, with its content kept.
    """
    try:
        return _PASS(error)
    except UnicodeDecodeError as still:
        return "\ufffd", still.end


_HALVES = "marsad-halves"
_PASS = codecs.lookup_error("surrogatepass")
codecs.register_error(_HALVES, _pass_halves)


class _Lines:
    """The lines of a stream: converted to UTF-8 if it is UTF-16, otherwise unchanged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = peekable(stream)
        head = self._stream.peek(HEAD_BYTES)[:HEAD_BYTES]
        encoding = encoding_of(head) if b"\0" in head else ""
        self._text: io.TextIOWrapper | None = None
        if encoding.startswith(("utf-16", "utf-32")):
            self._text = io.TextIOWrapper(self._stream, encoding, errors=_HALVES, newline="\n")

    def readline(self, limit: int) -> bytes:
        """Return the next line, cut to *limit* bytes (characters of UTF-16); empty at the end."""
        if self._text is None:
            return self._stream.readline(limit)
        return self._text.readline(limit).encode("utf-8", "surrogatepass")

    def detach(self) -> None:
        """Leave the stream open: the caller, who opened it, closes it."""
        if self._text is not None:
            self._text.detach()


def parse_json_line(line: bytes, mapping: Mapping[str, str] | None = None) -> Article:
    """Return the article of one line.

    Raises:
        RecordError: the line is not a JSON object, has no text, or a field has a wrong value.

    Example:
        >>> parse_json_line('{"text": "نص", "date": "2023-09"}'.encode()).published_iso()
        '2023-09'
    """
    return article_of(load_object(line), mapping)


def load_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in *raw*.

    Raises:
        RecordError: the bytes are not one JSON object.
    """
    return _load(raw)[0]


def _load(raw: bytes) -> tuple[dict[str, Any], tuple[Remark, ...]]:
    """Return the object, and the remark about its encoding if that was guessed."""
    remarks: tuple[Remark, ...] = ()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        remarks = find_encoding(raw).remarks
        text = decode(raw)
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        message = (
            f"found no JSON ({error.msg} at character {error.pos}), expected one object a line"
        )
        raise RecordError(message) from error
    except (RecursionError, ValueError) as error:
        message = f"found JSON that cannot be read ({error}), expected one flat object a line"
        raise RecordError(message) from error
    if not isinstance(record, dict):
        message = f"found a JSON {type(record).__name__}, expected an object"
        raise RecordError(message)
    return record, remarks
