"""Remarks: what a reader noticed about an article that it read all the same.

Only a missing text refuses an article. Everything else that is not as expected is a remark, and a
run counts its remarks by kind.
"""

from dataclasses import dataclass
from typing import Literal, get_args

RemarkKind = Literal[
    "date-empty",
    "date-unreadable",
    "date-ambiguous",
    "column-missing",
    "text-elsewhere",
    "encoding-guessed",
    "mojibake-undone",
    "letters-lost",
    "id-unusable",
    "id-taken",
    "part-left-out",
    "text-cut",
]
KINDS: tuple[RemarkKind, ...] = get_args(RemarkKind)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark about one article: its kind, and what was found, as a short sentence.

    Example:
        >>> Remark("date-unreadable", "found the date 'soon'").kind
        'date-unreadable'
    """

    kind: RemarkKind
    detail: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which columns of a table, or keys of an object, were taken for which field.

    `taken` has pairs of field and column. `passed` has columns that look like a field and were not
    taken, as pairs of field and column.
    """

    taken: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...] = ()
