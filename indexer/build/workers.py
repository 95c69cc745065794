"""Workers: processes that analyse and invert articles for the one that commits them."""

import json
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
from marsad.corpus.source import MOST_KEPT_BYTES, Refusal
from marsad.indexer.build.document import Documents
from marsad.indexer.copies.sketch import Sketches, join
from marsad.indexer.engine.seam import Document, Part, PartBuilder

_LOG = logging.getLogger("marsad.build")
_WATCH_S = 0.5

# A run has one thread, so that a fork is safe; macOS has threads of its own.
FORK = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes to analyse in.

    Where processes are forked, `documents` of the parent goes on in them; where they
    cannot be, `make_documents` is called once in each.
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
    """End this process when the run that started it was killed: no one else would."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


Made = tuple[Part, Sketches, list[tuple[str, Refusal]]]


def make_document(documents: Documents, article: Article) -> Document | Refusal:
    """Return the document of an article; what its text makes fail is refused, and nothing else."""
    try:
        return documents.make(article)
    except Exception as error:  # noqa: BLE001  (one article ends no run; the reason is kept)
        path, record = (article.origin.path, article.origin.record) if article.origin else ("", 0)
        raw = json.dumps({"id": article.id, "title": article.title, "text": article.text})
        reason = f"found an article that cannot be analysed ({error!r:.200})"
        return Refusal(path, record, reason, raw.encode("utf-8", "replace")[:MOST_KEPT_BYTES])


def analyse(articles: Sequence[Article], build: PartBuilder) -> Made:
    """Make a part of *articles* in a worker, with what was refused of them."""
    documents = _documents[0]
    sketches: list[Sketches] = []
    refused: list[tuple[str, Refusal]] = []

    def made() -> Iterator[Document]:
        for article in articles:
            document = make_document(documents, article)
            if isinstance(document, Refusal):
                refused.append((article.id, document))
                continue
            sketches.append(documents.sketch(document))
            yield document

    return build(made()), join(sketches), refused
