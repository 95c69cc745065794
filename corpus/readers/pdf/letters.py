"""Letters: the characters of one glyph, in the spelling of ordinary text.

A PDF maps a glyph to the characters that it shows. Makers map Arabic glyphs to presentation forms
(U+FB50-U+FDFF, U+FE70-U+FEFF), and some map the lam-alef ligature in the order of the eye.
"""

import re
import unicodedata
from functools import lru_cache

_FORMS = re.compile("[\ufb00-\ufb06\ufb50-\ufd3d\ufd50-\ufdf9\ufdfc\ufe70-\ufefc]")
_ALEFS = "\u0622\u0623\u0625\u0627\u0671"
_LAM = "\u0644"
# No character of a text: controls, private use, parts of surrogate pairs.
_JUNK = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ue000-\uf8ff\ud800-\udfff]"
)

_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
TATWEEL = "\u0640"


@lru_cache(maxsize=20_000)
def spelled(text: str, *, is_logical: bool = False) -> str:
    r"""Return the characters of a glyph in the spelling of ordinary text.

    *is_logical* says that the order of *text* is known to be the order of reading.

    Example:
        >>> spelled("\ufefb"), spelled("\u0627\u0644"), spelled("\ufe8e"), spelled("\ufe77")
        ('لا', 'لا', 'ا', '\u064e')
    """
    if text.isascii() and len(text) == 1 and text.isprintable():
        return text
    if not is_logical and text[1:] == _LAM and text[0] in _ALEFS:
        # There is a ligature of lam and alef, and none of alef and lam.
        return text[::-1]
    folded = _FORMS.sub(_ordinary, text)
    return _SPACES.sub(" ", _JUNK.sub("", folded))


def _ordinary(form: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", form[0])
    # The form of a mark by itself has a space, or a tatweel, below the mark.
    if len(plain) > 1 and plain[0] in f" {TATWEEL}":
        return plain[1:]
    return plain


def is_mark(text: str) -> bool:
    """Tell whether *text* has only marks, which belong to the letter that they are drawn over."""
    return bool(text) and all(unicodedata.combining(char) for char in text)


def with_marks(letter: str, marks: list[str]) -> str:
    """Return a letter with its marks after it; shadda comes first, as people type it."""
    ordered = sorted("".join(marks), key=lambda mark: mark != "\u0651")
    return letter + "".join(ordered)
