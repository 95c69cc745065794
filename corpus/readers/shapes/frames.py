"""Frames: a table that is one JSON object, as pandas and databases write it, as rows.

{"title": {"0": …}, "text": {"0": …}}       -> [rows_of] -> [{"title": …, "text": …}]
{"columns": ["title", …], "data": [[…], …]} -> [rows_of] -> the same
{"title": […, …], "text": […, …]}           -> [rows_of] -> the same
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.corpus.columns import choose_columns

# Where the names of the columns are, and where the rows are.
_HEADERS = ("columns", "fields", "headers", "header", "cols", "meta")
_ROWS = ("data", "rows", "values", "records", "results")
# A key of an object with the same text in several languages is a word; that of a row is not.
_WORD = re.compile(r"[A-Za-z_$][A-Za-z_$-]*")
_LIST_FIELDS = ("title", "date", "url", "id", "source")
# How a file begins whose rows can only be put together from the whole of it.
_BEGINNING = re.compile(
    r'\s*\{\s*(?:"[^"\n]{1,100}"\s*:\s*\{\s*"[^"\n]{0,100}?[^"\nA-Za-z_$-][^"\n]{0,100}"\s*:\s*[^\s\[{]'
    r'|"(?:columns|fields|headers?|cols)"\s*:\s*\[\s*")'
)

Pairs = tuple[tuple[str, str], ...]


def begins_frame(text: str) -> bool:
    """Tell whether a text begins as a table that is one object.

    Example:
        >>> begins_frame('{"title": {"0": "x"'), begins_frame('{"hits": {"total": 3,')
        (True, False)
    """
    return _BEGINNING.match(text) is not None


def rows_of(found: Mapping[str, Any], mapping: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return the rows of a table that is one object, None if it is no table.

    Args:
        found: The object.
        mapping: Field to column, given by a person.

    Example:
        >>> rows_of({"columns": ["id", "text"], "data": [[1, "x"], [2, "y"]]}, {})
        [{'id': 1, 'text': 'x'}, {'id': 2, 'text': 'y'}]
        >>> rows_of({"title": {"ar": "x"}, "text": {"ar": "y"}}, {}) is None
        True
    """
    pairs = tuple(mapping.items())
    rows = _split(found, pairs)
    if rows is None and found and all(isinstance(value, dict) for value in found.values()):
        rows = _of_columns(found, pairs)
    elif rows is None and found and all(isinstance(value, list) for value in found.values()):
        rows = _of_lists(found, pairs)
    return rows


def _text_column(names: Sequence[str], pairs: Pairs) -> str:
    columns = choose_columns(tuple(names), pairs)
    return next(iter(columns.of("text")), "")


def _split(found: Mapping[str, Any], pairs: Pairs) -> list[dict[str, Any]] | None:
    rows = next((found[name] for name in _ROWS if isinstance(found.get(name), list)), None)
    if not rows or not all(isinstance(row, list) for row in rows):
        return None
    for name in _HEADERS:
        given = found.get(name)
        if isinstance(given, list) and given:
            names = [_name(each) for each in given]
            break
    else:
        # The first row has the names, as in answers of spreadsheets.
        names, rows = [_name(each) for each in rows[0]], rows[1:]
    if not all(names) or not _text_column(names, pairs):
        return None
    return [dict(zip(names, row, strict=False)) for row in rows]


def _name(given: object) -> str:
    if isinstance(given, dict):
        given = given.get("name") or given.get("text") or given.get("field")
    return given if isinstance(given, str) else ""


def _of_columns(found: Mapping[str, Any], pairs: Pairs) -> list[dict[str, Any]] | None:
    text = _text_column(list(found), pairs)
    if not text:
        return None
    keys: dict[str, None] = {}
    for column in found.values():
        keys.update(dict.fromkeys(column))
    plain = (value is None or isinstance(value, str | float) for value in found[text].values())
    if not keys or any(_WORD.fullmatch(key) for key in keys) or not all(plain):
        return None
    return [{name: column.get(key) for name, column in found.items()} for key in keys]


def _of_lists(found: Mapping[str, Any], pairs: Pairs) -> list[dict[str, Any]] | None:
    """Return the rows of lists of one length, if more than the text has one value a row.

    A list of strings alone is one text in paragraphs.
    """
    sizes = {len(column) for column in found.values()}
    columns = choose_columns(tuple(found), pairs)
    text = next(iter(columns.of("text")), "")
    others = [name for field in _LIST_FIELDS for name in columns.first.get(field, ())]
    if not text or len(sizes) != 1 or max(sizes) < 2 or not others:  # noqa: PLR2004
        return None
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
