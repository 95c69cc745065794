"""Large indexes: small integer types overflow, skipping begins, and results are still exact."""

import datetime as dt
import math
import random
from collections import Counter
from pathlib import Path

import pytest

from marsad.indexer.engine.request import FacetFilter, FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.query.tree import And, Node, Or, Phrase, Term
from marsad.indexer.segments.columns import K1, B
from marsad.indexer.segments.engine import SegmentEngine, open_index

FIELD = "body_stem"
FIRST = dt.date(2000, 1, 1)


def document(number: int, words: list[str], **facets: tuple[str, ...]) -> Document:
    return Document(
        id=f"a{number:06}",
        digest="",
        date=FIRST + dt.timedelta(days=number % 3000),
        fields={FIELD: tuple(words)},
        facets=facets,
        stored=str(number),
    )


def totals(engine: SegmentEngine, *trees: Node) -> list[int]:
    return [engine.search(SearchRequest(query=tree, limit=0)).total for tree in trees]


def test_frequencies_over_255_and_positions_over_65535_are_exact(tmp_path: Path) -> None:
    filler = ["و"] * 69_000
    texts = [
        ["هدنة"] * 300 + filler + ["قوات", "حفظ", "السلام"] + ["و"] * 700 + ["قوات", "غزة"],
        ["هدنة"] * 299 + ["قوات", "و", "حفظ", "السلام"],
        filler + ["حفظ", "قوات"] + ["هدنة"] * 255,
    ]
    engine = open_index(tmp_path, "t", create=True)
    for number, words in enumerate(texts):
        with engine.writer() as writer:
            writer.add(document(number, words))
    for _ in range(2):
        assert totals(
            engine,
            Phrase(FIELD, ("حفظ", "السلام")),
            Phrase(FIELD, ("قوات", "حفظ")),
            Phrase(FIELD, ("قوات", "حفظ"), slop=1),
            Phrase(FIELD, ("قوات", "غزة")),
            Phrase(FIELD, ("قوات", "حفظ", "السلام")),
            Phrase(FIELD, ("هدنة", "قوات")),
        ) == [2, 1, 2, 1, 1, 1]
        hits = engine.search(SearchRequest(query=Term(FIELD, "هدنة"), matches=(FIELD,))).hits
        places = {hit.id: [match.position for match in hit.matches] for hit in hits}
        for number, words in enumerate(texts):
            expected = [at for at, word in enumerate(words) if word == "هدنة"]
            assert places[f"a{number:06}"] == expected
        scores = {hit.id: hit.score for hit in hits}
        for number in range(3):
            expected_score = bm25(texts, number, ["هدنة"])
            assert scores[f"a{number:06}"] == pytest.approx(expected_score, rel=1e-6)
        engine.merge()
    assert engine.check() == ()
    engine.close()


def bm25(texts: list[list[str]], number: int, terms: list[str]) -> float:
    """Return the score of a text, by the formula in `ranking`."""
    average = sum(map(len, texts)) / len(texts)
    score = 0.0
    for term in dict.fromkeys(terms):
        tf = texts[number].count(term)
        df = sum(term in words for words in texts)
        idf = math.log(len(texts) / (df + 1)) + 1
        score += idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * len(texts[number]) / average))
    return score


def test_more_documents_and_values_than_fit_in_16_bits(tmp_path: Path) -> None:
    count = 70_000
    engine = open_index(tmp_path, "t", create=True)
    with engine.writer() as writer:
        for start in range(0, count, 35_000):
            build = writer.part_builder()
            writer.add_part(
                build(
                    document(
                        n,
                        ["كل", f"w{n % 7}", *(["زوج"] if n % 5 else ["x"]), f"u{n % 40_000}"],
                        person=(f"p{n}",),
                        place=(f"c{n % 50}",),
                    )
                    for n in range(start, start + 35_000)
                )
            )
            writer.commit()
    for _ in range(2):
        assert totals(
            engine,
            Term(FIELD, "كل"),
            Term(FIELD, "u39999"),
            Phrase(FIELD, ("w3", "زوج")),
            And((Term(FIELD, "w3"), Term(FIELD, "x"))),
        ) == [
            count,
            1,
            sum(n % 7 == 3 and n % 5 > 0 for n in range(count)),
            sum(n % 7 == 3 and n % 5 == 0 for n in range(count)),
        ]
        result = engine.search(
            SearchRequest(
                query=Term(FIELD, "w3"),
                filters=(FacetFilter("place", ("c3", "c4")),),
                facets=(FacetRequest("place", 50), FacetRequest("person", 5)),
                sort="newest",
            )
        )
        places = Counter(f"c{n % 50}" for n in range(3, count, 7))
        assert dict(result.facets[0].values) == places
        people = sorted(f"p{n}" for n in range(3, count, 7) if n % 50 in (3, 4))
        assert result.facets[1].values == tuple((person, 1) for person in people[:5])
        last = engine.search(SearchRequest(filters=(FacetFilter("person", ("p69999",)),)))
        assert [hit.id for hit in last.hits] == ["a069999"]
        engine.merge()
    assert engine.check() == ()
    engine.close()


@pytest.mark.parametrize("merged", [False, True])
def test_skipping_finds_the_same_best_hits_as_scoring_all(tmp_path: Path, merged: bool) -> None:
    rng = random.Random(3)
    words = [f"w{rank}" for rank in range(400)]
    weights = [1 / (rank + 1) for rank in range(400)]
    texts = [rng.choices(words, weights, k=rng.randint(2, 80)) for _ in range(9_000)]
    engine = open_index(tmp_path, "t", create=True)
    with engine.writer() as writer:
        for number, text in enumerate(texts):
            writer.add(document(number, text))
            if number % 4_000 == 3_999:
                writer.commit()
    if merged:
        engine.merge()
    for _ in range(150):
        terms = list(dict.fromkeys(rng.choices(words, weights, k=rng.randint(1, 4))))
        leaves = tuple(Term(FIELD, term) for term in terms)
        trees: list[Node] = [Or(leaves), And(leaves), leaves[0]]
        tree = rng.choice(trees)
        whole = engine.search(SearchRequest(query=tree, limit=10))
        quick = engine.search(SearchRequest(query=tree, limit=10, exact_total=False, stored=False))
        assert [hit.id for hit in quick.hits] == [hit.id for hit in whole.hits], tree
        scored = _all_scores(texts, tree)
        best = sorted(scored.values(), reverse=True)[:10]
        assert [hit.score for hit in whole.hits] == pytest.approx(best, rel=1e-6)
        assert whole.total == len(scored)
    engine.close()


_counts: dict[int, list[Counter[str]]] = {}


def _all_scores(texts: list[list[str]], tree: Node) -> dict[int, float]:
    counts = _counts.setdefault(id(texts), [Counter(text) for text in texts])
    leaves = tree.children if isinstance(tree, And | Or) else (tree,)
    terms = [leaf.text for leaf in leaves if isinstance(leaf, Term)]
    need = all if isinstance(tree, And) else any
    average = sum(map(len, texts)) / len(texts)
    idf = {
        term: math.log(len(texts) / (sum(term in own for own in counts) + 1)) + 1 for term in terms
    }
    scores = {}
    for number, own in enumerate(counts):
        if need(term in own for term in terms):
            level = K1 * (1 - B + B * len(texts[number]) / average)
            scores[number] = sum(
                idf[term] * (K1 + 1) * own[term] / (own[term] + level) for term in terms
            )
    return scores
