"""Record: make an article of a row, an object or a line with named fields."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from marsad.corpus.article import Article, Evidence, content_id
from marsad.corpus.columns import match_columns
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.encoding import clean
from marsad.corpus.errors import RecordError
from marsad.corpus.language import detect_language
from marsad.corpus.published import as_printed, published_in_url, read_published

LONGEST_ID = 512
# Databases write these if the day is not known.
_NO_DAYS = ("0000-00-00", "0001-01-01", "1/1/0001", "01/01/0001")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b[^>]*>", re.IGNORECASE)
# A record whose value of these cannot be read is refused; other fields are left out then.
_NEEDED = frozenset({"text", "date", "id"})
_ANY_TAG = re.compile(r"<[A-Za-z/!][^>]{0,2000}>")


def article_of(record: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> Article:
    """Return the article of a record with named fields.

    Args:
        record: Name to value: strings, numbers, lists of strings, or `{"rendered": html}`.
        mapping: Field to name, if the names are not the usual ones.

    Raises:
        RecordError: there is no text, or a field has a wrong type or value.
    """
    columns = _columns(tuple(record), tuple((mapping or {}).items()))
    fields = {field: _string(field, name, record[name]) for field, name in columns.items()}
    text = fields.get("text", "")
    if not text.strip():
        message = (
            f'found no text, expected a non-empty string under "{columns.get("text", "text")}"'
        )
        raise RecordError(message)
    url = fields.get("url", "")
    value, evidence = _published(fields.get("date", ""), url)
    printed = as_printed(fields["date"]) if evidence == "metadata" else ""
    days = period(value) if value else None
    title = fields.get("title", "")
    return Article(
        id=_id(fields, text, value),
        title=title,
        text=text,
        published=days[0] if days else None,
        precision=precision_of(value),
        language=_language(fields.get("language", ""), title, text),
        source=fields.get("source", ""),
        publisher=fields.get("publisher", ""),
        author=fields.get("author", ""),
        url=url,
        evidence=evidence,
        printed_date=printed,
    )


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return match_columns(names, dict(mapping))


def _string(field: str, name: str, value: object) -> str:
    """Return the text of a field; empty if it is missing, or is optional and has no text.

    Raises:
        RecordError: a needed field is of another type, or the text has half a surrogate pair.
    """
    if value is None:
        return ""
    text = _text_of(field, value)
    if text is None:
        if field not in _NEEDED:
            return ""
        message = f'found a {type(value).__name__} under "{name}", expected a string'
        raise RecordError(message)
    if not text.isascii() and _SURROGATES.search(text):
        message = f'found half a surrogate pair under "{name}", expected Unicode text'
        raise RecordError(message)
    if field == "text":
        return clean(strip_tags(text) if _PARAGRAPH.search(text) else text)
    return " ".join(clean(text).split())


def _text_of(field: str, value: object) -> str | None:
    """Return the text of a value, None if a value of its type has none."""
    match value:
        case str():
            return value
        case {"rendered": str(html)}:
            return strip_tags(html)
        case {"name": str(named)}:
            return named
        case int() | float() if field in {"id", "date"} and not isinstance(value, bool):
            return str(value)
        case list():
            parts = [part for part in value if isinstance(part, str)]
            if parts and len(parts) == len(value):
                return ("\n\n" if field == "text" else "، ").join(parts)
            if field in _NEEDED:
                return None
            names = [each.get("name") for each in value if isinstance(each, dict)]
            return "، ".join(named for named in names if isinstance(named, str))
        case _:
            return None


def strip_tags(html: str) -> str:
    """Return the text of an HTML fragment, with each paragraph on a line of its own."""
    shown = _UNSEEN.sub("", html)
    return unescape(_ANY_TAG.sub("", _TAG.sub("\n\n", shown))).strip()


def _language(given: str, title: str, text: str) -> str:
    """Return the given language code without its region, or the detected one if it is no code."""
    if _LANGUAGE.fullmatch(given):
        return given[:3].rstrip("-_").lower()
    return detect_language(f"{title}\n{text}")


def _id(fields: Mapping[str, str], text: str, value: str | None) -> str:
    given = fields.get("id", "")
    if not given:
        return content_id(
            title=fields.get("title", ""),
            text=text,
            published=value,
            source=fields.get("source", ""),
            url=fields.get("url", ""),
        )
    if len(given) > LONGEST_ID or not given.isprintable() or " " in given or given in {".", ".."}:
        message = (
            f"found the id {given[:40]!r}, expected at most {LONGEST_ID} printable characters "
            f"without spaces"
        )
        raise RecordError(message)
    return given


def _published(given: str, url: str) -> tuple[str | None, Evidence]:
    if not given or given.startswith(_NO_DAYS):
        value = published_in_url(url) if url else None
        return value, "url" if value else ""
    value = read_published(given)
    if value is None:
        message = (
            f"found the date {given[:40]!r}, expected 2023-09-21, 2023-09, 2023, 21/09/2023 or "
            f"a date in Arabic words"
        )
        raise RecordError(message)
    return value, "metadata"
