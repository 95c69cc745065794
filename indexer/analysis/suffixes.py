"""Suffixes: the endings that the light stemmer takes off.

Order is content: one pronoun first, then the endings of number, gender and
nisba, each once. The thresholds say how many letters must stay.
"""

_PRONOUNS = ("هما", "كما", "هم", "هن", "كم", "نا", "ها")
_ENDINGS = ("ها", "تان", "تين", "يات", "يين", "يون", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_LONG = 3
_LEFT_AFTER_PRONOUN = 3
_LEFT_AFTER_LONG = 3
_LEFT_AFTER_SHORT = 2
_TEH_LENGTH = 4


def strip_suffixes(word: str) -> str:
    """Return the folded *word* without pronoun, number, gender and nisba endings.

    Example:
        >>> [strip_suffixes(word) for word in ("مقاتلين", "روسيه", "دولتهم", "باكو")]
        ['مقاتل', 'روس', 'دول', 'باكو']
    """
    for pronoun in _PRONOUNS:
        if word.endswith(pronoun) and len(word) - len(pronoun) >= _LEFT_AFTER_PRONOUN:
            word = word[: -len(pronoun)]
            if word.endswith("ت") and len(word) >= _TEH_LENGTH and not word.endswith("ات"):
                word = word[:-1]
            break
    for ending in _ENDINGS:
        left = _LEFT_AFTER_LONG if len(ending) >= _LONG else _LEFT_AFTER_SHORT
        if word.endswith(ending) and len(word) - len(ending) >= left:
            word = word[: -len(ending)]
    return word
