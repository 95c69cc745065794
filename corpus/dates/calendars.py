"""Calendars: the month and weekday names that Arabic newspapers use.

Month names are those of Unicode CLDR, kept in `data/months.csv` by `build_months`: pan-Arab
(`ar`), Levantine (`ar_SY`), Algerian and Tunisian (`ar_DZ`), Moroccan (`ar_MA`), Russian and
English. Spellings that newspapers use and CLDR lacks are added by hand. All keys are folded
(`marsad.corpus.letters`) and of one word; كانون and تشرين, which need an ordinal, are in the
lexicon.
"""

import csv
from functools import cache
from importlib.resources import files

from marsad.corpus.letters import fold_letters

_ADDED = {
    "يونيه": 6,
    "يوليه": 7,
    "يوليوز": 7,
    "اغشت": 8,
    "غشت": 8,
    "اغسطوس": 8,
    "شتنبر": 9,
    "سيتمبر": 9,
    "نونبر": 11,
    "نوفنبر": 11,
    "دجنبر": 12,
    "دسمبر": 12,
    "جانفي": 1,
    "جانفيي": 1,
    "فيفري": 2,
    "فبرير": 2,
    "افريل": 4,
    "ابرايل": 4,
    "ماي": 5,
    "جوان": 6,
    "جويليه": 7,
    "جويليا": 7,
    "اوت": 8,
    "اوكتوبر": 10,
    "اكتوبر": 10,
    "jan": 1,
    "feb": 2,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}

_MAY = 5

# Names that are also ordinary words (آب "father", مارس "practised", ماي a surname, أوت "out"):
# they count as a month only beside a day, a year, a dual name or "month of".
WEAK_MONTHS = frozenset(
    {"اب", "ماي", "اوت", "جوان", "مارس", "may", "march", "jan", "jun", "sep", "dec", "nov", "oct"}
    | {"мая", "мае", "май", "марта", "марте", "март"}
)

# Months of the Libyan calendar of 1986 to 2011. They are ordinary words, so they count only in
# the form "17 الطير 1986".
LIBYAN_MONTHS = {
    "النوار": 2,
    "الربيع": 3,
    "الطير": 4,
    "الماء": 5,
    "الصيف": 6,
    "ناصر": 7,
    "هانيبال": 8,
    "التمور": 10,
    "الحرث": 11,
    "الكانون": 12,
}

# Hijri months of one word; the lexicon has the others, which have two.
HIJRI_MONTHS = {
    "محرم": 1,
    "المحرم": 1,
    "صفر": 2,
    "رجب": 7,
    "شعبان": 8,
    "رمضان": 9,
    "شوال": 10,
}

# Monday is 0, as in `datetime.date.weekday`.
WEEKDAYS = {
    "الاثنين": 0,
    "الاتنين": 0,
    "الثلاثاء": 1,
    "الثلثاء": 1,
    "التلاتاء": 1,
    "الاربعاء": 2,
    "الاربعا": 2,
    "الخميس": 3,
    "الجمعه": 4,
    "السبت": 5,
    "الاحد": 6,
}


@cache
def months() -> dict[str, int]:
    """Return a map from folded month name to month number (1 to 12): Arabic, Russian, English.

    Example:
        >>> [months()[name] for name in ("ايلول", "سبتمبر", "شتنبر", "جويليه", "сентябре")]
        [9, 9, 9, 7, 9]
    """
    names = dict(_ADDED)
    text = files("marsad.corpus.dates").joinpath("data/months.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        folded, number = fold_letters(row["name"]).lower(), int(row["month"])
        if " " not in folded:
            names[folded] = number
        if row["locale"] == "ru":
            names |= dict.fromkeys(_russian_cases(folded, number), number)
    return names


def _russian_cases(genitive: str, month: int) -> tuple[str, str]:
    """Return the nominative and the prepositional of a Russian month."""
    if month == _MAY:
        return "май", "мае"
    if genitive.endswith("та"):
        return genitive[:-1], f"{genitive[:-1]}е"
    return f"{genitive[:-1]}ь", f"{genitive[:-1]}е"
