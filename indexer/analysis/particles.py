"""Particles: the proclitics and enclitics of Arabic, and which words can take them.

The rules of compatibility are from AlKhalil Morpho Sys 2. A preposition goes before a genitive, and
س before a present verb. A pronoun goes after a noun without article, or after a verb that takes
objects. نِي follows verbs only, ي follows nouns only.
"""

# Kinds of proclitics: no proclitic, "and", a preposition, ل, an article, a preposition with an
# article, the future س.
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

# Kinds of enclitics: no enclitic, a pronoun after any word, after nouns only, after verbs only.
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

# Word classes for the weights of particles, because a noun, a verb and a name take each particle at
# different rates.
CLASSES = ("noun", "verb", "name")
