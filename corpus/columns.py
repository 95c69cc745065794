"""Columns: find the field of an article that a column, or a key of a record, holds.

    names of columns, mapping of a person -> [choose_columns] -> Columns: candidates of each field

A field may have several candidates: a row of posts has its text under "Message" or, if that is
empty, under "Description". The values of a row decide (`marsad.corpus.record`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from marsad.corpus.errors import MappingError
from marsad.corpus.fields.names import PARTS, SOCIAL, folded, hinted, is_row_number, known
from marsad.corpus.remarks import ColumnChoice

__all__ = [
    "FIELDS",
    "Columns",
    "choice_of",
    "choose_columns",
    "folded",
    "lookup",
    "match_columns",
    "parse_mapping",
]

FIELDS = ("id", "title", "text", "date", "source", "url", "author", "language", "publisher")
_MOST_PASSED = 12
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Columns:
    """The candidates of each field among the columns of a table, or the keys of a record.

    `first` are columns that hold the field by their name, best first. `second` are used if those
    are empty in a row. `rows` has columns with the number of the row. `parts` is a map from a
    column of the text to the one that is above it. `given` are fields that a person mapped, and
    `missing` are those of them whose column is not there.
    """

    names: tuple[str, ...]
    first: Mapping[str, tuple[str, ...]]
    second: Mapping[str, tuple[str, ...]]
    rows: tuple[str, ...]
    parts: Mapping[str, str]
    given: frozenset[str] = frozenset()
    missing: tuple[tuple[str, str], ...] = ()

    def of(self, field: str) -> tuple[str, ...]:
        """Return the candidates of a field, best first."""
        return (*self.first.get(field, ()), *self.second.get(field, ()))


def lookup(record: Mapping[str, object], name: str) -> object:
    """Return the value under a name, None if there is none.

    A name with dots that is no key itself is a path: each part is a key, or the number of an
    element from 0.

    Example:
        >>> lookup({"a": {"b": [{"c": "x"}]}, "a.d": 1}, "a.b.0.c"), lookup({"a.d": 1}, "a.d")
        ('x', 1)
    """
    found = _get(record, name)
    if found is _MISSING and "." in name:
        found = _at(record, name.split("."))
    return None if found is _MISSING else found


def _at(value: object, parts: list[str]) -> object:
    for part in parts:
        if isinstance(value, Mapping):
            value = _get(value, part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _get(record: Mapping[str, object], name: str) -> object:
    if name in record:
        return record[name]
    wanted = folded(name)
    return next(
        (value for key, value in record.items() if isinstance(key, str) and folded(key) == wanted),
        _MISSING,
    )


@lru_cache(maxsize=512)
def choose_columns(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...] = ()) -> Columns:
    """Return the candidates of each field.

    Args:
        names: The columns of the table or record.
        mapping: Pairs of field and column as a person gave them; they win over the known names.
            A column with dots may be a path into a record.
    """
    there = [name for name in names if name]
    ranked: dict[tuple[str, bool], list[tuple[int, str]]] = {}
    social = not SOCIAL.isdisjoint(map(folded, there))
    for name in there:
        field, rank, second = known(name) or ("", 0, False)
        if not field or (social and folded(name) == "name"):
            continue
        ranked.setdefault((field, second), []).append((rank, name))
    best = {
        key: [name for _, name in sorted(found, key=lambda pair: pair[0])]
        for key, found in ranked.items()
    }
    missing = []
    for field, name in mapping:
        match = _match(there, name)
        for columns in best.values():
            if match in columns:
                columns.remove(match)
        best.pop((field, True), None)
        best[field, False] = [match] if match else []
        if not match:
            missing.append((field, name))
    by_fold = {folded(name): name for name in there}
    return Columns(
        names=names,
        first={field: tuple(best[field, False]) for field in FIELDS if best.get((field, False))},
        second={field: tuple(best[field, True]) for field in FIELDS if best.get((field, True))},
        rows=tuple(name for name in there if is_row_number(name)),
        parts={
            by_fold[below]: by_fold[above]
            for below, above in PARTS.items()
            if below in by_fold and above in by_fold
        },
        given=frozenset(field for field, _ in mapping),
        missing=tuple(missing),
    )


def _match(there: list[str], name: str) -> str:
    """Return the column that a person named; a path if its first part is a column."""
    if name in there:
        return name
    wanted = folded(name)
    match = next((there_name for there_name in there if folded(there_name) == wanted), "")
    if not match and "." in name:
        head = folded(name.split(".", maxsplit=1)[0])
        match = name if any(folded(there_name) == head for there_name in there) else ""
    return match


def match_columns(names: Iterable[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a map from field to column name, of the columns that hold a field of an article.

    Args:
        names: The columns of the table or record.
        mapping: Field to column as a person gave it; it wins over the known names.

    Raises:
        MappingError: a column of *mapping* is missing.

    Example:
        >>> match_columns(["Headline", "body", "pub_date", "views"])
        {'title': 'Headline', 'text': 'body', 'date': 'pub_date'}
    """
    there = tuple(names)
    columns = choose_columns(there, tuple((mapping or {}).items()))
    for field, name in columns.missing:
        raise MappingError(field, name, tuple(name for name in there if name))
    return {field: columns.of(field)[0] for field in FIELDS if columns.of(field)}


@lru_cache(maxsize=512)
def choice_of(names: tuple[str, ...], taken: tuple[tuple[str, str], ...]) -> ColumnChoice:
    """Return which columns were taken, and which others look like a field.

    Example:
        >>> choice_of(("body", "Post Updated", "views"), (("text", "body"),)).passed
        (('date', 'Post Updated'),)
    """
    used = {column for _, column in taken}
    passed = [
        (field, name)
        for name in names
        if name and name not in used and (field := (known(name) or (hinted(name),))[0])
    ]
    return ColumnChoice(taken, tuple(passed[:_MOST_PASSED]))


def parse_mapping(given: str) -> dict[str, str]:
    """Return a map from field to column, read from a text such as `title=headline,text=body`.

    Raises:
        ValueError: the text has another form, or a name in it is no field.
    """
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in given.split(","))):
        field, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or field not in FIELDS or not name:
            raise ValueError(pair)
        mapping[field] = name
    return mapping
