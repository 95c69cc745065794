"""Seam: the interface of an engine, which keeps an index; nothing else knows how it does that.

    Document -> Writer -> [engine] -> SearchRequest -> SearchResult

The contract is the same for every engine, and tests/contract checks each engine against it:

1.  A total is exact: the number of documents that match the query and all filters.
2.  The counts of a facet ignore the choice made in that facet and obey all others.
3.  Hits of equal rank are ordered by date, newest first, undated last, then by id.
4.  `offset + limit` is at most DEEPEST_HIT, else WindowTooDeepError.
5.  `since` is included, `until` is not; dates have no time zone; an undated document
    is in no range.
6.  If a batch has several documents with one id, the last one counts.
7.  Searches see a batch after its writer ended without an error, not before;
    a batch that ended with an error changes nothing.
8.  A query that is only a Not matches all other documents.
9.  A document's terms keep their positions: a phrase matches adjacent terms of one
    field, and stop words keep their place.
10. A facet value counts once for a document, however often it is given.
11. Only the order of scores has a meaning. Sorted by date, undated hits come last
    both ways, and hits of one date are ordered by id.
12. `walk` yields every hit of a request in its order, however many there are, all from
    the state of the index that was newest when it began.
13. Copies of one story are one cluster, as `Writer.assign_clusters` sets it. With `collapse`, the
    earliest found document of each cluster is a hit (undated last, then by id), the others
    are counted in its `copies`; `total`, facets and histogram still count every document.
14. `explain` returns the parts of the score that a document gets in a search by relevance with the
    query alone, without filters and dates; their sum is the score. `Near` is a part only if
    the document is among the best ones, for which that search counts it.
15. `words` and `count` may still count removed documents until the next merge.
16. Positions count from 0 at the first term of a field. Sentences and paragraphs are those of
    `Document.breaks` in the field STARTS_OF, whatever the level; any other field is one.
17. A search, an explanation, and a walk before its first hit, raise TimeLimitError once their
    deadline has passed: the engine checks the clock between its steps. The engine stays usable.
    Without a deadline this error is never raised.
18. With `again`, in a search by relevance, the best RANKED_AGAIN hits get the values that `again`
    returns for their stored articles added to their scores. They come first, in the order of the
    sums. A walk has the same order. `explain` with the same `again` has its value as the part
    `again`, if the document is among the best of the query alone.
19. A term with boost 0 decides what matches, and not the order. A node in `AndMaybe.optional`
    decides the order only, and its tokens are not in `matches`.
20. Every commit has a mark with a number; see `indexer.engine.commits`. A new, empty index has
    commit 1. `newest_commit` of the engine's package returns the newest mark without opening the
    index; see `indexer.registry`.

A hit has the stored article, so that a page needs one call.
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

    `fields` maps each of `fields.INDEX_FIELDS` to its terms in order, so that a term's position is
    its index. `facets` maps each of `fields.FACETS` to its values. `digest` is another one whenever
    any other part of the document is. `stored` is the text that hits return. `starts` has the
    offset, in code points, of each token of `fields.STARTS_OF`, and `breaks` the tokens that begin
    a sentence or a paragraph; a token that begins a paragraph also begins a sentence.
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
    """Documents that were inverted in another process, for `Writer.add_part`.

    Only the engine knows what `name` means; `ids` are the ids of the documents.
    """

    name: str
    ids: tuple[str, ...]


# Inverts documents, in any process; of documents with one id, the last one counts.
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
        """Set the cluster of each article by the cluster's name; None removes it from its cluster.

        Other articles stay in their clusters. The last call for an article counts.
        """
        ...

    def commit(self) -> None:
        """Make this batch visible and durable, and go on with an empty one."""
        ...

    def part_builder(self) -> PartBuilder:
        """Return a function with which other processes make parts of this batch."""
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
        """Yield every hit of a request; its offset, limit, facets and histogram are ignored.

        The state of the index at the first hit is kept until the iterator ends or is closed.
        """
        ...

    def get(self, article_id: str) -> Hit | None:
        """Return the document of this id, None if there is none."""
        ...

    def digest(self, article_id: str) -> str | None:
        """Return the digest of the document of this id, None if there is none."""
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
        """Return the parts of a document's score for *query*; empty if it does not match.

        If *again* reranked the search, pass it here too: its value is then one of the parts, as
        contract point 18 says.
        """
        ...

    def holds(self, query: Node, article_id: str, /, deadline: Deadline | None = None) -> bool:
        """Tell whether the document of this id matches *query*."""
        ...

    def words(self, field: str) -> Mapping[str, int]:
        """Return every term of one of `fields.INDEX_FIELDS`, and how many documents have it."""
        ...

    def count(self, field: str, text: str) -> int:
        """Return how many documents have the term *text* in *field*."""
        ...

    def cluster(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of an article's cluster, with its own, earliest first.

        Undated articles come last, equal days are ordered by id. Empty if it is in no cluster.
        """
        ...

    def writer(self) -> Writer:
        """Open a batch.

        Raises:
            IndexBusyError: another batch is open.
        """
        ...

    def merge(self) -> None:
        """Join the postings of all batches, so that searches are faster."""
        ...

    def compact(self) -> None:
        """Merge, and drop the stored articles that were removed or replaced."""
        ...

    def stats(self) -> IndexStats:
        """Return numbers about the index; every document's digest is read for them."""
        ...

    def lost_commits(self) -> tuple[str, ...]:
        """Return a sentence for each newer state of the index that is lost to damage."""
        ...

    def check(self) -> tuple[str, ...]:
        """Read the whole index and return a sentence for each fault; empty if there is none."""
        ...

    def close(self) -> None:
        """Release all files; the engine must not be used after that."""
        ...
