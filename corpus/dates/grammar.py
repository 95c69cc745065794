"""Date grammar: the shapes in which Arabic newspapers write dates.

    folded text -> [find_shapes] -> shapes: a span and the parts that were read

A shape is not yet a date: `resolve` turns its parts into a value with the day of
publication and the dates named before it. All patterns are over folded text
(`corpus.letters`), so marks, hamza seats and digit sets need no variants here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.dates.calendars import WEAK_MONTHS, WEEKDAYS, months

_BEFORE = r"(?<![\w/.:-])"
_AFTER = r"(?![\w])(?!\s*[/-]\s*\d)"
_YEAR = r"(?:1[89]|20)\d\d"
_DEIXIS = {"اليوم": 0, "امس": -1, "البارحه": -1, "اول امس": -2, "غدا": 1, "غد": 1}
_PAST = "الماضي|الماضيه|المنصرم|المنصرمه|الفاءت|الفايت"
_NEXT = "المقبل|المقبله|القادم|القادمه"
_NOW = "الجاري|الحالي|الجاريه|الحاليه"
_MODIFIERS = "مطلع|بدايه|اوايل|منتصف|اواسط|اواخر|نهايه|اخر"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What was read at `start` to `end` of the folded text; an absent part is None.

    `deixis` is a distance in days from publication, `turn` is -1 for "last", 0 for
    "this" and 1 for "next", `year_to` is the second year of a range.
    """

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    year_to: int | None = None
    weekday: int | None = None
    deixis: int | None = None
    turn: int | None = None


def _either(names: dict[str, int]) -> str:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in ordered)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = _either(months())
    strong = _either({name: n for name, n in months().items() if name not in WEAK_MONTHS})
    dual = rf"(?P<month>{month})(?:\s*[/(–-]\s*(?P<twin>{month})\)?)?"
    strong_dual = rf"(?P<month>{strong})(?:\s*[/(–-]\s*(?P<twin>{month})\)?)?"
    weekday = rf"(?P<weekday>{_either(WEEKDAYS)})"
    deixis = (
        r"(?:(?:يوم|مساء|صباح|فجر|ليله|ظهر)\s+)?"
        rf"[وف]?(?P<deixis>{_either(_DEIXIS)})(?P<before>\s+الاول)?"
    )
    lead = (
        rf"(?:{deixis}\s*[،,]?\s*)?(?:(?:يوم\s+)?{weekday}\s*[،,(]?\s*)?"
        r"(?:(?:في|الموافق|بتاريخ|المصادف)\s+)?(?:يوم\s+)?"
    )
    turn = rf"(?:(?P<past>{_PAST})|(?P<next>{_NEXT})|(?P<now>{_NOW}))"
    year = rf"(?:(?:من\s+)?(?:عام|سنه|العام)\s+)?(?P<year>{_YEAR})"
    sources = (
        rf"{lead}(?P<day>\d{{1,2}})\s*(?:من\s+)?(?:شهر\s+)?{dual}(?:\s*[،,]?\s*(?:{year}|{turn}))?",
        rf"{lead}(?P<day>\d{{1,2}})[/.](?P<monthnumber>\d{{1,2}})[/.](?P<year>{_YEAR})",
        rf"{lead}(?P<year>{_YEAR})-(?P<monthnumber>\d{{2}})-(?P<day>\d{{2}})",
        rf"(?P<month>{month})\s+(?P<day>\d{{1,2}}),\s*(?P<year>{_YEAR})",
        rf"(?:(?:{_MODIFIERS})\s+)?(?:شهر\s+)?{dual}\s*[،,]?\s*{year}",
        rf"(?:(?:{_MODIFIERS})\s+)?(?:شهر\s+)?{strong_dual}\s+{turn}",
        rf"(?P<year>{_YEAR})\s*[-–]\s*(?P<yearto>{_YEAR})",
        rf"(?:منذ\s+)?(?:عام|سنه|العام|عامي|منذ)\s+(?P<year>{_YEAR})(?!\s+\w*(?:شخص|قتيل|جريح))",
        rf"{deixis}(?:\s*[،,]?\s*(?:يوم\s+)?{weekday})?",
        rf"(?:يوم\s+)?{weekday}\s+{turn}",
        rf"(?:يوم\s+){weekday}",
        rf"(?:(?:{_MODIFIERS})\s+)?(?:شهر\s+)(?P<month>{strong})(?:\s*[/(–-]\s*(?P<twin>{month})\)?)?",
    )
    return tuple(re.compile(_BEFORE + source + _AFTER, re.IGNORECASE) for source in sources)


def _month_of(parts: dict[str, str | None]) -> int | None:
    """Return the month that one or both names give; None where dual names disagree."""
    table = months()
    named = [
        table[" ".join(name.lower().split())]
        for name in (parts.get("month"), parts.get("twin"))
        if name
    ]
    if parts.get("monthnumber"):
        named.append(int(str(parts["monthnumber"])))
    return named[0] if named and len(set(named)) == 1 else None


def _shape(match: re.Match[str]) -> Shape | None:
    parts = match.groupdict()
    month = _month_of(parts)
    if month is None and (parts.get("month") or parts.get("monthnumber")):
        return None
    deixis = parts.get("deixis")
    turns = {"past": -1, "now": 0, "next": 1}
    return Shape(
        start=match.start(),
        end=match.end(),
        day=int(parts["day"] or 0) if parts.get("day") else None,
        month=month,
        year=int(parts["year"] or 0) if parts.get("year") else None,
        year_to=int(parts["yearto"] or 0) if parts.get("yearto") else None,
        weekday=WEEKDAYS[str(parts["weekday"])] if parts.get("weekday") else None,
        deixis=None
        if not deixis
        else _DEIXIS[" ".join(deixis.split())] - bool(parts.get("before")),
        turn=next((turn for name, turn in turns.items() if parts.get(name)), None),
    )


def find_shapes(folded: str) -> Iterator[Shape]:
    """Yield the date shapes of *folded*, in order, never overlapping.

    Where several shapes start together the longest counts; an earlier start wins.
    """
    found = [
        shape
        for pattern in _patterns()
        for match in pattern.finditer(folded)
        if (shape := _shape(match)) is not None
    ]
    found.sort(key=lambda shape: (shape.start, -shape.end))
    reached = 0
    for shape in found:
        if shape.start >= reached:
            reached = shape.end
            yield shape
