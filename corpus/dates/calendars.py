"""Calendars: the month and weekday names that Arabic newspapers use.

Month names come from CLDR through babel: pan-Arab (`ar`), Levantine (`ar_SY`),
Algerian and Tunisian (`ar_DZ`), Moroccan (`ar_MA`). Spellings that newspapers use
and CLDR lacks are added by hand. All keys are folded (`marsad.corpus.letters`), of one word;
كانون and تشرين, which need an ordinal, are the lexicon's.
"""

from functools import cache

from babel.dates import get_month_names

from marsad.corpus.letters import fold_letters

_LOCALES = ("ar", "ar_SY", "ar_DZ", "ar_MA", "ru", "en")
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

# Names that are also ordinary words (آب "father", مارس "practised", ماي a surname,
# أوت "August" or "out"): a month only beside a day, a year, a dual name or "month of".
WEAK_MONTHS = frozenset(
    {"اب", "ماي", "اوت", "جوان", "مارس", "may", "march", "jan", "jun", "sep", "dec", "nov", "oct"}
    | {"мая", "мае", "май", "марта", "марте", "март"}
)

# Of the Libyan calendar of 1986 to 2011; ordinary words, so only in "17 الطير 1986".
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

# One-word months of the Hijri year; the others are made of two words.
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
    """Return folded month name to month number, 1 to 12, in Arabic, Russian and English.

    Example:
        >>> [months()[name] for name in ("ايلول", "سبتمبر", "شتنبر", "جويليه", "сентябре")]
        [9, 9, 9, 7, 9]
    """
    names = dict(_ADDED)
    for locale in _LOCALES:
        for number, name in get_month_names("wide", locale=locale).items():
            folded = fold_letters(name).lower()
            if " " not in folded:
                names[folded] = number
            if locale == "ru":
                stem = folded[:-1]
                ends = ("й", "е") if number == 5 else ("т", "те") if folded.endswith("та") else ()  # noqa: PLR2004
                stem = folded[:-2] if folded.endswith("та") else stem
                names |= dict.fromkeys((stem + end for end in ends or ("ь", "е")), number)
    return names
