"""Vocabulary cache: the words of the index, read in the background for spelling and completion.

newest generation -> [a background thread] -> Vocabulary, Completer -> the next request

For a large index, reading takes seconds of processor time. While batches are committed, each
reading is soon out of date. So after a reading the cache pauses for twenty times as long, and
requests use the older words. That does no harm: the counts that a reader sees come from the
index itself, not from these words.
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

# The pause after a reading, as a multiple of the time that the reading took.
_PAUSE_FACTOR = 20


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one generation of the index; generation -1: nothing has been read yet."""

    generation: int
    vocabulary: Vocabulary
    completer: Completer | None


class VocabularyCache:
    """Keeps the words of an open index; no request waits for a reading.

    Args:
        engine: The open index.
        gazetteer: The names that completion offers beside words.
        clock: Returns the time in seconds, which must never go back; it times the pauses between
            readings.
    """

    def __init__(
        self, engine: Engine, gazetteer: Gazetteer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._gazetteer, self._clock = engine, gazetteer, clock
        self._words = _Words(-1, Vocabulary({}), None)
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._paused_until = float("-inf")

    @property
    def generation(self) -> int:
        """The generation of the index that the words were read from, -1 before the first reading.

        It may be older than the newest generation.
        """
        return self._words.generation

    def vocabulary(self, newest: int) -> Vocabulary:
        """Return the words read last; they are empty before the first reading.

        If they are older than generation *newest* and there is no pause, a new reading starts.
        """
        if self._words.generation != newest and self._clock() >= self._paused_until:
            self.read(newest)
        return self._words.vocabulary

    def completer(self, newest: int) -> Completer | None:
        """Return the completer over the words read last, None before the first reading.

        Like `vocabulary`, it may start a new reading.
        """
        self.vocabulary(newest)
        return self._words.completer

    def read(self, newest: int) -> threading.Thread | None:
        """Start to read the words of generation *newest*, unless a reading runs already.

        Returns:
            The thread of the last reading that was started; join it to wait for the words. None
            if no reading was ever started.
        """
        with self._lock:
            is_read = self._words.generation == newest
            # A daemon thread: a server that stops does not wait for it.
            if not is_read and not (self._reader and self._reader.is_alive()):
                self._reader = threading.Thread(target=self._read, args=(newest,), daemon=True)
                self._reader.start()
            return self._reader

    def _read(self, generation: int) -> None:
        started = self._clock()
        try:
            vocabulary = vocabulary_of(self._engine)
            completer = Completer(self._engine, self._gazetteer, vocabulary.counts)
            self._words = _Words(generation, vocabulary, completer)
        finally:
            # After a failure too: otherwise every request would start another reading that fails.
            ended = self._clock()
            self._paused_until = ended + _PAUSE_FACTOR * (ended - started)
