"""Folding: one raw token to the one spelling that is indexed.

    raw token -> NFKC -> no marks, no tatweel -> one letter for each group -> lower case

pyarabic removes what the language calls optional (marks, tatweel) and opens the
lam-alef ligatures; the letter table is `marsad.corpus.letters`, the same that dates and
names are folded with.
"""

import re
import unicodedata

from pyarabic import araby

from marsad.corpus.letters import DRAWN_OUT, LETTERS, VANISHING_RUN, fold_letters

# Letters that only the table of `fold_letters` changes: no marks, no tatweel, no ligature.
_PLAIN = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_ARABIC = re.compile("[\u0600-\u08ff]").search
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_COMBINING = re.compile("[\u0300-\u036f]+")

# A term longer than this is no word of any language; it is cut, on both sides of a match.
LONGEST_TERM = 128
# What is known of a longer word is not remembered, so that what is typed fills no memory.
LONGEST_REMEMBERED = 40


def fold(token: str) -> str:
    """Return *token* folded; two spellings of one word fold to one string.

    Example:
        >>> [fold(word) for word in ("الكريملِن", "إعتذارهُ", "کاراباخ", "ﻻجئ", "São")]
        ['الكريملن', 'اعتذاره', 'كاراباخ', 'لاجي', 'sao']
    """
    if _PLAIN(token):
        return undrawn(token.translate(LETTERS))[:LONGEST_TERM]
    if token.isascii():
        return token.lower()[:LONGEST_TERM]
    opened = unicodedata.normalize("NFKC", araby.normalize_ligature(token))
    if _ARABIC(opened):
        opened = araby.strip_tatweel(araby.strip_diacritics(opened))
    plain = undrawn(fold_letters(opened))
    lowered = _composed(plain.lower())
    if _ACCENTED.search(lowered):
        lowered = _COMBINING.sub("", unicodedata.normalize("NFKD", lowered))
    return lowered[:LONGEST_TERM]


def undrawn(word: str) -> str:
    """Return a word with letters that are drawn out written once.

    Example:
        >>> undrawn("عاااجل"), undrawn("اللهم"), undrawn("ممكن")
        ('عاجل', 'اللهم', 'ممكن')
    """
    return DRAWN_OUT.sub(lambda run: run[0][0], word)


def printed(token: str) -> str:
    """Return *token* as it was printed, but for what no writer needs to write: marks and tatweel.

    Hamza, teh marbuta and letters of other alphabets stay; Latin letters are lower case.

    Example:
        >>> [printed(word) for word in ("إعتذارهُ", "قـــوات", "کاراباخ", "São")]
        ['إعتذاره', 'قوات', 'کاراباخ', 'são']
    """
    if _PLAIN(token):
        return token[:LONGEST_TERM]
    opened = unicodedata.normalize("NFKC", araby.normalize_ligature(token))
    return _composed("".join(VANISHING_RUN.sub("", opened).lower().split()))[:LONGEST_TERM]


def _composed(word: str) -> str:
    """Join accents to their letters where something that vanished stood between."""
    return unicodedata.normalize("NFC", word) if _COMBINING.search(word) else word
