"""Xapian: BM25, values for the facets, one match spy each; its bindings come with the system."""

from pathlib import Path
from typing import Any

import xapian

from tests.benchmarks.peers.protocol import (
    FACET_SIZE,
    FACETS,
    HITS,
    Page,
    Query,
    month,
    month_name,
    records,
    run,
)
from tests.benchmarks.peers.snippets import Highlighter

_ID, _MONTH, _FIRST_FACET = 0, 1, 2
_LONGEST_TERM = 240


def build(source: Path, folder: Path) -> None:
    """Index the analysed terms, then compact."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    loose = folder.with_name(folder.name + ".loose")
    db = xapian.WritableDatabase(str(loose), xapian.DB_CREATE_OR_OVERWRITE)
    for record in records(source):
        document = xapian.Document()
        for position, term in enumerate(record["terms"].split()):
            if len(term.encode()) <= _LONGEST_TERM:
                document.add_posting(term, position)
        document.add_value(_ID, record["id"])
        document.add_value(_MONTH, str(month(record["date"])))
        for at, name in enumerate(FACETS):
            document.add_value(_FIRST_FACET + at, "\t".join(record[name]))
        document.set_data(record["text"])
        db.add_document(document)
    db.commit()
    db.compact(str(folder))
    db.close()


class Xapian:
    """An opened database. Facets of many values are counted from the values in Python."""

    def __init__(self, folder: Path) -> None:
        self._db = xapian.Database(str(folder))
        self._highlight = Highlighter()

    def _query(self, query: Query) -> Any:
        kind = {
            "phrase": xapian.Query.OP_PHRASE,
            "or": xapian.Query.OP_OR,
            "and": xapian.Query.OP_AND,
            "term": xapian.Query.OP_AND,
        }[query.kind]
        return xapian.Query(kind, list(query.terms))

    def page(self, query: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        enquire = xapian.Enquire(self._db)
        enquire.set_query(self._query(query))
        spies = [xapian.ValueCountMatchSpy(slot) for slot in range(1, 2 + len(FACETS))]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, HITS, self._db.get_doccount())
        documents = [match.document for match in found]
        facets = {}
        for name, spy in zip(FACETS, spies[1:], strict=True):
            counts: dict[str, int] = {}
            for item in spy.values():
                for value in item.term.decode().split("\t"):
                    if value:
                        counts[value] = counts.get(value, 0) + item.termfreq
            facets[name] = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FACET_SIZE]
        return Page(
            [document.get_value(_ID).decode() for document in documents],
            found.get_matches_estimated(),
            {month_name(int(item.term)): item.termfreq for item in spies[0].values()},
            facets,
            [self._highlight(d.get_data().decode(), query.terms) for d in documents]
            if snippets
            else [],
        )

    def top(self, query: Query) -> Page:
        """Answer the best ten and nothing else."""
        enquire = xapian.Enquire(self._db)
        enquire.set_query(self._query(query))
        found = enquire.get_mset(0, HITS)
        return Page([match.document.get_value(_ID).decode() for match in found])


if __name__ == "__main__":
    run(build, Xapian)
