"""Fields: the schema, written once for every engine.

A text field is searched in four forms: `exact` (words as printed, without marks),
`surface` (folded words), `stem` and `root`. Each form is a field of its own for an
engine, named `title_stem` and so on. A facet field holds whole values and is counted.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["surface", "stem", "root", "exact"]

# What a match weighs at each level, beside 1 for the stem, and in the title, beside 1 for
# the body. Chosen on tests/quality, where the figures are.
TITLE_WEIGHT = 0.75
SURFACE_WEIGHT = 0.2
ROOT_WEIGHT = 0.6
# A lemma that a word of a query is less likely a form of.
OTHER_READING_WEIGHT = 0.3
# What a kind of thing that a question asks for weighs: عدد in كم عدد.
HINT_WEIGHT = 0.5
# The weight of the words that stand within so many positions, beside theirs alone.
NEAR_WIDTH = 15
NEAR_WEIGHT = 0.8
# So many words of the body are its lead.
LEAD_WORDS = 100


@dataclass(frozen=True, slots=True)
class TextField:
    """A searchable text of an article and the forms it is indexed in."""

    name: str
    weight: float
    levels: tuple[Level, ...]


_LEVELS: tuple[Level, ...] = ("surface", "stem", "root", "exact")
TITLE = TextField("title", TITLE_WEIGHT, _LEVELS)
BODY = TextField("body", 1.0, _LEVELS)
SOURCE = TextField("source", 1.0, ("surface",))
TEXT_FIELDS = (TITLE, BODY, SOURCE)


def index_field(field: TextField, level: Level) -> str:
    """Return the engine's name for one form of a text field.

    Example:
        >>> index_field(TITLE, "stem")
        'title_stem'
    """
    return f"{field.name}_{level}"


INDEX_FIELDS = tuple(index_field(field, level) for field in TEXT_FIELDS for level in field.levels)

# The field for whose tokens an index keeps where they begin.
STARTS_OF = BODY

# Facets whose value is a text of the article as it is; each has the name of that text.
ARTICLE_FACETS = ("source", "publisher", "language")
FACETS = (
    "published_year",
    "published_month",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
    *ARTICLE_FACETS,
    "event_year",
    "event_month",
    "event_day",
)
ENTITY_FACETS = ("person", "place", "organisation", "armed_group", "nationality")
# Days, months and years that an article speaks of; see `marsad.indexer.query.events`.
EVENT_FACETS = ("event_year", "event_month", "event_day")
