"""Vocabulary cache: words are read in the background, and again after a commit and a pause."""

from collections.abc import Iterator, Mapping
from threading import Event

import pytest

from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.webui.state.vocabulary_cache import VocabularyCache
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()


@pytest.fixture
def engine() -> Iterator[Engine]:
    with segment_engine() as opened:
        add(opened, "a", "هدنة")
        yield opened


def add(engine: Engine, name: str, text: str) -> None:
    with engine.writer() as writer:
        writer.add(document(KNOWN, name, text))


def newest(engine: Engine) -> int:
    return engine.stats().generation


def ended(words: VocabularyCache, generation: int) -> None:
    reader = words.read(generation)
    assert reader is not None
    reader.join()


def test_words_of_a_newer_generation_are_read_after_a_pause(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, may_read, read_words = [0.0], Event(), engine.words

    def clock() -> float:
        now[0] += 1.0
        return now[0]

    def held_back(index_field: str) -> Mapping[str, int]:
        may_read.wait()
        return read_words(index_field)

    monkeypatch.setattr(engine, "words", held_back)
    words = VocabularyCache(engine, KNOWN.gazetteer, clock)
    assert words.vocabulary(newest(engine)).counts == {}
    may_read.set()
    ended(words, newest(engine))
    first = words.generation
    add(engine, "b", "معاهدة")

    # The reading took one second of this clock, so the pause is twenty seconds.
    for _ in range(10):
        assert words.vocabulary(newest(engine)).counts == {"هدنه": 1}
    assert words.generation == first
    now[0] += 20
    words.vocabulary(newest(engine))
    ended(words, newest(engine))

    assert words.generation == newest(engine)
    assert words.vocabulary(newest(engine)).counts == {"هدنه": 1, "معاهده": 1}


def test_a_failed_reading_is_not_repeated_by_every_request(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, tries = [0.0], [0]

    def failing(_: str) -> Mapping[str, int]:
        tries[0] += 1
        now[0] += 1.0
        raise OSError("the disk is gone")

    monkeypatch.setattr(engine, "words", failing)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    words = VocabularyCache(engine, KNOWN.gazetteer, lambda: now[0])
    for _ in range(10):
        words.vocabulary(1)
        reader = words._reader
        assert reader is not None
        reader.join()

    assert (tries[0], words.generation) == (1, -1)
