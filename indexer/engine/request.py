"""Requests and results: what is asked of an engine, and what it answers; see `seam`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.errors import WindowTooDeepError
from marsad.indexer.query.tree import All, Node

DEEPEST_HIT = 10_000
# So many of the best hits are ranked once more.
RANKED_AGAIN = 100

# Takes the stored articles of the best hits, gives what each adds to its score, 0 or more.
Reranker = Callable[[Sequence[str]], Sequence[float]]

Sort = Literal["relevance", "newest", "oldest"]
Choice = Literal["include", "exclude", "missing"]
Interval = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """A choice in one facet: documents with any of *values*, with none, or without a value."""

    field: str
    values: tuple[str, ...] = ()
    choice: Choice = "include"


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Ask for the commonest *size* values of a facet."""

    field: str
    size: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search; filters of different facets must all hold, so must those of one facet.

    `histogram` asks for the found documents by publication date. `matches` names the
    fields whose matching tokens each hit should list. Without `exact_total`, `total` is
    only a lower bound, and the engine may skip what cannot be among the hits. Without
    `stored`, hits come without their articles and matches. `collapse` folds copies of one
    story. `again` ranks the best hits once more. After the `deadline` the search gives up.
    """

    query: Node = field(default_factory=All)
    filters: tuple[FacetFilter, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    facets: tuple[FacetRequest, ...] = ()
    histogram: Interval | None = None
    matches: tuple[str, ...] = ()
    exact_total: bool = True
    stored: bool = True
    collapse: bool = False
    again: Reranker | None = None
    deadline: Deadline | None = None

    def __post_init__(self) -> None:
        """Refuse a window that contract point 4 does not allow."""
        if self.offset < 0 or self.limit < 0:
            message = f"offset {self.offset}, limit {self.limit}: expected 0 or more"
            raise ValueError(message)
        if self.offset + self.limit > DEEPEST_HIT:
            raise WindowTooDeepError(self.offset + self.limit, DEEPEST_HIT)


@dataclass(frozen=True, slots=True)
class Match:
    """A token of a hit that a term of the query found.

    `start` is its place in the text of `marsad.indexer.fields.STARTS_OF`, -1 in other fields.
    """

    field: str
    position: int
    start: int
    term: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document; `matches` in the order of fields and positions.

    `copies` is how many found documents of its cluster are folded under it.
    """

    id: str
    score: float
    date: dt.date | None
    stored: str
    matches: tuple[Match, ...] = ()
    copies: int = 0


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The counts of one facet: commonest first, equal counts by value.

    `missing` documents have no value; `more` tells that there are values beyond these.
    """

    field: str
    values: tuple[tuple[str, int], ...]
    missing: int
    more: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one request; facets in the order they were asked for.

    `histogram` has the first day of each interval in which a document was found, and how
    many, oldest first; undated documents are in none. `stories` counts what is found with
    copies folded, where that was asked for; `total` counts every document.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    generation: int
    histogram: tuple[tuple[dt.date, int], ...] = ()
    stories: int | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one leaf of a query adds to a hit's score.

    `term` stands `frequency` times in `field`; of a `near` part, it is the words that are
    looked for together. The part `again` has neither field nor term.
    """

    field: str
    term: str
    kind: Literal["term", "phrase", "pattern", "near", "again"]
    frequency: int
    score: float


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds; `content` is a SHA-256 over every document's id and digest.

    `stories` counts documents with copies folded.
    """

    documents: int
    undated: int
    generation: int
    analyzer: str
    content: str
    size_bytes: int
    stories: int = 0
