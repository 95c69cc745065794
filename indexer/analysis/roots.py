"""Roots: the consonants that the words of one family share, قتل for قتال, قاتل and مقتول.

stem -> without weak letters -> without the letters of derived forms -> root
"""

import re

_WEAK = re.compile("[اويىء]|ه$")
_LEAST = 2
_THREE = 3


def root_of(stem: str) -> str:
    """Return the root of a folded *stem*, by rule: weak letters and derivation off.

    Example:
        >>> [root_of(stem) for stem in ("قتال", "مقاتل", "اقتتال", "استهداف", "باكو")]
        ['قتل', 'قتل', 'قتل', 'هدف', 'بك']
    """
    if not "\u0621" <= stem[:1] <= "\u064a":
        return stem
    consonants = _WEAK.sub("", stem)
    if len(consonants) < _LEAST:
        return stem
    if len(consonants) > _THREE:
        if consonants.startswith("ست") and len(consonants) > _THREE + 1:
            consonants = consonants[2:]
        elif consonants[0] in "متن":
            consonants = consonants[1:]
    if len(consonants) > _THREE and consonants[1] == "ت":
        consonants = consonants[0] + consonants[2:]
    return consonants
