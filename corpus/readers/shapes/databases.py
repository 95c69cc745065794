"""Databases: records of MongoDB, Elasticsearch, JSON:API and GraphQL.

{"_id": {"$oid": …}, "date": {"$date": …}} -> [undo_types] -> {"_id": …, "date": …}
{"_index": …, "_id": …, "_source": {…}}    -> [unpack]     -> {"id": …, …}
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

_DEEPEST = 12
_MOST_KEYS = 2
_LEGACY = frozenset({"$type", "subType"})
_META = ("_index", "_type", "_score", "_version", "_seq_no", "_routing", "_ignored", "sort")
_ACTIONS = ("index", "create", "update", "delete")
_OF_ACTION = frozenset(
    {
        "_index",
        "_type",
        "_id",
        "routing",
        "_routing",
        "version",
        "_version",
        "version_type",
        "parent",
        "pipeline",
        "op_type",
        "if_seq_no",
        "if_primary_term",
        "require_alias",
        "dynamic_templates",
        "list_executed_pipelines",
        "retry_on_conflict",
        "_retry_on_conflict",
        "require_data_stream",
    }
)
_NUMBER = re.compile(r"\d{1,12}")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def undo_types(value: Any, depth: int = 0) -> Any:  # noqa: ANN401
    """Return a value of MongoDB Extended JSON, canonical or relaxed, as plain JSON.

    Example:
        >>> undo_types({"date": {"$date": {"$numberLong": "1681549200000"}}, "n": 1})
        {'date': '2023-04-15T09:00:00+00:00', 'n': 1}
    """
    if isinstance(value, list) and depth < _DEEPEST:
        return [undo_types(each, depth + 1) for each in value]
    if not isinstance(value, dict) or depth >= _DEEPEST:
        return value
    if 0 < len(value) <= _MOST_KEYS:
        name = next((key for key in value if key in _TYPES), None)
        if name is not None and value.keys() - {name} <= _LEGACY:
            return _TYPES[name](undo_types(value[name], depth + 1))
    return {key: undo_types(each, depth + 1) for key, each in value.items()}


def has_types(record: Mapping[str, Any]) -> bool:
    """Tell whether a field of a record is written as MongoDB Extended JSON."""
    return any(
        isinstance(value, dict) and not _TYPES.keys().isdisjoint(value) for value in record.values()
    )


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


def _nothing(_: Any) -> None:  # noqa: ANN401
    return None


def _day(value: Any) -> Any:  # noqa: ANN401
    try:
        milliseconds = int(value)
    except (TypeError, ValueError):
        return value
    try:
        return (_EPOCH + dt.timedelta(milliseconds=milliseconds)).isoformat()
    except OverflowError:
        return str(value)


def _time(value: Any) -> Any:  # noqa: ANN401
    return _day(value["t"] * 1000) if isinstance(value, dict) and _is_int(value.get("t")) else None


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bytes(value: Any) -> Any:  # noqa: ANN401
    return value.get("base64") if isinstance(value, dict) else value


def _integer(value: Any) -> Any:  # noqa: ANN401
    try:
        return int(value)
    except (TypeError, ValueError):
        return value


_TYPES: dict[str, Callable[[Any], Any]] = {
    "$oid": _same,
    "$date": _day,
    "$uuid": _same,
    "$symbol": _same,
    "$numberInt": _integer,
    "$numberLong": _integer,
    "$numberDouble": _same,
    "$numberDecimal": _same,
    "$timestamp": _time,
    "$binary": _bytes,
    "$undefined": _nothing,
    "$minKey": _nothing,
    "$maxKey": _nothing,
}


def action_of(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the meta of a line that announces a document in a `_bulk` file, None for any other.

    Example:
        >>> action_of({"index": {"_id": "AV1"}}), action_of({"index": {"text": "x"}})
        ({'_id': 'AV1'}, None)
    """
    if len(record) != 1:
        return None
    ((name, meta),) = record.items()
    if name not in _ACTIONS or not isinstance(meta, dict) or not meta.keys() <= _OF_ACTION:
        return None
    return meta


def is_deletion(record: Mapping[str, Any]) -> bool:
    """Tell whether a line of a `_bulk` file deletes, so that no document follows it."""
    return "delete" in record


def document_of(record: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of a `_bulk` file with the id that the line before it gave."""
    document = record.get("doc") if record.keys() <= {"doc", "doc_as_upsert", "upsert"} else None
    return {**meta, "_source": document if isinstance(document, dict) else dict(record)}


def unpack(record: Mapping[str, Any], has_text: Callable[[Mapping[str, Any]], bool]) -> Any:  # noqa: ANN401
    """Return the document within a record of a database or service, *record* itself if none.

    Args:
        record: The record as it was exported.
        has_text: Tells whether a record has a text under a usual name.
    """
    for _ in range(_DEEPEST):
        document = _unpacked(record, has_text)
        if document is None:
            break
        record = document
    return record


def _unpacked(
    record: Mapping[str, Any], has_text: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any] | None:
    source = record.get("_source")
    fields = record.get("fields")
    if isinstance(source, dict) and not has_text(record):
        return _with_id(source, record)
    if isinstance(fields, dict) and _is_hit(record):
        return _with_id(fields, record)
    for name in ("attributes", "node", "doc", "fields"):
        within = record.get(name)
        if isinstance(within, dict) and _holds(name, record) and not has_text(record):
            return _with_id(within, record)
    return None


def _is_hit(record: Mapping[str, Any]) -> bool:
    return "_id" in record and any(name in record for name in _META) and "_source" not in record


def _holds(name: str, record: Mapping[str, Any]) -> bool:
    """Tell whether the other keys of a record are those beside a document of that name."""
    match name:
        case "attributes":
            return "type" in record and "id" in record
        case "node":
            return record.keys() <= {"node", "cursor", "__typename"}
        case "doc":
            return record.keys() <= {"id", "key", "value", "doc", "_id", "_rev", "seq", "changes"}
        case _:
            # Django's dumpdata and Airtable.
            return "model" in record or ("id" in record and "createdTime" in record)


def _with_id(document: Mapping[str, Any], outer: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(document)
    if "_source" in outer or _is_hit(outer):
        # A time stamp of the log pipeline is the only date that some documents have.
        given = outer.get("_id")
        if isinstance(given, str | int) and given != "":
            index = outer.get("_index")
            scoped = _NUMBER.fullmatch(str(given)) and isinstance(index, str) and index
            made = {key: value for key, value in made.items() if key not in ("id", "_id")}
            made["id"] = f"{index}:{given}" if scoped else str(given)
        return made
    for name in ("id", "_id", "pk"):
        if name in outer and not {"id", "_id", "guid", "uuid"} & made.keys():
            made["id"] = outer[name]
    link = outer.get("links")
    if isinstance(link, dict) and isinstance(link.get("self"), str) and "url" not in made:
        made["url"] = link["self"]
    return made
