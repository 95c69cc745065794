"""Random corpora, trees and requests, small enough that everything collides."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from marsad.indexer.analysis.sentences import Breaks
from marsad.indexer.engine.request import FacetFilter, FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.fields import FACETS
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

WORDS = ("قوات", "قوت", "سلام", "سلم", "باكو", "في", "2020", "baku")
VALUES = ("أ", "ب ب", "ج،د")
FIELDS = ("title_surface", "title_stem", "body_stem")
FACET_NAMES = FACETS[:4]
DAYS = tuple(dt.date(2020, 2, 27) + dt.timedelta(days=n) for n in range(5))

words = st.sampled_from(WORDS)
fields = st.sampled_from(FIELDS)
days = st.sampled_from(DAYS) | st.none()


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return one document, with one of eight ids."""
    article_id = draw(st.sampled_from([f"a{n}" for n in range(8)]))
    terms = {name: tuple(draw(st.lists(words, max_size=6))) for name in FIELDS}
    gap = draw(st.sampled_from([0, 1, 300]))
    return Document(
        id=article_id,
        digest=draw(st.sampled_from(["d1", "d2"])),
        date=draw(days),
        fields=terms,
        facets={
            name: tuple(draw(st.lists(st.sampled_from(VALUES), max_size=3))) for name in FACET_NAMES
        },
        stored=f"stored {article_id} {draw(st.integers(0, 9))}",
        breaks=draw(_breaks()),
        starts=[gap * (at + 1) for at in range(len(terms["body_stem"]))] if gap else (),
    )


@st.composite
def _breaks(draw: st.DrawFn) -> Breaks:
    sentences = sorted(draw(st.sets(st.integers(1, 6), max_size=3)))
    kept = (
        st.lists(st.sampled_from(sentences), unique=True, max_size=2) if sentences else st.just([])
    )
    return Breaks(sentences, sorted(draw(kept)))


_boosts = st.sampled_from([1.0, 0.3, 2.0, 0.0])
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, fields, words, _boosts),
    st.builds(
        Phrase,
        fields,
        st.lists(words, min_size=1, max_size=3).map(tuple),
        _boosts,
        st.sampled_from([0, 0, 1, 3]),
    ),
    st.builds(
        Near,
        fields,
        st.lists(words, max_size=4, unique=True).map(tuple),
        st.integers(1, 4),
        _boosts,
    ),
    st.builds(Wildcard, fields, st.text("*?اسقلتbku", min_size=1, max_size=4)),
    st.builds(Prefix, fields, words.flatmap(lambda w: st.integers(1, len(w)).map(lambda n: w[:n]))),
    st.builds(Keyword, st.sampled_from(FACET_NAMES), st.sampled_from(VALUES)),
    st.builds(DateRange, days, days),
    st.just(All()),
    st.just(Nothing()),
)


def _branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, children),
        st.builds(AndMaybe, children, children),
    )


# What people ask for most, and what an engine may answer from its lists alone.
_any_of = st.lists(st.builds(Term, fields, words, _boosts), min_size=1, max_size=4).map(
    lambda terms: Or(tuple(terms))
)
_ranked = st.builds(
    AndMaybe, _any_of, st.builds(Near, fields, st.just(WORDS), st.integers(1, 4), _boosts)
)
# Of few words, so that some stand somewhere with others among them.
_loose = st.builds(
    Phrase,
    fields,
    st.lists(st.sampled_from(WORDS[:3]), min_size=2, max_size=3).map(tuple),
    _boosts,
    st.integers(1, 3),
)
# Spots of few words, at the levels of one field or of two.
_few = st.sampled_from(WORDS[:4])
_rows = st.lists(st.lists(_few, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(
    tuple
)
_spots = st.builds(Spot, fields, st.lists(_rows, min_size=1, max_size=2).map(tuple))
_links = st.builds(Link, st.sampled_from([1, 2, 3, "sentence", "paragraph"]), ordered=st.booleans())
_placed: st.SearchStrategy[Node] = st.one_of(
    st.integers(0, 2).flatmap(
        lambda links: st.builds(
            Chain,
            st.lists(_spots, min_size=links + 1, max_size=links + 1).map(tuple),
            st.lists(_links, min_size=links, max_size=links).map(tuple),
            _boosts,
        )
    ),
    st.builds(Lead, _spots, st.integers(0, 4), _boosts),
    st.builds(AtLeast, st.lists(_spots, max_size=2).map(tuple), st.integers(0, 4)),
)
trees: st.SearchStrategy[Node] = st.one_of(
    st.recursive(_leaves | _placed, _branches, max_leaves=6), _any_of, _ranked, _loose, _placed
)

_filters = st.builds(
    FacetFilter,
    st.sampled_from(FACET_NAMES),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=2).map(tuple),
    st.sampled_from(["include", "exclude", "missing"]),
)

requests = st.builds(
    SearchRequest,
    query=trees,
    filters=st.lists(_filters, max_size=3).map(tuple),
    since=days,
    until=days,
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    offset=st.integers(0, 3),
    limit=st.integers(0, 9),
    facets=st.lists(
        st.builds(FacetRequest, st.sampled_from(FACET_NAMES), st.integers(1, 3)),
        max_size=3,
        unique_by=lambda wanted: wanted.field,
    ).map(tuple),
    histogram=st.sampled_from([None, "year", "month", "day"]),
)


def last_figures(stored: Sequence[str]) -> list[float]:
    """Rerank by the last letter of the stored text."""
    return [float(text[-1]) for text in stored]


# Requests for what Whoosh's own searcher does not give.
whole_requests = st.builds(
    replace,
    requests,
    collapse=st.booleans(),
    matches=st.lists(fields, max_size=3, unique=True).map(tuple),
    exact_total=st.booleans(),
    again=st.sampled_from([None, None, last_figures]),
    stored=st.sampled_from([True, True, False]),
)

# Which articles are copies of one story, as a batch puts it.
regroupings = st.dictionaries(
    st.sampled_from([f"a{n}" for n in range(8)]), st.sampled_from(["x", "y", None]), max_size=6
)

# Batches of documents to add and ids to remove, each committed in turn.
batches = st.lists(
    st.lists(documents() | st.sampled_from([f"a{n}" for n in range(8)]), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
)
