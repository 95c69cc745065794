"""Proclitics: what `stemmer` takes off the front of a word, over packed words."""

from indexer.analysis.kernels.affixes import strip_suffixes
from indexer.analysis.kernels.letters import (
    ALEF,
    BEH,
    BITS,
    FEH,
    KAF,
    LAM,
    LETTER,
    NOON,
    SEEN,
    TEH,
    WAW,
    YEH,
    head,
    packed,
    put_before,
    size_of,
    tail,
)
from indexer.analysis.kernels.lookup import FAMILY, FORM, fact
from indexer.analysis.kernels.packing import Array
from indexer.analysis.stemmer import FUTURE_SHARE
from indexer.compiled import inner, shared

_AL, _LAM_LAM, _BEH_AL, _KAF_AL = map(packed, ("ال", "لل", "بال", "كال"))


@inner
def _family(slots: Array, rows: Array, word: int) -> int:
    return fact(slots, rows, strip_suffixes(word), FAMILY)


@inner
def _is_noun(slots: Array, rows: Array, word: int, size: int) -> bool:
    """Return whether a word is known with an article or without."""
    whole = put_before(_AL, word, size)
    return fact(slots, rows, whole, FORM) > 0 or fact(slots, rows, word, FORM) > 0


@shared
def bare_word(slots: Array, rows: Array, word: int) -> tuple[int, bool]:
    """Return a word without proclitics and article, and whether an article was there."""
    size = size_of(word)
    first = head(word, size, 1)
    if size >= 4 and (first == WAW or first == FEH):
        rest = tail(word, size, 1)
        two = head(rest, size - 1, 2)
        taken = size >= 6 and (two == _AL or two == _LAM_LAM)
        if not taken:
            common = _family(slots, rows, rest)
            taken = common > 0 and common >= _family(slots, rows, word)
        if taken:
            word = rest
            size -= 1
    if size >= 5 and head(word, size, 2) == _AL:
        return tail(word, size, 2), True
    first = head(word, size, 1)
    if size >= 4 and (first == BEH or first == LAM or first == KAF):
        if head(word, size, 2) == _LAM_LAM:
            rest = tail(word, size, 2)
            if _is_noun(slots, rows, rest, size - 2):
                return rest, True
        if size >= 5:
            three = head(word, size, 3)
            if three == _BEH_AL or three == _KAF_AL:
                rest = tail(word, size, 3)
                if _is_noun(slots, rows, rest, size - 3):
                    return rest, True
        rest = tail(word, size, 1)
        common = _family(slots, rows, rest)
        if common > 0 and common >= _family(slots, rows, word):
            return rest, True
    return word, False


@inner
def strip_verb_prefix(slots: Array, rows: Array, word: int) -> int:
    """Return a word without the letters of the future and of the person, where they are."""
    size = size_of(word)
    if size >= 5 and head(word, size, 1) == SEEN:
        second = head(word, size, 2) & LETTER
        if second == YEH or second == TEH or second == NOON or second == ALEF:
            rest = tail(word, size, 1)
            if _family(slots, rows, rest) >= FUTURE_SHARE * _family(slots, rows, word):
                word = rest
                size -= 1
    first = head(word, size, 1)
    if size >= 4 and (first == YEH or first == TEH or first == NOON):
        rest = tail(word, size, 1)
        if (
            fact(slots, rows, rest, FORM) > 0
            and fact(slots, rows, rest << BITS | TEH, FORM) > 0
            and fact(slots, rows, put_before(YEH, rest, size - 1), FORM) > 0
            and fact(slots, rows, put_before(TEH, rest, size - 1), FORM) > 0
        ):
            word = rest
    return word
