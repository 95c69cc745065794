"""Date grammar: the shapes in which newspapers write dates, over the classes of words.

    text -> [scan] -> "ueWjdM/My" -> [find_shapes] -> shapes: points in time, not yet resolved

Classes (see `corpus.dates.lexicon`):

    d number 1..31   y year    h Hijri year   n number   C cardinal   O ordinal   I "and twenty"
    M month   m weak month   K كانون تشرين   b Libyan   J R Z Q Hijri   W weekday   e deixis
    t part of day   u U day   s S month   a A year   k week   E unit   x start, middle, end
    w war, vote, truce (of a year)
    p last   c this   q next   z same   P before, since   F after   r until   B between   V and
    D decade   N century   v season   H AH   Y CE   i من   j في   L الموافق   = ال   | line end

A shape is a span of letters and the points that were read; `resolve` makes a value of
it. Every pattern uses the same group names, so that one function reads them all; a name
with "b" belongs to the end of a range.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.dates.reading import Shape, read_match
from corpus.dates.tokens import Scanned

_DAY = r"(?P<day>=?d|g|O(?:I|X)?|I)"
_DAY_B = r"(?P<dayb>=?d|O(?:I|X)?|I)"
_TURN = r"(?P<turn>[pcqz])"


def _month(end: str = "") -> str:
    return rf"(?P<mon{end}>[Mm]|KO)(?:[/(-]?(?P<twin{end}>[Mm]|KO)\)?)?"


def _year(end: str = "") -> str:
    return (
        rf"(?:,?(?:i?[aA]){{0,2}}\(?(?P<year{end}>y|[hn](?=Y))\)?Y?"
        rf"|,?i?(?P<yturn{end}>[aA][pcqz]|6[aA]|7[aA]))"
    )


_LEAD = (
    r"(?:t?u?(?P<deixis>Fe|fi?e|eO(?![IX])|e)[,j]?)?"
    r"(?:t?u?(?P<weekday>W)(?P<wturn>[pcq])?[,(-]?)?"
    r"(?:j|L_?)*\(?[uU]?:?"
)
_TAIL = rf"(?:{_year()}|,?i?S?{_TURN})?"
_TAIL_B = rf"(?:{_year('b')}|,?i?S?(?P<turnb>[pcqz]))?"
_HIJRI = r"(?P<hmon>J|RO|ZQ)"
_CLOCK = r"(?P<clock>d/d/[yh]|y/d/d|y-d-d|h/d/d|d-d-[yh]|d\.d\.y)(?![/\d-])H?Y?"
_HIJRI_ASIDE = r"(?:[,/(]*(?:L_?)?[uU]?\(?d(?:i?[sS]?(?:J|RO|ZQ)(?:,?[aA]?[hny])?|/d/h)H?\)?)?"
_COUNT = r"(?:l|i|=)*(?P<count>[dnCX](?:VC)?)?"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern, the classes it can begin with, and those of which a text must have one."""

    name: str
    starts: str
    needs: str
    regex: re.Pattern[str]


def _compile(source: str) -> re.Pattern[str]:
    """Compile a pattern in which a group name may stand in several branches."""
    seen: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{'' if seen[match[1]] == 1 else f'__{seen[match[1]]}'}>"

    return re.compile(re.sub(r"\(\?P<(\w+)>", number, source))


_DAYS = "tuUefFWdgO=I"
_PATTERNS = tuple(
    _Pattern(name, starts, needs, _compile(source))
    for name, starts, needs, source in (
        # 25 شوال 1436هـ الموافق 10 أغسطس 2015
        (
            "hijri",
            _DAYS,
            "JRZ",
            (
                rf"{_LEAD}{_DAY}i?[sS]?{_HIJRI}(?:,?i?[aA]?(?P<hyear>[hny])H?|i?S?{_TURN})?H?"
                rf"(?:[,/(]*(?:L_?)?[uU]?\(?(?P<dayj>d)i?{_month('j')}(?:,?a?(?P<yearj>y))?Y?\)?)?"
            ),
        ),
        # بين 4 و6 نوفمبر; من 21 وحتى 23 من الشهر الجاري
        (
            "range",
            "uUBdO=I",
            "rB-",
            (
                rf"(?P<between>B)?[uU]?{_DAY}(?P<to>(?(between)V|(?:rG?|-)))[uU]?{_DAY_B}"
                rf"(?:i?[sS]?{_month('b')}{_TAIL_B}|i?S(?P<turnb>[pcqz])|(?P<turnb>c))"
            ),
        ),
        # من 30 سبتمبر 2015 إلى 2 أكتوبر
        (
            "range",
            "uUBdgO=I",
            "rB-",
            (
                rf"(?P<between>B)?[uU]?{_DAY}i?[sS]?{_month()}{_TAIL}"
                rf"(?P<to>(?(between)V|(?:rG?|-)))[uU]?{_DAY_B}i?[sS]?{_month('b')}{_TAIL_B}"
            ),
        ),
        # بين سبتمبر ونوفمبر 2020; فيفري 2015 الى جانفي 2016
        (
            "range",
            "BsSMmK",
            "rB-",
            (
                rf"(?P<between>B)?[sS]?{_month()}{_year()}?(?P<to>(?(between)V|(?:rG?|-)))[sS]?{_month('b')}"
                rf"(?:{_year('b')}|(?P<turnb>[pcqz]))"
            ),
        ),
        # بين عامي 2011 و2013; 2020 - 2022; من 2003 الى غاية 2009
        (
            "years",
            "BaAy",
            "rB-/",
            (
                r"(?P<between>B)?[aA]?\(?(?P<year>y)(?P<to>(?(between)V|(?:rG?|[/-])))[aA]?(?P<yearb>[ynd])\)?"
                r"(?![/-])"
            ),
        ),
        (
            "listed",
            "U=dO",
            "MmK",
            r"U?(?P<day>=?d|O(?:I|X)?)(?=(?:[,V]+(?:=?d|O(?:I|X)?))*[,V]+(?:=?d|O(?:I|X)?)i?[sS]?"
            + _month()
            + _TAIL
            + ")",
        ),
        ("numeric", _DAYS + "yh", "yh", _LEAD + _CLOCK),
        (
            "full",
            _DAYS,
            "MmK",
            rf"{_LEAD}{_DAY}[/-]?i?[sS]?{_month()}(?:[/-](?P<year>y)|{_TAIL}){_HIJRI_ASIDE}",
        ),
        ("full", "d", "b", r"(?P<day>d)(?P<mon>b)a?(?P<year>y)"),
        ("full", "Mm", "y", r"(?P<mon>[Mm])(?P<day>d),?(?P<year>y)"),
        ("day", _DAYS, "Sc", rf"{_LEAD}{_DAY}(?:i?S{_TURN}|i(?P<turn>6S)|(?P<turn>c))"),
        (
            "month",
            "sSMK",
            "MK",
            rf"[sS]?(?P<mon>M|KO)(?=(?:[,V](?:M|KO))*V(?:M|KO)(?:{_year()}|(?P<turn>[pcqz])))",
        ),
        ("month", "xsSMmK", "MmK", rf"(?P<mod>x)?[sS]?{_month()}(?:{_TURN}?{_year()}|{_TURN})"),
        ("month", "xsS", "MmK", rf"(?P<mod>x)?[sS]{_month()}"),
        (
            "month",
            "xMK",
            "MK",
            r"(?:(?P<mod>x)|(?<=[jPFr]))(?P<mon>M|KO)(?:[/(-]?(?P<twin>[Mm]|KO)\)?)?",
        ),
        ("month", "MmK", "/(", r"(?P<mon>[Mm]|KO)[/(](?P<twin>[Mm]|KO)\)?"),
        ("month", "MK", "MK", r"(?<=V)(?P<mon>M|KO)(?P<after>)"),
        ("hijri", "xsSJRZ", "JRZ", rf"(?P<mod>x)?[sS]?{_HIJRI}(?:,?i?[aA]?(?P<hyear>h)H?|{_TURN})"),
        ("hijri", "aAhdn", "hH", r"(?:[aA](?P<hyear>[hn])H?|(?P<hyear>[hn])H)"),
        (
            "season",
            "vR",
            "vR",
            r"(?P<season>v|R)(?:[aA]?(?P<year>y)|i?A(?P<yturn>[pcq])|(?P<turn>[pcq]))",
        ),
        ("decade", "xD", "D", r"(?P<mod>x)?(?P<decade>D)(?:i?N(?:p|O(?:I|X)?))?"),
        ("century", "xN", "N", r"(?P<mod>x)?N(?P<century>p|c|=?d|O(?:I|X)?)(?P<hijri>H)?"),
        ("year", "xaA", "aA", r"(?P<mod>x)?[aA]{1,2}\(?(?:(?P<year>y)\)?Y?|(?P<year>[hn])Y)"),
        ("year", "x", "x", r"(?P<mod>x)(?P<year>y)"),
        (
            "bareyear",
            "yh",
            "jPFrwY",
            r"(?<=[jPFrw])(?P<year>y)Y?|(?<=[jPFr]\()(?P<year>y)|(?P<year>[yh])(?P<ce>Y)",
        ),
        ("bareyear", "y", "V", r"(?<=V)(?P<year>y)(?P<after>)"),
        ("unit", "x6", "6", r"(?P<mod>x)?6(?P<this>[AkSas])(?![yMmKJRZ])"),
        ("unit", "x7", "7", r"(?P<mod>x)?7(?P<same>[ASk])"),
        ("unit", "xAkSasx", "pcqz", rf"(?P<mod>x)?(?P<unit>[AkSas]){_TURN}"),
        ("unit", "xAkS", "P", r"(?P<mod>x)?(?P<unit>[AkS])P(?P<turn>p)(?P<before>)"),
        ("ago", "P", "P", rf"P{_COUNT}(?P<ago>E|u|U|s|a)(?![iyhMmKJRZW6dnCx]|O)"),
        ("ago", "P", "P", rf"P{_COUNT}(?P<ago>E|u|U|s|a)(?=i[oe])"),
        ("ago", "F", "F", rf"F{_COUNT}(?P<ahead>E|u|U|s|a)i[oe]"),
        (
            "deixis",
            "tuefFO",
            "e",
            (
                r"(?:t(?P<night>))?u?(?P<deixis>Oie|fi?e|Fe|eO(?![IX])|e(?P<eturn>p)?)"
                r"(?:,?\(?u?(?P<weekday>W)\)?)?"
            ),
        ),
        # ليل الأربعاء - الخميس is one night; السبت والأحد المقبلين are both to come.
        ("weekday", "t", "t", r"tu?(?P<weekday>W)[-/]?W"),
        ("weekday", "uUW", "pcq", r"[uU]?(?P<weekday>W)(?=(?:[,V]W)*VW(?P<wturn>[pcq]))"),
        (
            "weekday",
            "tuUW",
            "W",
            r"(?P<part>t?[uU]?)(?P<weekday>W)(?:i?(?P<kturn>k[pcqz]|6k)|(?P<wturn>[pcqz]))?",
        ),
    )
)
_STARTS = "".join(sorted({letter for pattern in _PATTERNS for letter in pattern.starts}))
_NEEDED = frozenset(letter for pattern in _PATTERNS for letter in pattern.needs)
_MOST_TABLES = 4_096
_tables: dict[frozenset[str], dict[str, tuple[_Pattern, ...]]] = {}


def _table(classes: str) -> dict[str, tuple[_Pattern, ...]]:
    """Return the patterns that a text with *classes* may have, by their first letter."""
    present = _NEEDED.intersection(classes)
    table = _tables.get(present)
    if table is None:
        if len(_tables) >= _MOST_TABLES:
            _tables.clear()
        fitting = [pattern for pattern in _PATTERNS if present.intersection(pattern.needs)]
        table = _tables[present] = {
            letter: tuple(pattern for pattern in fitting if letter in pattern.starts)
            for letter in _STARTS
        }
    return table


_CANDIDATE = re.compile("[" + re.escape(_STARTS) + "]")


def find_shapes(scanned: Scanned) -> Iterator[Shape]:
    """Yield the date shapes of a text, in order, never overlapping.

    Patterns are tried in their order: the first that can be read wins.
    """
    classes = scanned.classes
    table = _table(classes)
    at, previous = 0, None
    while found := _CANDIDATE.search(classes, at):
        at = found.start()
        shape = None
        for pattern in table[classes[at]]:
            match = pattern.regex.match(classes, at)
            if match is not None:
                shape = read_match(pattern.name, match, scanned, previous)
                if shape is not None:
                    break
        if shape is None:
            at += 1
        else:
            yield shape
            previous = shape
            at = shape.end
