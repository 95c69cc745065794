"""Catalogue: the texts of the interface in one language, with its plurals, dates and digits.

Each language is one file `LANG.json` in this folder. It gives a text for each key, or an
object with one text for each CLDR plural category. A test holds all files to the same keys.
The names of facets are in `facets.csv`, one row per facet, so a new facet needs one file here.
"""

import csv
import datetime as dt
import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from hijridate import Gregorian

from marsad.corpus.dates.mention import period

_TO_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ARABIC_GROUP = "٬"
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_MEMO_SIZE = 20_000
_Key = TypeVar("_Key", int, str, tuple[str, int], tuple[str, bool])
_BY_THREE = "#,##0.###"
_RIGHT_TO_LEFT = "right-to-left"


class Catalogue:
    """The texts of the interface in one language.

    Args:
        lang: The code of the language, the name of its file.
        digits: The digits of numbers and dates: `latn` (123) or `arab` (١٢٣).
        calendar: `gregory`, or `islamic-umalqura` to add the Hijri date to each day.
    """

    def __init__(self, lang: str, digits: str, calendar: str = "gregory") -> None:
        self.lang = lang
        self._digits = digits
        self._is_hijri = calendar == "islamic-umalqura"
        self._locale = Locale(lang)
        self._words = _load(lang)
        self._plural = self._locale.plural_form
        known = self._locale.number_symbols["latn"]["group"]
        self._group = _ARABIC_GROUP if digits == "arab" else known
        self._is_by_three = self._locale.decimal_formats[None].pattern == _BY_THREE
        order = self._locale.character_order
        self.direction: Literal["rtl", "ltr"] = "rtl" if order == _RIGHT_TO_LEFT else "ltr"
        # Memos of formatted texts; see `_remember`.
        self._numbers: dict[int, str] = {}
        self._dates: dict[str, str] = {}
        self._short_dates: dict[tuple[str, bool], str] = {}
        self._counts: dict[tuple[str, int], str] = {}

    def __call__(self, key: str, **values: str) -> str:
        """Return the text of *key*, with *values* in its placeholders.

        Raises:
            TypeError: the text of *key* has plurals; use `count`.
            KeyError: the catalogue has no such key.
        """
        words = self._words[key]
        if not isinstance(words, str):
            raise TypeError(f"{self.lang}.json: {key!r} has plurals; use count()")
        return words.format(**values) if values else words

    def count(self, key: str, number: int) -> str:
        """Return the text of *key* for *number*, in the right plural form.

        Example:
            >>> Catalogue("ar", "arab").count("articles", 3)
            '٣ مقالات'
        """
        known = self._counts.get((key, number))
        return known or _remember(self._counts, (key, number), self._count(key, number))

    def _count(self, key: str, number: int) -> str:
        words = self._words[key]
        if isinstance(words, str):
            raise TypeError(f"{self.lang}.json: {key!r} has no plurals")
        form = words.get(self._plural(number), words["other"])
        return form.format(n=self.number(number))

    def number(self, number: int) -> str:
        """Return a number with the thousands separators of the language, in the chosen digits."""
        known = self._numbers.get(number)
        if known is None:
            known = _remember(self._numbers, number, self.digits(self._plain(number)))
        return known

    def _plain(self, number: int) -> str:
        """Return a number in Latin digits, with separators."""
        # Most languages separate groups of three digits; Python does that far faster than Babel.
        if self._is_by_three:
            return f"{number:,}".replace(",", self._group)
        return str(format_decimal(number, locale=self._locale, numbering_system="latn"))

    def decimal(self, number: float) -> str:
        """Return a number that may have a fraction, with the decimal sign of the chosen digits."""
        sign = "٫" if self._digits == "arab" else self._locale.number_symbols["latn"]["decimal"]
        return self.digits(f"{number:g}".replace(".", sign))

    def digits(self, text: str) -> str:
        """Return *text* with the chosen digits."""
        return text.translate(_TO_ARABIC) if self._digits == "arab" else text

    def date(self, iso: str) -> str:
        """Return an ISO date, month or year in words.

        Example:
            >>> Catalogue("en", "latn").date("2023-09")
            'September 2023'
        """
        known = self._dates.get(iso)
        return known or _remember(self._dates, iso, self._date(iso))

    def _date(self, iso: str) -> str:
        parts = [int(part) for part in iso.split("-")]
        if len(parts) == 1:
            return self.digits(iso)
        pattern = "d MMMM y" if len(parts) == len("ymd") else "MMMM y"
        day = (
            dt.date(parts[0], parts[1], parts[2])
            if len(parts) == len("ymd")
            else dt.date(parts[0], parts[1], 1)
        )
        words = str(format_date(day, pattern, locale=self._locale))
        if self._is_hijri and len(parts) == len("ymd") and (hijri := self._hijri(day)):
            words = f"{words} ({hijri})"
        return self.digits(words)

    def typed_date(self, typed: str) -> str:
        """Return a typed ISO date, month or year in words, and any other text unchanged."""
        if _ISO.fullmatch(typed) and period(typed):
            return self.date(typed)
        return self.digits(typed)

    def weekday(self, iso: str) -> str:
        """Return the day of the week of an ISO date, empty for a month or year."""
        if len(iso) < len("2023-09-21"):
            return ""
        return str(format_date(dt.date.fromisoformat(iso), "EEEE", locale=self._locale))

    def _hijri(self, day: dt.date) -> str:
        """Return a day in the Umm al-Qura calendar, empty outside of its years 1343 to 1500."""
        try:
            hijri = Gregorian.fromdate(day).to_hijri()
        except OverflowError:
            return ""
        months = self("hijri_months").split("|")
        return f"{hijri.day} {months[hijri.month - 1]} {hijri.year} {self('hijri_era')}"

    def short_date(self, iso: str, *, with_year: bool) -> str:
        """Return a short form of a month, day or year for the axis of a chart.

        Example:
            >>> Catalogue("en", "latn").short_date("2023-09", with_year=False)
            'Sep'
        """
        key = (iso, with_year)
        known = self._short_dates.get(key)
        return known or _remember(self._short_dates, key, self._short_date(*key))

    def _short_date(self, iso: str, with_year: bool) -> str:
        parts = [int(part) for part in iso.split("-")]
        if len(parts) == 1:
            return self.digits(iso)
        if len(parts) == len("ym"):
            day, pattern = dt.date(parts[0], parts[1], 1), "LLL y" if with_year else "LLL"
        else:
            day, pattern = dt.date(parts[0], parts[1], parts[2]), "d MMM"
        return self.digits(str(format_date(day, pattern, locale=self._locale)))

    def language_name(self, code: str) -> str:
        """Return the name of a language, or its code if the name is not known."""
        return str(self._locale.languages.get(code, code))


def _remember(memo: dict[_Key, str], key: _Key, words: str) -> str:
    """Put *words* into *memo* and return them."""
    # A page has hundreds of numbers and dates. Without the memo, formatting them with Babel
    # would take longer than the rest of the page.
    if len(memo) >= _MEMO_SIZE:
        memo.clear()
    memo[key] = words
    return words


@cache
def languages() -> dict[str, str]:
    """Return the name of each language in that language, by its code; Arabic comes first."""
    codes = sorted(
        entry.name.removesuffix(".json")
        for entry in files("marsad.webui.i18n").iterdir()
        if entry.name.endswith(".json")
    )
    return {code: str(_load(code)["language"]) for code in sorted(codes, key=lambda c: c != "ar")}


@cache
def catalogue(lang: str, digits: str, calendar: str = "gregory") -> Catalogue:
    """Return the catalogue of a language; one object, with its memos, serves all requests."""
    return Catalogue(lang, digits, calendar)


@cache
def _load(lang: str) -> dict[str, str | dict[str, str]]:
    folder = files("marsad.webui.i18n")
    words: dict[str, str | dict[str, str]] = json.loads(
        folder.joinpath(f"{lang}.json").read_text(encoding="utf-8")
    )
    rows = csv.DictReader(folder.joinpath("facets.csv").read_text(encoding="utf-8").splitlines())
    return words | {f"facet_{row['facet']}": row[lang] for row in rows}
