"""Query tree: what to find, in terms that are already analysed.

    typed text -> [parse] -> tree -> engine

An engine sees only these frozen nodes. `field` is an engine field
(`marsad.indexer.fields.INDEX_FIELDS`) or a facet; a term never contains a space. Only
`boost`, `Near` and `AndMaybe.optional` touch the order of hits, all else says what matches.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

# How far apart two spots may stand: in positions, 1 for neighbours, or in one of these.
Reach = int | Literal["sentence", "paragraph"]

# The words of one spot in a row, each as the terms that it may be.
Row = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents whose *field* holds the term *text*."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents whose *field* holds *terms* in order, with at most *slop* other terms among them.

    Without slop they stand one right after another.
    """

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where any of *rows* stands in *field*: the words of a row one right after another.

    Each word of a row may be any of several terms. A spot is no node of its own.
    """

    field: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """How two spots stand to each other: they do not overlap, and one ends before the other.

    The last word of the earlier and the first word of the later are at most *reach* positions
    apart, or in one sentence or paragraph; `ordered`, the first spot is the earlier. The title
    is one sentence, and so is any text whose sentences are not known.
    """

    reach: Reach
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Documents where *spots* stand so that each has to the next one what *links* say.

    There is one link fewer than spots, which are all of one text field, at any levels. A chain
    of one spot asks for that spot alone; one of none is nowhere.
    """

    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Lead:
    """Documents where *spot* stands within the first *words* positions of its field."""

    spot: Spot
    words: int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Documents where *spots* stand *count* times or more, all of them together.

    A place counts once for a spot, where a row of it begins. It ranks nothing.
    """

    spots: tuple[Spot, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents whose *field* holds a term that begins with *text* (not empty)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Documents whose *field* holds a term that fits *pattern*.

    `*` stands for any letters or none, `?` for one letter, all else for itself.
    """

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """Documents with exactly *value* among the values of the facet *field*."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Documents published from *since* on and before *until*; None leaves an end open.

    Undated documents never match.
    """

    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every child; without children, all."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match at least one child; without children, none."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match *child*."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Documents that match *required*; those that match *optional* too rank higher."""

    required: "Node"
    optional: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """Documents with any of *terms* in *field*; those with more of them together rank higher.

    The best documents without it are ranked once more with `boost` times the weight of the
    heaviest set of terms that stand within *width* positions.
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
