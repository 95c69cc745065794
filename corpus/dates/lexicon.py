"""Lexicon: the words of dates, each with its class in the grammar and its value.

    word of a text -> [entry] -> ("M", (9,)): classes, one letter each, and their values

A word is looked up folded, with its clitics: وسبتمبر is "and" (V) and the month (M).
`marsad.corpus.dates.patterns` explains the letters; "_" is any other word.
"""

from functools import cache

from marsad.corpus.dates.calendars import HIJRI_MONTHS, LIBYAN_MONTHS, WEAK_MONTHS, WEEKDAYS, months
from marsad.corpus.letters import fold_digits, fold_letters

Entry = tuple[str, tuple[object, ...]]
OTHER: Entry = ("_", (None,))

_PLAIN: dict[str, tuple[str, ...]] = {
    "t": ("مساء", "صباح", "فجر", "ليله", "ظهر", "عصر", "عشيه", "صبيحه", "ليل", "ضحي", "ظهيره"),
    "u": ("يوم", "نهار"),
    "U": ("يومي", "ايام"),
    "s": ("شهر", "شهري", "شهور", "اشهر"),
    "S": ("الشهر",),
    "a": ("عام", "سنه", "سنتي", "عامي", "اعوام", "سنوات", "موسم", "الموسم"),
    "A": ("العام", "السنه"),
    "k": ("الاسبوع",),
    "i": ("من",),
    "j": ("في", "بتاريخ", "مواليد", "حدود", "خلال", "بحلول", "اثناء", "وخلال", "وفي", "ففي"),
    "L": ("الموافق", "المصادف", "الموافقه", "المصادفه", "موافق"),
    "r": ("الي", "حتي", "وحتي", "والي", "لغايه", "الا", "ولغايه"),
    "B": ("بين", "مابين"),
    "V": ("و",),
    "P": ("قبل", "منذ", "مذ", "وقبل", "ومنذ", "قبيل", "قرابه"),
    "F": ("بعد", "وبعد", "عقب"),
    "l": ("نحو", "حوالي", "زهاء", "اكثر", "اقل", "بضعه", "قرابه", "تقريبا"),
    "z": ("نفسه", "ذاته", "نفسها", "ذاتها"),
    "6": ("هذا", "هذه"),
    "7": ("نفس", "ذات"),
    "T": ("التالي", "التاليه"),
    "N": ("القرن",),
    "H": ("هجري", "هجريه", "هـ", "ه", "الهجري", "للهجره"),
    "Y": ("م", "ميلادي", "ميلاديه", "г", "года", "году"),
    "=": ("ال",),
    "o": ("الان",),
    "G": ("غايه",),
    "X": ("عشر", "عشره"),
    "w": (
        *("حرب", "حربي", "انتخابات", "ثوره", "اتفاق", "اتفاقيه", "هدنه", "نكبه", "نكسه", "عدوان"),
        *("انقلاب", "دستور", "احداث", "ميزانيه", "موازنه", "مجزره", "زلزال", "انتفاضه", "معاهده"),
    ),
}
_PAST = "الماضي الماضيه المنصرم المنصرمه المنقضي المنقضيه الفايت الفايته الفارط الفارطه الماضيين"
_PAST += " الماضيتين المنصرمين"
_NEXT = "المقبل المقبله القادم القادمه الاتي الاتيه المقبلين القادمين المقبلتين"
_NOW = "الجاري الجاريه الحالي الحاليه الجاريين الحاليين"

DEIXIS = {
    "اليوم": 0,
    "امس": -1,
    "الامس": -1,
    "البارحه": -1,
    "الليله": 0,
    "غدا": 1,
    "غد": 1,
    "الغد": 1,
}
MODIFIERS = {
    "start": "مطلع بدايه اوايل مستهل",
    "mid": "منتصف اواسط وسط نصف",
    "end": "اواخر نهايه اخر ختام موفي اخريات",
}
_FIRST_DAY = ("غره", "فاتح", "الفاتح")

_ORDINALS = (
    "الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
    "الاولي الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه العاشره",
)
_TENS = {"العشرين": 20, "العشرون": 20, "الثلاثين": 30, "الثلاثون": 30}
_CARDINALS = {
    "واحد": 1,
    "واحده": 1,
    "ثلاثه": 3,
    "ثلاث": 3,
    "اربعه": 4,
    "اربع": 4,
    "خمسه": 5,
    "خمس": 5,
    "سته": 6,
    "ست": 6,
    "سبعه": 7,
    "سبع": 7,
    "ثمانيه": 8,
    "ثماني": 8,
    "ثمان": 8,
    "تسعه": 9,
    "تسع": 9,
    "عشره": 10,
    "عشر": 10,
    "عشرين": 20,
    "ثلاثين": 30,
    "اربعين": 40,
    "خمسين": 50,
}
# Unit, and the number that the word itself has (a dual is 2).
UNITS: dict[str, tuple[str, int | None]] = {
    "يوما": ("day", None),
    "يومين": ("day", 2),
    "ايام": ("day", None),
    "اسبوع": ("week", 1),
    "اسبوعا": ("week", None),
    "اسبوعين": ("week", 2),
    "اسابيع": ("week", None),
    "شهرا": ("month", None),
    "شهرين": ("month", 2),
    "اشهر": ("month", None),
    "شهور": ("month", None),
    "عاما": ("year", None),
    "عامين": ("year", 2),
    "اعوام": ("year", None),
    "سنتين": ("year", 2),
    "سنوات": ("year", None),
    "سنين": ("year", None),
    "ساعه": ("hour", 1),
    "ساعات": ("hour", 1),
    "ساعتين": ("hour", 1),
    "دقايق": ("hour", 1),
    "دقيقه": ("hour", 1),
}
# The same, for words that have another class in other patterns.
_SHARED_UNITS: dict[str, tuple[str, int | None]] = {
    "يوم": ("day", 1),
    "ايام": ("day", None),
    "شهر": ("month", 1),
    "اشهر": ("month", None),
    "شهور": ("month", None),
    "عام": ("year", 1),
    "سنه": ("year", 1),
    "اعوام": ("year", None),
    "سنوات": ("year", None),
}
_DECADES = {
    "العشرين": 1920,
    "الثلاثين": 1930,
    "الاربعين": 1940,
    "الخمسين": 1950,
    "الستين": 1960,
    "السبعين": 1970,
    "الثمانين": 1980,
    "التسعين": 1990,
}
_SEASONS = {"صيف": (6, 8), "خريف": (9, 11)}
SPRING = (3, 5)
_SIGNS = {
    "-": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "/": "/",
    "\\": "/",
    "(": "(",
    "[": "(",
    "«": "(",
    ")": ")",
    "]": ")",
    "»": ")",
    ",": ",",
    "،": ",",
    ".": ".",
    ":": ":",
    "\n": "|",
}
_JOINED = ("و", "ف", "وب", "ول", "ب", "ل", "ك")


@cache
def words() -> dict[str, Entry]:
    """Return a map from folded word, with and without clitics, to its entry.

    Example:
        >>> words()["وسبتمبر"], words()["بالخميس"]
        (('VM', (None, 9)), ('W', (3,)))
    """
    found: dict[str, Entry] = {}
    for word, entry in _bare().items():
        kind = entry[0]
        for clitic in _JOINED:
            if clitic[0] in "وف" and kind in {"M", "m", "W", "e", "J", "R", "t", "U", "O"}:
                joined: Entry = ("V" + kind, (None, *entry[1]))
            elif kind in {"P", "F", "r", "l", "z", "H", "Y", "X", "V", "o", "L", "E", "C"}:
                continue
            else:
                joined = entry
            if clitic[-1] == "ل" and word.startswith("ال"):
                found.setdefault(clitic + word[1:], joined)
            else:
                found.setdefault(clitic + word, joined)
    found |= {f"و{word}": ("I", (number,)) for word, number in _TENS.items()}
    return found | _bare()


@cache
def _bare() -> dict[str, Entry]:
    found: dict[str, Entry] = {
        fold_letters(word): (kind, (None,)) for kind, group in _PLAIN.items() for word in group
    }
    for word, month in months().items():
        found[word] = ("m" if word in WEAK_MONTHS else "M", (month,))
    found |= {word: ("J", (month,)) for word, month in HIJRI_MONTHS.items()}
    found |= {word: ("b", (month,)) for word, month in LIBYAN_MONTHS.items()}
    found |= {word: ("W", (day,)) for word, day in WEEKDAYS.items()}
    found |= {word: ("e", (days,)) for word, days in DEIXIS.items()}
    for turn, group in ((-1, _PAST), (0, _NOW), (1, _NEXT)):
        found |= {word: ({-1: "p", 0: "c", 1: "q"}[turn], (turn,)) for word in group.split()}
    for name, group in MODIFIERS.items():
        found |= dict.fromkeys(group.split(), ("x", (name,)))
    found |= dict.fromkeys(_FIRST_DAY, ("g", (1,)))
    for group in _ORDINALS:
        found |= {word: ("O", (number,)) for number, word in enumerate(group.split(), 1)}
    found |= {"الحادي": ("O", (1,)), "الاخر": ("O", (2,)), "الاخره": ("O", (2,))}
    found |= {"اول": ("f", (1,)), "ثاني": ("O", (2,)), "الثانى": ("O", (2,))}
    found |= {word: ("O", (number,)) for word, number in _TENS.items()}
    found |= {word: ("C", (number,)) for word, number in _CARDINALS.items()}
    found |= {"عشر": ("X", (10,)), "عشره": ("X", (10,))}
    for word, unit in UNITS.items():
        found.setdefault(word, ("E", (unit,)))
    for word, unit in _SHARED_UNITS.items():
        found[word] = (found[word][0], (unit,))
    found |= {"كانون": ("K", ((12, 1),)), "تشرين": ("K", ((10, 11),))}
    found |= {"ربيع": ("R", ((3, 4),)), "جمادي": ("R", ((5, 6),))}
    found |= dict.fromkeys(("ذو", "ذي", "ذا"), ("Z", (None,)))
    found |= {"القعده": ("Q", (11,)), "الحجه": ("Q", (12,))}
    for stem, decade in _DECADES.items():
        # الثمانينات, الثمانينيات, ثمانينيات, ثمانينات.
        for word in (stem, stem.removeprefix("ال")):
            found |= {word + end: ("D", (decade,)) for end in ("ات", "يات")}
    found |= {word: ("v", (span,)) for word, span in _SEASONS.items()}
    return found


def entry(raw: str) -> Entry:
    """Return the entry of a token as printed.

    Example:
        >>> entry("٢١"), entry("2023"), entry("وسبتمبـر"), entry("قال")
        (('d', (21,)), ('y', (2023,)), ('VM', (None, 9)), ('_', (None,)))
    """
    if raw in _SIGNS:
        return _SIGNS[raw], (None,)
    folded = fold_letters(raw).lower()
    if folded.isdecimal():
        return _number(fold_digits(raw))
    return words().get(folded, OTHER)


def _number(digits: str) -> Entry:
    if len(digits) > 4 or not digits.isascii():  # noqa: PLR2004
        return OTHER
    number = int(digits)
    if len(digits) <= 2:  # noqa: PLR2004
        return ("d" if 1 <= number <= 31 else "n"), (number,)  # noqa: PLR2004
    if len(digits) == 4 and 1800 <= number <= 2199:  # noqa: PLR2004
        return "y", (number,)
    if len(digits) == 4 and 1200 <= number < 1600:  # noqa: PLR2004
        return "h", (number,)
    return "n", (number,)
