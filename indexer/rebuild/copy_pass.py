"""Copy pass: the stored articles of an old index are put into a new one, one by one.

    old index -> [texts] -> articles and refusals -> [index_records] -> new index

An article that cannot be read is refused, and the pass goes on. From a damaged store, an article is
taken only if it matches its digest.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from marsad.corpus.article import Article
from marsad.corpus.source import MOST_KEPT_BYTES, Record, Refusal
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import FORM, Documents, load_article
from marsad.indexer.build.duplicates import ClusteredBatch, DuplicateTracker
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import RebuildFailedError
from marsad.indexer.parts import Parts
from marsad.indexer.rebuild.refusals import KeptRefusals
from marsad.indexer.segments.old_index import OldIndex, StoredText

_MOST_REPORTED = 1_000
_NO_ARTICLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)


class NotTaken(NamedTuple):
    """An article that could not be taken over, and why."""

    id: str
    reason: str


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild found, did and made.

    `lost` says which parts of the old index cannot be read, a sentence each; `lost_documents` is
    how many documents they held. `unlisted` are ids of entities that no gazetteer has any more.
    """

    found: str = ""
    read: int = 0
    analysed: int = 0
    kept: int = 0
    refused: int = 0
    lost_documents: int = 0
    documents: int = 0
    content: str = ""
    generation: int = 0
    lost: list[str] = field(default_factory=list)
    refusals: list[NotTaken] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether every article of the old index is in the new one."""
        return not (self.refused or self.lost)


class Pass:
    """One reading of an old index into the new one."""

    def __init__(self, old: OldIndex, engine: Engine, wanted: Parts, refused: KeptRefusals) -> None:
        self._old = old
        self._engine = engine
        self._documents: Documents = wanted.documents
        self._listed = wanted.gazetteer.by_id
        self._refused = refused
        self._forms: dict[str, int | None] = {}
        self._unlisted: set[str] = set()
        self.digests: dict[str, bytes] = {}
        self.report = RebuildReport(old.built_with, lost_documents=old.lost_documents)

    def run(
        self,
        duplicates: DuplicateTracker,
        workers: Workers,
        batch: int,
        progress: Callable[[Record], None],
    ) -> None:
        """Index every article of the old index; remove those that the old index has no more.

        An earlier, interrupted run may have copied articles that were removed since then.
        """
        done = index_records(
            self._records(),
            self._engine,
            self._documents,
            self._refused,
            progress,
            batch,
            workers,
            duplicates,
        )
        report = self.report
        report.lost[:0] = self._old.lost
        report.unlisted = sorted(self._unlisted)
        report.analysed, report.kept = done.added + done.updated, done.unchanged
        report.refused = done.refused
        self._account_for_refused()
        if self._engine.stats().documents != len(self.digests):
            self._remove_others(duplicates)

    def _records(self) -> Iterator[Record]:
        for stored in self._old.texts():
            self.report.read += 1
            found = self._article(stored)
            if isinstance(found, str):
                path = f"{self._old.folder}#{stored.id}"
                self._refused.ids[path, 0] = stored.id
                raw = stored.frame or (stored.text or "").encode("utf-8", "surrogatepass")
                yield Refusal(path, 0, f"found no article ({found})", raw[:MOST_KEPT_BYTES])
                continue
            self.digests[found.id] = bytes.fromhex(self._documents.digest(found))
            yield found

    def _article(self, stored: StoredText) -> Article | str:
        """Return the stored article, or the reason why it cannot be read."""
        if stored.text is None:
            return stored.reason
        try:
            article, entities = load_article(stored.text)
        except _NO_ARTICLE as error:
            return f"{stored.store}: {error!r:.200}"
        if article.id != stored.id:
            return f"{stored.store}: it has the id {article.id!r}"
        if not stored.sound and not self._is_as_digested(stored, article):
            return f"{stored.store}: it does not match its digest"
        self._unlisted |= {e for e in entities if not e.startswith("~") and e not in self._listed}
        return article

    def _is_as_digested(self, stored: StoredText, article: Article) -> bool:
        """Tell whether an article of a damaged store matches its digest.

        Which form the digest was made with is not known. If no article of the store matches with
        any form, all are taken, and the report says so.
        """
        if stored.store not in self._forms:
            form = self._forms[stored.store] = self._form_of(stored.store)
            if form is None:
                self.report.lost.append(
                    f"{stored.store} is damaged, and its articles cannot be compared with "
                    f"their digests: some of their words may be wrong"
                )
        form = self._forms[stored.store]
        return form is None or self._digest(article, form) == stored.digest

    def _form_of(self, store: str) -> int | None:
        for stored in self._old.texts(store):
            if stored.text is None:
                continue
            try:
                article, _ = load_article(stored.text)
            except _NO_ARTICLE:
                continue
            for form in range(FORM, 0, -1):
                if self._digest(article, form) == stored.digest:
                    return form
        return None

    def _digest(self, article: Article, form: int) -> str:
        raw = f"{form} {self._old.manifest.analyzer} {article.digest()}"
        return hashlib.sha256(raw.encode("utf-8")).hexdigest()

    def _account_for_refused(self) -> None:
        """List the refused articles, and expect none of them in the new index."""
        absent = [
            article
            for article, digest in self.digests.items()
            if self._engine.digest(article) != digest.hex()
        ]
        for article in absent:
            del self.digests[article]
        analysed = self._refused.of_analysis
        if len(absent) != len(analysed):
            reason = f"{len(absent)} articles are missing, {len(analysed)} were refused"
            raise RebuildFailedError(self._old.folder, reason)
        self.report.refusals = [NotTaken(*each) for each in self._refused.ids_and_reasons()][
            :_MOST_REPORTED
        ]

    def _remove_others(self, duplicates: DuplicateTracker) -> None:
        """Remove articles that an earlier run put in, and that the old index has lost since."""
        walk = self._engine.walk(SearchRequest(sort="oldest"))
        others = [hit.id for hit in walk if hit.id not in self.digests]
        with self._engine.writer() as writer:
            batch = ClusteredBatch(writer, duplicates)
            for each in others:
                batch.remove(each)
            batch.commit()
