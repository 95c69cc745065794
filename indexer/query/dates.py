"""Date expressions of a query: 2020, 2020-09, 2020-09-21, 2020..2021-06, ..2020, 2020.."""

import datetime as dt
import re

from corpus.dates.mention import period
from corpus.letters import FORMAT_CHARS, fold_digits
from indexer.query.tree import DateRange

_UNSEEN = re.compile(f"[{FORMAT_CHARS}]+")
_DAY = re.compile(r"\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?")


def parse_date_range(typed: str) -> DateRange | None:
    r"""Return the range that *typed* names, both ends included as whole days, months or years.

    None where it is no date. Slashes may stand for hyphens, digits may be Arabic-Indic; what
    is not seen, such as the direction marks that a copied date brings along, does not count.

    Example:
        >>> parse_date_range("٢٠٢٠..2021-06")
        DateRange(since=datetime.date(2020, 1, 1), until=datetime.date(2021, 7, 1))
        >>> parse_date_range("\u20682020\u2069") == parse_date_range("2020")
        True
        >>> parse_date_range("2020-13") is None
        True
    """
    seen = _UNSEEN.sub("", typed).strip()
    text = fold_digits(seen).replace("/", "-").replace("…", "..")
    first, dots, last = text.partition("..")
    if not dots:
        last = first
    if not first and not last:
        return None
    begin, end = _period(first), _period(last)
    if (first and begin is None) or (last and end is None):
        return None
    since, until = begin[0] if begin else None, end[1] if end else None
    return DateRange(since, until) if not (since and until) or since < until else None


def _period(text: str) -> tuple[dt.date, dt.date] | None:
    if not _DAY.fullmatch(text):
        return None
    year, *rest = text.split("-")
    return period("-".join([year, *(part.zfill(2) for part in rest)]))
