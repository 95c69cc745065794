"""Strictness: how similar a word of an article must be to a query word in order to match.

    exact    the same printed word, without marks
    folded   the same word after folding hamza, teh marbuta and similar letters
    default  any form of the word (clitics, endings, broken plurals), any name of the entity
    root     any word of the same root

The rule of a match says how the two words are related. Some rules can be switched off for one
search.
"""

from typing import Literal, get_args

from marsad.indexer.fields import Level

Strictness = Literal["exact", "folded", "default", "root"]
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)

# In order, from the narrowest rule to the widest.
MatchRule = Literal["exact", "folded", "clitic", "stem", "plural", "name", "prefix", "root"]
MATCH_RULES: tuple[MatchRule, ...] = get_args(MatchRule)

# Rules that a search can switch off.
SWITCHES: tuple[MatchRule, ...] = ("folded", "clitic", "stem", "plural", "name")

# The index level that is searched for each strictness.
LEVELS: dict[Strictness, Level] = {
    "exact": "exact",
    "folded": "surface",
    "default": "stem",
    "root": "root",
}
