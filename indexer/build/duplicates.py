"""Stories: which articles of an index are copies of one another, kept beside it.

    documents of a batch -> sketches -> journal, then the clusters that changed -> Writer.regroup

The journal is read when the first article comes, so a run that finds nothing new costs
nothing, and again where another process wrote to it meanwhile. An index without its journal,
or with a part of it, is looked through once. A run that ends between journal and commit
leaves the journal unsettled: the next tells the index of every cluster.
"""

from collections.abc import Iterable
from pathlib import Path

from marsad.indexer.build.document import Documents, load_stored
from marsad.indexer.copies.clusters import Changes, Copies
from marsad.indexer.copies.journal import NAME, Journal
from marsad.indexer.copies.sketch import Sketches, join
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine

_BATCH = 4_000
# A journal with fewer living articles than half its numbers is written anew.
_MOST_DEAD = 1_000


class DuplicateTracker:
    """The copies of one index; used by who holds the right to write to it."""

    def __init__(self, folder: Path, engine: Engine, documents: Documents) -> None:
        self._journal = Journal(folder / NAME)
        self._engine = engine
        self._documents = documents
        self._copies: Copies | None = None
        self._written = 0

    def note(self, sketches: Sketches, removed: Iterable[str] = ()) -> Changes:
        """Take up a batch; return what `Writer.assign_clusters` should be told with it."""
        changes: Changes = {}
        copies = self._loaded(changes)
        gone = tuple(removed)
        news = copies.remove(gone)
        news |= copies.add(sketches)
        self._journal.append(sketches, gone, news)
        self._written = self._journal.size
        return changes | news

    def settle(self) -> None:
        """Say that what `note` returned was committed."""
        if self._copies is not None:
            self._journal.settle()

    def _loaded(self, changes: Changes) -> Copies:
        if self._copies is None or self._written != self._journal.size:
            settled = self._journal.is_settled
            copies = self._journal.load()
            if copies.numbered > 2 * len(copies) + _MOST_DEAD:
                self._journal.rewrite(copies)
                copies = self._journal.load()
            if not settled:
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
            if hit.id in copies:
                continue
            made.append(self._documents.sketch_text(hit.id, load_stored(hit.stored).article.text))
            if len(made) >= _BATCH:
                self._add(copies, made, changes)
        self._add(copies, made, changes)

    def _add(self, copies: Copies, made: list[Sketches], changes: Changes) -> None:
        joined = join(made)
        made.clear()
        news = copies.add(joined)
        self._journal.append(joined, (), news)
        changes |= news
