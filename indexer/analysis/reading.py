"""Reading: what the chain takes a folded word for, and by which rule."""

from typing import Literal, NamedTuple

# stop: a function word, left as it is; name: a name of the gazetteer; lemma: of the table of
# lemmas; plural: of the list of broken plurals; stem: affixes off; word: its own stem.
Rule = Literal["stop", "name", "lemma", "plural", "stem", "word"]


class Reading(NamedTuple):
    """A word's stem and root, and the rule that gave them."""

    stem: str
    root: str
    rule: Rule
