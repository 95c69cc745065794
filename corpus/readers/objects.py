"""JSON: an article, a list of articles, or an object with such a list, one at a time.

A list is read element by element, so that a large export needs no memory; an object is
read whole.
"""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from corpus.columns import match_columns
from corpus.encoding import decode
from corpus.errors import RecordError
from corpus.record import article_of
from corpus.source import Read, Source

_CHUNK = 1 << 16
_SPACE = " \t\r\n"
_DEEPEST = 4


def read_json(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each object."""
    head = b""
    while not head.strip(b" \t\r\n\xef\xbb\xbf") and (piece := stream.read(_CHUNK)):
        head += piece
        if len(head) > source.limit:
            break
    if head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"["):
        yield from _read_list(head, stream, source)
        return
    raw = head + stream.read(source.limit + 1 - len(head))
    if len(raw) > source.limit:
        yield source.refusal(0, source.too_long(), raw, "json")
        return
    try:
        found = json.loads(decode(raw))
    except (RecordError, RecursionError, ValueError) as error:
        yield source.refusal(
            0, f"found no JSON ({error}), expected an object or a list", raw, "json"
        )
        return
    yield from _articles(found, raw, source)


def _articles(found: Any, raw: bytes, source: Source) -> Iterator[Read]:  # noqa: ANN401
    inner = None if _is_article(found, source) else _list_in(found, 0)
    if inner is None:
        yield _one(found, 0, raw, source)
        return
    for number, element in enumerate(inner, 1):
        packed = json.dumps(element, ensure_ascii=False).encode("utf-8", "surrogatepass")
        yield _one(element, number, packed, source)


def _is_article(found: Any, source: Source) -> bool:  # noqa: ANN401
    if not isinstance(found, dict):
        return False
    try:
        columns = match_columns(found, source.mapping)
    except RecordError:
        return False
    return isinstance(found.get(columns.get("text", ""), None), str | dict)


def _list_in(found: Any, depth: int) -> list[Any] | None:  # noqa: ANN401
    """Return the longest list of objects in an object, looking a few levels down."""
    if isinstance(found, list):
        return found if any(isinstance(element, dict) for element in found) else None
    if not isinstance(found, dict) or depth >= _DEEPEST:
        return None
    lists = [inner for value in found.values() if (inner := _list_in(value, depth + 1))]
    return max(lists, key=len, default=None)


def _one(found: Any, number: int, raw: bytes, source: Source) -> Read:  # noqa: ANN401
    if not isinstance(found, dict):
        reason = f"found a JSON {type(found).__name__}, expected an object"
        return source.refusal(number, reason, raw, "json")
    try:
        return source.article(article_of(found, source.mapping), number, raw)
    except RecordError as error:
        return source.refusal(number, str(error), raw, "json")


def _read_list(head: bytes, stream: IO[bytes], source: Source) -> Iterator[Read]:
    decoder = json.JSONDecoder()
    utf8 = codecs.getincrementaldecoder("utf-8")("replace")
    text = utf8.decode(head.removeprefix(b"\xef\xbb\xbf")).lstrip(_SPACE)[1:]
    number = 0
    while True:
        text = text.lstrip(_SPACE + ",")
        if text.startswith("]"):
            return
        try:
            element, end = decoder.raw_decode(text)
        except (ValueError, RecursionError) as error:
            piece = (
                b"" if isinstance(error, RecursionError) else stream.read(max(_CHUNK, len(text)))
            )
            if not piece or len(text) > source.limit:
                reason = (
                    f"found no JSON ({str(error) or 'it ends in the middle'}), expected an object"
                )
                kept = text.encode("utf-8", "surrogatepass")
                yield source.refusal(number + 1, reason, kept, "json")
                return
            text += utf8.decode(piece)
            continue
        number += 1
        raw = text[:end].encode("utf-8", "surrogatepass")
        text = text[end:]
        yield _one(element, number, raw, source)
