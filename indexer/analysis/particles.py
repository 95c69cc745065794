"""Particles: what Arabic writes onto the front and the end of a word, and what takes it.

Compatibility is the lexicon's (AlKhalil Morpho Sys 2): a preposition stands before a
genitive, س before a verb of the present, a pronoun behind a noun without article or a
verb that takes objects, نِي behind verbs and ي behind nouns alone.
"""

from typing import NamedTuple

# Kinds of what stands before a word.
NONE, AND, TO, FOR, THE, TO_THE, WILL = range(7)

# ل is a preposition before a noun, and "in order to" before a verb of the present.
PROCLITICS: tuple[tuple[str, int], ...] = (
    ("", NONE),
    ("و", AND),
    ("ف", AND),
    ("ب", TO),
    ("ك", TO),
    ("وب", TO),
    ("وك", TO),
    ("فب", TO),
    ("فك", TO),
    ("ل", FOR),
    ("ول", FOR),
    ("فل", FOR),
    ("ال", THE),
    ("وال", THE),
    ("فال", THE),
    ("بال", TO_THE),
    ("كال", TO_THE),
    ("لل", TO_THE),
    ("وبال", TO_THE),
    ("وكال", TO_THE),
    ("ولل", TO_THE),
    ("فبال", TO_THE),
    ("فكال", TO_THE),
    ("فلل", TO_THE),
    ("س", WILL),
    ("وس", WILL),
    ("فس", WILL),
)

# Kinds of what stands behind a word.
BARE, ANY, NOUN_ONLY, VERB_ONLY = range(4)

ENCLITICS: tuple[tuple[str, int], ...] = (
    ("", BARE),
    ("ه", ANY),
    ("ها", ANY),
    ("هم", ANY),
    ("هما", ANY),
    ("هن", ANY),
    ("نا", ANY),
    ("ك", ANY),
    ("كم", ANY),
    ("كما", ANY),
    ("كن", ANY),
    ("ي", NOUN_ONLY),
    ("ني", VERB_ONLY),
)

# What takes particles, for what they cost: a noun, a verb, a name.
CLASSES = ("noun", "verb", "name")


class Affixed(NamedTuple):
    """A word in three parts, as printed."""

    before: str
    form: str
    after: str
