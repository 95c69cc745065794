"""JSONL: one article a line, as `{id, title, text, date, source, url, author, language}`.

Every key but `text` is optional; further keys are ignored. Lines are bytes here,
so that one badly encoded line is one bad record and not the end of the file.
"""

import json
import re

from corpus.article import Article, content_id
from corpus.dates.mention import period
from corpus.dates.resolve import parse_dateline
from corpus.errors import RecordError
from corpus.language import detect_language
from corpus.readers.layout import precision_of

_KEYS = ("id", "title", "text", "date", "source", "url", "author", "language")
_ISO = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ].*)?")
_LONGEST_ID = 512


def parse_json_line(line: bytes) -> Article:
    """Return the article of one line.

    Raises:
        RecordError: the line is no JSON object, has no text, or a field is not what it should be.

    Example:
        >>> parse_json_line('{"text": "نص", "date": "2023-09"}'.encode()).published_iso()
        '2023-09'
    """
    record = _load(line)
    fields = {key: _string(record, key) for key in _KEYS}
    if not fields["text"].strip():
        message = 'found no text, expected a non-empty string under "text"'
        raise RecordError(message)
    value = _date(fields["date"])
    days = period(value) if value else None
    return Article(
        id=_id(fields, value),
        title=fields["title"],
        text=fields["text"],
        published=days[0] if days else None,
        precision=precision_of(value),
        language=fields["language"] or detect_language(f"{fields['title']}\n{fields['text']}"),
        source=fields["source"],
        author=fields["author"],
        url=fields["url"],
    )


def _load(line: bytes) -> dict[str, object]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = f"found byte {line[error.start]:#04x} at {error.start}, expected UTF-8"
        raise RecordError(message) from error
    except json.JSONDecodeError as error:
        message = (
            f"found no JSON ({error.msg} at character {error.pos}), expected one object a line"
        )
        raise RecordError(message) from error
    except (RecursionError, ValueError) as error:
        message = f"found JSON that cannot be read ({error}), expected one flat object a line"
        raise RecordError(message) from error
    if not isinstance(record, dict):
        message = f"found a JSON {type(record).__name__}, expected an object"
        raise RecordError(message)
    return record


def _string(record: dict[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        message = f'found a {type(value).__name__} under "{key}", expected a string'
        raise RecordError(message)
    if any("\ud800" <= char <= "\udfff" for char in value):
        message = f'found half a surrogate pair under "{key}", expected Unicode text'
        raise RecordError(message)
    return value if key == "text" else " ".join(value.split())


def _id(fields: dict[str, str], value: str | None) -> str:
    given = fields["id"]
    if not given:
        return content_id(
            title=fields["title"],
            text=fields["text"],
            published=value,
            source=fields["source"],
            url=fields["url"],
        )
    if len(given) > _LONGEST_ID or not given.isprintable() or " " in given:
        message = (
            f"found the id {given[:40]!r}, expected at most {_LONGEST_ID} printable characters "
            f"without spaces"
        )
        raise RecordError(message)
    return given


def _date(given: str) -> str | None:
    """Return the ISO value of a date as records give it; None where none is given."""
    if not given:
        return None
    iso = _ISO.fullmatch(given)
    value = iso[1] if iso else parse_dateline(given)
    if value is None or period(value) is None:
        message = (
            f"found the date {given[:40]!r}, expected 2023-09-21, 2023-09, 2023, 21/09/2023 or "
            f"a date in Arabic words"
        )
        raise RecordError(message)
    return value
