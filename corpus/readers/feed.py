"""Feeds: the entries of an RSS or Atom file, read with feedparser."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.corpus.errors import RecordError
from marsad.corpus.fields.values import strip_tags
from marsad.corpus.identity import host_of, is_number, name_of_scope
from marsad.corpus.readers.xml.root import markup_kind
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Source

# Ids that no other site has: an address, a `tag:` or `urn:`, a UUID.
_UNIQUE = re.compile(
    r"://|^(?:tag|urn):|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE
)
_FEED_BYTES = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)


def is_feed(text: str, named: str) -> bool:
    """Tell whether a text is a feed: by its root element, or by its suffix if it is no other."""
    kind = markup_kind(text, named)
    return kind == "feed" or (named == "feed" and text.startswith("<") and not kind)


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
    ids = Counter(entry.get("id", "") for entry in parsed.entries)
    for number, entry in enumerate(parsed.entries, 1):
        record = _record(entry)
        given = entry.get("id", "")
        if ids[given] == 1:
            record["id"] = _id(given, record["url"], site)
        # Kept as an object, so that `retry` can read a corrected entry by itself.
        kept = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if number == len(parsed.entries) and not _is_whole(raw):
            yield source.refusal(number, "found an entry that is cut short", kept, "json")
            continue
        try:
            yield source.article(replace(article_of(record), publisher=site), number, kept)
        except RecordError as error:
            yield source.refusal(number, str(error), kept, "json")


def _id(given: str, url: str, site: str) -> str:
    """Return the id of an entry, with the name of its site if it may be that of another site too.

    A bare number is left as it is: every reader has it scoped.
    """
    host = name_of_scope(host_of(url))
    unique = _UNIQUE.search(given) is not None or bool(host and host in given)
    scope = host or name_of_scope(site)
    return given if unique or is_number(given) or not given or not scope else f"{scope}:{given}"


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
