"""Quotes: where a quotation of a query begins and ends, by any of the signs that people paste.

    text, place of a sign -> [read_quote] -> what is quoted, or a sign without a partner

A sign closes what its partner opened; where that is nowhere, any other double quote does.
Single quotes stand inside words too (Sana'a), so they quote only from the beginning of a word
to the end of one.
"""

import re
from dataclasses import dataclass

# Each sign that opens, and the signs that close it.
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
    """What is quoted, from `first` to `last`; the whole of it ends at `end`.

    It is not `closed` where it goes on to the end of the query, and `stray` where a sign has no
    partner and quotes nothing.
    """

    first: int
    last: int
    end: int
    closed: bool = True
    stray: bool = False


def read_quote(text: str, at: int) -> Quote | None:
    """Return what the sign at *at* quotes, None where it is a letter of a word, or no quote."""
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
        # Before a Latin letter it may be the ayn of a transliteration.
        return _stray(at) if _ARABIC.match(text, at + 1) else None
    if char not in DOUBLE:
        return None
    is_behind = before.isalnum() or before in "?؟!.،"
    if is_behind and _AFTER_WORD.match(text, at + 1):
        return _stray(at)
    return _until(text, at + 1, _closing(text, at + 1, _PAIRS.get(char, "")))


def _closing(text: str, first: int, partners: str) -> re.Match[str] | None:
    """Return the nearest partner, or a nearer double quote that ends a word of its own.

    Another sign counts where there is no partner, or the nearest one looks like an opening.
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
    if closing is None:
        return Quote(first, len(text), len(text), closed=False)
    return Quote(first, closing.start(), closing.end())


def _stray(at: int) -> Quote:
    return Quote(at, at, at + 1, stray=True)
