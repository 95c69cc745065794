"""Spots: words near each other, in one sentence, first, or often, in every engine."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.indexer.analysis.sentences import Breaks, breaks_of
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Document, Engine
from marsad.indexer.query.chains import linked
from marsad.indexer.query.tree import And, AtLeast, Chain, Lead, Link, Node, Not, Or, Spot, Term
from marsad.indexer.segments.breaks import pack_breaks
from marsad.indexer.segments.engine import open_index
from tests.contract.oracle import matches
from tests.contract.strategies import documents, trees
from tests.contract.test_engine_contract import oracle_engine, segment_engine

BODY, TITLE = "body_stem", "title_stem"


def document(name: str, text: str, title: str = "") -> Document:
    """Return a document of terms with spaces between; `.` ends a sentence, `/` a paragraph."""
    terms: list[str] = []
    sentences: list[int] = []
    paragraphs: list[int] = []
    for word in text.split():
        if word in "./":
            sentences.append(len(terms))
            paragraphs += [len(terms)] * (word == "/")
        else:
            terms.append(word)
    fields = {BODY: terms, TITLE: title.split(), "body_exact": [f"ال{term}" for term in terms]}
    breaks = Breaks([n for n in sentences if n < len(terms)], paragraphs)
    return Document(name, name, None, fields, {}, "stored", breaks=breaks)


def spot(*rows: str, field: str = BODY) -> Spot:
    """Return a spot of rows such as "خط نار|نيران"."""
    return Spot(field, tuple(tuple(tuple(w.split("|")) for w in row.split()) for row in rows))


def chain(*parts: Spot | Link | str) -> Chain:
    spots = tuple(spot(part) if isinstance(part, str) else part for part in parts[::2])
    links = tuple(part for part in parts[1::2] if isinstance(part, Link))
    return Chain(tuple(each for each in spots if isinstance(each, Spot)), links)


@pytest.fixture(params=[oracle_engine, segment_engine], ids=["oracle", "segments"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    opened: Callable[[], AbstractContextManager[Engine]] = request.param
    with opened() as made:
        yield made


TEXTS = (
    document("a", "جسر قديم فوق نهر . قصف مدينة / صلح في مدينة", "جسر صلح"),
    document("b", "نهر جسر . جسر / قصف صلح صلح"),
    document("c", "خط نار بين قرية و مدينة", "خط"),
)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(chain("جسر", Link(3), "نهر"), "ab", id="near in either order"),
        pytest.param(chain("نهر", Link(3), "جسر"), "ab", id="near from the other side"),
        pytest.param(chain("جسر", Link(2), "نهر"), "b", id="too far"),
        pytest.param(chain("جسر", Link(3, ordered=True), "نهر"), "a", id="in order"),
        pytest.param(chain("جسر", Link("sentence"), "نهر"), "ab", id="one sentence"),
        pytest.param(chain("نهر", Link("sentence"), "قصف"), "", id="neighbours, two sentences"),
        pytest.param(chain("نهر", Link("paragraph"), "قصف"), "a", id="one paragraph"),
        pytest.param(chain("جسر", Link("paragraph"), "صلح"), "", id="two paragraphs"),
        pytest.param(
            chain(spot("جسر", field=TITLE), Link("sentence"), spot("صلح", field=TITLE)),
            "a",
            id="a title is one sentence",
        ),
        pytest.param(chain("جسر", Link(9), "جسر"), "b", id="a word near itself is two places"),
        pytest.param(chain("صلح", Link(1), "صلح"), "b", id="side by side"),
        pytest.param(chain("خط نار", Link(2), "قرية"), "c", id="a phrase ends where it ends"),
        pytest.param(chain("خط نار", Link(5), "نار"), "", id="spots do not overlap"),
        pytest.param(chain(spot("هدنة", "صلح|سلام"), Link(2), "مدينة"), "a", id="alternatives"),
        pytest.param(chain("خط نار|نيران"), "c", id="one spot"),
        pytest.param(
            chain("جسر", Link(3), "نهر", Link("paragraph"), "قصف"), "a", id="links of two kinds"
        ),
        pytest.param(
            chain(spot("الجسر", field="body_exact"), Link(3), "نهر"), "ab", id="two levels"
        ),
        pytest.param(Chain((), ()), "", id="no spot"),
        pytest.param(Lead(spot("نهر"), 4), "ab", id="in the lead"),
        pytest.param(Lead(spot("نهر"), 3), "b", id="behind the lead"),
        pytest.param(Lead(spot("فوق نهر"), 3), "", id="half in the lead"),
        pytest.param(AtLeast((spot("جسر"),), 2), "b", id="twice"),
        pytest.param(AtLeast((spot("جسر"), spot("جسر", field=TITLE)), 2), "ab", id="two fields"),
        pytest.param(AtLeast((spot("جسر", "نهر"),), 3), "b", id="often, of alternatives"),
        pytest.param(AtLeast((spot("نهر"),), 0), "abc", id="never is at least never"),
        pytest.param(Not(chain("جسر", Link(3), "نهر")), "c", id="not near"),
        pytest.param(And((Term(BODY, "قصف"), chain("جسر", Link(1), "نهر"))), "b", id="and near"),
    ],
)
def test_spots_match_in_the_expected_articles(engine: Engine, tree: Node, expected: str) -> None:
    with engine.writer() as writer:
        for made in TEXTS[:2]:
            writer.add(made)
    with engine.writer() as writer:
        writer.add(TEXTS[2])
    for _ in range(2):
        hits = engine.search(SearchRequest(query=tree)).hits

        assert "".join(sorted(hit.id for hit in hits)) == expected
        assert [engine.holds(tree, each) for each in "abc"] == [each in expected for each in "abc"]
        engine.merge()
    assert engine.check() == ()


def test_tokens_outside_a_whole_chain_are_not_matches(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(document("a", "جسر . جسر على نهر . نهر و قصف نهر"))
    tree = Or((chain("جسر", Link("sentence"), "نهر"), Lead(spot("جسر على"), 9)))

    (hit,) = engine.search(SearchRequest(query=tree, matches=(BODY,))).hits

    assert [(found.position, found.term) for found in hit.matches] == [
        (1, "جسر"),
        (2, "على"),
        (3, "نهر"),
    ]


def test_far_positions_and_long_sentences_are_exact(tmp_path: Path) -> None:
    filler = " ".join(["و"] * 70_000)
    engine = open_index(tmp_path, "t", create=True)
    with engine.writer() as writer:
        writer.add(document("a", f"جسر {filler} نهر . قصف {filler} / صلح"))
        writer.add(document("b", f"جسر . {filler} نهر قصف . {filler} صلح"))
    for tree, expected in (
        (chain("جسر", Link("sentence"), "نهر"), ["a"]),
        (chain("نهر", Link("sentence"), "قصف"), ["b"]),
        (chain("قصف", Link("paragraph"), "صلح"), ["b"]),
        (chain("جسر", Link(70_001), "نهر"), ["a", "b"]),
        (chain("جسر", Link(70_000), "نهر"), []),
        (AtLeast((spot("و"),), 140_000), ["a", "b"]),
    ):
        hits = engine.search(SearchRequest(query=tree)).hits
        assert sorted(hit.id for hit in hits) == expected
    engine.close()


def test_a_break_before_the_second_token_is_refused() -> None:
    with pytest.raises(ValueError, match="after the first token"):
        pack_breaks(Breaks([0, 3]))


_spans = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2)).map(lambda pair: (pair[0], sum(pair))),
    max_size=5,
    unique=True,
)
_reaches = st.sampled_from([1, 2, 5, "sentence", "paragraph"])


@settings(max_examples=300, deadline=None)
@given(documents(), trees)
def test_whether_one_document_matches_agrees_with_the_oracle(made: Document, tree: Node) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_index(Path(folder) / "index", "t", create=True)
        with engine.writer() as writer:
            writer.add(made)
        assert engine.holds(tree, made.id) == matches(tree, made)
        assert not engine.holds(tree, "no such id")
        engine.close()


@settings(max_examples=400, deadline=None)
@given(
    st.lists(_spans, min_size=1, max_size=3),
    st.lists(st.builds(Link, _reaches, ordered=st.booleans()), min_size=2, max_size=2),
    st.sets(st.integers(1, 14), max_size=3),
)
def test_the_chains_of_one_text_equal_those_of_a_brute_force_search(
    operands: list[list[tuple[int, int]]], links: list[Link], sentences: set[int]
) -> None:
    links = links[: len(operands) - 1]
    breaks = Breaks(sorted(sentences), sorted(sentences)[::2])

    found = linked(operands, links, breaks)

    whole = list(_tried(operands, links, breaks))
    for nth, spans in enumerate(operands):
        assert found[nth] == [span for span in spans if any(span == w[nth] for w in whole)]


def _tried(
    operands: list[list[tuple[int, int]]], links: list[Link], breaks: Breaks
) -> Iterator[list[tuple[int, int]]]:
    def tried(nth: int, before: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
        if nth == len(operands):
            yield before
            return
        for span in operands[nth]:
            if not before or _is_linked(before[-1], span, links[nth - 1], breaks):
                yield from tried(nth + 1, [*before, span])

    yield from tried(0, [])


def _is_linked(one: tuple[int, int], other: tuple[int, int], link: Link, breaks: Breaks) -> bool:
    pairs = [(one, other)] if link.ordered else [(one, other), (other, one)]
    for (_, end), (begin, _) in pairs:
        if end < begin:
            if isinstance(link.reach, int):
                return begin - end <= link.reach
            places = breaks.sentences if link.reach == "sentence" else breaks.paragraphs
            return not any(end < place <= begin for place in places)
    return False


def test_breaks_are_where_sentences_and_lines_begin() -> None:
    text = "قال د. سامي 3.5 نعم. ثم مضى!\n\nوعاد؟ لا"
    starts = [0, 4, 7, 12, 16, 21, 24, 30, 36]

    assert breaks_of(text, starts) == Breaks([5, 7, 8], [7])
