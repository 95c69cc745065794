"""Nested: what lies at a path such as `a.0.b` in objects and lists, for names given by a person."""

from collections.abc import Mapping
from typing import Any

from marsad.corpus.columns import folded


def value_at(record: Any, path: str) -> tuple[bool, Any]:  # noqa: ANN401
    """Return whether *path* leads somewhere in a record, and what lies there.

    A step is a key, without regard to case, spaces and underscores, or the number of an element
    of a list, from 0. Without a number, a list of one element is passed through, and a longer
    list gives what lies at the path in each of its elements. A key may have dots itself.

    Example:
        >>> value_at({"a": [{"b": 1}, {"b": 2}]}, "a.1.b"), value_at({"a": 1}, "b.c")
        ((True, 2), (False, None))
    """
    return _at(record, path.split("."))


def _at(found: Any, steps: list[str]) -> tuple[bool, Any]:  # noqa: ANN401
    if not steps:
        return True, found
    if isinstance(found, list):
        return _in_list(found, steps)
    if not isinstance(found, Mapping):
        return False, None
    for length in range(len(steps), 0, -1):
        key = _key(found, ".".join(steps[:length]))
        if key is not None:
            there, value = _at(found[key], steps[length:])
            if there:
                return there, value
    return False, None


def _in_list(found: list[Any], steps: list[str]) -> tuple[bool, Any]:
    if steps[0].isdecimal():
        number = int(steps[0])
        return _at(found[number], steps[1:]) if number < len(found) else (False, None)
    values = [value for there, value in (_at(each, steps) for each in found) if there]
    return bool(values), values[0] if len(values) == 1 else values


def _key(record: Mapping[str, Any], name: str) -> str | None:
    if name in record:
        return name
    wanted = folded(name)
    return next((key for key in record if folded(key) == wanted), None) if wanted else None


def with_named(
    record: Mapping[str, Any], raw: Mapping[str, Any], mapping: Mapping[str, str]
) -> dict[str, Any]:
    """Return *record* with what lies at each name of *mapping*: in it, or in the *raw* record.

    A nested name whose first step is in the raw record, but that leads nowhere in it, has an
    empty value: records of one file need not all have every field.
    """
    made = dict(record)
    for name in mapping.values():
        if _key(made, name) is not None:
            continue
        for place in (raw, record):
            there, value = value_at(place, name)
            if there:
                made[name] = value
                break
        else:
            begin = name.partition(".")[0]
            if begin != name and (_key(raw, begin) is not None or _key(record, begin) is not None):
                made[name] = None
    return made
