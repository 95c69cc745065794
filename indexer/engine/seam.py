"""Engine: the seam between Marsad and whatever keeps the index.

    Document -> Writer -> [engine] -> SearchRequest -> SearchResult

The contract, the same for every engine (tests/contract holds each of them to it):

1.  A total is exact: the number of documents that match the query and all filters.
2.  The counts of a facet ignore the choice made in that facet and obey all others.
3.  Hits of equal rank are ordered by date, newest first, undated last, then by id.
4.  `offset + limit` is at most DEEPEST_HIT, else WindowTooDeepError.
5.  `since` is included, `until` is not; dates have no time zone; an undated document
    is in no range.
6.  The last copy of an id in a batch wins.
7.  A batch is seen by searches after its writer ended without error, not before;
    a batch that ended with an error changed nothing.
8.  A lone Not means "all but".
9.  A document's terms keep their positions: a phrase matches adjacent terms of one
    field, and stop words keep their place.
10. A facet value counts once for a document, however often it is given.
11. Only the order of scores means anything. Sorted by date, undated hits come last
    both ways, and hits of one date are ordered by id.
12. `walk` gives every hit of a request in its order, however many, all of the one
    state of the index that was newest when it began.
13. Copies of one story are one cluster, as `Writer.assign_clusters` says. With `collapse`, the
    earliest found document of each cluster is a hit (undated last, then by id), the others
    are counted in its `copies`; `total`, facets and histogram still count every document.

14. `explain` gives the parts of the score that a hit has in a search by relevance for the
    query alone: they add up to it. `Near` is a part where that search counts it, among its
    best documents; a filter may bring a document among the best, or a date range.
15. `words` and `count` may count documents that were removed, until a merge.
16. Positions count from 0 at the first term of a field. Sentences and paragraphs are those of
    `Document.breaks` in the field STARTS_OF, whatever the level; any other field is one.
17. A search, an explanation, and a walk before its first hit, ends with TimeLimitError once
    its deadline has passed: the engine asks the clock between its steps, and serves on as
    before. Without a deadline it never does.
18. With `again`, in a search by relevance, the best RANKED_AGAIN hits get what it says of
    their stored articles on top of their scores, and stand in the order of the sums before
    all others. A walk has that order too. `explain` with the same `again` has it as the part
    `again`, as far as the best of the query alone have the document among them.
19. A term whose boost is 0 says what matches and nothing of the order. What stands in
    `AndMaybe.optional` says something of the order alone: it is none of the `matches`.

A hit carries the stored article, so that a page needs one call.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from marsad.indexer.analysis.sentences import NO_BREAKS, Breaks
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    Hit,
    IndexStats,
    Reranker,
    ScorePart,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.query.tree import Node


@dataclass(frozen=True, slots=True)
class Document:
    """An analysed article.

    `fields` maps each of `fields.INDEX_FIELDS` to its terms, in order: a
    term's position is its place. `facets` maps each of `marsad.indexer.fields.FACETS` to
    its values. `digest` changes whenever the document would; `stored` comes back in hits.
    `starts` says where the tokens of `marsad.indexer.fields.STARTS_OF` begin, in code points,
    `breaks` which of them begin a sentence or a paragraph; what begins a paragraph begins a
    sentence.
    """

    id: str
    digest: str
    date: dt.date | None
    fields: Mapping[str, Sequence[str]]
    facets: Mapping[str, tuple[str, ...]]
    stored: str
    starts: Sequence[int] = ()
    breaks: Breaks = NO_BREAKS


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that were inverted in another process: what `Writer.add_part` takes.

    `name` is known to the engine alone; `ids` are the documents' ids.
    """

    name: str
    ids: tuple[str, ...]


# Inverts documents, in any process; the last copy of an id wins.
PartBuilder = Callable[[Iterable[Document]], Part]


class Writer(Protocol):
    """One batch. A context manager: a clean exit commits, an error drops the batch."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def add(self, document: Document) -> None:
        """Add *document*, in place of any with its id."""
        ...

    def remove(self, article_id: str) -> None:
        """Remove the document of this id, if there is one."""
        ...

    def assign_clusters(self, clusters: Mapping[str, str | None]) -> None:
        """Put articles into clusters, by the clusters' names; None takes one out of its cluster.

        Articles that are not named stay where they are. The last word on an article counts.
        """
        ...

    def commit(self) -> None:
        """Make what was added so far visible and durable, and go on with an empty batch."""
        ...

    def part_builder(self) -> PartBuilder:
        """Return what other processes make parts of this batch with."""
        ...

    def add_part(self, part: Part) -> None:
        """Add the documents of *part*, in place of any with their ids."""
        ...


class Engine(Protocol):
    """An open index. Searches see the last committed batch."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request."""
        ...

    def walk(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield every hit of a request; its offset, limit, facets and histogram are not looked at.

        The first state of the index is held until the iterator is closed or ends.
        """
        ...

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id, None where there is none."""
        ...

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id, None where there is none."""
        ...

    def existing_ids(self, article_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of *article_ids* that have a document, in one state of the index."""
        ...

    def explain(
        self,
        query: Node,
        article_id: str,
        /,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> tuple[ScorePart, ...]:
        """Return the parts of the score that a document has for *query*; none where it has none."""
        ...

    def holds(self, query: Node, article_id: str, /, deadline: Deadline | None = None) -> bool:
        """Tell whether the document of this id matches *query*."""
        ...

    def words(self, field: str) -> Mapping[str, int]:
        """Return every term of one of `fields.INDEX_FIELDS` with its documents' number."""
        ...

    def count(self, field: str, text: str) -> int:
        """Return how many documents hold a term."""
        ...

    def cluster(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the copies of a story, this article among them, earliest first.

        Undated ones come last, equal days by id. Empty where the article is alone.
        """
        ...

    def writer(self) -> Writer:
        """Open a batch; IndexBusyError while another is open."""
        ...

    def merge(self) -> None:
        """Join the lists of all batches into one, so that searches need one pass."""
        ...

    def compact(self) -> None:
        """Merge, and rewrite stored articles without those that were removed or replaced."""
        ...

    def stats(self) -> IndexStats:
        """Say what the index holds."""
        ...

    def lost_commits(self) -> tuple[str, ...]:
        """Say which newer states of the index were lost to damage, a sentence each."""
        ...

    def check(self) -> tuple[str, ...]:
        """Read everything and return what is wrong, a sentence each; nothing where all is well."""
        ...

    def close(self) -> None:
        """Release files; the engine is not used after."""
        ...
