"""Ids: the id of a record among its columns that may hold one.

An id that is unique in the world wins over a bare number, which is the key of a row in one
database. An id that cannot be part of an address is no reason to lose the article.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from marsad.corpus.encoding import clean
from marsad.corpus.fields.values import is_empty, text_of
from marsad.corpus.identity import is_number
from marsad.corpus.letters import fold_digits
from marsad.corpus.remarks import Remark

LONGEST_ID = 512
_SHOWN = 40
# A whole number that a table keeps as a fraction, because other rows of the column are empty.
_WHOLE = re.compile(r"(\d+)\.0+")
# The last digits are lost, so that other rows have the same number.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


class FoundId(NamedTuple):
    """The id of a record, its column, and a remark if what was found cannot be an id.

    `id` is empty if the record has none that can be used.
    """

    id: str
    column: str
    remark: Remark | None = None


def choose_id(
    candidates: Iterable[tuple[str, object]], rows: Iterable[tuple[str, object]] = ()
) -> FoundId:
    """Return the id of a record.

    Args:
        candidates: Pairs of column and value, the best column first.
        rows: The same of columns that number the rows; a bare number in them is no id.

    Example:
        >>> choose_id([("id", 5.0), ("guid", "a-b")]).id, choose_id([("id", "5.0")]).id
        ('a-b', '5')
        >>> choose_id([], [("رقم", "5")]).id, choose_id([("id", "a b")]).remark.kind
        ('', 'id-unusable')
    """
    numbers: list[FoundId] = []
    unusable: list[FoundId] = []
    for column, value in candidates:
        given = text_of("id", value)
        given = None if given is None else _plain(given)
        if given is None:
            unusable.append(FoundId("", column, _remark(f"a {type(value).__name__}")))
        elif is_usable(given):
            if not is_number(given):
                return FoundId(given, column)
            numbers.append(FoundId(given, column))
        elif given:
            # Its hash, so that the same record has the same id in the next file.
            id_ = "" if _ROUNDED.fullmatch(given) or given in {".", ".."} else _hashed(given)
            unusable.append(FoundId(id_, column, _remark(repr(given[:_SHOWN]))))
    for column, value in () if numbers else rows:
        given = _plain(text_of("id", value) or "")
        if is_usable(given) and not is_number(given):
            return FoundId(given, column)
    return next(iter((*numbers, *unusable)), FoundId("", ""))


def is_usable(given: str) -> bool:
    """Tell whether an id can be part of an address of the page."""
    return (
        0 < len(given) <= LONGEST_ID
        and given.isprintable()
        and " " not in given
        and given not in {".", ".."}
        and _ROUNDED.fullmatch(given) is None
    )


def _plain(given: str) -> str:
    if is_empty(given) and given.strip() not in {".", ".."}:
        return ""
    plain = " ".join(clean(given).split())
    whole = _WHOLE.fullmatch(fold_digits(plain))
    return whole[1] if whole else plain


def _hashed(given: str) -> str:
    return hashlib.blake2b(given.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _remark(found: str) -> Remark:
    return Remark(
        "id-unusable",
        f"found {found} as id, expected at most {LONGEST_ID} printable characters without spaces",
    )
