"""Requests and results: what an engine is asked, and what it answers; see `seam`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.errors import WindowTooDeepError
from marsad.indexer.query.tree import All, Node

DEEPEST_HIT = 10_000
# So many of the best hits are reranked.
RANKED_AGAIN = 100

# Takes the stored articles of the best hits, and returns what to add to each score, 0 or more.
Reranker = Callable[[Sequence[str]], Sequence[float]]

Sort = Literal["relevance", "newest", "oldest"]
Choice = Literal["include", "exclude", "missing"]
Interval = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """A filter on one facet: documents with any of `values`, none of them, or no value at all."""

    field: str
    values: tuple[str, ...] = ()
    choice: Choice = "include"


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Ask for the `size` most frequent values of a facet, with their counts."""

    field: str
    size: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search. A document must match the query and pass every filter.

    `since` is included, `until` is not. `histogram` asks for counts by publication date. `matches`
    names the fields whose matching tokens each hit should list. Without `exact_total`, `total` is
    a lower bound only, and the engine may skip documents that cannot be among the hits. Without
    `stored`, hits have neither articles nor matches. `collapse` shows one hit for each cluster of
    copies. `again` reranks the best hits. After the `deadline` the search raises TimeLimitError.
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
        """Check contract point 4.

        Raises:
            ValueError: offset or limit is negative.
            WindowTooDeepError: the window ends beyond DEEPEST_HIT.
        """
        if self.offset < 0 or self.limit < 0:
            message = f"offset {self.offset}, limit {self.limit}: expected 0 or more"
            raise ValueError(message)
        if self.offset + self.limit > DEEPEST_HIT:
            raise WindowTooDeepError(self.offset + self.limit, DEEPEST_HIT)


@dataclass(frozen=True, slots=True)
class Match:
    """A token of a hit that a term of the query matches.

    `position` counts terms from 0. `start` is the offset in code points in the text of
    `marsad.indexer.fields.STARTS_OF`, -1 in other fields.
    """

    field: str
    position: int
    start: int
    term: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document, with `matches` in the order of fields and positions.

    `copies` is how many other found documents of its cluster this hit stands for. `damage` says why
    the stored article cannot be read, empty if it can; `stored` is empty then. The rest is right.
    """

    id: str
    score: float
    date: dt.date | None
    stored: str
    matches: tuple[Match, ...] = ()
    copies: int = 0
    damage: str = ""


class LostCommit(str):
    """A sentence about a newer state of the index that is lost to damage.

    Attributes:
        written: The day of that commit, an ISO date; empty if it cannot be read.
        missing: How many articles more that state had than the one that is searched; 0 if it had
            no more of them, or if that cannot be read.
    """

    __slots__ = ("missing", "written")
    written: str
    missing: int

    def __new__(cls, sentence: str, written: str = "", missing: int = 0) -> Self:
        """Make the sentence."""
        made = super().__new__(cls, sentence)
        made.written, made.missing = written, missing
        return made


class LostTexts(str):
    """A sentence about stored articles that may be damaged, in a state that is not lost."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The counts of one facet, most frequent first, equal counts by value.

    `missing` counts documents without a value; `more` says that there are further values.
    """

    field: str
    values: tuple[tuple[str, int], ...]
    missing: int
    more: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one request, with facets in the order of the request.

    `histogram` has the first day of each interval with found documents, and their number, oldest
    first; it leaves undated documents out. `total` counts every found document; `stories` counts
    one for each cluster of copies, if the request had `collapse`.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    generation: int
    histogram: tuple[tuple[dt.date, int], ...] = ()
    stories: int | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one leaf of a query adds to the score of a hit.

    `term` occurs `frequency` times in `field`. In a part of the kind `near`, `term` has all words
    that should be near each other. A part of the kind `again` has neither field nor term.
    """

    field: str
    term: str
    kind: Literal["term", "phrase", "pattern", "near", "again"]
    frequency: int
    score: float


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds; `content` is a SHA-256 over every document's id and digest.

    `stories` counts one document for each cluster of copies.
    """

    documents: int
    undated: int
    generation: int
    analyzer: str
    content: str
    size_bytes: int
    stories: int = 0
