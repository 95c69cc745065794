"""Names: chooses between the readings of a word, when a list of names may know it too."""

import numpy as np

from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.analysis.kernels.reading import (
    _OPENS,
    _PROCLITICS,
    _WHOLE,
    CLASSES_OF_PARTICLES,
    COLUMNS,
    ENCLITIC,
    ENTRY,
    MOST_FOUND,
    NAMES,
    SCORE,
    START,
    best,
    candidates,
    left_whole,
)
from marsad.indexer.analysis.kernels.table import (
    FLAG_BITS,
    place,
)
from marsad.indexer.analysis.particles import (
    NONE,
    THE,
    TO_THE,
    WILL,
)
from marsad.indexer.compiled import kernel, shared

# Longer words are not read.
MOST_LETTERS = 40
# The bonus of a reading whose form is the whole printed word, against a name after a particle
# (tenths of the natural logarithm): a word that needs no splitting is more probable.
_UNBROKEN = 40
# The first values that `read_word` can return, and the meaning of the second value: an unknown word
# (the letter at which it begins after its article), a lemma (its number), a name (its number), a
# function word, several words in one.
UNREAD, LEMMA, NAMED, STOP, SEVERAL = range(5)
# Columns of the hash table of names (i64): hash, kind (one of the results above), number, weight.
KEY, WHAT, NUMBER, WEIGHT = range(4)
FREE = -1


@shared
def row_of(names: Array, mixed: int) -> int:
    """Return the row of a name in the hash table, or the free row where it belongs."""
    mask = names.shape[0] - 1
    row = (mixed >> 7) & mask
    while names[row, KEY] != mixed and names[row, KEY] != FREE:
        row = (row + 1) & mask
    return row


@kernel
def put_names(names: Array, mixed: Array, what: Array, numbers_: Array, weights: Array) -> None:
    """Put names into the hash table, which must have room; the first of equal names is kept."""
    for at in range(mixed.size):
        if mixed[at] < 0:
            continue
        row = row_of(names, mixed[at])
        if names[row, KEY] == FREE:
            names[row, KEY], names[row, WHAT] = mixed[at], what[at]
            names[row, NUMBER], names[row, WEIGHT] = numbers_[at], weights[at]


@shared
def named(
    table: tuple[Array, ...], names: Array, letters: Array, size: int, score: int, own: int
) -> tuple[int, int]:
    """Look a word up in the table of names; return its kind and number (columns WHAT, NUMBER).

    The kind is one of the results above, UNREAD if the table has no accepted name for the word.
    A name is accepted without comparison if it is the whole word, if it follows an article, or if
    it begins where the best reading's form begins (*own*). After any other particle, the name must
    be at least as likely as the best reading, which has *score*.
    """
    costs = table[6]
    best_what, best_number, best_score = UNREAD, 0, np.int64(score)
    for proclitic in range(_PROCLITICS.shape[0] if _OPENS[letters[0]] else 1):
        start, kind = _PROCLITICS[proclitic, 0], _PROCLITICS[proclitic, 1]
        fits = start < size and kind != WILL
        at = 0
        while fits and at < start:
            fits = letters[at] == _PROCLITICS[proclitic, 2 + at]
            at += 1
        if not fits:
            continue
        mixed, _ = place(letters, start, size, 0, 0, 0)
        if mixed < 0:
            continue
        row = row_of(names, mixed)
        if names[row, KEY] == FREE:
            continue
        what, value = names[row, WHAT], names[row, NUMBER]
        if what == STOP or what == SEVERAL:
            if proclitic == 0:
                return what, value
            continue
        # After a particle, a name of two letters is too often chance.
        if size - start < 3 and start > 0:
            continue
        if kind == NONE or kind == THE or kind == TO_THE or start == own:
            return what, value
        here = names[row, WEIGHT] + np.int64(costs[proclitic * CLASSES_OF_PARTICLES + NAMES])
        if here >= best_score:
            best_what, best_number, best_score = what, value, here
    return best_what, best_number


@shared
def read_word(
    table: tuple[Array, ...], names: Array, letters: Array, size: int, found: Array
) -> tuple[int, int, int]:
    """Read a word: return the result, its number, and the row in *found* of its reading, or -1."""
    count = candidates(table, letters, size, found)
    row = best(found, count) if count > 0 else -1
    score = found[row, SCORE] if row >= 0 else -(1 << 30)
    if score > _WHOLE // 2:
        # The corpus can be wrong about names, so its bonus must not beat a listed name.
        score -= _WHOLE
    if row >= 0 and found[row, START] == 0 and found[row, ENCLITIC] == 0:
        _, spelling = place(letters, 0, size, 0, 0, 0)
        if table[4][found[row, ENTRY]] == spelling:
            score += _UNBROKEN
    own = found[row, START] if row >= 0 and found[row, ENCLITIC] == 0 else -1
    what, value = named(table, names, letters, size, score, own)
    if what != UNREAD:
        return what, value, -1
    if row >= 0:
        return LEMMA, np.int64(table[3][found[row, ENTRY]]) >> FLAG_BITS, row
    return UNREAD, left_whole(letters, size), -1


@kernel
def read_one(
    table: tuple[Array, ...], names: Array, letters: Array, size: int
) -> tuple[int, int, int, Array]:
    """Return the result of `read_word` and all readings of the word (i64, n x COLUMNS)."""
    found = np.empty((MOST_FOUND, COLUMNS), np.int64)
    what, value, row = read_word(table, names, letters, size, found)
    count = candidates(table, letters, size, found)
    return what, value, row, found[:count].copy()
