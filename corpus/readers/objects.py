"""JSON: an article, a list of articles, or an object with such a list.

A list is read element by element, so that a large export needs little memory; an object is
read whole.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from marsad.corpus.columns import match_columns
from marsad.corpus.encoding import decode, encoding_of
from marsad.corpus.errors import RecordError
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Source

_CHUNK = 1 << 16
_SPACE = " \t\r\n"
_DEEPEST = 4
# A plain text may begin with a bracket, but then no key, object or list follows.
_BEGINNING = re.compile(r'\{\s*(?:"[^"\n]{1,200}"\s*:|\})|\[\s*[\[{]')
# Where one object of a list ends and the next begins.
_NEXT = re.compile(r"\}\s*,\s*\{")


def is_json(text: str, named: str) -> bool:
    """Tell whether a text is JSON: by its suffix, or because it begins like an object or list."""
    return named == "json" or _BEGINNING.match(text) is not None


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
    """Return the longest list with objects in an object, at most _DEEPEST levels down."""
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
    """Read a list element by element; a broken one is refused up to the next object."""
    decoder = json.JSONDecoder()
    encoding = encoding_of(head if len(head) < _CHUNK else head[: head.rfind(b",") + 1] or head)
    # An invalid byte is kept as a surrogate in the text, and its element is refused.
    characters = codecs.getincrementaldecoder(encoding)("surrogateescape")
    text = characters.decode(head).lstrip(_SPACE + "\ufeff")[1:]
    number = 0
    while True:
        text = text.lstrip(_SPACE + ",")
        if text.startswith("]"):
            return
        try:
            element, end = decoder.raw_decode(text)
        except (ValueError, RecursionError) as error:
            following = _NEXT.search(text, 1)
            broken = following is not None and _is_broken(error, following.start())
            piece = b"" if broken else stream.read(max(_CHUNK, len(text)))
            if piece and len(text) <= source.limit:
                text += characters.decode(piece)
                continue
            number += 1
            kept = text[: following.start() + 1] if following else text
            reason = f"found no JSON ({error}), expected an object or the end of the list"
            yield source.refusal(number, reason, kept.encode("utf-8", "surrogateescape"), "json")
            if following is None or len(text) > source.limit:
                return
            text = text[following.start() + 1 :]
            continue
        number += 1
        raw = text[:end].encode("utf-8", "surrogateescape" if encoding == "utf-8" else "replace")
        text = text[end:]
        yield _one(element, number, raw, source)


def _is_broken(error: Exception, following: int) -> bool:
    """Tell whether an element is broken, and not only cut because more must be read."""
    return isinstance(error, json.JSONDecodeError) and error.pos < following
