"""Reading: all possible readings of a printed word, by the morphology table.

    letters of a word -> each split into proclitic, form, enclitic -> entries -> the likeliest

The form of a split must be in the table, and its entry must allow the particles. A word that is
spelt differently from its entry (hamza left out, ى for ي, ه for ة) is less likely, but possible. A
word without any reading is left whole. These rules exist only here.
"""

import numpy as np

from marsad.indexer.analysis.alphabet import number, numbers
from marsad.indexer.analysis.kernels.packing import Array
from marsad.indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    FLAG_BITS,
    FLAGS,
    GENITIVE,
    NAME,
    OBJECT,
    PRESENT,
    PRONOUN,
    PRONOUN_GENITIVE,
    VERB,
    WHOLE,
    first_of,
    place,
)
from marsad.indexer.analysis.particles import (
    AND,
    BARE,
    ENCLITICS,
    FOR,
    NONE,
    NOUN_ONLY,
    PROCLITICS,
    THE,
    TO,
    TO_THE,
    VERB_ONLY,
    WILL,
)
from marsad.indexer.compiled import inner, kernel, shared

# Columns of a reading (i64): table entry, score, start and end of the form in the word; the letter
# added before the form, the one in place of its last, and the one added after it (0 for none); the
# proclitic and the enclitic.
ENTRY, SCORE, START, END, BEFORE, LAST, AFTER, PROCLITIC, ENCLITIC = range(9)
COLUMNS = 9
MOST_FOUND = 64

# The cost of a spelling other than the entry's, in tenths of the natural logarithm: if the word has
# no hamza at all, which is common, and if it has one.
_NO_HAMZA, _OTHER_HAMZA = 30, 55
# The bonus of an entry for a whole printed word. It is larger than all other differences, because
# such entries record how texts really use the word.
_WHOLE = 1_000

_LONGEST_PROCLITIC = max(len(word) for word, _ in PROCLITICS)
_LONGEST_ENCLITIC = max(len(word) for word, _ in ENCLITICS)


def _table_of(words: tuple[tuple[str, int], ...], longest: int) -> Array:
    """Return the length, kind and letters of each particle (i64), one a row."""
    table = np.zeros((len(words), 2 + longest), np.int64)
    for row, (word, kind) in zip(table, words, strict=True):
        row[0], row[1] = len(word), kind
        row[2 : 2 + len(word)] = numbers(word)
    return table


_PROCLITICS = _table_of(PROCLITICS, _LONGEST_PROCLITIC)
_ENCLITICS = _table_of(ENCLITICS, _LONGEST_ENCLITIC)
# Letters that can begin a proclitic or end an enclitic. Most words have neither, and skip the loops
# over particles.
_OPENS = np.zeros(37, np.bool_)
_OPENS[_PROCLITICS[1:, 2]] = True
_CLOSES = np.zeros(37, np.bool_)
for _row in _ENCLITICS[1:]:
    _CLOSES[_row[1 + _row[0]]] = True
_HAMZAS = np.zeros(37, np.bool_)
_HAMZAS[numbers("أإآؤئ")] = True

(_ALEF, _MAKSURA, _YEH, _YEH_HAMZA, _WAW, _WAW_HAMZA, _HAMZA, _TEH, _MARBUTA, _LAM) = map(
    number, "اىيئوؤءتةل"
)
NOUNS, VERBS, NAMES = range(3)
CLASSES_OF_PARTICLES = 3


@inner
def class_of(flags: int) -> int:
    """Return the class of words an entry belongs to, for the weights of particles."""
    if flags & NAME:
        return NAMES
    return VERBS if flags & VERB else NOUNS


@shared
def allows(flags: int, before: int, after: int) -> bool:
    """Return whether an entry with *flags* can have particles of the kinds *before* and *after*."""
    if flags & WHOLE:
        return before == NONE and after == BARE
    if after == BARE:
        if before == NONE or before == AND:
            return flags & (ALONE | VERB | NAME) != 0
        if before == TO:
            return flags & (GENITIVE | NAME) != 0
        if before == FOR:
            return flags & (GENITIVE | NAME | PRESENT) != 0
        if before == THE:
            return flags & ARTICLE != 0
        if before == TO_THE:
            return flags & ARTICLE_GENITIVE != 0
        return flags & PRESENT != 0
    if before == THE or before == TO_THE:
        return False
    if flags & VERB:
        if after == NOUN_ONLY or flags & OBJECT == 0:
            return False
        return before == NONE or before == AND or (before != TO and flags & PRESENT != 0)
    if after == VERB_ONLY or before == WILL:
        return False
    if before == NONE or before == AND:
        return flags & PRONOUN != 0
    return flags & PRONOUN_GENITIVE != 0


@shared
def add(
    table: tuple[Array, ...],
    letters: Array,
    found: Array,
    count: int,
    split: tuple[int, int, int, int, int, int, int],
) -> int:
    """Add the entries of one form to *found*; return the new number of readings."""
    buckets, lows, highs, values, spellings, weights, proclitics, enclitics = table
    start, end, before, last, after, proclitic, enclitic = split
    mixed, spelling = place(letters, start, end, before, last, after)
    if mixed < 0:
        return count
    at, bucket_end = first_of(buckets, lows, highs, mixed)
    if at == bucket_end:
        return count
    low, high = lows[at], highs[at]
    cost = _NO_HAMZA
    for place_ in range(start, end):
        if _HAMZAS[letters[place_]]:
            cost = _OTHER_HAMZA
    while at < bucket_end and lows[at] == low and highs[at] == high and count < MOST_FOUND:
        flags = np.int64(values[at]) & FLAGS
        if allows(flags, _PROCLITICS[proclitic, 1], _ENCLITICS[enclitic, 1]):
            kind = class_of(flags)
            score = np.int64(weights[at])
            score += np.int64(proclitics[proclitic * CLASSES_OF_PARTICLES + kind])
            score += np.int64(enclitics[enclitic * CLASSES_OF_PARTICLES + kind])
            if spellings[at] != spelling:
                score -= cost
            elif flags & WHOLE:
                score += _WHOLE
            row = found[count]
            row[ENTRY], row[SCORE], row[START], row[END] = at, score, start, end
            row[BEFORE], row[LAST], row[AFTER] = before, last, after
            row[PROCLITIC], row[ENCLITIC] = proclitic, enclitic
            count += 1
        at += 1
    return count


@shared
def candidates(table: tuple[Array, ...], letters: Array, size: int, found: Array) -> int:
    """Write all readings of a word into *found* (i64, MOST_FOUND x COLUMNS); return the count."""
    count = 0
    for proclitic in range(_PROCLITICS.shape[0] if _OPENS[letters[0]] else 1):
        start = _PROCLITICS[proclitic, 0]
        fits = start < size
        at = 0
        while fits and at < start:
            fits = letters[at] == _PROCLITICS[proclitic, 2 + at]
            at += 1
        if not fits:
            continue
        kind = _PROCLITICS[proclitic, 1]
        for enclitic in range(_ENCLITICS.shape[0] if _CLOSES[letters[size - 1]] else 1):
            end = size - _ENCLITICS[enclitic, 0]
            fits = start < end
            at = end
            while fits and at < size:
                fits = letters[at] == _ENCLITICS[enclitic, 2 + at - end]
                at += 1
            if not fits or (enclitic > 0 and (kind == THE or kind == TO_THE)):
                continue
            split = (start, end, 0, 0, 0, proclitic, enclitic)
            count = add(table, letters, found, count, split)
            final = np.int64(letters[end - 1])
            if kind == TO_THE and letters[start - 1] == _LAM and letters[start] != _LAM:
                # لل before another letter may also hide the first ل of the word: للغة is ل, ال and
                # لغة.
                split = (start, end, _LAM, 0, 0, proclitic, enclitic)
                count = add(table, letters, found, count, split)
            if enclitic == 0:
                continue
            # A pronoun changes the end of a word: ة becomes ت, ى becomes ا, ء becomes ئ or ؤ, and
            # the ا of وا is left out.
            other, more = 0, 0
            if final == _TEH:
                other = _MARBUTA
            elif final == _ALEF:
                other = _MAKSURA
            elif final == _YEH_HAMZA or final == _WAW_HAMZA:
                other = _HAMZA
            elif final == _WAW:
                more = _ALEF
            if other > 0 or more > 0:
                split = (start, end, 0, other, more, proclitic, enclitic)
                count = add(table, letters, found, count, split)
    return count


@inner
def best(found: Array, count: int) -> int:
    """Return the row of the likeliest reading; *count* must be above 0."""
    at = 0
    for row in range(1, count):
        if found[row, SCORE] > found[at, SCORE]:
            at = row
    return at


@inner
def left_whole(letters: Array, size: int) -> int:
    """Return where an unknown word begins: after its article, if it has one.

    An article is removed without any evidence, because few words begin with ال by chance.
    """
    for proclitic in range(1, _PROCLITICS.shape[0]):
        kind, start = _PROCLITICS[proclitic, 1], _PROCLITICS[proclitic, 0]
        if (kind != THE and kind != TO_THE) or size - start < 3:
            continue
        fits, at = True, 0
        while fits and at < start:
            fits = letters[at] == _PROCLITICS[proclitic, 2 + at]
            at += 1
        if fits:
            return start
    return 0


@kernel
def read_words(table: tuple[Array, ...], words: Array, at: Array) -> tuple[Array, Array]:
    """Return all readings of many words, and the row where the readings of each word begin."""
    found = np.empty((MOST_FOUND, COLUMNS), np.int64)
    rows = np.empty((max(1, 4 * at.size), COLUMNS), np.int64)
    begin = np.zeros(at.size, np.int64)
    used = 0
    for word in range(at.size - 1):
        size = at[word + 1] - at[word]
        count = candidates(table, words[at[word] : at[word + 1]], size, found)
        if used + count > rows.shape[0]:
            grown = np.empty((2 * rows.shape[0] + count, COLUMNS), np.int64)
            grown[:used] = rows[:used]
            rows = grown
        rows[used : used + count] = found[:count]
        used += count
        begin[word + 1] = used
    return rows[:used].copy(), begin


@kernel
def read_names(table: tuple[Array, ...], words: Array, at: Array) -> tuple[Array, Array]:
    """Return the entry of each word's likeliest reading, and the best score of its unsplit ones.

    Both are i64, and -1 for a word without such a reading.
    """
    found = np.empty((MOST_FOUND, COLUMNS), np.int64)
    entries = np.full(at.size - 1, -1)
    wholes = np.full(at.size - 1, -1)
    for word in range(at.size - 1):
        size = at[word + 1] - at[word]
        count = candidates(table, words[at[word] : at[word + 1]], size, found)
        if count > 0:
            entries[word] = found[best(found, count), ENTRY]
        for row in range(count):
            if found[row, END] - found[row, START] == size:
                wholes[word] = max(wholes[word], found[row, SCORE])
    return entries, wholes


@kernel
def best_lemmas(table: tuple[Array, ...], words: Array, at: Array) -> Array:
    """Return the number of each word's likeliest lemma (i64), or -1 if it has no reading."""
    found = np.empty((MOST_FOUND, COLUMNS), np.int64)
    lemmas = np.full(at.size - 1, -1)
    for word in range(at.size - 1):
        size = at[word + 1] - at[word]
        count = candidates(table, words[at[word] : at[word + 1]], size, found)
        if count > 0:
            lemmas[word] = np.int64(table[3][found[best(found, count), ENTRY]]) >> FLAG_BITS
    return lemmas
