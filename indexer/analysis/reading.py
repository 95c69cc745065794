"""Reading: the result of reading one printed word, and the rule that decided it."""

from typing import Literal, NamedTuple

# stop: a function word, unchanged. name: a name of the lists. lemma: a form in the morphology
# table. plural: a broken plural in that table. word: not in the table, left whole without its
# article.
Rule = Literal["stop", "name", "lemma", "plural", "word"]


class Reading(NamedTuple):
    """A word's stem and root, the rule that gave them, and its form without clitics.

    The stem of a word in the morphology table is its lemma, with hamza and teh marbuta as printed.
    The stem of any other word is folded.
    """

    stem: str
    root: str
    rule: Rule
    form: str
