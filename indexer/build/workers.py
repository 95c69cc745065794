"""Workers: processes that analyse and invert articles; the process that started them commits."""

import logging
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.corpus.source import Refusal
from marsad.indexer.build.document import Documents
from marsad.indexer.copies.sketch import Sketches, join
from marsad.indexer.engine.seam import Document, Part, PartBuilder

_LOG = logging.getLogger("marsad.build")
_WATCH_S = 0.5

# A fork is safe on Linux because a run has one thread. On macOS system libraries start others.
FORK = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes to analyse in, and what makes documents in them.

    A forked process uses the parent's `Documents`, with its caches. Where processes cannot be
    forked, each calls `make_documents` once.
    """

    count: int
    make_documents: Callable[[], Documents]

    def start(self, documents: Documents) -> ProcessPoolExecutor:
        """Start the processes."""
        _LOG.info("starting %d worker processes", self.count)
        if FORK:
            _documents[:] = [documents]
            return ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("fork"),
                initializer=_end_with_parent,
            )
        return ProcessPoolExecutor(
            self.count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin_work,
            initargs=(self.make_documents,),
        )


_documents: list[Documents] = []


def _begin_work(make_documents: Callable[[], Documents]) -> None:
    _end_with_parent()
    _documents[:] = [make_documents()]


def _end_with_parent() -> None:
    """End this process if the run that started it was killed; nothing else would end it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# A part, the sketches of its articles, and id and refusal of each article that was refused.
WorkerResult = tuple[Part, Sketches, list[tuple[str, Refusal]]]


def analyse(articles: Sequence[Article], build: PartBuilder) -> WorkerResult:
    """Make a part of *articles*; this runs in a worker."""
    documents = _documents[0]
    sketches: list[Sketches] = []
    refused: list[tuple[str, Refusal]] = []

    def prepared() -> Iterator[Document]:
        for article in articles:
            found = documents.prepare(article)
            if isinstance(found, Refusal):
                refused.append((article.id, found))
                continue
            sketches.append(found.sketch)
            yield found.document

    return build(prepared()), join(sketches), refused
