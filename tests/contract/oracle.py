"""Oracle: the engine contract in code as simple as possible.

It reads every document for every request. It has no scores, because engines may rank as they like:
scores are compared only with what the same engine says of them.
"""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from pathlib import Path
from types import TracebackType
from typing import Self

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    FacetCounts,
    FacetFilter,
    Hit,
    IndexStats,
    Interval,
    Match,
    Reranker,
    ScorePart,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.engine.seam import Document, Part, PartBuilder
from marsad.indexer.errors import IndexBusyError
from marsad.indexer.fields import STARTS_OF, index_field
from marsad.indexer.query.tree import (
    All,
    And,
    AndMaybe,
    AtLeast,
    Chain,
    DateRange,
    Keyword,
    Lead,
    Link,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Spot,
    Term,
    Wildcard,
)


def matches(node: Node, document: Document) -> bool:
    """Return whether *document* matches *node*."""
    match node:
        case All():
            return True
        case Nothing():
            return False
        case Term():
            return node.text in document.fields.get(node.field, ())
        case Phrase():
            return _has_phrase(document.fields.get(node.field, ()), node.terms, node.slop)
        case Chain():
            return next(_whole_chains(node, document), None) is not None
        case Lead():
            return any(last < node.words for _, last in spans_of(node.spot, document))
        case AtLeast():
            begun = [{first for first, _ in spans_of(s, document)} for s in node.spots]
            return sum(map(len, begun)) >= node.count
        case Prefix():
            return any(term.startswith(node.text) for term in document.fields.get(node.field, ()))
        case Wildcard():
            letters = {"*": ".*", "?": "."}
            pattern = "".join(letters.get(letter, re.escape(letter)) for letter in node.pattern)
            fields = document.fields.get(node.field, ())
            return any(re.fullmatch(pattern, term, re.DOTALL) for term in fields)
        case Keyword():
            return node.value in document.facets.get(node.field, ())
        case DateRange():
            return in_range(document.date, node.since, node.until)
        case And():
            return all(matches(child, document) for child in node.children)
        case Or():
            return any(matches(child, document) for child in node.children)
        case Not():
            return not matches(node.child, document)
        case AndMaybe():
            return matches(node.required, document)
        case Near():
            return not set(node.terms).isdisjoint(document.fields.get(node.field, ()))


def in_range(day: dt.date | None, since: dt.date | None, until: dt.date | None) -> bool:
    """Return whether *day* is in the half-open range; an undated document never is."""
    if day is None:
        return False
    return (since is None or since <= day) and (until is None or day < until)


def _has_phrase(terms: Sequence[str], wanted: tuple[str, ...], slop: int) -> bool:
    """Try every ascending choice of positions that is not too wide."""
    if not wanted:
        return False
    width = len(wanted) + slop
    return any(
        terms[places[0]] == wanted[0] and tuple(terms[at] for at in places) == wanted
        for places in combinations(range(len(terms)), len(wanted))
        if places[-1] - places[0] < width
    )


def spans_of(spot: Spot, document: Document) -> Iterator[tuple[int, int]]:
    """Yield the first and the last position of each occurrence of a row of *spot*."""
    terms = document.fields.get(spot.field, ())
    for row in spot.rows:
        for at in range(len(terms) - len(row) + 1):
            if row and all(terms[at + nth] in word for nth, word in enumerate(row)):
                yield at, at + len(row) - 1


def _whole_chains(node: Chain, document: Document) -> Iterator[tuple[tuple[int, int], ...]]:
    """Try every choice of spans."""
    places = [list(spans_of(spot, document)) for spot in node.spots]
    for spans in product(*places) if places else ():
        pairs = zip(pairwise(spans), pairwise(node.spots), node.links, strict=True)
        if all(
            _linked(one, other, link, document, (a.field, b.field))
            for (one, other), (a, b), link in pairs
        ):
            yield spans


def _linked(
    one: tuple[int, int],
    other: tuple[int, int],
    link: Link,
    document: Document,
    fields: tuple[str, str],
) -> bool:
    if one[1] < other[0]:
        gap = one[1], other[0]
    elif other[1] < one[0] and not link.ordered:
        gap = other[1], one[0]
    else:
        return False
    if isinstance(link.reach, int):
        return gap[1] - gap[0] <= link.reach
    if not set(fields) & _OF_STARTS:
        return True
    places = {*document.breaks.paragraphs}
    if link.reach == "sentence":
        places |= {*document.breaks.sentences}
    return not any(gap[0] < place <= gap[1] for place in places)


_OF_STARTS = {index_field(STARTS_OF, level) for level in STARTS_OF.levels}


def found_tokens(node: Node, document: Document, fields: Sequence[str]) -> tuple[Match, ...]:
    """Return the tokens in *fields* that match required leaves of *node*, outside of any Not."""
    with_starts = {index_field(STARTS_OF, level) for level in STARTS_OF.levels}
    found = []
    for field in fields:
        terms = document.fields.get(field, ())
        starts = document.starts if field in with_starts else ()
        places = sorted(set(_places(node, field, document)))
        found += [Match(field, at, starts[at] if starts else -1, terms[at]) for at in places]
    return tuple(found)


def _places(node: Node, field: str, document: Document) -> Iterator[int]:
    terms = document.fields.get(field, ())
    match node:
        case And() | Or():
            for child in node.children:
                yield from _places(child, field, document)
        case AndMaybe():
            yield from _places(node.required, field, document)
        case Chain():
            for spans in _whole_chains(node, document):
                for spot, (first, last) in zip(node.spots, spans, strict=True):
                    if spot.field == field:
                        yield from range(first, last + 1)
        case Lead() if node.spot.field == field:
            for first, last in spans_of(node.spot, document):
                if last < node.words:
                    yield from range(first, last + 1)
        case Phrase() if node.field == field and node.terms:
            yield from _phrase_places(terms, node.terms, node.slop)
        case Term() | Prefix() | Wildcard() if node.field == field:
            for at, term in enumerate(terms):
                alone = Document("", "", None, {field: (term,)}, {}, "")
                if matches(node, alone):
                    yield at
        case _:
            return


def _phrase_places(terms: Sequence[str], wanted: tuple[str, ...], slop: int) -> Iterator[int]:
    """Yield, for each position of the first word, the nearest positions of the words after it."""
    begun: set[int] = set()
    # Combinations come in the order of their places.
    for places in combinations(range(len(terms)), len(wanted)):
        narrow = places[-1] - places[0] < len(wanted) + slop
        if places[0] not in begun and narrow and tuple(terms[at] for at in places) == wanted:
            begun.add(places[0])
            yield from places


def _passes(document: Document, choice: FacetFilter) -> bool:
    values = set(document.facets.get(choice.field, ()))
    match choice.choice:
        case "include":
            return bool(values & set(choice.values))
        case "exclude":
            return not values & set(choice.values)
        case "missing":
            return not values


class OracleEngine:
    """An engine that keeps documents in a dictionary."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.clusters: dict[str, str] = {}
        self.generation = 0
        self.busy = False

    def search(self, request: SearchRequest) -> SearchResult:
        if request.deadline is not None:
            request.deadline.check()
        dated = [d for d in self.documents.values() if self._in_base(request, d)]
        found = [d for d in dated if all(_passes(d, choice) for choice in request.filters)]
        shown, copies = self._collapsed(found, request)
        ordered = sorted(shown, key=order_of(request))
        page = ordered[request.offset : request.offset + request.limit]
        facets = []
        for wanted in request.facets:
            others = [choice for choice in request.filters if choice.field != wanted.field]
            counted = [d for d in dated if all(_passes(d, choice) for choice in others)]
            facets.append(_count(wanted.field, wanted.size, counted))
        hits = tuple(_hit(d, request, copies) for d in page)
        days = [d.date for d in found if d.date]
        histogram = histogram_of(request.histogram, days) if request.histogram else ()
        stories = len(shown) if request.collapse else None
        return SearchResult(len(found), hits, tuple(facets), self.generation, histogram, stories)

    def _collapsed(
        self, found: list[Document], request: SearchRequest
    ) -> tuple[list[Document], dict[str, int]]:
        if not request.collapse:
            return found, {}
        heads: dict[str, str] = {}
        copies: Counter[str] = Counter()
        for document in sorted(found, key=_age):
            name = self.clusters.get(document.id)
            if name is None or heads.setdefault(name, document.id) == document.id:
                continue
            copies[heads[name]] += 1
        folded = {d.id for d in found if heads.get(self.clusters.get(d.id, ""), d.id) != d.id}
        return [d for d in found if d.id not in folded], copies

    def explain(
        self,
        _query: Node,
        _article_id: str,
        /,
        deadline: Deadline | None = None,
        again: Reranker | None = None,
    ) -> tuple[ScorePart, ...]:
        if deadline is not None:
            deadline.check()
        del again
        return ()

    def holds(self, query: Node, article_id: str, /, deadline: Deadline | None = None) -> bool:
        if deadline is not None:
            deadline.check()
        document = self.documents.get(article_id)
        return document is not None and matches(query, document)

    def words(self, field: str) -> Mapping[str, int]:
        return Counter(t for d in self.documents.values() for t in set(d.fields.get(field, ())))

    def count(self, field: str, text: str) -> int:
        return self.words(field).get(text, 0)

    def cluster(self, article_id: str) -> tuple[str, ...]:
        name = self.clusters.get(article_id)
        if name is None or article_id not in self.documents:
            return ()
        of = [d for d in self.documents.values() if self.clusters.get(d.id) == name]
        return tuple(d.id for d in sorted(of, key=_age)) if len(of) > 1 else ()

    def walk(self, request: SearchRequest) -> Iterator[Hit]:
        if request.deadline is not None:
            request.deadline.check()
        dated = [d for d in self.documents.values() if self._in_base(request, d)]
        found = [d for d in dated if all(_passes(d, choice) for choice in request.filters)]
        shown, copies = self._collapsed(found, request)
        for d in sorted(shown, key=order_of(request)):
            yield _hit(d, request, copies)

    def _in_base(self, request: SearchRequest, document: Document) -> bool:
        if not matches(request.query, document):
            return False
        if request.since is None and request.until is None:
            return True
        return in_range(document.date, request.since, request.until)

    def get(self, article_id: str) -> Hit | None:
        document = self.documents.get(article_id)
        return Hit(document.id, 0.0, document.date, document.stored) if document else None

    def digest(self, article_id: str) -> str | None:
        document = self.documents.get(article_id)
        return document.digest if document else None

    def existing_ids(self, article_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(article_ids) & frozenset(self.documents)

    def writer(self) -> "OracleWriter":
        return OracleWriter(self)

    def stats(self) -> IndexStats:
        lines = sorted(f"{d.id} {d.digest}\n" for d in self.documents.values())
        return IndexStats(
            documents=len(self.documents),
            undated=sum(d.date is None for d in self.documents.values()),
            generation=self.generation,
            analyzer="oracle",
            content=hashlib.sha256("".join(lines).encode()).hexdigest(),
            size_bytes=0,
            stories=len(self._collapsed(list(self.documents.values()), _COLLAPSED)[0]),
        )

    def merge(self) -> None:
        pass

    def compact(self) -> None:
        pass

    def lost_commits(self) -> tuple[str, ...]:
        return ()

    def check(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self.documents = {}


_COLLAPSED = SearchRequest(collapse=True)


def _age(document: Document) -> tuple[bool, int, str]:
    day = document.date.toordinal() if document.date else 0
    return (not day, day, document.id)


def order_of(request: SearchRequest) -> Callable[[Document | Hit], tuple[bool, int, str]]:
    def key(document: Document | Hit) -> tuple[bool, int, str]:
        day = document.date.toordinal() if document.date else 0
        if request.sort == "oldest":
            return (not day, day, document.id)
        return (False, -day, document.id)

    return key


def _hit(document: Document, request: SearchRequest, copies: Mapping[str, int]) -> Hit:
    own = copies.get(document.id, 0)
    if not request.stored:
        return Hit(document.id, 0.0, document.date, "", copies=own)
    found = found_tokens(request.query, document, request.matches)
    return Hit(document.id, 0.0, document.date, document.stored, found, own)


def _count(field: str, size: int, documents: list[Document]) -> FacetCounts:
    counts = Counter(value for d in documents for value in set(d.facets.get(field, ())))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    missing = sum(not d.facets.get(field, ()) for d in documents)
    return FacetCounts(field, tuple(ranked[:size]), missing, len(ranked) > size)


def histogram_of(interval: Interval, days: list[dt.date]) -> tuple[tuple[dt.date, int], ...]:
    match interval:
        case "year":
            days = [day.replace(month=1, day=1) for day in days]
        case "month":
            days = [day.replace(day=1) for day in days]
        case "day":
            pass
    return tuple(sorted(Counter(days).items()))


class OracleWriter:
    """The writer of the oracle."""

    def __init__(self, engine: OracleEngine) -> None:
        if engine.busy:
            raise IndexBusyError(Path("oracle"), "another writer")
        engine.busy = True
        self._engine = engine
        self._next = dict(engine.documents)
        self._regrouped: dict[str, str | None] = {}
        self._made: dict[str, dict[str, Document]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.busy = False
        if error is None:
            self.commit()

    def commit(self) -> None:
        self._engine.documents = dict(self._next)
        for article, name in self._regrouped.items():
            self._engine.clusters.pop(article, None)
            if name is not None:
                self._engine.clusters[article] = name
        self._engine.generation += 1

    def add(self, document: Document) -> None:
        self._next[document.id] = document

    def remove(self, article_id: str) -> None:
        self._next.pop(article_id, None)

    def assign_clusters(self, clusters: Mapping[str, str | None]) -> None:
        self._regrouped |= clusters

    def part_builder(self) -> PartBuilder:
        return self._part

    def _part(self, documents: Iterable[Document]) -> Part:
        last = {document.id: document for document in documents}
        self._made[str(len(self._made))] = last
        return Part(str(len(self._made) - 1), tuple(last))

    def add_part(self, part: Part) -> None:
        self._next |= self._made[part.name]
