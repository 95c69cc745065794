"""Table: finds the entries of a form in the morphology table; see `analysis.morphology`.

A form is packed by its folded letters (base 30, at most 12 letters) and hashed by a reversible
function on 59 bits. The high 17 bits of the hash are the bucket, the others are the key within it.
"""

import numpy as np

from marsad.indexer.analysis.alphabet import FOLD, FOLDED, VARIANT, VARIANTS
from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.compiled import inner, kernel, shared

BASE = len(FOLDED) + 1
MOST = 12
BITS, BUCKET_BITS = 59, 17
KEY_BITS = BITS - BUCKET_BITS
_MASK = np.uint64((1 << BITS) - 1)
_FIRST, _SECOND = 0x2545F4914F6CDD1D & ((1 << BITS) - 1), 0x1B873593CC9E2D51 & ((1 << BITS) - 1)
# The inverse factors. Odd factors have an inverse modulo a power of two, so forms can be restored
# from their hashes and need not be stored.
_BACK = tuple(pow(factor, -1, 1 << BITS) for factor in (_FIRST, _SECOND))
_HALF = np.uint64(30)

# Flags of an entry. A noun may be: alone, after a preposition, after an article, after both, before
# a pronoun, after a preposition and before a pronoun. A verb may be: past, present, imperative, one
# that takes objects. Then: a name; a whole printed word, which takes no particles; a broken plural.
(ALONE, GENITIVE, ARTICLE, ARTICLE_GENITIVE, PRONOUN, PRONOUN_GENITIVE) = (1, 2, 4, 8, 16, 32)
PAST, PRESENT, COMMAND, OBJECT, NAME, WHOLE, BROKEN = 64, 128, 256, 512, 1024, 2048, 4096
NOUN, VERB = 63, PAST | PRESENT | COMMAND
FLAG_BITS = 13
FLAGS = (1 << FLAG_BITS) - 1


@inner
def mix(packed: int) -> int:
    """Return the hash of a packed form (u64)."""
    value = (np.uint64(packed) * np.uint64(_FIRST)) & _MASK
    value ^= value >> _HALF
    return (value * np.uint64(_SECOND)) & _MASK


@inner
def unmix(mixed: int) -> int:
    """Return the packed form of a hash (u64)."""
    value = (np.uint64(mixed) * np.uint64(_BACK[1])) & _MASK
    value ^= value >> _HALF
    return (value * np.uint64(_BACK[0])) & _MASK


@shared
def place(
    letters: Array, start: int, end: int, before: int, last: int, after: int
) -> tuple[int, int]:
    """Return the hash and the spelling of a form, or -1 and -1 if it is too long.

    The form is `letters[start:end]`, changed by three letters: *before* is added in front, *last*
    replaces its last letter, and *after* is added at the end; 0 means no change. The spelling (16
    bits) tells which of the letters that fold together the form has.
    """
    size = end - start + (before > 0) + (after > 0)
    if size > MOST or end <= start:
        return -1, -1
    packed, spelling = np.int64(0), np.int64(0)
    if before > 0:
        packed = FOLD[before]
        spelling = VARIANT[before]
    for at in range(start, end):
        letter = np.int64(letters[at])
        if last > 0 and at == end - 1:
            letter = np.int64(last)
        packed = packed * BASE + FOLD[letter]
        spelling = spelling * VARIANTS[letter] + VARIANT[letter]
    if after > 0:
        packed = packed * BASE + FOLD[after]
        spelling = spelling * VARIANTS[after] + VARIANT[after]
    return np.int64(mix(packed)), spelling & 0xFFFF


@inner
def first_of(buckets: Array, lows: Array, highs: Array, mixed: int) -> tuple[int, int]:
    """Return the first entry of a form and the end of its bucket; equal if there is no entry."""
    bucket = mixed >> KEY_BITS
    low, high = np.uint32(mixed & 0xFFFFFFFF), np.uint16((mixed >> 32) & 0x3FF)
    at, end = np.int64(buckets[bucket]), np.int64(buckets[bucket + 1])
    while at < end and (lows[at] != low or highs[at] != high):
        at += 1
    return at, end


@kernel
def places(words: Array, at: Array) -> tuple[Array, Array]:
    """Return the hash (i64, -1 if too long) and the spelling (u16) of each word.

    Word n is `words[at[n]:at[n + 1]]`.
    """
    mixed = np.empty(at.size - 1, np.int64)
    spellings = np.empty(at.size - 1, np.uint16)
    for word in range(at.size - 1):
        number, spelling = place(words, at[word], at[word + 1], 0, 0, 0)
        mixed[word] = number
        spellings[word] = spelling & 0xFFFF
    return mixed, spellings


@kernel
def unpack(mixed: Array) -> Array:
    """Return the packed form (u64) that each hash was made from; the hash can be reversed."""
    packed = np.empty(mixed.size, np.uint64)
    for at in range(mixed.size):
        packed[at] = unmix(mixed[at])
    return packed
