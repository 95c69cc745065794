"""Lifetime of an index: removed articles, abandoned walks, more positions than fit."""

import gc
import threading
from pathlib import Path
from typing import Any

import pytest

from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.errors import TimeLimitError
from marsad.indexer.segments import engine as engine_module
from marsad.indexer.segments import tiers
from marsad.indexer.segments.engine import SegmentEngine, open_index
from marsad.indexer.segments.sound import open_sound


def document(name: str, words: int = 3) -> Document:
    return Document(
        id=name,
        digest="",
        date=None,
        fields={"body_stem": ("هدنة",) * words},
        facets={},
        stored=f"what {name} says",
    )


def add(engine: SegmentEngine, *names: str, words: int = 3) -> None:
    with engine.writer() as writer:
        for name in names:
            writer.add(document(name, words))


def test_compact_deletes_removed_articles_from_the_disk_even_after_a_merge(tmp_path: Path) -> None:
    engine = open_index(tmp_path, "test", create=True)
    add(engine, "a", "b", "c")
    with engine.writer() as writer:
        writer.remove("b")
    engine.merge()

    engine.compact()
    with engine.writer() as writer:
        writer.remove("nothing")

    stored = [path.read_bytes() for path in tmp_path.glob("*.txt")]
    generation = engine.stats().generation
    engine.compact()
    assert engine.stats().generation == generation, "there was nothing left to rewrite"
    engine.close()
    assert len(stored) == 1
    assert b"what a says" in stored[0]
    assert b"what b says" not in stored[0]


def test_an_index_too_large_for_one_segment_keeps_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "MOST_POSITIONS", 100)
    engine = open_index(tmp_path, "test", create=True)
    for name in "abcdef":
        add(engine, name, words=40)

    engine.merge()

    found = engine.search(SearchRequest())
    engine.close()
    assert found.total == 6
    assert len(list(tmp_path.glob("*.seg"))) >= 3


def test_an_abandoned_walk_may_end_while_a_search_opens_a_new_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_index(tmp_path, "test", create=True)
    add(engine, "a", "b")
    # The collector comes when it is called, not before.
    gc.disable()
    walk = engine.walk(SearchRequest())
    next(walk)
    cycle: list[Any] = [walk]
    cycle.append(cycle)
    del walk, cycle
    add(open_index(tmp_path, "test"), "c")
    opens = open_sound

    def collecting(*given: Any) -> Any:
        gc.collect()
        return opens(*given)

    monkeypatch.setattr(engine_module, "open_sound", collecting)
    totals: list[int] = []
    search = threading.Thread(
        target=lambda: totals.append(engine.search(SearchRequest()).total), daemon=True
    )
    search.start()
    search.join(30)
    gc.enable()

    assert totals == [3]
    engine.close()


def test_a_search_ended_by_its_deadline_releases_the_generation(tmp_path: Path) -> None:
    engine = open_index(tmp_path, "test", create=True)
    add(engine, "a")
    late = SearchRequest(deadline=Deadline(1, at=-1))
    for name in "bcd":
        with pytest.raises(TimeLimitError):
            engine.search(late)
        with pytest.raises(TimeLimitError):
            next(engine.walk(late))
        add(engine, name)
        assert engine.search(SearchRequest()).total == ord(name) - ord("a") + 1

    engine.close()
    assert len(list(tmp_path.glob("manifest.*.json"))) == 2
