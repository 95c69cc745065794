"""Record: the article of a row, an object or a line with named fields."""

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
# What databases write where no day is known.
_NO_DAYS = ("0000-00-00", "0001-01-01", "1/1/0001", "01/01/0001")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b[^>]*>", re.IGNORECASE)
# Fields whose value must be read; others are left out where they cannot be.
_NEEDED = frozenset({"text", "date", "id"})
_ANY_TAG = re.compile(r"<[A-Za-z/!][^>]{0,2000}>")


def article_of(record: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> Article:
    """Return the article of a record with named fields.

    Args:
        record: Name to value: strings, numbers, lists of strings, or `{"rendered": html}`.
        mapping: Field to name, where the names are not the usual ones.

    Raises:
        RecordError: there is no text, or a field is not what it should be.
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
    if value is None:
        return ""
    if isinstance(value, dict) and isinstance(value.get("rendered"), str):
        value = strip_tags(value["rendered"])
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        value = value["name"]
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        value = ("\n\n" if field == "text" else "، ").join(value)
    if field in {"id", "date"} and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, list) and field not in _NEEDED:
        names = [each.get("name") for each in value if isinstance(each, dict)]
        value = "، ".join(name for name in names if isinstance(name, str))
    if not isinstance(value, str) and field not in _NEEDED:
        return ""
    if not isinstance(value, str):
        message = f'found a {type(value).__name__} under "{name}", expected a string'
        raise RecordError(message)
    if not value.isascii() and _SURROGATES.search(value):
        message = f'found half a surrogate pair under "{name}", expected Unicode text'
        raise RecordError(message)
    if field == "text":
        return clean(strip_tags(value) if _PARAGRAPH.search(value) else value)
    return " ".join(clean(value).split())


def strip_tags(html: str) -> str:
    """Return the text of a fragment of HTML, its paragraphs on lines of their own."""
    shown = _UNSEEN.sub("", html)
    return unescape(_ANY_TAG.sub("", _TAG.sub("\n\n", shown))).strip()


def _language(given: str, title: str, text: str) -> str:
    """Return the language that is given, if it looks like one: a code, without its region."""
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
