"""Catalogue: the words of the interface in one language, with its plurals, dates and digits.

A language is one file `LANG.json` here: a name for each key, or an object of CLDR
plural categories. Every file has the same keys; `tests` hold them to it.
"""

import datetime as dt
import json
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

_TO_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_RIGHT_TO_LEFT = "right-to-left"


class Catalogue:
    """The interface in one language, with one set of digits (`latn` or `arab`)."""

    def __init__(self, lang: str, digits: str) -> None:
        self.lang = lang
        self._digits = digits
        self._locale = Locale(lang)
        self._words = _load(lang)

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self._locale.character_order == _RIGHT_TO_LEFT else "ltr"

    def __call__(self, key: str, **values: str) -> str:
        """Return the words of *key*, with *values* put in."""
        words = self._words[key]
        if not isinstance(words, str):
            raise TypeError(f"{self.lang}.json: {key!r} has plurals; use count()")
        return words.format(**values) if values else words

    def count(self, key: str, number: int) -> str:
        """Return the words of *key* for *number*, in the right plural.

        Example:
            >>> Catalogue("ar", "arab").count("articles", 3)
            '٣ مقالات'
        """
        words = self._words[key]
        if isinstance(words, str):
            raise TypeError(f"{self.lang}.json: {key!r} has no plurals")
        form = words.get(self._locale.plural_form(number), words["other"])
        return form.format(n=self.number(number))

    def number(self, number: int) -> str:
        """Return a number with the language's separators, in the chosen digits."""
        plain = str(format_decimal(number, locale=self._locale, numbering_system="latn"))
        return self.digits(plain)

    def digits(self, text: str) -> str:
        """Return *text* with the chosen digits."""
        return text.translate(_TO_ARABIC) if self._digits == "arab" else text

    def date(self, iso: str) -> str:
        """Return an ISO date, month or year in words.

        Example:
            >>> Catalogue("en", "latn").date("2023-09")
            'September 2023'
        """
        parts = [int(part) for part in iso.split("-")]
        if len(parts) == 1:
            return self.digits(iso)
        pattern = "d MMMM y" if len(parts) == len("ymd") else "MMMM y"
        day = (
            dt.date(parts[0], parts[1], parts[2])
            if len(parts) == len("ymd")
            else dt.date(parts[0], parts[1], 1)
        )
        return self.digits(str(format_date(day, pattern, locale=self._locale)))

    def language_name(self, code: str) -> str:
        """Return the name of a language, its code where it has none."""
        return str(self._locale.languages.get(code, code))


@cache
def languages() -> dict[str, str]:
    """Return the code of each language and its name in itself, Arabic first."""
    codes = sorted(
        entry.name.removesuffix(".json")
        for entry in files("webui.i18n").iterdir()
        if entry.name.endswith(".json")
    )
    return {code: str(_load(code)["language"]) for code in sorted(codes, key=lambda c: c != "ar")}


@cache
def catalogue(lang: str, digits: str) -> Catalogue:
    """Return the catalogue of a language."""
    return Catalogue(lang, digits)


@cache
def _load(lang: str) -> dict[str, str | dict[str, str]]:
    text = files("webui.i18n").joinpath(f"{lang}.json").read_text(encoding="utf-8")
    words: dict[str, str | dict[str, str]] = json.loads(text)
    return words
