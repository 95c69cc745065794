"""Registry: the one list of exporters whose records are known, and the records within objects.

    record of an exporter -> [plain] -> Plain: fields of an article, or why there is no text
    object with lists     -> [records_in] -> Plain of each record in them

A new exporter is a function that recognises its records by several of their keys, in RECOGNISERS.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from marsad.corpus.columns import folded, match_columns
from marsad.corpus.errors import RecordError
from marsad.corpus.fields.date_forms import DateHint
from marsad.corpus.readers.shapes.databases import has_types, undo_types, unpack
from marsad.corpus.readers.shapes.frames import rows_of
from marsad.corpus.readers.shapes.monitors import is_acled, is_crowdtangle, is_meta, monitored
from marsad.corpus.readers.shapes.nested import with_named
from marsad.corpus.readers.shapes.plain import Fields, Plain
from marsad.corpus.readers.shapes.scrapers import scraped
from marsad.corpus.readers.shapes.tweets import tweet
from marsad.corpus.readers.social.telegram import message
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Skipped, Source

Recogniser = Callable[[Fields, Sequence[Fields]], Plain | None]
RECOGNISERS: tuple[Recogniser, ...] = (message, tweet, monitored, scraped)
_HEADERS: tuple[Callable[[Sequence[str]], bool], ...] = (is_crowdtangle, is_meta, is_acled)
# Beside the data of an answer: the authors, the answered posts and so on of its records.
BESIDE = frozenset({"includes", "included"})
_DEEPEST = 8
_NO_HINTS: Mapping[str, DateHint] = {}
_SAMPLE = 100
_FEW = 20
# Names under which an object that is no article may have a text too.
_WEAK = frozenset(
    {"description", "summary", "message", "caption", "notes", "excerpt", "abstract", "lead"}
)
# Lists of records in the answers of services and in exports.
_RECORDS = frozenset(
    {"articles", "hits", "docs", "items", "results", "data", "posts", "records", "messages"}
    | {"news", "rows", "entries", "tweets", "stories", "documents", "comments", "value", "list"}
)


def plain(
    record: Fields, mapping: Mapping[str, str] | None = None, enclosing: Sequence[Fields] = ()
) -> Plain:
    """Return a record with the fields of an article, whatever exporter wrote it.

    A record of an unknown exporter stays as it is, except for types of MongoDB and for the
    document within a record of a database.

    Args:
        record: The record.
        mapping: Field to name, given by a person; a name may lead into nested objects.
        enclosing: The objects around the record, the innermost last.
    """
    raw = undo_types(record) if has_types(record) else record
    within = unpack(raw, _has_text)
    found = next((made for each in RECOGNISERS if (made := each(within, enclosing))), None)
    made = found or Plain(_with_stamp(within) if within is not raw else within)
    if not mapping:
        return made
    skipped = "" if "text" in mapping else made.skipped
    named = with_named(made.record, raw, mapping)
    if within is not raw:
        named = with_named(named, within, mapping)
    return replace(made, record=named, names={**made.names, **mapping}, skipped=skipped)


def knows_header(names: Sequence[str]) -> bool:
    """Tell whether the columns of a table are those of a known exporter."""
    return any(known(names) for known in _HEADERS)


def _with_stamp(record: Fields) -> Fields:
    """Return a document with the time stamp of the log pipeline as date, if it has no other."""
    if "@timestamp" not in record or "date" in match_columns(tuple(record)):
        return record
    return {**record, "timestamp": record["@timestamp"]}


@lru_cache(maxsize=512)
def _text_name(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> str:
    try:
        return match_columns(names, dict(mapping)).get("text", "")
    except RecordError:
        return ""


def _text_in(made: Plain) -> str:
    """Return the name of the text of a record, empty if it has none."""
    name = _text_name(tuple(made.record), tuple(made.names.items()))
    match made.record.get(name):
        case str(text) if text.strip():
            return name
        case {"rendered": str()} | [str(), *_]:
            return name
        case _:
            return ""


def _has_text(record: Fields) -> bool:
    return bool(_text_in(Plain(record)))


def strength(found: object, mapping: Mapping[str, str], enclosing: Sequence[Fields]) -> int:
    """Return how surely an element of a list is a record: 2 surely, 1 perhaps, 0 not."""
    if not isinstance(found, dict):
        return 0
    made = plain(found, mapping, enclosing)
    name = _text_in(made)
    if made.known or "text" in mapping:
        return 2 if name or made.known else 0
    if name:
        return 1 if folded(name) in _WEAK else 2
    return 2 if any(_lists(found, mapping, enclosing, 0)) else 0


def records_in(
    found: Fields, mapping: Mapping[str, str], enclosing: Sequence[Fields] = (), depth: int = 0
) -> list[tuple[Plain | None, Any]]:
    """Return the records in an object, each with the value that it was made of.

    The object itself is its only record if it has a text. Otherwise they are the elements of
    every list whose objects surely have a text, or the objects within it that have one. If there
    is none, it is the longest list of objects; without one, the object itself is the record. An
    element that is no object has None. A table that is one object gives its rows.
    """
    rows = rows_of(found, mapping)
    if rows is not None:
        return [(plain(row, mapping, enclosing), row) for row in rows]
    made = plain(found, mapping, enclosing)
    if made.known or _text_in(made) or depth >= _DEEPEST:
        return [(made, found)]
    records: list[tuple[Plain | None, Any]] = list(_objects(found, mapping, enclosing, 0))
    lists = list(_lists(found, mapping, enclosing, 0))
    if not lists and not records:
        longest = max(_all_lists(found, enclosing, 0), key=lambda each: len(each[0]), default=None)
        if longest is None:
            return [] if _is_empty_answer(found) else [(made, found)]
        lists = [longest]
    for elements, outer in lists:
        for element in elements:
            if isinstance(element, dict):
                records += records_in(element, mapping, outer, depth + 1)
            else:
                records.append((None, element))
    return records


def _is_record(found: Fields, mapping: Mapping[str, str], enclosing: Sequence[Fields]) -> bool:
    """Tell whether an object is a record itself, whatever lists it has."""
    made = plain(found, mapping, enclosing)
    name = _text_in(made)
    return made.known or bool(name and ("text" in mapping or folded(name) not in _WEAK))


def _objects(
    found: Fields, mapping: Mapping[str, str], enclosing: Sequence[Fields], depth: int
) -> Iterator[tuple[Plain, Any]]:
    """Yield the objects within an object that surely have a text, as under keys of their own.

    If there is one, the fields around it and beside it may be of the same article.
    """
    outer = (*enclosing, found)
    inner = {
        name: value
        for name, value in found.items()
        if isinstance(value, dict) and not (name in BESIDE and "data" in found)
    }
    sure = [name for name, value in inner.items() if _is_record(value, mapping, outer)]
    for name in sure:
        value = inner[name]
        if len(sure) == 1:
            beside = [other for key, other in inner.items() if key != name]
            around = {key: each for part in (*beside, found) for key, each in part.items()}
            value = {**{key: each for key, each in around.items() if _is_small(each)}, **value}
        yield plain(value, mapping, outer), value
    for name, value in inner.items() if depth < _DEEPEST else ():
        if name not in sure:
            yield from _objects(value, mapping, outer, depth + 1)


def _is_small(value: object) -> bool:
    return not isinstance(value, dict | list) or (isinstance(value, list) and len(value) <= _FEW)


def _is_empty_answer(found: Fields, depth: int = 0) -> bool:
    """Tell whether an object is an answer whose list of records is empty."""
    return depth < _DEEPEST and any(
        (name in _RECORDS and value == [])
        or (name == "result_count" and value == 0)
        or (isinstance(value, dict) and _is_empty_answer(value, depth + 1))
        for name, value in found.items()
    )


def _lists(
    found: Fields, mapping: Mapping[str, str], enclosing: Sequence[Fields], depth: int
) -> Iterator[tuple[list[Any], Sequence[Fields]]]:
    """Yield the lists of sure records in an object, each with the objects around it."""
    for elements, outer in _all_lists(found, enclosing, depth):
        if any(strength(element, mapping, outer) > 1 for element in elements[:_SAMPLE]):
            yield elements, outer


def _all_lists(
    found: Fields, enclosing: Sequence[Fields], depth: int
) -> Iterator[tuple[list[Any], Sequence[Fields]]]:
    if depth >= _DEEPEST:
        return
    outer = (*enclosing, found)
    for name, value in found.items():
        if name in BESIDE and "data" in found:
            continue
        if isinstance(value, dict):
            # What an article within has lists of is not beside it, such as its comments.
            if not _is_record(value, {}, outer):
                yield from _all_lists(value, outer, depth + 1)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            yield value, outer


def read_plain(
    made: Plain,
    source: Source,
    number: int,
    raw: bytes,
    form: str,
    kept: bytes | None = None,
    hints: Mapping[str, DateHint] = _NO_HINTS,
) -> Read:
    """Return the article of a plain record, its refusal, or why it has no text of its own.

    Args:
        made: The record.
        source: The file.
        number: The line or number of the record in it; 0 is the whole file.
        raw: The bytes of the record, for its digest.
        form: The format in which a refused record can be read again.
        kept: The bytes that a refusal keeps, if they are not *raw*.
        hints: What the other rows of a table say about the dates of a column.
    """
    if made.skipped:
        return Skipped(source.name, "record", f"found {made.skipped}", number)
    try:
        article = article_of(made.record, made.names or None, hints)
    except RecordError as error:
        return source.refusal(number, str(error), raw if kept is None else kept, form)
    if made.remarks:
        article = replace(article, remarks=(*article.remarks, *made.remarks))
    return source.article(article, number, raw)
