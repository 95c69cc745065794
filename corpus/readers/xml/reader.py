"""Reader: XML that is no feed and no page; the root element decides how it is read."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.xml.press import news_item, nitf, old_news_item
from marsad.corpus.readers.xml.records import fields_of, find_records
from marsad.corpus.readers.xml.root import markup_kind
from marsad.corpus.readers.xml.scholarly import extracted, tei
from marsad.corpus.readers.xml.text import local
from marsad.corpus.readers.xml.walk import Found, Walk, named
from marsad.corpus.readers.xml.wiki import drop_old_revisions, wiki_page
from marsad.corpus.readers.xml.wordpress import post
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Skipped, Source
from marsad.corpus.streams import HEAD_BYTES, peekable


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of XML: the elements that are its records, and the fields of one of them.

    `make` is given the record and the root element; it returns a reason if the record holds no
    article.
    """

    records: tuple[str, ...]
    make: Callable[[Any, Any], dict[str, str] | str]
    trim: Callable[[Any], None] | None = None


_NEWS = Shape(("newsItem", "packageItem", "conceptItem", "knowledgeItem"), news_item)
_TEI = Shape(("TEI", "TEI.2"), tei)
_SHAPES = {
    "newsItem": _NEWS,
    "packageItem": _NEWS,
    "newsMessage": _NEWS,
    "NewsML": Shape(("NewsItem",), old_news_item),
    "nitf": Shape(("nitf",), nitf),
    "TEI": _TEI,
    "TEI.2": _TEI,
    "teiCorpus": _TEI,
    "teiCorpus.2": _TEI,
    "mediawiki": Shape(("page",), wiki_page, drop_old_revisions),
    "rss": Shape(("item",), post),
}
_MANY_ROOTS = re.compile(rb"[\xef\xbb\xbf\s]*<doc[\s>]", re.IGNORECASE)
_EXTRACTED = Shape(("doc",), extracted)


def is_xml(text: str, named: str) -> bool:
    """Tell whether a text is XML that is neither a feed nor a page."""
    kind = markup_kind(text, named)
    return kind == "xml" or (named == "xml" and text.startswith("<") and not kind)


def read_xml(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article, refusal or skipped record of each record."""
    buffered = peekable(stream)
    head = buffered.peek(HEAD_BYTES)[:HEAD_BYTES]
    shape = _shape_of(head, source)
    # Collections of newswire have a root element for each document, and no declaration.
    walk = Walk(buffered, source, many_roots=shape is None and _MANY_ROOTS.match(head) is not None)
    number = 0
    try:
        if shape is None:
            for number, found in find_records(walk, source):
                yield _read_record(found, number, source)
        else:
            for found in walk.records(named(*shape.records), shape.trim):
                number += 1
                at = 0 if found.element is walk.root else number
                yield _read_shaped(found, at, shape, walk.root, source)
    except RecordError as error:
        yield source.refusal(number and number + 1, str(error))
        return
    if walk.is_cut:
        reason = f"found XML that is cut short or damaged after {number} records"
        yield source.refusal(number + 1, reason)
    elif not number and shape is not None:
        reason = f"found XML with the root <{local(walk.root)}> without records"
        yield source.refusal(0, f"{reason}, expected <{shape.records[0]}>")


def _shape_of(head: bytes, source: Source) -> Shape | None:
    """Return the shape of the root element; None if its records must be looked for."""
    probe = Walk(io.BytesIO(head), source)
    root: Any = None
    try:
        for event, element in probe.events():
            root = probe.root
            if local(root) != "doc" or (event == "start" and local(element) == "main"):
                break
    except RecordError:
        pass
    if root is None:
        return None
    if local(root) == "doc":
        parents = [local(child) for child in root.iterchildren("*")]
        return _EXTRACTED if "main" in parents else None
    return _SHAPES.get(local(root))


def _read_shaped(
    found: Found,
    number: int,
    shape: Shape,
    root: Any,  # noqa: ANN401  (lxml's element)
    source: Source,
) -> Read:
    if found.too_long:
        return source.refusal(number, source.too_long())
    made = shape.make(found.element, root)
    if isinstance(made, str):
        return Skipped(source.name, "record", made, number)
    # Many bodies begin with the title once more.
    first, _, rest = made["text"].partition("\n\n")
    text = rest if rest and first == made["title"] else made["text"]
    return _article({**made, "text": text}, number, source, {})


def _read_record(found: Found, number: int, source: Source) -> Read:
    if found.too_long:
        return source.refusal(number, source.too_long())
    return _article(fields_of(found.element), number, source, dict(source.mapping))


def _article(fields: dict[str, Any], number: int, source: Source, mapping: dict[str, str]) -> Read:
    # Kept as an object, so that `retry` can read a corrected record by itself.
    kept = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        return source.article(article_of(fields, mapping), number, kept)
    except RecordError as error:
        return source.refusal(number, str(error), kept, "json")
