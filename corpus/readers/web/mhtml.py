"""MHTML: the page that a browser saved as one file."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.mail.header import to_text
from marsad.corpus.readers.mail.parts import LINE_BYTES, MEMORY_BYTES, Split, split_message
from marsad.corpus.readers.mail.reader import field_names
from marsad.corpus.readers.markup import parse_page
from marsad.corpus.source import Read, Source

_PAGES = ("text/html", "application/xhtml+xml")
# A message that was sent has one of these; a saved page has none.
_SENT = frozenset({"to", "received", "message-id", "return-path", "delivered-to", "cc"})


def is_mhtml(text: str, named: str) -> bool:
    """Tell whether a text is a saved page: by its header fields."""
    names = set(field_names(text))
    if named == "mhtml":
        return "content-type" in names
    if "snapshot-content-location" in names:
        return True
    head = text[:4000].lower()
    return (
        "content-type" in names
        and not names & _SENT
        and ("multipart/related" in head or "content-location" in names)
    )


def read_mhtml(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article of the saved page; its frames and pictures are passed over."""
    lines = iter(lambda: stream.readline(LINE_BYTES), b"")
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        first = next((line for line in lines if line.strip(b"\xef\xbb\xbf\r\n")), b"")
        split = split_message(_chained(first, lines), cast("IO[bytes]", body))
        yield _page(split, source)


def _chained(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield first.removeprefix(b"\xef\xbb\xbf")
    yield from lines


def _page(split: Split, source: Source) -> Read:
    saved = split.header.get("snapshot-content-location")
    pages = [part for part in split.parts if part.header.kind in _PAGES]
    if not pages:
        return source.refusal(0, "found a saved page without HTML, expected a page")
    main = next(
        (part for part in pages if saved and part.header.get("content-location") == saved), pages[0]
    )
    raw = split.content(main, source.limit + 1)
    if len(raw) > source.limit:
        return source.refusal(0, source.too_long(), raw, "html")
    if main.header.charset:
        raw = to_text(raw, main.header.charset).encode("utf-8", "replace")
    given = main.header.get("content-location") or saved or split.header.get("content-location")
    url = given if given.startswith(("http://", "https://")) else ""
    try:
        article = parse_page(raw, url)
    except RecordError as error:
        return source.refusal(0, str(error), raw, "html")
    return source.article(replace(article, url=url or article.url), 0, raw)
