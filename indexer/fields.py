"""Fields: the schema, written once for every engine.

A text field is searched in two forms: `surface` (folded words) and `stem`. Each
form is a field of its own for an engine, named `title_stem` and so on. A facet
field holds whole values and is counted.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["surface", "stem"]

# The weights of ../shared/design/analysis.md (stem 1, surface .3, title half as much
# again) for a word that matches in the stem form. See tests/quality for the figures.
TITLE_WEIGHT = 0.75
SURFACE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class TextField:
    """A searchable text of an article and the forms it is indexed in."""

    name: str
    weight: float
    levels: tuple[Level, ...]


TITLE = TextField("title", TITLE_WEIGHT, ("surface", "stem"))
BODY = TextField("body", 1.0, ("surface", "stem"))
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

FACETS = (
    "published_year",
    "published_month",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
    "source",
    "language",
    "event_year",
    "event_month",
    "event_day",
)
ENTITY_FACETS = ("person", "place", "organisation", "armed_group", "nationality")
# Days, months and years that an article speaks of; see `indexer.events`.
EVENT_FACETS = ("event_year", "event_month", "event_day")
