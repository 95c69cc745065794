"""Scrapers: articles as news-please and trafilatura write them to JSON."""

from collections.abc import Mapping, Sequence

from marsad.corpus.readers.shapes.plain import Fields, Plain, first, string, taken

_NEWS_PLEASE = frozenset(
    {
        "date_publish",
        "date_download",
        "date_modify",
        "source_domain",
        "localpath",
        "title_rss",
        "title_page",
    }
)
_ENOUGH = 3
_HOSTS = ("source-hostname", "source_hostname", "sitename", "hostname")
_ADDRESS = ("http://", "https://")


def scraped(record: Fields, _: Sequence[Fields]) -> Plain | None:
    """Return an article that a scraper wrote as a plain record, None if it is none."""
    if len(_NEWS_PLEASE & record.keys()) >= _ENOUGH and not {"maintext", "text"}.isdisjoint(record):
        return _news_please(record)
    source = string(record.get("source"))
    if (
        "fingerprint" in record
        and "text" in record
        and any(name in record for name in _HOSTS)
        and (source.startswith(_ADDRESS) or "raw_text" in record or "raw-text" in record)
    ):
        return _trafilatura(record, source)
    return None


def _news_please(record: Fields) -> Plain:
    # The day of the download says nothing about the day of publication.
    domain = first(record, "source_domain")
    return taken(
        text=first(record, "maintext", "text"),
        title=first(record, "title", "title_page", "title_rss"),
        date=("date_publish", _known(record, "date_publish")),
        source=domain,
        publisher=domain,
        author=first(record, "authors"),
        url=first(record, "url"),
        language=first(record, "language"),
    )


def _known(record: Mapping[str, object], name: str) -> str:
    value = string(record.get(name))
    return "" if value in {"None", "null", "nan", "NaT"} else value


def _trafilatura(record: Fields, source: str) -> Plain:
    host = first(record, *_HOSTS)
    address = ("source", source) if source.startswith(_ADDRESS) else first(record, "url")
    return taken(
        text=first(record, "text", "raw_text", "raw-text"),
        title=first(record, "title"),
        date=("date", _known(record, "date")),
        source=host,
        publisher=host,
        author=first(record, "author"),
        url=address,
        language=first(record, "language"),
        id=first(record, "id"),
    )
