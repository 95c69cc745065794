"""The engine contract: the engine over segments, and stock Whoosh, answer as the oracle does."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import (
    DEEPEST_HIT,
    RANKED_AGAIN,
    FacetFilter,
    FacetRequest,
    Hit,
    SearchRequest,
    SearchResult,
)
from marsad.indexer.engine.seam import Document, Engine
from marsad.indexer.errors import (
    IndexBusyError,
    IndexMissingError,
    IndexVersionError,
    TimeLimitError,
    WindowTooDeepError,
)
from marsad.indexer.query.tree import (
    All,
    And,
    AndMaybe,
    DateRange,
    Keyword,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from marsad.indexer.segments import order
from marsad.indexer.segments.engine import open_index
from tests.contract.oracle import OracleEngine, found_tokens, order_of
from tests.contract.stock import StockEngine
from tests.contract.strategies import FIELDS, batches, regroupings, whole_requests


@contextmanager
def segment_engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_index(Path(folder) / "index", "test", create=True)
        yield engine
        engine.close()


@contextmanager
def oracle_engine() -> Iterator[Engine]:
    yield OracleEngine()


@contextmanager
def stock_engine() -> Iterator[StockEngine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = StockEngine(Path(folder) / "index")
        yield engine
        engine.close()


@pytest.fixture(
    params=[oracle_engine, segment_engine, stock_engine], ids=["oracle", "segments", "stock"]
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with request.param() as opened:
        yield opened


def write(
    engine: Engine, batch: list[Document | str], clusters: Mapping[str, str | None] | None = None
) -> None:
    with engine.writer() as writer:
        writer.assign_clusters(clusters or {})
        for item in batch:
            if isinstance(item, Document):
                writer.add(item)
            else:
                writer.remove(item)


def write_parts(engine: Engine, batch: list[Document | str]) -> None:
    """Write each run of documents as a separate part, as workers do."""
    with engine.writer() as writer:
        run: list[Document] = []
        for item in batch:
            if isinstance(item, Document):
                run.append(item)
            else:
                if run:
                    writer.add_part(writer.part_builder()(run))
                run = []
                writer.remove(item)
        if run:
            writer.add_part(writer.part_builder()(run))


def but_the_score(hit: Hit) -> Hit:
    return replace(hit, score=0.0)


def assert_same_answer(found: SearchResult, expected: SearchResult, request: SearchRequest) -> None:
    if request.exact_total:
        assert found.total == expected.total
    assert found.total <= expected.total
    assert found.total >= request.offset + len(found.hits) or not found.hits
    assert found.facets == expected.facets
    assert found.histogram == expected.histogram
    assert found.stories == expected.stories
    assert len(found.hits) == len(expected.hits)
    if request.sort != "relevance":
        assert [but_the_score(hit) for hit in found.hits] == list(expected.hits)
    keys = [(-h.score, -(h.date.toordinal() if h.date else 0), h.id) for h in found.hits]
    if request.sort == "relevance":
        assert keys == sorted(keys)


@settings(
    max_examples=300,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    batches,
    st.lists(st.sampled_from(["", "", "parts", "merge", "compact"]), min_size=3, max_size=3),
    st.lists(regroupings, min_size=3, max_size=3),
    st.lists(whole_requests, min_size=4, max_size=8),
)
def test_the_segment_engine_answers_as_the_oracle_does(
    written: list[list[Document | str]],
    jobs: list[str],
    regrouped: list[dict[str, str | None]],
    asked: list[SearchRequest],
) -> None:
    oracle = OracleEngine()
    with segment_engine() as engine, pytest.MonkeyPatch.context() as patch:
        # Of eight documents, some must be beyond the best that are ranked once more.
        patch.setattr(order, "RANKED_AGAIN", 2)
        for batch, job, clusters in zip(written, jobs, regrouped, strict=False):
            write(oracle, batch, clusters)
            if job == "parts":
                write_parts(engine, batch)
                write(engine, [], clusters)
            else:
                write(engine, batch, clusters)
            if job == "merge":
                engine.merge()
            if job == "compact":
                engine.compact()

        for request in asked:
            found = engine.search(request)
            assert_same_answer(found, oracle.search(request), request)
            walked = list(engine.walk(request))
            assert tuple(walked[request.offset : request.offset + request.limit]) == found.hits
            if request.sort == "relevance":
                walked.sort(key=order_of(request))
            assert [but_the_score(hit) for hit in walked] == list(oracle.walk(request))
            assert_hits_are_explained(engine, request, oracle)
        assert engine.stats().content == oracle.stats().content
        assert engine.stats().stories == oracle.stats().stories
        for number in range(8):
            assert engine.cluster(f"a{number}") == oracle.cluster(f"a{number}")
        assert engine.check() == ()


def assert_hits_are_explained(engine: Engine, request: SearchRequest, oracle: OracleEngine) -> None:
    alone = SearchRequest(
        query=request.query,
        exact_total=request.exact_total,
        matches=FIELDS,
        again=request.again,
    )
    for hit in engine.search(alone).hits:
        assert hit.matches == found_tokens(request.query, oracle.documents[hit.id], FIELDS)
        parts = engine.explain(request.query, hit.id, None, request.again)
        assert sum(part.score for part in parts) == pytest.approx(hit.score, rel=1e-5)


def document(article_id: str, body: str = "", day: str = "", **facets: str) -> Document:
    return Document(
        id=article_id,
        digest=f"digest {body}",
        date=dt.date.fromisoformat(day) if day else None,
        fields={"body_stem": tuple(body.split())},
        facets={name: tuple(value.split("|")) for name, value in facets.items()},
        stored=f"{article_id}: {body}",
    )


NEWS: list[Document | str] = [
    document("b", "قوات حفظ سلام في باكو", "2023-09-21", place="baku|baku", source="تاس"),
    document("a", "سلام حفظ قوات", "2023-09-21", place="yerevan", source="تاس"),
    document("c", "قوات سلام", "2020-11-10", place="baku|yerevan", source="رويترز"),
    document("d", "اخبار قوات"),
]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(All(), "abcd", id="all"),
        pytest.param(Nothing(), "", id="nothing"),
        pytest.param(Term("body_stem", "سلام"), "abc", id="term"),
        pytest.param(
            Phrase("body_stem", ("قوات", "حفظ", "سلام")), "b", id="phrase keeps its order"
        ),
        pytest.param(Phrase("body_stem", ("سلام", "في", "باكو")), "b", id="stop word in a phrase"),
        pytest.param(Phrase("body_stem", ("سلام", "باكو")), "", id="stop word keeps its place"),
        pytest.param(Prefix("body_stem", "اخ"), "d", id="prefix"),
        pytest.param(Keyword("place", "baku"), "bc", id="keyword"),
        pytest.param(
            DateRange(dt.date(2020, 11, 10), dt.date(2023, 9, 21)), "c", id="half-open range"
        ),
        pytest.param(DateRange(None, None), "abc", id="undated is in no range"),
        pytest.param(Not(Term("body_stem", "سلام")), "d", id="lone not means all but"),
        pytest.param(Or((Nothing(), Not(Keyword("place", "baku")))), "ad", id="not inside or"),
        pytest.param(And(()), "abcd", id="empty and"),
        pytest.param(Or(()), "", id="empty or"),
        pytest.param(
            AndMaybe(Term("body_stem", "سلام"), Keyword("place", "baku")), "abc", id="optional part"
        ),
    ],
)
def test_a_tree_matches_the_expected_articles(engine: Engine, tree: Node, expected: str) -> None:
    write(engine, NEWS)

    result = engine.search(SearchRequest(query=tree))

    assert sorted(hit.id for hit in result.hits) == list(expected)
    assert result.total == len(expected)


def test_a_facet_ignores_its_own_filter_and_obeys_the_others(engine: Engine) -> None:
    write(engine, NEWS)
    chosen = (FacetFilter("place", ("yerevan",)), FacetFilter("source", ("تاس",)))

    result = engine.search(
        SearchRequest(filters=chosen, facets=(FacetRequest("place"), FacetRequest("source")))
    )

    assert result.total == 1
    assert result.facets[0].values == (("baku", 1), ("yerevan", 1))
    assert result.facets[1].values == (("تاس", 1), ("رويترز", 1))


def test_a_walk_is_sorted_and_keeps_the_generation_it_began_with(engine: Engine) -> None:
    write(engine, NEWS)
    wanted = SearchRequest(query=Term("body_stem", "سلام"), sort="newest", offset=2, limit=1)

    walk = engine.walk(wanted)
    seen = [next(walk).id]
    write(engine, [document("e", "سلام", "2024-01-01"), "a", "b", "c"])
    engine.compact()
    seen += [hit.id for hit in walk]

    assert seen == list("abc")


@pytest.mark.parametrize("opened", [oracle_engine, segment_engine], ids=["oracle", "segments"])
def test_copies_are_folded_under_the_earliest_one_found(
    opened: Callable[[], AbstractContextManager[Engine]],
) -> None:
    with opened() as engine:
        write(engine, NEWS, {"a": "story", "c": "story", "d": "story", "b": None})

        everything = engine.search(SearchRequest(collapse=True, sort="newest"))
        later = engine.search(SearchRequest(collapse=True, since=dt.date(2021, 1, 1)))

        assert [(hit.id, hit.copies) for hit in everything.hits] == [("b", 0), ("c", 2)]
        assert (everything.total, everything.stories) == (4, 2)
        assert sorted((hit.id, hit.copies) for hit in later.hits) == [("a", 0), ("b", 0)]
        assert (later.total, later.stories) == (2, 2)
        assert engine.cluster("a") == ("c", "a", "d")
        assert engine.cluster("b") == ()
        assert engine.stats().stories == 2


def test_a_facet_value_counts_once_for_a_document(engine: Engine) -> None:
    write(engine, NEWS)

    place = engine.search(SearchRequest(facets=(FacetRequest("place", 1),))).facets[0]

    assert place.values == (("baku", 2),)
    assert (place.missing, place.more) == (1, True)


@pytest.mark.parametrize(("sort", "expected"), [("newest", "abcd"), ("oldest", "cabd")])
def test_hits_are_sorted_by_date_then_id_and_undated_come_last(
    engine: Engine, sort: str, expected: str
) -> None:
    write(engine, NEWS)

    result = engine.search(SearchRequest(sort=sort))  # type: ignore[arg-type]

    assert "".join(hit.id for hit in result.hits) == expected


def test_hits_of_equal_score_are_ordered_by_date_then_id(engine: Engine) -> None:
    write(engine, NEWS)

    assert "".join(hit.id for hit in engine.search(SearchRequest()).hits) == "abcd"


def test_the_last_copy_of_an_id_in_a_batch_wins(engine: Engine) -> None:
    write(engine, [document("a", "one"), document("a", "two"), document("a", "three")])

    assert engine.search(SearchRequest()).total == 1
    assert engine.search(SearchRequest(query=Term("body_stem", "one"))).total == 0
    hit = engine.get("a")
    assert hit is not None
    assert hit.stored == "a: three"


def test_an_update_replaces_the_committed_document(engine: Engine) -> None:
    write(engine, [document("a", "one"), document("b", "one")])
    write(engine, [document("a", "two"), "b", "no such id"])

    assert [hit.stored for hit in engine.search(SearchRequest()).hits] == ["a: two"]
    assert engine.digest("a") == "digest two"
    assert engine.digest("b") is None
    assert engine.existing_ids(["a", "b", "c"]) == {"a"}


def test_a_batch_that_fails_changes_nothing(engine: Engine) -> None:
    write(engine, [document("a", "one")])

    def fail() -> None:
        with engine.writer() as writer:
            writer.add(document("b", "two"))
            writer.remove("a")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()

    assert [hit.id for hit in engine.search(SearchRequest()).hits] == ["a"]
    write(engine, [document("b", "two")])
    assert engine.stats().documents == 2


def test_a_batch_is_invisible_before_its_commit(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(document("a", "one"))

        assert engine.search(SearchRequest()).total == 0

    assert engine.search(SearchRequest()).total == 1


def test_a_second_writer_is_told_that_the_index_is_busy(engine: Engine) -> None:
    with engine.writer(), pytest.raises(IndexBusyError, match="only one may"):
        engine.writer()

    write(engine, [document("a", "one")])


def test_a_window_beyond_the_deepest_hit_is_refused() -> None:
    SearchRequest(offset=DEEPEST_HIT - 1, limit=1)

    with pytest.raises(WindowTooDeepError, match=r"offset \+ limit is 10001"):
        SearchRequest(offset=DEEPEST_HIT, limit=1)


PAST = Deadline(10, at=-1)


def test_a_passed_deadline_ends_a_search_and_the_engine_still_works(engine: Engine) -> None:
    write(engine, NEWS)
    late = SearchRequest(query=Term("body_stem", "سلام"), sort="newest", deadline=PAST)

    with pytest.raises(TimeLimitError, match="within 10 s") as raised:
        engine.search(late)
    with pytest.raises(TimeLimitError):
        next(engine.walk(late))
    with pytest.raises(TimeLimitError):
        engine.explain(late.query, "a", PAST)

    assert raised.value.limit_s == 10
    assert engine.search(replace(late, deadline=None)).total == 3
    walked = engine.walk(replace(late, deadline=Deadline.after(1e9)))
    assert [hit.id for hit in walked] == list("abc")
    write(engine, [document("e", "سلام", "2024-01-01")])
    engine.compact()
    assert engine.search(replace(late, deadline=None)).total == 4


WIDE = SearchRequest(
    query=And(
        (
            Or((Term("body_stem", "سلام"), Phrase("body_stem", ("حفظ", "سلام")))),
            Not(Term("body_stem", "اخبار")),
            AndMaybe(Prefix("body_stem", "قو"), Near("body_stem", ("قوات", "سلام"), 5, 1.0)),
            Wildcard("body_stem", "*ا*"),
        )
    ),
    filters=(FacetFilter("place", ("baku", "yerevan")),),
    facets=(FacetRequest("place"), FacetRequest("source")),
    histogram="day",
    matches=("body_stem",),
    collapse=True,
)


def test_a_deadline_at_any_step_gives_the_whole_answer_or_an_error() -> None:
    with segment_engine() as engine:
        write(engine, NEWS[:2], {"a": "story", "b": "story"})
        write(engine, NEWS[2:])
        expected = engine.search(WIDE)
        steps = 0
        found = None
        while found is None:
            with suppress(TimeLimitError):
                clock = count().__next__
                found = engine.search(replace(WIDE, deadline=Deadline(1, steps, clock)))
            steps += 1

        assert found == expected
        # Each segment, leaf, facet and hit is a step.
        assert steps > 15
        assert engine.check() == ()


def test_a_deadline_does_not_end_a_walk_that_has_begun(engine: Engine) -> None:
    write(engine, NEWS)
    now = [0.0]
    walk = engine.walk(SearchRequest(sort="newest", deadline=Deadline(1, 1, lambda: now[0])))

    first = next(walk)
    now[0] = 2.0

    assert [first.id, *(hit.id for hit in walk)] == list("abcd")


def test_a_term_of_the_optional_part_ranks_higher() -> None:
    tree = AndMaybe(Term("body_stem", "سلام"), Term("body_stem", "باكو"))
    with segment_engine() as engine:
        write(engine, [document("a", "سلام"), document("b", "سلام"), document("d", "سلام باكو")])

        assert engine.search(SearchRequest(query=tree)).hits[0].id == "d"


def test_the_best_hits_are_reranked_by_their_stored_articles() -> None:
    names = [f"a{number:03}" for number in range(RANKED_AGAIN + 20)]
    batch: list[Document | str] = [document(name, "سلام") for name in names]

    def later_first(stored: Sequence[str]) -> list[float]:
        return [float(text[1:4]) for text in stored]

    asked = SearchRequest(
        query=Term("body_stem", "سلام"), limit=RANKED_AGAIN + 20, again=later_first, stored=False
    )
    expected = [*reversed(names[:RANKED_AGAIN]), *names[RANKED_AGAIN:]]
    with segment_engine() as engine:
        write(engine, batch)
        pages = [
            engine.search(replace(asked, offset=at, limit=30)) for at in range(0, len(names), 30)
        ]
        last = engine.explain(asked.query, names[0], None, later_first)
        best = engine.explain(asked.query, names[RANKED_AGAIN - 1], None, later_first)
        beyond = engine.explain(asked.query, names[RANKED_AGAIN], None, later_first)

        assert [hit.id for hit in engine.search(asked).hits] == expected
        assert [hit.id for page in pages for hit in page.hits] == expected
        assert [hit.id for hit in engine.walk(replace(asked, offset=50))] == expected
    assert [part.kind for part in last] == ["term"]
    assert [(part.kind, part.score) for part in best[1:]] == [("again", RANKED_AGAIN - 1)]
    assert [part.kind for part in beyond] == ["term"]


def test_another_analyzer_is_refused_with_the_command_to_rebuild(tmp_path: Path) -> None:
    open_index(tmp_path, "light-1", create=True).close()

    with pytest.raises(IndexVersionError, match=r"light-1.*light-2.*marsad index"):
        open_index(tmp_path, "light-2")


def test_the_error_for_a_folder_without_an_index_names_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no Marsad index here"):
        open_index(tmp_path / "none", "light-1")
