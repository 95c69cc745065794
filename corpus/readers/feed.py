"""Feeds: the entries of an RSS or Atom file, read with feedparser."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.markup import is_page
from marsad.corpus.record import article_of, strip_tags
from marsad.corpus.source import Read, Source

_ROOT = r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]"
_FEED = re.compile(_ROOT, re.IGNORECASE)
_FEED_BYTES = re.compile(_ROOT.encode(), re.IGNORECASE)


def is_feed(text: str, named: str) -> bool:
    """Tell whether a text is a feed: by its root element, or by its suffix if it is not HTML."""
    if not text.startswith("<"):
        return False
    return _FEED.search(text[:2000]) is not None or (named == "feed" and not is_page(text, named))


def read_feed(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each entry.

    Raises:
        RecordError: the file is not a feed, or the feed has no entry.
    """
    import feedparser  # noqa: PLC0415  (only feeds need it)

    # Sanitizing is for HTML that is shown; here only text is kept.
    try:
        parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        message = f"found no feed ({error!r:.200}), expected RSS or Atom"
        raise RecordError(message) from error
    if not parsed.entries:
        problem = parsed.get("bozo_exception", "no entries")
        reason = f"found no entry ({problem}), expected an RSS or Atom feed"
        if _FEED_BYTES.search(raw[:4096]) and not parsed.bozo:
            reason = "found a feed without entries, expected at least one"
        raise RecordError(reason)
    site = parsed.feed.get("title", "")
    for number, entry in enumerate(parsed.entries, 1):
        record = _record(entry)
        # Kept as an object, so that `retry` can read a corrected entry by itself.
        kept = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if number == len(parsed.entries) and not _is_whole(raw):
            yield source.refusal(number, "found an entry that is cut short", kept, "json")
            continue
        try:
            yield source.article(replace(article_of(record), publisher=site), number, kept)
        except RecordError as error:
            yield source.refusal(number, str(error), kept, "json")


def _is_whole(raw: bytes) -> bool:
    return raw.rstrip()[-40:].rstrip().endswith((b"</rss>", b"</feed>", b"RDF>"))


def _record(entry: Any) -> dict[str, str]:  # noqa: ANN401  (feedparser's dictionary)
    texts = [part.get("value", "") for part in entry.get("content", ())]
    text = max([*texts, entry.get("summary", "")], key=len)
    record = {
        "title": strip_tags(entry.get("title", "")),
        "text": strip_tags(text),
        "date": entry.get("published") or entry.get("updated") or entry.get("created") or "",
        "url": entry.get("link", ""),
        "author": entry.get("author", ""),
        "source": entry.get("source", {}).get("title", ""),
    }
    # Some feeds have headlines only.
    record["text"] = record["text"] or record["title"]
    return record
