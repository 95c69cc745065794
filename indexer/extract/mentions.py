"""Mention: one place where an article names an entity."""

from typing import Literal, NamedTuple

EntityClass = Literal["person", "place", "organisation", "armed_group", "nationality"]
MentionField = Literal["title", "text"]
# What says that the name is this entity: a list, the words around it, the tagger, another
# mention in the article, or the office held on the day of the article.
Evidence = Literal["authority", "country", "city", "trigger", "tagger", "article", "office"]
# An id begins so where no list has the name; its folded words follow.
UNLISTED = "~"
# The same for a body that common words name: another in each land.
GENERIC = "~~"
INFERRED: frozenset[Evidence] = frozenset({"article", "office"})


class Mention(NamedTuple):
    """An entity named in the title or text of an article.

    `start` to `end` (code points of that field) cover the name alone. `text` is the
    words as printed, with the clitics that are written onto the first: وعلييف.
    """

    field: MentionField
    start: int
    end: int
    text: str
    type: EntityClass
    id: str
    by: Evidence = "authority"

    @property
    def inferred(self) -> bool:
        """True where the name alone does not say who is meant."""
        return self.by in INFERRED

    @property
    def is_facet(self) -> bool:
        """True where the id may be counted: for no office, generic body, or person of one word."""
        if self.id.startswith(GENERIC):
            return False
        alone = self.id.startswith(UNLISTED) and "_" not in self.id
        return self.by != "office" and not (alone and self.type == "person")
