"""Calendars: the month and weekday names that Arabic newspapers use.

Month names come from CLDR through babel: pan-Arab (`ar`), Levantine (`ar_SY`),
Algerian and Tunisian (`ar_DZ`), Moroccan (`ar_MA`). Spellings that newspapers use
and CLDR lacks are added by hand. All keys are folded (`corpus.letters`).
"""

from functools import cache

from babel.dates import get_month_names

from corpus.letters import fold_letters

_LOCALES = ("ar", "ar_SY", "ar_DZ", "ar_MA", "ru", "en")
_ADDED = {
    "يونيه": 6,
    "يوليه": 7,
    "يوليوز": 7,
    "اغشت": 8,
    "غشت": 8,
    "شتنبر": 9,
    "نونبر": 11,
    "دجنبر": 12,
    "دسمبر": 12,
    "جانفي": 1,
    "فيفري": 2,
    "افريل": 4,
    "ماي": 5,
    "جوان": 6,
    "جويليه": 7,
    "اوت": 8,
    "اكتوبر": 10,
    "كانون ثاني": 1,
    "كانون اول": 12,
    "تشرين اول": 10,
    "تشرين ثاني": 11,
}

# Names that are also ordinary words (آب "father", ماي a surname, أوت "August" or
# "out"): a month only beside a day, a year or a dual name.
WEAK_MONTHS = frozenset({"اب", "ماي", "اوت", "جوان", "may", "мая", "мае", "марта"})

# Monday is 0, as in `datetime.date.weekday`.
WEEKDAYS = {
    "الاثنين": 0,
    "الثلاثاء": 1,
    "الاربعاء": 2,
    "الخميس": 3,
    "الجمعه": 4,
    "السبت": 5,
    "الاحد": 6,
}


@cache
def months() -> dict[str, int]:
    """Return folded month name to month number, 1 to 12, in Arabic, Russian and English.

    Example:
        >>> [months()[name] for name in ("ايلول", "سبتمبر", "شتنبر", "كانون الثاني", "جويليه")]
        [9, 9, 9, 1, 7]
    """
    names = dict(_ADDED)
    for locale in _LOCALES:
        for number, name in get_month_names("wide", locale=locale).items():
            names[fold_letters(name).lower()] = number
    return names
