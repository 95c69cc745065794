"""Affixes: `suffixes` and `roots` of the analysis over packed words.

The rules are those of the modules of these names, and tests hold them together.
"""

from indexer.analysis.kernels.letters import (
    ALEF,
    BITS,
    HAMZA,
    HEH,
    LETTER,
    MEEM,
    NOON,
    TEH,
    TWO,
    WAW,
    YEH,
    ends,
    packed,
    size_of,
)
from indexer.analysis.kernels.packing import Array
from indexer.analysis.suffixes import LEAST, PRONOUNS
from indexer.compiled import kernel, shared

_PRONOUNS = ends(PRONOUNS, tuple(len(word) + 3 for word in PRONOUNS))
_ENDINGS = ends(tuple(word for word, _ in LEAST), tuple(size for _, size in LEAST))
_ALEF_TEH, _SEEN_TEH = packed("ات"), packed("ست")


@shared
def strip_suffixes(word: int) -> int:
    """Return a packed word without pronoun, number, gender and nisba endings."""
    size = size_of(word)
    for ending, mask, bits, least in _PRONOUNS:
        if word & mask == ending and size >= least:
            word >>= bits
            size -= bits // BITS
            if word & LETTER == TEH and size >= 4 and word & TWO != _ALEF_TEH:
                word >>= BITS
                size -= 1
            break
    for ending, mask, bits, least in _ENDINGS:
        if word & mask == ending and size >= least:
            word >>= bits
            size -= bits // BITS
    return word


@kernel
def strip_all(words: Array) -> Array:
    """Return packed words without suffixes; what is not packed stays."""
    stems = words.copy()
    for at in range(words.size):
        if words[at] > 0:
            stems[at] = strip_suffixes(words[at])
    return stems


@shared
def root_of(stem: int) -> int:
    """Return the root of a packed stem, by rule."""
    root, size = 0, 0
    at = BITS * (size_of(stem) - 1)
    while at >= 0:
        letter = (stem >> at) & LETTER
        weak = letter == ALEF or letter == WAW or letter == YEH or letter == HAMZA
        if not weak and not (letter == HEH and at == 0):
            root = (root << BITS) | letter
            size += 1
        at -= BITS
    if size < 2:
        return stem
    if size > 3:
        first = root >> (BITS * (size - 1))
        if size > 4 and root >> (BITS * (size - 2)) == _SEEN_TEH:
            size -= 2
        elif first == MEEM or first == TEH or first == NOON:
            size -= 1
        root &= (1 << (BITS * size)) - 1
    if size > 3 and (root >> (BITS * (size - 2))) & LETTER == TEH:
        below = BITS * (size - 2)
        first = root >> (below + BITS)
        root = (first << below) | (root & ((1 << below) - 1))
    return root
