"""Reading: what the chain takes a folded word for, and by which rule."""

from dataclasses import dataclass
from typing import Literal

# stop: a function word, left as it is; name: a name of the gazetteer; plural: of the list of
# broken plurals; lemma: of the table of lemmas; stem: endings taken off; word: its own stem.
Rule = Literal["stop", "name", "plural", "lemma", "stem", "word"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A word's stem and root, the rule that gave them, and the clitics taken off its front."""

    stem: str
    root: str
    rule: Rule
    clitics: str = ""
