"""Query tree: a query as the engine sees it, with analyzed terms.

    typed text -> [parse] -> tree -> engine

`field` is a field of the engine (`marsad.indexer.fields.INDEX_FIELDS`) or a facet. A term never
contains a space. Only `boost`, `Near` and `AndMaybe.optional` affect the order of hits; everything
else decides which documents match.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

# The maximum distance of two spots: a number of positions (1 for neighbours), or the same sentence
# or paragraph.
Reach = int | Literal["sentence", "paragraph"]

# Consecutive words, each as the terms that it can be.
Row = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with the term *text* in *field*."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents with *terms* in order in *field*, with at most *slop* other terms among them.

    With slop 0, the terms must be consecutive.
    """

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """The places in *field* where any of *rows* occurs, as consecutive words.

    Each word of a row can be any of several terms. A spot is only used inside other nodes.
    """

    field: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The relation of two spots: they do not overlap, and are close enough.

    The last word of the earlier spot and the first word of the later one are at most *reach*
    positions apart, or in one sentence or paragraph. If `ordered`, the first spot must be the
    earlier one. A title is one sentence, and so is any text whose sentences are not known.
    """

    reach: Reach
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Documents in which each spot has the next one near it, as the link between them says.

    There is one link fewer than *spots*. All spots are in the same text field, at any level. A
    chain of one spot matches where that spot occurs; an empty chain matches nothing.
    """

    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Lead:
    """Documents in which *spot* occurs within the first *words* positions of its field."""

    spot: Spot
    words: int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Documents in which *spots* together occur *count* times or more.

    Each position counts once for each spot of which a row begins there. The node does not affect
    the order of hits.
    """

    spots: tuple[Spot, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents with a term in *field* that begins with *text*, which is not empty."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Documents with a term in *field* that matches *pattern*.

    `*` matches any number of letters, `?` matches one letter; other characters match themselves.
    """

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """Documents that have exactly *value* among their values of the facet *field*."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Documents published on or after *since* and before *until*; None means no limit.

    Undated documents never match.
    """

    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every child; all documents if there are no children."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match at least one child; no documents if there are no children."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match *child*."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Documents that match *required*; a match of *optional* ranks them higher."""

    required: "Node"
    optional: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """Documents with any of *terms* in *field*; they rank higher if the terms are close together.

    The engine first ranks without this bonus. It then ranks the best documents again, adding
    `boost` times the weight of the heaviest set of terms that occurs within *width* positions.
    """

    field: str
    terms: tuple[str, ...]
    width: int = 15
    boost: float = 1.0


Node = (
    All
    | Nothing
    | Term
    | Phrase
    | Chain
    | Lead
    | AtLeast
    | Prefix
    | Wildcard
    | Keyword
    | DateRange
    | And
    | Or
    | Not
    | AndMaybe
    | Near
)
