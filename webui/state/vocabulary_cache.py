"""Index words: the words of an index, read behind the scenes and kept while they serve.

newest state -> [a thread] -> vocabulary, completer -> the next request

Reading takes seconds of the processor where an index is large, and while batches are
committed each state is soon an old one: after a reading there is a rest, twenty times as
long, in which the older words serve. What they are for is counted in the index itself.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.search.complete import Completer
from marsad.indexer.search.suggest import vocabulary_of
from marsad.indexer.search.vocabulary import Vocabulary

_REST = 20


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one state of the index; -1 is none."""

    generation: int
    vocabulary: Vocabulary
    completer: Completer | None


class IndexWords:
    """The words of an open index; nobody waits for them. *clock* gives seconds."""

    def __init__(
        self, engine: Engine, gazetteer: Gazetteer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._gazetteer, self._clock = engine, gazetteer, clock
        self._words = _Words(-1, Vocabulary({}), None)
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._rests_until = float("-inf")

    @property
    def generation(self) -> int:
        """The state of the index whose words serve, -1 while there are none."""
        return self._words.generation

    def vocabulary(self, newest: int) -> Vocabulary:
        """Return the words that serve, none until they are read for the first time.

        Where they are older than *newest*, newer ones begin to be read.
        """
        if self._words.generation != newest and self._clock() >= self._rests_until:
            self.read(newest)
        return self._words.vocabulary

    def completer(self, newest: int) -> Completer | None:
        """Return what completes by the words that serve; see `vocabulary`."""
        self.vocabulary(newest)
        return self._words.completer

    def read(self, newest: int) -> threading.Thread | None:
        """Begin to read the words of *newest*; the thread that does ends when they serve."""
        with self._lock:
            is_read = self._words.generation == newest
            if not is_read and not (self._reader and self._reader.is_alive()):
                self._reader = threading.Thread(target=self._read, args=(newest,), daemon=True)
                self._reader.start()
            return self._reader

    def _read(self, generation: int) -> None:
        begun = self._clock()
        try:
            vocabulary = vocabulary_of(self._engine)
            completer = Completer(self._engine, self._gazetteer, vocabulary.counts)
            self._words = _Words(generation, vocabulary, completer)
        finally:
            ended = self._clock()
            self._rests_until = ended + _REST * (ended - begun)
