"""Mention: one place where an article names an entity."""

from typing import Literal, NamedTuple

EntityClass = Literal["person", "place", "organisation", "armed_group", "nationality"]
MentionField = Literal["title", "text"]
# The evidence for an entity: a list, the words around it, the tagger, another mention in the same
# article, or an office held on the day of the article.
Evidence = Literal["authority", "country", "city", "trigger", "tagger", "article", "office"]
# The id of a name that is in no list begins with this sign, followed by its folded words.
UNLISTED = "~"
# The same for an organisation with a generic name, such as "parliament", which is a different
# organisation in each country.
GENERIC = "~~"
INFERRED: frozenset[Evidence] = frozenset({"article", "office"})


class Mention(NamedTuple):
    """An entity named in the title or text of an article.

    `start` to `end` (code points in that field) cover the name alone. `text` is the printed words,
    including clitics on the first word: وعلييف.
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
        """True if the name alone does not identify the entity."""
        return self.by in INFERRED

    @property
    def is_facet(self) -> bool:
        """True if the id is counted in facets.

        Not counted are offices, generic organisations, and unlisted persons of one word, because
        such ids may stand for different entities.
        """
        if self.id.startswith(GENERIC):
            return False
        alone = self.id.startswith(UNLISTED) and "_" not in self.id
        return self.by != "office" and not (alone and self.type == "person")
