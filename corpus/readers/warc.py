"""WARC: the HTML pages in the archive of a crawler, read with warcio."""

from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.markup import parse_page
from marsad.corpus.readers.web.captures import each_once
from marsad.corpus.source import Read, Source

_HTML = ("text/html", "application/xhtml+xml")
_GOOD = "200"


def read_warc(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each page; other records are passed over.

    A page that was captured before with the same content is skipped.
    """
    return each_once(_pages(stream, source))


def _pages(stream: IO[bytes], source: Source) -> Iterator[Read]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  (only WARC needs it)

    number = pages = 0
    try:
        for record in ArchiveIterator(stream):
            number += 1
            if record.rec_type not in {"response", "resource"} or not _is_page(record):
                continue
            pages += 1
            raw = record.content_stream().read(source.limit + 1)
            if len(raw) > source.limit:
                yield source.refusal(number, source.too_long(), raw, "html")
                continue
            if getattr(record.raw_stream, "limit", 0) > 0:
                yield source.refusal(number, "found a record that is cut short", raw, "html")
                continue
            url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
            try:
                article = parse_page(raw, url)
            except RecordError as error:
                yield source.refusal(number, str(error), raw, "html")
            except Exception as error:  # noqa: BLE001  (a bad page must not end the crawl)
                yield source.refusal(number, f"found no page ({error!r:.200})", raw, "html")
            else:
                yield source.article(replace(article, url=url), number, raw)
    except Exception as error:  # noqa: BLE001  (the parser of warcio raises many)
        reason = f"found damage after {number} records ({error!r:.200}), expected WARC records"
        yield source.refusal(number + 1, reason)
    if not pages:
        yield source.refusal(0, f"found no page in {number} records, expected HTML responses")


def _is_page(record: object) -> bool:
    headers = getattr(record, "http_headers", None)
    if headers is None:
        kind = record.rec_headers.get_header("Content-Type") or ""  # type: ignore[attr-defined]
        return kind.startswith(_HTML)
    kind = (headers.get_header("Content-Type") or "").lower()
    return headers.get_statuscode() == _GOOD and kind.startswith(_HTML)
