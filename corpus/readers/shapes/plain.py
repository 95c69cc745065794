"""Plain: a record of an exporter, reduced to the fields of an article."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marsad.corpus.columns import folded
from marsad.corpus.remarks import Remark

Fields = Mapping[str, Any]
_LONGEST_TITLE = 120
_SENTENCE = re.compile(r"[.!?؟؛…]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A record with named fields, and which name is which field of an article.

    `record` maps names to values. `names` maps fields to names; it is empty if the names are
    those of `marsad.corpus.columns`. `skipped` says why the record has no text of its own, empty
    if it has one or should have one. `known` tells that the exporter was recognised.
    """

    record: Fields
    names: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    skipped: str = ""
    known: bool = False


def taken(remarks: Sequence[Remark] = (), skipped: str = "", **fields: tuple[str, object]) -> Plain:
    """Return a plain record of fields that an exporter's names were taken for.

    Each field is a pair of the exporter's name and the value; fields without a value are left
    out. If two fields have the same name, the second is told apart by its field.

    Example:
        >>> made = taken(text=("Message", "نص"), source=("Page Name", "أ"), date=("Created", ""))
        >>> made.record, made.names["text"]
        ({'Message': 'نص', 'Page Name': 'أ'}, 'Message')
    """
    record: dict[str, object] = {}
    names: dict[str, str] = {}
    met: set[str] = set()
    for given, (name, value) in fields.items():
        if value is None or value in ("", [], {}):
            continue
        unique = name if folded(name) not in met else f"{name} ({given})"
        met.add(folded(unique))
        record[unique], names[given] = value, unique
    return Plain(record, names, tuple(remarks), skipped, known=True)


def string(value: object) -> str:
    """Return a value that is a string or a number as a string, and any other as an empty one."""
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, int | float) else value if isinstance(value, str) else ""


def first(record: Fields, *names: str) -> tuple[str, object]:
    """Return the first of *names* that has a value in a record, with the value.

    Example:
        >>> first({"a": "", "b": 2}, "a", "b")
        ('b', 2)
    """
    for name in names:
        value = record.get(name)
        if value is not None and value not in ("", [], {}):
            return name, value
    return names[0], ""


def inner(record: Fields, *path: str) -> Any:  # noqa: ANN401
    """Return what lies at a path of keys in nested objects, None if it is not there.

    Example:
        >>> inner({"user": {"name": "أ"}}, "user", "name"), inner({"user": 1}, "user", "name")
        ('أ', None)
    """
    found: Any = record
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def headline(text: str) -> str:
    r"""Return the title of a post: its first line, cut at a sentence or a word if it is long.

    Example:
        >>> headline("عاجل | هدنة في الجنوب\nوقال شهود عيان")
        'عاجل | هدنة في الجنوب'
    """
    line = next((line for line in map(str.strip, text.splitlines()) if line), "")
    line = " ".join(line.split())
    if len(line) <= _LONGEST_TITLE:
        return line
    ends = [match.end() for match in _SENTENCE.finditer(line, 0, _LONGEST_TITLE)]
    if ends:
        return line[: ends[0]]
    return line[: _LONGEST_TITLE - 1].rpartition(" ")[0].rstrip(" ،,:-") + "…"
