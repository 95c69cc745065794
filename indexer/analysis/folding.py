"""Folding: reduces the spellings of a word to the one that is indexed.

    raw token -> NFKC -> no marks, no tatweel -> one letter for each group -> lower case

pyarabic removes marks and tatweel, which Arabic treats as optional, and splits the lam-alef
ligatures. The table of letters is `marsad.corpus.letters`, which dates and names use too, so that
all parts of the program agree on which letters are the same.
"""

import re
import unicodedata

from pyarabic import araby

from marsad.corpus.letters import DRAWN_OUT, LETTERS, VANISHING_RUN, fold_letters

# A word of these letters has no marks, tatweel or ligatures, so the letter table alone can fold it.
# Most Arabic words are of this kind, and they skip the slow steps below.
_PLAIN = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_ARABIC = re.compile("[\u0600-\u08ff]").search
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_COMBINING = re.compile("[\u0300-\u036f]+")

# No word of any language is longer than this. Terms are cut here both when indexing and when
# searching, so that a cut term still matches itself.
LONGEST_TERM = 128
# So much of a word is folded: marks and drawn-out letters vanish, so this is far more than a term.
_LONGEST_FOLDED = 1 << 18
# Results for longer words are not kept in memos. Otherwise a user who types long random strings
# could fill the memory.
LONGEST_REMEMBERED = 40


def fold(token: str) -> str:
    """Return the folded form of *token*; all spellings of one word fold to the same string.

    Example:
        >>> [fold(word) for word in ("الكريملِن", "إعتذارهُ", "کاراباخ", "ﻻجئ", "São")]
        ['الكريملن', 'اعتذاره', 'كاراباخ', 'لاجي', 'sao']
    """
    token = token[:_LONGEST_FOLDED]
    if _PLAIN(token):
        return collapse_drawn_out(token.translate(LETTERS))[:LONGEST_TERM]
    if token.isascii():
        return token.lower()[:LONGEST_TERM]
    opened = unicodedata.normalize("NFKC", araby.normalize_ligature(token))
    if _ARABIC(opened):
        opened = araby.strip_tatweel(araby.strip_diacritics(opened))
    plain = collapse_drawn_out(fold_letters(opened))
    # Accents are removed from Latin letters only. NFKD would take other scripts apart too.
    lowered = _composed(plain.lower())
    if _ACCENTED.search(lowered):
        lowered = _COMBINING.sub("", unicodedata.normalize("NFKD", lowered))
    return lowered[:LONGEST_TERM]


def collapse_drawn_out(word: str) -> str:
    """Return *word* with each drawn-out letter written once.

    Example:
        >>> collapse_drawn_out("عاااجل"), collapse_drawn_out("اللهم"), collapse_drawn_out("ممكن")
        ('عاجل', 'اللهم', 'ممكن')
    """
    return DRAWN_OUT.sub(lambda run: run[0][0], word)


def printed(token: str) -> str:
    """Return *token* as it was printed, without the optional marks and tatweel.

    Hamza, teh marbuta and letters of other alphabets are kept. Latin letters become lower case.

    Example:
        >>> [printed(word) for word in ("إعتذارهُ", "قـــوات", "کاراباخ", "São")]
        ['إعتذاره', 'قوات', 'کاراباخ', 'são']
    """
    token = token[:_LONGEST_FOLDED]
    if _PLAIN(token):
        return token[:LONGEST_TERM]
    opened = unicodedata.normalize("NFKC", araby.normalize_ligature(token))
    return _composed("".join(VANISHING_RUN.sub("", opened).lower().split()))[:LONGEST_TERM]


def _composed(word: str) -> str:
    """Join each accent to its letter again, in case a removed character had separated the two."""
    return unicodedata.normalize("NFC", word) if _COMBINING.search(word) else word
