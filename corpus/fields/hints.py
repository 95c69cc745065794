"""Hints: what the first rows of a table say about the dates in the others."""

from collections.abc import Iterable, Mapping

from marsad.corpus.columns import choose_columns
from marsad.corpus.fields.date_forms import DateHint, hint_of

# Rows, and characters of them, that are looked at before the first one is read.
MOST_ROWS = 1_000
MOST_CHARACTERS = 1 << 20


def hints_of(
    names: Iterable[str], rows: Iterable[Mapping[str, object]], mapping: Mapping[str, str]
) -> dict[str, DateHint]:
    """Return a hint for each column of a table that may hold the date.

    Args:
        names: The columns of the table.
        rows: Its first rows; cells that are no strings are left out.
        mapping: Field to column as a person gave it.

    Example:
        >>> rows = [{"text": "a", "date": "04/05/2023"}, {"text": "b", "date": "04/15/2023"}]
        >>> hints_of(("text", "date"), rows, {})["date"].order
        'month'
    """
    columns = choose_columns(tuple(names), tuple(mapping.items()))
    held = list(rows)
    return {
        name: hint_of(cell for row in held if isinstance(cell := row.get(name), str))
        for name in columns.of("date")
    }
