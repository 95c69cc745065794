"""Values: the words that mean "no value", and the text of a value of any type."""

import re
from functools import lru_cache
from html import unescape
from math import isnan

from marsad.corpus.letters import FORMAT_CHARS, fold_letters

# Programs and people write these where a value is missing. Compared folded, without case.
_EMPTY = """nan <na> nat none null nil undefined \\n n/a na n.a. n.a #n/a #n/a! #na #ref! #value!
    #num! #name? #null! #div/0! (null) (none) (empty) (blank) [null] {null} <null> [] {} () "" '' -
    -- --- \u2010 \u2011 \u2012 \u2013 \u2014 \u2015 \u2013\u2013 \u2014\u2014 _ . .. ... \u2026 ?
    ?? ??? ؟ / // \\ * ** x'' unknown unspecified undated n.d. n.d missing empty
    لايوجد مجهول فارغ"""
_EMPTY_PHRASES = (
    *("not available", "not applicable", "not known", "not given", "not set", "no date", "no data"),
    *("no value", "date unknown", "unknown date", "without date", "غير محدد", "غير معروف"),
    *("غير متوفر", "غير متاح", "غير مذكور", "غير موجود", "غير معلوم", "غير مؤرخ", "بدون تاريخ"),
    *("بلا تاريخ", "لا يوجد", "لا يوجد تاريخ", "لا تاريخ", "التاريخ غير محدد", "التاريخ غير معروف"),
    *("تاريخ غير محدد", "تاريخ غير معروف", "غير محددة", "غير معروفة", "غير متوفرة", "غير مؤرخة"),
    *("لا شيء", "لا ينطبق", "دون تاريخ", "من دون تاريخ", "нет даты", "неизвестно", "sans date"),
)
_HASHES = re.compile(r"#{3,}")
# Days that databases, spreadsheets and programming languages write for "not known".
_EMPTY_DAY = re.compile(
    r"(?:0{1,4}[-/.]0{1,2}[-/.]0{1,2}|0{1,2}[-/.]0{1,2}[-/.]0{2,4}|0001[-/.]0?1[-/.]0?1"
    r"|0?1[-/.]0?1[-/.]0{0,3}1|1900[-/.]0?1[-/.]00?|0?1[-/.]00?[-/.]1900|1899[-/.]12[-/.]3[01]"
    r"|9999[-/.]12[-/.]31|31[-/.]12[-/.]9999|12[-/.]31[-/.]9999|-?0+(?:\.0+)?)(?:[T\s].*)?"
    # The zero of Unix time; a newspaper of that day has no time of day.
    r"|(?:1970[-/.]0?1[-/.]0?1|0?1[-/.]0?1[-/.]1970)[T\s]0?0:00(?::00)?(?:\.0+)?\s*"
    r"(?:Z|UTC|GMT|AM|[+-]00:?00)?|Thu,? (?:0?1 Jan 1970|Jan 0?1 1970) 00:00:00.*",
    re.IGNORECASE,
)
_MARKS = re.compile(f"[{FORMAT_CHARS}]")
_TAG = re.compile(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[A-Za-z/!][^>]{0,2000}>")
_LONGEST_EMPTY = 40
_NUMBERS = ("$numberLong", "$numberInt", "$numberDouble", "$numberDecimal")


def _key(text: str) -> str:
    return fold_letters(" ".join(text.split())).lower()


_EMPTY_KEYS = frozenset(map(_key, (*_EMPTY.split(), *_EMPTY_PHRASES)))


def is_empty(text: str) -> bool:
    """Tell whether a text is blank, or a word for a missing value.

    Example:
        >>> [is_empty(text) for text in ("", "NaN", "غير محدد", "—", "#N/A", "نعم")]
        [True, True, True, True, True, False]
    """
    return not text.strip() if len(text) > _LONGEST_EMPTY else _is_empty_word(text)


@lru_cache(maxsize=4096)
def _is_empty_word(text: str) -> bool:
    key = _key(_MARKS.sub("", text).strip(" \t:.،,\"'") or text)
    return not key or key in _EMPTY_KEYS or _key(text) in _EMPTY_KEYS or _is_hashes(key)


def _is_hashes(key: str) -> bool:
    # What a spreadsheet shows if a column is too narrow for its dates.
    return _HASHES.fullmatch(key) is not None


def is_empty_date(text: str) -> bool:
    """Tell whether a text is a word, or a day, that means that the date is not known.

    Example:
        >>> [is_empty_date(text) for text in ("0000-00-00 00:00:00", "1/1/0001", "2023-09-21")]
        [True, True, False]
    """
    return is_empty(text) or _EMPTY_DAY.fullmatch(" ".join(text.split())) is not None


def text_of(field: str, value: object) -> str | None:
    """Return the text of a value of a record; None if a value of its type has none.

    Lists of strings, and of objects with "text", are joined. These objects have a text:
    `{"rendered": html}` of WordPress, `{"name": ...}`, and `$oid`, `$date` and the numbers of
    MongoDB.
    """
    if value is None or (isinstance(value, float) and isnan(value) and field != "date"):
        # pandas writes NaN for a value that is missing.
        return ""
    match value:
        case str():
            return value
        case bool():
            return None
        case {"rendered": str(html)}:
            return strip_tags(html)
        case {"$oid": str(found)}:
            return found
        case {"$date": found} if field == "date":
            return text_of(field, found)
        case {"name": str(named)} if field not in {"id", "date", "text"}:
            return named
        case dict():
            numbers = [value[key] for key in _NUMBERS if key in value]
            return text_of(field, numbers[0]) if numbers and field in {"id", "date"} else None
        case float() if field == "id" and value.is_integer() and abs(value) < 1 << 53:
            return str(int(value))
        case int() | float() if field in {"id", "date"}:
            return str(value)
        case list():
            return _joined(field, value)
        case _:
            return None


def _joined(field: str, value: list[object]) -> str | None:
    if field in {"id", "date"}:
        return text_of(field, value[0]) if len(value) == 1 else None
    if field != "text":
        names = [each if isinstance(each, str) else _named(each) for each in value]
        return "، ".join(filter(None, names)) if any(names) else None
    parts = [each if isinstance(each, str) else _inner(each) for each in value]
    if not value:
        return ""
    if any(part is None for part in parts) and not any(parts):
        return None
    # Strings and objects in turns are the runs of one line, as in exports of chats.
    kinds = {type(each) for each in value}
    typed = any(isinstance(each, dict) and "type" in each for each in value)
    between = "" if len(kinds) > 1 or typed else "\n\n"
    return between.join(part for part in parts if part)


def _named(value: object) -> str:
    named = value.get("name") if isinstance(value, dict) else None
    return named if isinstance(named, str) else ""


def _inner(value: object) -> str | None:
    found = value.get("text") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def strip_tags(html: str) -> str:
    """Return the text of an HTML fragment, with each paragraph on a line of its own."""
    shown = _UNSEEN.sub("", html)
    return unescape(_ANY_TAG.sub("", _TAG.sub("\n\n", shown))).strip()
