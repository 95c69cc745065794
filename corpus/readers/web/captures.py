"""Captures: the pages of a crawl once each, and which members of a WACZ file hold them.

A WACZ file is a zip archive: WARC files in `archive/`, and beside them indexes, lists of pages and
their texts, which would give each page a second time.
"""

from collections.abc import Collection, Iterator

from marsad.corpus.article import Article
from marsad.corpus.source import Read, Skipped

_WARCS = (".warc", ".warc.gz", ".warc.zst")


def crawled_members(names: Collection[str]) -> frozenset[str]:
    """Return the WARC files of a WACZ file; empty if the members are not those of one.

    Example:
        >>> sorted(crawled_members(["datapackage.json", "archive/a.warc.gz", "pages/pages.jsonl"]))
        ['archive/a.warc.gz']
    """
    if "datapackage.json" not in names:
        return frozenset()
    return frozenset(
        name for name in names if name.startswith("archive/") and name.lower().endswith(_WARCS)
    )


def each_once(records: Iterator[Read]) -> Iterator[Read]:
    """Yield *records*; a page of the same address and the same bytes as one before is skipped."""
    seen: set[int] = set()
    for record in records:
        if isinstance(record, Article) and record.origin is not None:
            key = hash((record.url, record.origin.sha256))
            if key in seen:
                origin = record.origin
                reason = f"found {record.url[:200]} again, with the same content as before"
                yield Skipped(origin.path, "record", reason, origin.record)
                continue
            seen.add(key)
        yield record
