"""Offices: tells who held an office on a given day.

    "president:ru:2012-05-07.." -> [parse_office] -> Office
    offices of all entities -> [OfficeBook] -> holder on a day

A term begins on its first day and ends before the first day of the next holder.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The words for an office, before a nisba (الرئيس الروسي) and before a country's name (رئيس روسيا).
# The words are folded, the longest first.
BEFORE_NISBA: Mapping[tuple[str, ...], str] = {
    ("رييس", "الوزراء"): "prime-minister",
    ("رييس", "الحكومه"): "prime-minister",
    ("رييسه", "الوزراء"): "prime-minister",
    ("وزير", "الخارجيه"): "foreign-minister",
    ("وزيره", "الخارجيه"): "foreign-minister",
    ("وزير", "الدفاع"): "defence-minister",
    ("وزيره", "الدفاع"): "defence-minister",
    ("المرشد", "الاعلي"): "supreme-leader",
    ("ولي", "العهد"): "crown-prince",
    ("الرييس",): "president",
    ("العاهل",): "monarch",
    ("المرشد",): "supreme-leader",
    ("المستشار",): "chancellor",
    ("المستشاره",): "chancellor",
}
BEFORE_NAME: Mapping[tuple[str, ...], str] = {
    ("رييس", "وزراء"): "prime-minister",
    ("رييس", "حكومه"): "prime-minister",
    ("وزير", "خارجيه"): "foreign-minister",
    ("وزير", "دفاع"): "defence-minister",
    ("الامين", "العام"): "secretary-general",
    ("رييس",): "president",
    ("ملك",): "monarch",
    ("امير",): "monarch",
    ("سلطان",): "monarch",
}
LONGEST = 2
KINDS = tuple(sorted({*BEFORE_NISBA.values(), *BEFORE_NAME.values()}))

_FORM = re.compile(r"([a-z-]+):([a-z-]+):(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)?")


@dataclass(frozen=True, slots=True)
class Office:
    """A term of office: its kind, the country's code or an id, and its first day.

    `until` is the day after the last, or None if the term has not ended.
    """

    kind: str
    of: str
    since: dt.date
    until: dt.date | None


def parse_office(text: str) -> Office:
    """Return the term that *text* describes.

    Raises:
        ValueError: The text has another format, an unknown kind, or ends before it begins.

    Example:
        >>> parse_office("president:ru:2012-05-07..").since
        datetime.date(2012, 5, 7)
    """
    match = _FORM.fullmatch(text.strip().lower())
    if match is None or match[1] not in KINDS:
        raise ValueError(
            f"office {text.strip()!r}, expected KIND:COUNTRY:2012-05-07..2018-05-06 "
            f"with KIND one of {', '.join(KINDS)}"
        )
    since = dt.date.fromisoformat(match[3])
    until = dt.date.fromisoformat(match[4]) if match[4] else None
    if until is not None and until <= since:
        raise ValueError(f"office {text.strip()!r} ends before it begins")
    return Office(match[1], match[2], since, until)


class OfficeBook:
    """The terms of all holders."""

    def __init__(self, held: Iterable[tuple[str, Office]]) -> None:
        self._terms: dict[tuple[str, str], list[tuple[str, Office]]] = {}
        for holder, office in held:
            self._terms.setdefault((office.kind, office.of), []).append((holder, office))

    def holder(self, kind: str, of: str, day: dt.date) -> str | None:
        """Return the id of the holder of an office on *day*, or None if it is not exactly one."""
        holders = {
            holder
            for holder, office in self._terms.get((kind, of), ())
            if office.since <= day and (office.until is None or day < office.until)
        }
        return holders.pop() if len(holders) == 1 else None
