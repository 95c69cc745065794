"""Patterns: the forms of dates in newspapers, as regular expressions over word classes.

    "ueWjdM/My" -> [Pattern.fit] -> Fit: the letters of the day, the month, the year

Classes (see `marsad.corpus.dates.lexicon`):

    d number 1..31   y year    h Hijri year   n number   C cardinal   O ordinal   I "and twenty"
    M month   m weak month   K كانون تشرين   b Libyan   J R Z Q Hijri   W weekday   e deixis
    t part of day   u U day   s S month   a A year   k week   E unit   x start, middle, end
    w war, vote, truce (of a year)
    p last   c this   q next   z same   P before, since   F after   r until   B between   V and
    D decade   N century   v season   H AH   Y CE   i من   j في   L الموافق   = ال   | line end

Every pattern uses the same group names, so that one function reads them all; a name with
"b" is of the end of a range. A match has "_" only after L, so it lies within a run of other
letters, and it has at least one of `ANCHORS`.
"""

import re
from typing import NamedTuple

ANCHORS = "yhMmKJRZbWeScHYDNv67pqzPF"
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


class Fit(NamedTuple):
    """A match of a pattern: `groups` has the start and the letters of each group that is not empty.

    `after` and `before` are flags that a pattern sets by an empty group.
    """

    pattern: str
    start: int
    end: int
    groups: dict[str, tuple[int, str]]
    after: bool
    before: bool


class Pattern(NamedTuple):
    """A pattern, the classes that it can begin with, and its groups with their numbers."""

    name: str
    starts: str
    regex: re.Pattern[str]
    groups: tuple[tuple[str, int], ...]

    def fit(self, classes: str, at: int) -> Fit | None:
        """Return the match of the pattern at letter *at*, None if there is none."""
        match = self.regex.match(classes, at)
        if match is None:
            return None
        spans = {
            name: match.span(number) for name, number in self.groups if match[number] is not None
        }
        groups = {
            name: (start, classes[start:end]) for name, (start, end) in spans.items() if start < end
        }
        return Fit(self.name, at, match.end(), groups, "after" in spans, "before" in spans)


def _pattern(name: str, starts: str, source: str) -> Pattern:
    """Return a pattern of *source*, in which several branches may have the same group name."""
    seen: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{'' if seen[match[1]] == 1 else f'__{seen[match[1]]}'}>"

    regex = re.compile(re.sub(r"\(\?P<(\w+)>", numbered, source))
    groups = tuple((group.partition("__")[0], at) for group, at in regex.groupindex.items())
    return Pattern(name, starts, regex, groups)


_DAYS = "tuUefFWdgO=I"
PATTERNS = tuple(
    _pattern(name, starts, source)
    for name, starts, source in (
        # 25 شوال 1436هـ الموافق 10 أغسطس 2015
        (
            "hijri",
            _DAYS,
            (
                rf"{_LEAD}{_DAY}i?[sS]?{_HIJRI}(?:,?i?[aA]?(?P<hyear>[hny])H?|i?S?{_TURN})?H?"
                rf"(?:[,/(]*(?:L_?)?[uU]?\(?(?P<dayj>d)i?{_month('j')}(?:,?a?(?P<yearj>y))?Y?\)?)?"
            ),
        ),
        # بين 4 و6 نوفمبر; من 21 وحتى 23 من الشهر الجاري
        (
            "range",
            "uUBdO=I",
            (
                rf"(?P<between>B)?[uU]?{_DAY}(?P<to>(?(between)V|(?:rG?|-)))[uU]?{_DAY_B}"
                rf"(?:i?[sS]?{_month('b')}{_TAIL_B}|i?S(?P<turnb>[pcqz])|(?P<turnb>c))"
            ),
        ),
        # من 30 سبتمبر 2015 إلى 2 أكتوبر
        (
            "range",
            "uUBdgO=I",
            (
                rf"(?P<between>B)?[uU]?{_DAY}i?[sS]?{_month()}{_TAIL}"
                rf"(?P<to>(?(between)V|(?:rG?|-)))[uU]?{_DAY_B}i?[sS]?{_month('b')}{_TAIL_B}"
            ),
        ),
        # بين سبتمبر ونوفمبر 2020; فيفري 2015 الى جانفي 2016
        (
            "range",
            "BsSMmK",
            (
                rf"(?P<between>B)?[sS]?{_month()}{_year()}?(?P<to>(?(between)V|(?:rG?|-)))[sS]?{_month('b')}"
                rf"(?:{_year('b')}|(?P<turnb>[pcqz]))"
            ),
        ),
        # بين عامي 2011 و2013; 2020 - 2022; من 2003 الى غاية 2009
        (
            "years",
            "BaAy",
            (
                r"(?P<between>B)?[aA]?\(?(?P<year>y)(?P<to>(?(between)V|(?:rG?|[/-])))[aA]?(?P<yearb>[ynd])\)?"
                r"(?![/-])"
            ),
        ),
        (
            "listed",
            "U=dO",
            r"U?(?P<day>=?d|O(?:I|X)?)(?=(?:[,V]+(?:=?d|O(?:I|X)?))*[,V]+(?:=?d|O(?:I|X)?)i?[sS]?"
            + _month()
            + _TAIL
            + ")",
        ),
        ("numeric", _DAYS + "yh", _LEAD + _CLOCK),
        (
            "full",
            _DAYS,
            rf"{_LEAD}{_DAY}[/-]?i?[sS]?{_month()}(?:[/-](?P<year>y)|{_TAIL}){_HIJRI_ASIDE}",
        ),
        ("full", "d", r"(?P<day>d)(?P<mon>b)a?(?P<year>y)"),
        ("full", "Mm", r"(?P<mon>[Mm])(?P<day>d),?(?P<year>y)"),
        ("day", _DAYS, rf"{_LEAD}{_DAY}(?:i?S{_TURN}|i(?P<turn>6S)|(?P<turn>c))"),
        (
            "month",
            "sSMK",
            rf"[sS]?(?P<mon>M|KO)(?=(?:[,V](?:M|KO))*V(?:M|KO)(?:{_year()}|(?P<turn>[pcqz])))",
        ),
        ("month", "xsSMmK", rf"(?P<mod>x)?[sS]?{_month()}(?:{_TURN}?{_year()}|{_TURN})"),
        ("month", "xsS", rf"(?P<mod>x)?[sS]{_month()}"),
        (
            "month",
            "xMK",
            r"(?:(?P<mod>x)|(?<=[jPFr]))(?P<mon>M|KO)(?:[/(-]?(?P<twin>[Mm]|KO)\)?)?",
        ),
        ("month", "MmK", r"(?P<mon>[Mm]|KO)[/(](?P<twin>[Mm]|KO)\)?"),
        ("month", "MK", r"(?<=V)(?P<mon>M|KO)(?P<after>)"),
        ("hijri", "xsSJRZ", rf"(?P<mod>x)?[sS]?{_HIJRI}(?:,?i?[aA]?(?P<hyear>h)H?|{_TURN})"),
        ("hijri", "aAhdn", r"[aA]?(?P<hyear>[hn])H|[aA](?P<hyear>h)"),
        (
            "season",
            "vR",
            r"(?P<season>v|R)(?:[aA]?(?P<year>y)|i?A(?P<yturn>[pcq])|(?P<turn>[pcq]))",
        ),
        ("decade", "xD", r"(?P<mod>x)?(?P<decade>D)(?:i?N(?:p|O(?:I|X)?))?"),
        ("century", "xN", r"(?P<mod>x)?N(?P<century>p|c|=?d|O(?:I|X)?)(?P<hijri>H)?"),
        ("year", "xaA", r"(?P<mod>x)?[aA]{1,2}\(?(?:(?P<year>y)\)?Y?|(?P<year>[hn])Y)"),
        ("year", "x", r"(?P<mod>x)(?P<year>y)"),
        (
            "bareyear",
            "yh",
            r"(?<=[jPFrw])(?P<year>y)Y?|(?<=[jPFr]\()(?P<year>y)|(?P<year>[yh])(?P<ce>Y)",
        ),
        ("bareyear", "y", r"(?<=V)(?P<year>y)(?P<after>)"),
        ("unit", "x6", r"(?P<mod>x)?6(?P<this>[AkSas])(?![yMmKJRZ])"),
        ("unit", "x7", r"(?P<mod>x)?7(?P<same>[ASk])"),
        ("unit", "xAkSasx", rf"(?P<mod>x)?(?P<unit>[AkSas]){_TURN}"),
        ("unit", "xAkS", r"(?P<mod>x)?(?P<unit>[AkS])P(?P<turn>p)(?P<before>)"),
        ("ago", "P", rf"P{_COUNT}(?P<ago>E|u|U|s|a)(?![iyhMmKJRZW6dnCx]|O)"),
        ("ago", "P", rf"P{_COUNT}(?P<ago>E|u|U|s|a)(?=i[oe])"),
        ("ago", "F", rf"F{_COUNT}(?P<ahead>E|u|U|s|a)i[oe]"),
        (
            "deixis",
            "tuefFO",
            (
                r"(?:t(?P<night>))?u?(?P<deixis>Oie|fi?e|Fe|eO(?![IX])|e(?P<eturn>p)?)"
                r"(?:,?\(?u?(?P<weekday>W)\)?)?"
            ),
        ),
        # ليل الأربعاء - الخميس is one night; السبت والأحد المقبلين are both in the future.
        ("weekday", "t", r"tu?(?P<weekday>W)[-/]?W"),
        ("weekday", "uUW", r"[uU]?(?P<weekday>W)(?=(?:[,V]W)*VW(?P<wturn>[pcq]))"),
        (
            "weekday",
            "tuUW",
            r"(?P<part>t?[uU]?)(?P<weekday>W)(?:i?(?P<kturn>k[pcqz]|6k)|(?P<wturn>[pcqz]))?",
        ),
    )
)
