"""Relink: find the entities of stored articles again, after the gazetteer changed.

    stored articles -> [Finder] -> mentions changed? -> [Documents.make] -> Writer

An article whose mentions stay the same is neither analysed nor written.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from marsad.indexer.build.document import Documents, load_stored
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine

_LOG = logging.getLogger("marsad.build")
BATCH = 4_000


@dataclass(slots=True)
class RelinkReport:
    """How many articles were read, and how many of them got other entities."""

    looked_at: int = 0
    changed: int = 0


def relink(
    engine: Engine, documents: Documents, progress: Callable[[], object], batch: int = BATCH
) -> RelinkReport:
    """Find the entities of every stored article again; call *progress* after each article."""
    report = RelinkReport()
    waiting = 0
    with engine.writer() as writer:
        for hit in engine.walk(SearchRequest(sort="oldest")):
            report.looked_at += 1
            if hit.damage:
                _LOG.warning("article %r is left as it is: %s", hit.id, hit.damage)
                progress()
                continue
            stored = load_stored(hit.stored)
            if documents.entities(stored.article) != stored.extracted.entities:
                writer.add(documents.make(stored.article))
                report.changed += 1
                waiting += 1
            if waiting >= batch:
                writer.commit()
                waiting = 0
            progress()
    return report
