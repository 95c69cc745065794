"""Reading: what the chain takes a printed word for, and by which rule."""

from typing import Literal, NamedTuple

# stop: a function word, left as it is; name: a name of the lists; lemma: of the table;
# plural: of a broken plural of the table; word: its own stem, but for an article.
Rule = Literal["stop", "name", "lemma", "plural", "word"]


class Reading(NamedTuple):
    """A word's stem and root, the rule that gave them, and the word without clitics.

    The stem of a word of the table is its lemma, in printed letters; that of any other word
    is folded.
    """

    stem: str
    root: str
    rule: Rule
    form: str
