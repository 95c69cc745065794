"""JSONL: one article a line, as `{id, title, text, date, source, url, author, language}`.

Every key but the text is optional; further keys are ignored. Lines are bytes here,
so that one badly encoded line is one bad record and not the end of the file.
"""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from corpus.article import Article
from corpus.errors import RecordError
from corpus.record import article_of
from corpus.source import Read, Source


def read_lines(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each line that is not blank."""
    number = 0
    while line := stream.readline(source.limit + 1):
        number += 1
        if len(line) > source.limit:
            yield source.refusal(number, source.too_long(), line, "jsonl")
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            article = parse_json_line(line, source.mapping)
        except RecordError as error:
            yield source.refusal(number, str(error), line, "jsonl")
        else:
            yield source.article(article, number, line)


def parse_json_line(line: bytes, mapping: Mapping[str, str] | None = None) -> Article:
    """Return the article of one line.

    Raises:
        RecordError: the line is no JSON object, has no text, or a field is not what it should be.

    Example:
        >>> parse_json_line('{"text": "نص", "date": "2023-09"}'.encode()).published_iso()
        '2023-09'
    """
    return article_of(load_object(line), mapping)


def load_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in *raw*.

    Raises:
        RecordError: it holds none.
    """
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = f"found byte {raw[error.start]:#04x} at {error.start}, expected UTF-8"
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
