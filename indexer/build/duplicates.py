"""Duplicates: which articles of an index are copies of one story, kept up to date batch by batch.

    prepared articles -> [ClusteredBatch] -> sketches -> journal -> clusters that changed
                                          -> documents -> Writer, which commits both

The journal (`indexer.copies.journal`) is read when the first article comes, so a run that finds
nothing new does not pay for it, and again if another process wrote to it meanwhile. If the journal
is missing or incomplete, the stored articles that it lacks are sketched once. If a run ends between
the journal and the commit, the journal is not marked as applied: the next batch assigns every
cluster anew.
"""

from collections.abc import Iterable
from pathlib import Path

from marsad.indexer.build.document import Documents, Prepared, load_hit
from marsad.indexer.copies.clusters import Changes, Copies
from marsad.indexer.copies.journal import NAME, Journal
from marsad.indexer.copies.sketch import Sketches, join
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine, Part, Writer

_BATCH = 4_000
# A journal is written anew if fewer than half of its articles are still in the index, give or
# take so many.
_MOST_DEAD = 1_000


class DuplicateTracker:
    """The near-duplicate clusters of one index, kept in its side folder *side*.

    Only the process that may write to the index may use it.
    """

    def __init__(self, side: Path, engine: Engine, documents: Documents) -> None:
        self._journal = Journal(side / NAME)
        self._engine = engine
        self._documents = documents
        self._copies: Copies | None = None
        self._written = 0

    def update(self, sketches: Sketches, removed: Iterable[str] = ()) -> Changes:
        """Write a batch to the journal; return the clusters that the batch must assign.

        The journal is durable when this returns, so a killed run loses no sketch.
        """
        changes: Changes = {}
        copies = self._loaded(changes)
        gone = tuple(removed)
        news = copies.remove(gone)
        news |= copies.add(sketches)
        self._journal.append(sketches, gone, news)
        self._written = self._journal.size
        return changes | news

    def mark_applied(self) -> None:
        """Say that the changes which `update` returned are committed."""
        if self._copies is not None:
            self._journal.mark_applied()

    def _loaded(self, changes: Changes) -> Copies:
        if self._copies is None or self._written != self._journal.size:
            applied = self._journal.is_applied
            copies = self._journal.load()
            if copies.numbered > 2 * len(copies) + _MOST_DEAD:
                self._journal.rewrite(copies)
                copies = self._journal.load()
            if not applied:
                changes |= copies.every()
            self._copies = copies
            self._complete(copies, changes)
        return self._copies

    def _complete(self, copies: Copies, changes: Changes) -> None:
        """Sketch the articles of the index that the journal lacks."""
        if self._engine.search(SearchRequest(limit=0)).total <= len(copies):
            return
        made: list[Sketches] = []
        for hit in self._engine.walk(SearchRequest(sort="oldest")):
            # A damaged article has no text to compare; it is sketched when it is indexed again.
            if hit.id in copies or hit.damage:
                continue
            made.append(self._documents.sketch_text(hit.id, load_hit(hit).article.text))
            if len(made) >= _BATCH:
                self._add(copies, made, changes)
        self._add(copies, made, changes)

    def _add(self, copies: Copies, made: list[Sketches], changes: Changes) -> None:
        joined = join(made)
        made.clear()
        news = copies.add(joined)
        self._journal.append(joined, (), news)
        changes |= news


class ClusteredBatch:
    """A writer's batch whose near-duplicate clusters are committed together with it.

    Without a *tracker* it only passes everything on to the writer.
    """

    def __init__(self, writer: Writer, tracker: DuplicateTracker | None) -> None:
        self.writer = writer
        self._tracker = tracker
        self._sketches: list[Sketches] = []
        self._removed: list[str] = []

    @property
    def size(self) -> int:
        """How many documents were added since the last commit."""
        return sum(len(each) for each in self._sketches)

    def add(self, prepared: Prepared) -> None:
        """Add a document, in place of any with its id."""
        self._sketches.append(prepared.sketch)
        self.writer.add(prepared.document)

    def add_part(self, part: Part, sketches: Sketches) -> None:
        """Add the documents of a part that another process made, and their sketches."""
        self._sketches.append(sketches)
        self.writer.add_part(part)

    def remove(self, article_id: str) -> None:
        """Remove the document of this id, if there is one."""
        self._removed.append(article_id)
        self.writer.remove(article_id)

    def commit(self) -> None:
        """Commit what was added and removed, with the clusters that this changes."""
        tracker = self._tracker if self._sketches or self._removed else None
        if tracker is not None:
            self.writer.assign_clusters(tracker.update(join(self._sketches), self._removed))
        self.writer.commit()
        if tracker is not None:
            tracker.mark_applied()
        self._sketches, self._removed = [], []
