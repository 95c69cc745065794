"""Strictness: how alike a word of an article must be to one of a query, and by which rules.

    exact    as printed, marks aside
    folded   hamza, teh marbuta and the like aside
    default  any form of the word (clitics, endings, broken plurals), any name of the entity
    root     any word of the same root

A rule says what joined two words; a rule can be switched off for one search.
"""

from typing import Literal, get_args

from marsad.indexer.fields import Level

Strictness = Literal["exact", "folded", "default", "root"]
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)

# From the narrowest to the widest.
MatchRule = Literal["exact", "folded", "clitic", "stem", "plural", "name", "prefix", "root"]
MATCH_RULES: tuple[MatchRule, ...] = get_args(MatchRule)

# Rules that a search may go without.
SWITCHES: tuple[MatchRule, ...] = ("folded", "clitic", "stem", "plural", "name")

LEVELS: dict[Strictness, Level] = {
    "exact": "exact",
    "folded": "surface",
    "default": "stem",
    "root": "root",
}
