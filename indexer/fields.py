"""Fields: the text fields and facets of an index, the same for every engine.

A text field is searched at four levels: `exact` (words as printed, without marks), `surface`
(folded words), `stem` and `root`. For an engine each level is a field, named `title_stem` and so
on. A facet has whole values, which are counted.

An index stores a field or a facet as its place in INDEX_FIELDS or FACETS. So after any change of
these two, an index of before is refused: `marsad.indexer.segments.numbering` has a digest of them.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["surface", "stem", "root", "exact"]

# Weights of a match: at other levels, where a stem has 1, and in the title, where the body has 1.
# Chosen on tests/quality, which has the figures.
TITLE_WEIGHT = 0.75
SURFACE_WEIGHT = 0.2
ROOT_WEIGHT = 0.6
# Weight of the less likely lemmas of a word in a query.
OTHER_READING_WEIGHT = 0.3
# Weight of the kind of thing that a question asks for: عدد in كم عدد.
HINT_WEIGHT = 0.5
# Words of a query within this many positions add this share of their weight again.
NEAR_WIDTH = 15
NEAR_WEIGHT = 0.8
# The lead is this many words at the beginning of the body.
LEAD_WORDS = 100


@dataclass(frozen=True, slots=True)
class TextField:
    """A searchable text of an article, its weight, and the levels at which it is indexed."""

    name: str
    weight: float
    levels: tuple[Level, ...]


_LEVELS: tuple[Level, ...] = ("surface", "stem", "root", "exact")
TITLE = TextField("title", TITLE_WEIGHT, _LEVELS)
BODY = TextField("body", 1.0, _LEVELS)
SOURCE = TextField("source", 1.0, ("surface",))
TEXT_FIELDS = (TITLE, BODY, SOURCE)


def index_field(field: TextField, level: Level) -> str:
    """Return the name of the engine's field for one level of a text field.

    Example:
        >>> index_field(TITLE, "stem")
        'title_stem'
    """
    return f"{field.name}_{level}"


INDEX_FIELDS = tuple(index_field(field, level) for field in TEXT_FIELDS for level in field.levels)

# The field for which an index stores the offsets of tokens.
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
# The days, months and years that an article mentions; see `marsad.indexer.query.events`.
EVENT_FACETS = ("event_year", "event_month", "event_day")
