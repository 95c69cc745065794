"""Rules: what the chain takes a packed word for, in compiled code.

    packed word -> [stop words] -> [names] -> [lemmas] -> [proclitics] -> [plurals] -> [affixes]

The rules are those of `analyzer` and `stemmer`, where they are explained; tests hold both
together, word for word. What the tables answer with a word that cannot be packed is left
to them: HARD.
"""

from indexer.analysis.clitics import PROCLITICS
from indexer.analysis.kernels.affixes import root_of, strip_suffixes
from indexer.analysis.kernels.letters import (
    ALEF,
    BITS,
    HEH,
    LETTER,
    TEH,
    TWO,
    YEH,
    ends,
    head,
    packed,
    put_before,
    size_of,
    tail,
)
from indexer.analysis.kernels.lookup import (
    FAMILY,
    FLAGS,
    FORM,
    IS_SINGULAR,
    LEMMA,
    NAME,
    ROOT,
    SINGULAR,
    STEM_LEMMA,
    STOP,
    fact,
    row_of,
)
from indexer.analysis.kernels.packing import Array
from indexer.analysis.kernels.proclitics import bare_word, strip_verb_prefix
from indexer.analysis.stemmer import PRONOUNS, TEH_SHARE
from indexer.compiled import inner, shared

HARD = -1

_AL, _WAW_ALEF = packed("ال"), packed("وا")
_PRONOUNS = ends(PRONOUNS, tuple(len(word) + 3 for word in PRONOUNS))
# Written letters and how many, whether an article opens, the least letters of a word with them.
_PROCLITICS = tuple(
    (packed(written), len(written), 1 if opens else 0, len(written) + 3)
    for written, opens in PROCLITICS
    if written
)


@inner
def _singular_of(slots: Array, rows: Array, bare: int) -> int:
    """Return the singular of a broken plural, 0 where there is none."""
    at = row_of(slots, bare)
    if at >= 0:
        if rows[at, SINGULAR] != 0:
            return rows[at, SINGULAR]
        if rows[at, FLAGS] & IS_SINGULAR:
            return 0
    size = size_of(bare)
    for pronoun, mask, bits, least in _PRONOUNS:
        if bare & mask == pronoun and size >= least:
            rest = bare >> bits
            singular = fact(slots, rows, rest, SINGULAR)
            if singular == 0 and rest & LETTER == TEH:
                singular = fact(slots, rows, (rest >> BITS) << BITS | HEH, SINGULAR)
            if singular != 0:
                return singular
    return 0


@inner
def _finish(slots: Array, rows: Array, stem: int) -> int:
    """Take off the last letters that only frequency can judge."""
    size = size_of(stem)
    if size >= 4 and stem & TWO == _WAW_ALEF:
        stem >>= 2 * BITS
        size -= 2
    if size >= 3 and stem & LETTER == ALEF:
        shorter = stem >> BITS
        if fact(slots, rows, shorter, FAMILY) >= fact(slots, rows, stem, FAMILY):
            stem = shorter
            size -= 1
    if size >= 3 and stem & LETTER == TEH:
        shorter = stem >> BITS
        share = TEH_SHARE * fact(slots, rows, stem, FAMILY)
        if fact(slots, rows, shorter, FAMILY) >= share and (
            fact(slots, rows, put_before(YEH, shorter, size - 1), FORM) > 0
        ):
            stem = shorter
    return stem


@inner
def _name_in(slots: Array, rows: Array, word: int) -> int:
    """Return the stem of the protected name in a word, 0 where there is none."""
    stem = fact(slots, rows, word, NAME)
    if stem != 0:
        return stem
    size = size_of(word)
    if head(word, size, 1) == ALEF:
        if size >= 5 and head(word, size, 2) == _AL:
            return fact(slots, rows, tail(word, size, 2), NAME)
        return 0
    for written, letters, opens, least in _PROCLITICS:
        if size < least or head(word, size, letters) != written:
            continue
        rest = tail(word, size, letters)
        left = size - letters
        name = rest
        if opens:
            rest = put_before(_AL, rest, left)
        elif left >= 5 and head(rest, left, 2) == _AL:
            name = tail(rest, left, 2)
        stem = fact(slots, rows, name, NAME)
        if stem != 0 and fact(slots, rows, rest, FORM) >= fact(slots, rows, word, FORM):
            return stem
    return 0


@inner
def _root(slots: Array, rows: Array, lemma: int) -> int:
    root = fact(slots, rows, lemma, ROOT)
    return root if root != 0 else root_of(lemma)


@shared
def read_word(slots: Array, rows: Array, word: int) -> tuple[int, int]:
    """Return the stem and root of a packed word, HARD where one of them cannot be packed."""
    if fact(slots, rows, word, FLAGS) & STOP:
        return word, word
    name = _name_in(slots, rows, word)
    if name != 0:
        return name, name
    lemma = fact(slots, rows, word, LEMMA)
    if lemma == 0:
        bare, article = bare_word(slots, rows, word)
        lemma = _singular_of(slots, rows, bare)
        if lemma == 0:
            stem = bare if article else strip_verb_prefix(slots, rows, bare)
            stem = _finish(slots, rows, strip_suffixes(stem))
            lemma = fact(slots, rows, bare, LEMMA)
            if lemma == 0:
                lemma = fact(slots, rows, stem, STEM_LEMMA)
            if lemma == 0:
                return stem, root_of(stem)
    if lemma < 0:
        return HARD, HARD
    return lemma, _root(slots, rows, lemma)
