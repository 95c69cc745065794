"""Feeds: the entries of an RSS or Atom file, read with feedparser."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from corpus.article import Article
from corpus.errors import RecordError
from corpus.record import article_of, strip_tags
from corpus.source import Read, Source

_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)


def read_feed(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each entry."""
    import feedparser  # noqa: PLC0415  (only feeds need it)

    raw = stream.read(source.limit + 1)
    if len(raw) > source.limit:
        yield source.refusal(0, source.too_long(), raw, "feed")
        return
    # Sanitizing is for showing HTML; only text is kept here.
    try:
        parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001  (feedparser raises what its parsers meet)
        yield source.refusal(
            0, f"found no feed ({error!r:.200}), expected RSS or Atom", raw, "feed"
        )
        return
    if not parsed.entries:
        problem = parsed.get("bozo_exception", "no entries")
        reason = f"found no entry ({problem}), expected an RSS or Atom feed"
        if _FEED.search(raw[:4096]) and not parsed.bozo:
            reason = "found a feed without entries, expected at least one"
        yield source.refusal(0, reason, raw, "feed")
        return
    site = parsed.feed.get("title", "")
    for number, entry in enumerate(parsed.entries, 1):
        try:
            yield source.article(_article(entry, site), number, raw)
        except RecordError as error:
            yield source.refusal(number, str(error), raw, "feed")
    if parsed.bozo and "not well-formed" in str(parsed.get("bozo_exception", "")).lower():
        reason = f"found damage after {len(parsed.entries)} entries ({parsed.bozo_exception})"
        yield source.refusal(0, reason, raw, "feed")


def _article(entry: Any, site: str) -> Article:  # noqa: ANN401  (feedparser's dictionary)
    texts = [part.get("value", "") for part in entry.get("content", ())]
    text = max([*texts, entry.get("summary", "")], key=len)
    day = entry.get("published") or entry.get("updated") or entry.get("created") or ""
    record = {
        "title": strip_tags(entry.get("title", "")),
        "text": strip_tags(text),
        "date": day,
        "url": entry.get("link", ""),
        "author": entry.get("author", ""),
        "source": entry.get("source", {}).get("title", ""),
    }
    if not record["text"]:
        # Some feeds carry headlines alone.
        record["text"] = record["title"]
    return replace(article_of(record), publisher=site)
