"""Quotes: finds where a quotation in a query begins and ends, for any kind of quotes.

    text, place of a sign -> [read_quote] -> the quotation, or a sign without a partner

A quotation ends at the partner of its opening sign. If there is no partner, any other double quote
ends it. Single quotes occur inside words too (Sana'a), so they quote only from the beginning of a
word to the end of a word.
"""

import re
from dataclasses import dataclass

# Opening signs, each with the signs that close it.
_PAIRS = {
    '"': '"',
    "\uff02": "\uff02",
    "\u2033": "\u2033",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "“": "”“",
    "”": "”“",
    "„": "“”",
    "\u201f": "”",
    "\u301d": "\u301e\u301f",
    "\u275d": "\u275e",
    "《": "》",
    "﴾": "﴿",
    "﴿": "﴾",
}
DOUBLE = "".join(dict.fromkeys([*_PAIRS, *"".join(_PAIRS.values())]))
_SINGLE = "'‘’‚‛`´"
_TWICE = re.compile(r"``|''|‘‘|’’|´´|‛‛|,,(?=\w)")
_TWICE_END = re.compile(r"``|''|‘‘|’’|´´|[\"”“]")
_END = r"(?=$|[\s)\]}|~?؟!.,،؛;:])"
_SINGLE_END = re.compile(rf"(?<!\s)[’'‘´`‛]{_END}")
_OTHER_END = re.compile(rf"(?<![\s(])[{DOUBLE}]{_END}")
_OPENS = re.compile(rf"(?<!\w)[{DOUBLE}](?=\w)")
_AFTER_WORD = re.compile(_END)
_ARABIC = re.compile(r"[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: its text is from `first` to `last`, and with its closing sign it ends at `end`.

    If `closed` is false, the quotation goes on to the end of the query. If `stray` is true, the
    sign has no partner and quotes nothing.
    """

    first: int
    last: int
    end: int
    closed: bool = True
    stray: bool = False


def read_quote(text: str, at: int) -> Quote | None:
    """Return the quotation that the sign at *at* opens.

    None if the sign is part of a word, or is not a quote.
    """
    char = text[at]
    before = text[at - 1] if at else " "
    if twice := _TWICE.match(text, at):
        return _until(text, twice.end(), _TWICE_END.search(text, twice.end()))
    if char in _SINGLE:
        if before.isalnum():
            return None
        closing = _SINGLE_END.search(text, at + 1)
        if closing is not None:
            return _until(text, at + 1, closing)
        # Before a Latin letter, it may be the ayn of a transliteration.
        return _stray(at) if _ARABIC.match(text, at + 1) else None
    if char not in DOUBLE:
        return None
    is_behind = before.isalnum() or before in "?؟!.،"
    if is_behind and _AFTER_WORD.match(text, at + 1):
        return _stray(at)
    return _until(text, at + 1, _closing(text, at + 1, _PAIRS.get(char, "")))


def _closing(text: str, first: int, partners: str) -> re.Match[str] | None:
    """Return the nearest partner, or a nearer double quote at the end of a word.

    Another sign is accepted if there is no partner, or if the nearest partner looks like the
    opening sign of a second quotation.
    """
    closing = re.compile(f"[{partners}]").search(text, first) if partners else None
    if closing is not None and not _OPENS.match(text, closing.start()):
        return closing
    end = closing.start() if closing is not None else len(text)
    for other in _OTHER_END.finditer(text, first, end):
        openings = (sign for sign, closers in _PAIRS.items() if other[0] in closers)
        if all(text.find(sign, first, other.start()) < 0 for sign in openings):
            return other
    return closing


def _until(text: str, first: int, closing: re.Match[str] | None) -> Quote:
    """Return the quotation up to *closing*, or to the end of the text."""
    if closing is None:
        return Quote(first, len(text), len(text), closed=False)
    return Quote(first, closing.start(), closing.end())


def _stray(at: int) -> Quote:
    """Return a quotation that quotes nothing."""
    return Quote(at, at, at + 1, stray=True)
