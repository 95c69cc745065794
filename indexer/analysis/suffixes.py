"""Suffixes: the light stemmer's rules for removing endings.

The order of the rules matters: first one pronoun, then each ending of number, gender and nisba at
most once. The thresholds are the number of letters that must remain.
"""

from functools import lru_cache

from marsad.indexer.analysis.folding import LONGEST_REMEMBERED

PRONOUNS = ("هما", "كما", "هم", "هن", "كم", "نا", "ها")
_ENDINGS = ("ها", "تان", "تين", "يات", "يين", "يون", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_LONG = 3
_LEFT_AFTER_PRONOUN = 3
_LEFT_AFTER_LONG = 3
_LEFT_AFTER_SHORT = 2
_TEH_LENGTH = 4

# Each ending, with the length that a word must have to lose it.
LEAST = tuple(
    (ending, len(ending) + (_LEFT_AFTER_LONG if len(ending) >= _LONG else _LEFT_AFTER_SHORT))
    for ending in _ENDINGS
)


_LAST_LETTERS = frozenset(ending[-1] for ending in PRONOUNS + _ENDINGS)


def strip_suffixes(word: str) -> str:
    """Return the folded *word* without its pronoun, number, gender and nisba endings.

    Example:
        >>> [strip_suffixes(word) for word in ("مقاتلين", "روسيه", "دولتهم", "باكو")]
        ['مقاتل', 'روس', 'دول', 'باكو']
    """
    if word[-1:] not in _LAST_LETTERS:
        return word
    return _stripped(word) if len(word) <= LONGEST_REMEMBERED else _strip(word)


def _strip(word: str) -> str:
    """Remove a pronoun, and then each other ending at most once."""
    if word.endswith(PRONOUNS):
        word = _strip_pronoun(word)
    for ending, left in LEAST:
        if word.endswith(ending) and len(word) >= left:
            word = word[: -len(ending)]
    return word


_stripped = lru_cache(maxsize=1 << 16)(_strip)


def _strip_pronoun(word: str) -> str:
    """Remove the first pronoun that fits, and the ة that became ت before it."""
    for pronoun in PRONOUNS:
        if word.endswith(pronoun) and len(word) - len(pronoun) >= _LEFT_AFTER_PRONOUN:
            word = word[: -len(pronoun)]
            if word.endswith("ت") and len(word) >= _TEH_LENGTH and not word.endswith("ات"):
                # A ت before a pronoun is a ة (دولتهم is دولة and هم), which is an ending itself.
                return word[:-1]
            return word
    return word
