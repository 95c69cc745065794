"""Duplicates: copies of a story are found, in any order of arrival, and stay found."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.corpus.letters import fold_letters
from marsad.indexer.build.document import Prepared
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.copies.clusters import Copies
from marsad.indexer.copies.journal import NAME, Journal
from marsad.indexer.copies.sketch import Sketcher, Sketches, join
from marsad.indexer.copies.word_diff import word_diff
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from tests.conftest import CORPUS, Marsad
from tests.quality.duplicates.edits import edited
from tests.quality.duplicates.measure import families, ours, scores, shuffled

STORY = (CORPUS / "iraq-2017-07-mosul.txt").read_text(encoding="utf-8")
OTHER = (CORPUS / "syria-2016-12-aleppo.txt").read_text(encoding="utf-8")
COPIES = dict(edited(STORY, OTHER.split(), 3))


def sketches(**texts: str) -> Sketches:
    sketcher = Sketcher()
    return join(sketcher.sketch(key, fold_letters(text).split()) for key, text in texts.items())


def groups(copies: Copies) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for article, name in copies.clusters().items():
        found.setdefault(name, set()).add(article)
    return {frozenset(members) for members in found.values()}


@pytest.mark.parametrize("kind", sorted(COPIES))
def test_an_edited_copy_is_recognised(kind: str) -> None:
    copies = Copies()

    copies.add(sketches(a=STORY, b=OTHER, c=COPIES[kind]))

    assert groups(copies) == {frozenset("ac")}


def test_a_digest_of_many_stories_is_not_a_copy_of_one() -> None:
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(CORPUS.glob("yemen-*.txt"))}
    texts |= {p.stem: p.read_text(encoding="utf-8") for p in sorted(CORPUS.glob("libya-*.txt"))}
    copies = Copies()

    copies.add(sketches(**texts, roundup=" ".join(texts.values())))

    assert groups(copies) == set()


def test_short_texts_are_copies_only_if_nearly_identical() -> None:
    copies = Copies()

    copies.add(sketches(a="عاجل", b="عاجل", c="عاجل انفجار", d="انفجار في بغداد صباح اليوم", e=""))

    assert groups(copies) == {frozenset("ab")}


def test_precision_and_recall_keep_their_floors() -> None:
    texts, family = families(None, 0)

    precision, recall = scores(ours(shuffled(texts)), family)

    assert precision >= 0.99
    assert recall >= 0.99


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(1, 12))
def test_clusters_do_not_depend_on_order_or_batches(seed: int, batch: int) -> None:
    texts = {"story": STORY, "other": OTHER}
    texts |= {f"s{n}": text for n, text in enumerate(COPIES.values())}
    texts |= {f"o{n}": text for n, (_, text) in enumerate(edited(OTHER, STORY.split(), 4))}
    keys = list(texts)
    random.Random(seed).shuffle(keys)
    copies = Copies()
    told: dict[str, str | None] = {}
    for start in range(0, len(keys), batch):
        told |= copies.add(sketches(**{key: texts[key] for key in keys[start : start + batch]}))

    assert {len(members) for members in groups(copies)} == {9}
    assert {key: name for key, name in told.items() if name} == copies.clusters()


def test_a_copy_that_is_replaced_or_removed_leaves_its_cluster() -> None:
    copies = Copies()
    copies.add(sketches(a=STORY, b=COPIES["cut"], c=COPIES["reordered"]))

    replaced = copies.add(sketches(a=OTHER))
    removed = copies.remove(["b"])

    assert (replaced["a"], removed["b"]) == (None, None)
    assert replaced["b"] == replaced["c"]
    assert removed["c"] is None
    assert groups(copies) == set()


def test_the_journal_restores_the_clusters(tmp_path: Path) -> None:
    journal, copies = Journal(tmp_path / NAME), Copies()
    for part in (sketches(a=STORY, b=OTHER), sketches(c=COPIES["cut"]), sketches(b=STORY)):
        journal.append(part, (), copies.add(part))

    again = journal.load()

    assert groups(again) == groups(copies) == {frozenset("abc")}
    more = sketches(d=COPIES["reordered"])
    assert again.add(more) == copies.add(more)
    journal.rewrite(again)
    assert groups(journal.load()) == {frozenset("abcd")}


@pytest.mark.parametrize("cut", [1, 7, 500, 4_000])
def test_a_damaged_end_of_the_journal_is_truncated(tmp_path: Path, cut: int) -> None:
    journal, copies = Journal(tmp_path / NAME), Copies()
    journal.append(first := sketches(a=STORY, c=COPIES["cut"]), (), copies.add(first))
    whole = journal.path.stat().st_size
    journal.append(second := sketches(**{f"x{n}": OTHER for n in range(9)}), (), copies.add(second))
    raw = journal.path.read_bytes()
    journal.path.write_bytes(raw[:-cut])

    again = journal.load()

    assert groups(again) == {frozenset("ac")}
    assert journal.path.stat().st_size == whole


def test_an_index_without_a_journal_is_scanned_once(
    corpus_index: Path, tmp_path: Path, wanted: Parts
) -> None:
    engine = open_engine(str(corpus_index), wanted.analyzer)
    tracker = DuplicateTracker(tmp_path, engine, wanted.documents)

    changes = tracker.update(sketches(new=STORY))

    engine.close()
    assert len({name for name in changes.values() if name}) == 3
    assert (tmp_path / NAME).exists()


def index_articles(
    engine: Engine, tracker: DuplicateTracker, wanted: Parts, *, killed: bool = False, **texts: str
) -> None:
    """Index articles with their clusters, as a run does; *killed* ends it before its commit."""
    articles = [Article(id=name, title="", text=text) for name, text in texts.items()]
    prepared = [wanted.documents.prepare(article) for article in articles]
    with engine.writer() as writer:
        batch = ClusteredBatch(writer, tracker)
        for each in prepared:
            assert isinstance(each, Prepared)
            batch.add(each)
        if killed:
            tracker.update(join([each.sketch for each in prepared if isinstance(each, Prepared)]))
            raise KeyboardInterrupt
        batch.commit()


def test_a_run_killed_between_journal_and_commit_leaves_no_wrong_cluster(
    tmp_path: Path, wanted: Parts
) -> None:
    engine = open_engine(str(tmp_path), wanted.analyzer, create=True)

    def again() -> DuplicateTracker:
        return DuplicateTracker(tmp_path, engine, wanted.documents)

    index_articles(engine, again(), wanted, a=STORY, b=STORY, c=STORY)
    with pytest.raises(KeyboardInterrupt):
        index_articles(engine, again(), wanted, a=OTHER, killed=True)

    index_articles(engine, again(), wanted, a=OTHER)
    index_articles(engine, again(), wanted, d=STORY)

    clusters = [engine.cluster(name) for name in "abd"]
    engine.close()
    assert clusters[0] == ()
    assert clusters[1] == clusters[2] == ("b", "c", "d")


def test_clusters_found_by_another_run_are_picked_up(tmp_path: Path, wanted: Parts) -> None:
    engine = open_engine(str(tmp_path), wanted.analyzer, create=True)
    watching = DuplicateTracker(tmp_path, engine, wanted.documents)
    index_articles(engine, watching, wanted, x=OTHER)
    index_articles(engine, DuplicateTracker(tmp_path, engine, wanted.documents), wanted, a=STORY)

    index_articles(engine, watching, wanted, b=STORY)

    cluster = engine.cluster("b")
    engine.close()
    assert cluster == ("a", "b")


def test_a_search_folds_copies_and_counts_both_ways(corpus_index: Path, wanted: Parts) -> None:
    engine = open_engine(str(corpus_index), wanted.analyzer)

    found = engine.search(SearchRequest(collapse=True, limit=100))

    engine.close()
    assert (found.total, found.stories) == (78, 69)
    assert sorted(hit.copies for hit in found.hits)[-4:] == [0, 3, 3, 3]


def test_the_command_lists_the_copies_of_an_article(corpus_index: Path, marsad: Marsad) -> None:
    found = json.loads(marsad("search", "العبادي الموصل", "--index", corpus_index, "--json").stdout)

    done = marsad("cluster", found["hits"][0]["id"], "--index", corpus_index, "--json")

    shown = json.loads(done.stdout)
    assert (shown["size"], len(shown["copies"])) == (4, 4)
    assert shown["head"] == shown["copies"][0]["id"]
    assert shown["copies"][0]["changes"] == [["same", shown["copies"][0]["changes"][0][1]]]
    assert any(copy["words_removed"] > 50 for copy in shown["copies"])
    assert marsad("cluster", "nothing", "--index", corpus_index).returncode == 1


def test_both_texts_can_be_rebuilt_from_a_word_diff() -> None:
    first, second = "أعلن الجيش وقف القتال", "اعلن الجيش بدء القتال في الجنوب"

    changes = word_diff(first, second)

    assert " ".join(c.text for c in changes if c.kind != "removed") == second
    assert [c.text for c in changes if c.kind == "removed"] == ["وقف"]
