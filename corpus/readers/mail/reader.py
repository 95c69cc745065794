"""Reader: messages (EML) and mailboxes (MBOX), with their attachments.

    lines -> [split_message] -> text of the message -> Article
                             -> attachments, as members of an archive -> the table of formats

A mailbox is read message by message.
"""

import json
import mimetypes
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from marsad.corpus.archives import DEEPEST, ReadMember
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.mail.body import body_text, is_body
from marsad.corpus.readers.mail.header import Header, author_of
from marsad.corpus.readers.mail.parts import (
    LINE_BYTES,
    MEMORY_BYTES,
    Part,
    Split,
    split_message,
)
from marsad.corpus.record import article_of
from marsad.corpus.remarks import Remark
from marsad.corpus.source import Record, Skipped, Source
from marsad.corpus.streams import guarded

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:")
# A message has one of these, and what a person writes at the top of a text has none.
_SURE = frozenset(
    {"mime-version", "received", "message-id", "return-path", "delivered-to", "content-type"}
    | {"x-mozilla-status", "x-received", "content-transfer-encoding", "x-gm-thrid"}
)
_USUAL = frozenset({"from", "to", "subject", "date", "reply-to", "sender", "cc"})
_ENVELOPE = re.compile(rb"From \S.{0,300}?\d{1,2}:\d\d.{0,60}?\b(?:19|20)\d\d\b")
_ENVELOPE_TEXT = re.compile(_ENVELOPE.pattern.decode())
_QUOTED = re.compile(rb">+From ")
_COUNT_LINE = re.compile(rb"\d{1,12}\s*\n")
_UNSAFE = re.compile(r"[/\\!\x00-\x1f\x7f]+")
_LONGEST_NAME = 200
_LONGEST_ID = 512


def field_names(text: str) -> list[str]:
    """Return the lower-case names of the header fields that a text begins with.

    Empty if its first lines are no header.
    """
    names: list[str] = []
    for line in text.split("\n")[:200]:
        bare = line.rstrip("\r")
        if not bare:
            break
        if bare[0] in " \t":
            continue
        match = _FIELD.match(bare)
        if match is None:
            # The last line of the beginning of a file may be cut.
            return names if len(text) > len(line) and text.endswith(line) else []
        names.append(match[1].lower())
    return names


def is_mail(text: str, named: str) -> bool:
    """Tell whether a text is a message: by its header fields."""
    first, _, rest = text.partition("\n")
    names = set(field_names(rest if first.strip().isdigit() else text))
    if named == "mail":
        return bool(names & (_SURE | _USUAL))
    return bool(names & _SURE) and bool(names & _USUAL)


def is_mailbox(text: str, _: str) -> bool:
    """Tell whether a text is a mailbox: by the envelope line of its first message."""
    return _ENVELOPE_TEXT.match(text) is not None


def read_mail(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the article of a message, and the records of its attachments."""
    lines = _lines(stream)
    first = next((line for line in lines if line.strip(b"\xef\xbb\xbf \t\r\n")), b"")
    first = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _COUNT_LINE.fullmatch(first):
        # Apple Mail writes the length of the message above it, and its own notes below.
        yield from _read_message(_bounded(lines, int(first)), 0, source, reader)
        return
    yield from _read_message(_chained(first, lines), 0, source, reader)


def read_mailbox(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the articles of the messages of a mailbox, and the records of their attachments."""
    box = _Mailbox(_lines(stream))
    number = 0
    while box.has_next:
        number += 1
        lines = box.message()
        yield from guarded(_read_message(lines, number, source, reader), source)
        for _ in lines:
            # What a failure left of this message.
            pass


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LINE_BYTES):
        yield line


def _chained(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from lines


def _bounded(lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    for line in lines:
        if size <= 0:
            return
        yield line[:size]
        size -= len(line)


class _Mailbox:
    """The messages of a mailbox: each begins with an envelope line, after a blank line."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.has_next = any(line.strip(b"\xef\xbb\xbf\r\n") for line in lines)

    def message(self) -> Iterator[bytes]:
        """Yield the lines of the next message, without its envelope line."""
        self.has_next = False
        is_blank = False
        for line in self._lines:
            if line.startswith(b"From ") and is_blank and _ENVELOPE.match(line):
                self.has_next = True
                return
            is_blank = not line.strip(b"\r\n")
            yield line[1:] if _QUOTED.match(line) else line


def _read_message(
    lines: Iterator[bytes], number: int, source: Source, reader: ReadMember
) -> Iterator[Record]:
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        split = split_message(lines, cast("IO[bytes]", body))
        attached = [part for part in split.parts if not is_body(part)]
        yield _article(split, number, source, has_others=bool(attached))
        names: Counter[str] = Counter()
        for part in attached:
            name = _name_of(part, names)
            within = f"{number}/{name}" if number else name
            inside = source.inside(f"{source.name}!{within}")
            if source.depth >= DEEPEST:
                reason = f"found an attachment in {DEEPEST} others, expected fewer"
                yield inside.refusal(0, reason)
                continue
            with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as spooled:
                out = cast("IO[bytes]", spooled)
                split.decode(part, out)
                out.seek(0)
                yield from guarded(reader(out, inside, named=False), inside)


def _article(split: Split, number: int, source: Source, *, has_others: bool) -> Record:
    header = split.header
    try:
        text = body_text(split, source)
    except RecordError as error:
        return source.refusal(number, str(error))
    subject = header.get("subject")
    if not text:
        if header.kind == "multipart/encrypted" or "pkcs7-mime" in header.kind:
            return source.refusal(number, "found an encrypted message, expected one that is not")
        if has_others or number:
            reason = f"found the message {subject!r:.80} without text of its own"
            return Skipped(source.name, "record", reason, number)
        return source.refusal(number, "found a message without text, expected one with text")
    fields = {
        "id": _id(header),
        "title": subject,
        "text": text,
        "date": header.get("date") or header.get("received").rpartition(";")[2].strip(),
        "author": author_of(header.get("from") or header.get("sender")),
        "url": _address(header),
    }
    # Kept as an object, so that `retry` can read a corrected message by itself.
    kept = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        article = article_of(fields)
    except RecordError as error:
        return source.refusal(number, str(error), kept, "json")
    if split.left_out:
        remark = Remark("part-left-out", f"found {split.left_out} parts more than are read")
        article = replace(article, remarks=(*article.remarks, remark))
    return source.article(article, number, kept)


def _id(header: Header) -> str:
    given = header.get("message-id").strip("<> ")
    usable = given.isprintable() and " " not in given and given not in {".", ".."}
    return given if usable and len(given) <= _LONGEST_ID else ""


def _address(header: Header) -> str:
    for name in ("archived-at", "content-location", "x-url", "content-base"):
        given = header.get(name).strip("<> ")
        if given.startswith(("http://", "https://")) and " " not in given:
            return given
    return ""


def _name_of(part: Part, names: "Counter[str]") -> str:
    """Return the name of an attachment: without slashes, and once in a message."""
    header = part.header
    name = _UNSAFE.sub("_", header.name).strip(" .")[-_LONGEST_NAME:]
    suffix = mimetypes.guess_extension(header.kind) or ""
    if header.kind == "message/rfc822":
        suffix = ".eml"
        name = name if name.lower().endswith(".eml") else f"{name or 'forwarded'}{suffix}"
    elif not name:
        name = f"part-{part.number}{suffix or '.bin'}"
    elif "." not in name:
        name = f"{name}{suffix}"
    names[name] += 1
    if names[name] == 1:
        return name
    stem, dot, end = name.rpartition(".")
    return f"{stem}-{names[name]}{dot}{end}" if dot else f"{name}-{names[name]}"
