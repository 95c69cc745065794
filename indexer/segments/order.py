"""Order: sort documents as a request asks for: best, newest or oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import RANKED_AGAIN, Reranker, SearchRequest
from marsad.indexer.query.tree import Near, Node
from marsad.indexer.segments.evaluate import Evaluator
from marsad.indexer.segments.generation import Member
from marsad.indexer.segments.kernels.bits import docs_of, last_docs, nth_doc
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.ranking import (
    ScoredLeaf,
    Statistics,
    best_documents,
    near_parts,
    nears_of,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A document in the order of hits: number of its segment, its number there, its score."""

    segment: int
    doc: int
    score: float


class Order:
    """Puts the documents of one generation in order."""

    def __init__(
        self, members: Sequence[Member], statistics: Statistics, stored: Callable[[Place], str]
    ) -> None:
        """Take the segments.

        Args:
            members: The segments of the generation.
            statistics: The statistics of all segments together.
            stored: Returns the stored article of a document, empty if it is damaged. Only a
                reranker needs it.
        """
        self._members = members
        self._statistics = statistics
        self._stored = stored

    def first(
        self,
        evaluators: Sequence[Evaluator],
        found: Sequence[Bits] | None,
        tree: Node,
        request: SearchRequest,
        count: int,
    ) -> list[Place]:
        """Return the first *count* of *found* in the order of the request.

        If the order is by relevance, *found* may be None, as in `best`.
        """
        if not count:
            return []
        if request.sort == "relevance" or found is None:
            # The reranked hits all come before a later page, so their order does not matter to it.
            again = request.again if request.offset < RANKED_AGAIN else None
            return self.best(evaluators, found, tree, count, request.deadline, again)
        places = []
        for number, bits in enumerate(found):
            segment = self._members[number].segment
            docs = (
                last_docs(bits, count)
                if request.sort == "newest"
                else _oldest(segment.days, bits, count)
            )
            places += [Place(number, int(doc), 0.0) for doc in docs]
        if len(found) > 1:
            newest = request.sort == "newest"
            places.sort(key=lambda place: self._date_key(place, newest=newest))
        return places[:count]

    def _date_key(self, place: Place, *, newest: bool) -> tuple[bool, int, str]:
        segment = self._members[place.segment].segment
        day = int(segment.days[place.doc])
        return (not day, -day if newest else day, segment.id(place.doc))

    def best(
        self,
        evaluators: Sequence[Evaluator],
        found: Sequence[Bits] | None,
        tree: Node,
        count: int,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> list[Place]:
        """Return the *count* best documents of *found* for *tree*; of all if it is None."""
        leaves: list[ScoredLeaf] = self._statistics.scored(tree)
        nears = list(nears_of(tree))
        places = []
        for number, evaluator in enumerate(evaluators):
            if deadline is not None:
                deadline.check()
            segment = self._members[number].segment
            docs, scores = best_documents(
                segment,
                evaluator,
                None if found is None else found[number],
                leaves,
                self._statistics,
                max(count, RANKED_AGAIN) if nears or again else count,
            )
            places += [
                Place(number, doc, score)
                for doc, score in zip(docs.tolist(), scores.tolist(), strict=True)
            ]
        if len(evaluators) > 1:
            places = self._sorted(places)
        if nears:
            places[:RANKED_AGAIN] = self._ranked_near(places[:RANKED_AGAIN], nears)
        if again is not None:
            places[:RANKED_AGAIN] = self._ranked_again(places[:RANKED_AGAIN], again, deadline)
        return places[:count]

    def among_best(
        self,
        place: Place,
        evaluators: Sequence[Evaluator],
        query: Node,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> float | None:
        """Return what *again* adds to the score of a document.

        Returns:
            The addition, 0 if *again* is None. None if the document is not among the best
            RANKED_AGAIN of *query*: only to these do *again* and `Near` add anything.
        """
        found = [evaluator.found(query) for evaluator in evaluators]
        best = self.best(evaluators, found, query, RANKED_AGAIN, deadline)
        at = [(one.segment, one.doc) for one in best]
        if (place.segment, place.doc) not in at:
            return None
        if again is None:
            return 0.0
        return self._added(best, again, deadline)[at.index((place.segment, place.doc))]

    def _ranked_again(
        self, places: Sequence[Place], again: Reranker, deadline: Deadline | None
    ) -> list[Place]:
        """Return documents sorted anew, with what *again* adds to their scores."""
        return self._sorted(_raised(places, self._added(places, again, deadline)))

    def _added(
        self, places: Sequence[Place], again: Reranker, deadline: Deadline | None
    ) -> Sequence[float]:
        texts = []
        for place in places:
            if deadline is not None:
                deadline.check()
            texts.append(self._stored(place))
        return again(texts)

    def _ranked_near(self, places: Sequence[Place], nears: Sequence[Near]) -> list[Place]:
        """Return documents sorted anew, with what *nears* add to their scores."""
        again: list[Place] = []
        for number, member in enumerate(self._members):
            own = [place for place in places if place.segment == number]
            if not own:
                continue
            added = [0.0] * len(own)
            for near in nears:
                docs = [place.doc for place in own]
                parts = near_parts(member.segment, docs, near, self._statistics)
                added = [one + other for one, other in zip(added, parts, strict=True)]
            again += _raised(own, added)
        return self._sorted(again)

    def _sorted(self, places: list[Place]) -> list[Place]:
        """Return places sorted by score, best first; ties by date, newest first, then by id."""
        if len({place.score for place in places}) == len(places):
            return sorted(places, key=lambda place: -place.score)
        return sorted(places, key=lambda place: (-place.score, *self._date_key(place, newest=True)))


def _raised(places: Sequence[Place], added: Sequence[float]) -> list[Place]:
    return [
        Place(place.segment, place.doc, place.score + more)
        for place, more in zip(places, added, strict=True)
    ]


def _oldest(days: NDArray[np.int32], bits: Bits, count: int) -> list[int]:
    """Return at most *count* documents: oldest first, undated last, those of one date by id."""
    dated = bits.copy()
    first = int(np.searchsorted(days, 1))
    whole, left = divmod(first, 64)
    dated[:whole] = 0
    if left:
        dated[whole] &= ~np.uint64((1 << left) - 1)
    last = int(nth_doc(dated, count - 1))
    docs = docs_of(dated).astype(np.int64)
    if last >= 0:
        # Documents of one date are numbered by descending id. So take all of the last date, and
        # choose among them by id.
        docs = docs[docs < np.searchsorted(days, days[last], "right")]
    ordered = docs[np.lexsort((-docs, days[docs]))][:count].tolist()
    if len(ordered) < count:
        undated = bits & ~dated
        ordered += last_docs(undated, count - len(ordered)).tolist()
    return list(ordered)
