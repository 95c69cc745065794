"""Stock Whoosh: its own codec and collectors, facets from its documented `groupedby`."""

import datetime as dt
from pathlib import Path
from typing import Any

from whoosh import analysis, fields, index, query, sorting

from tests.benchmarks.peers.protocol import FACET_SIZE, FACETS, HITS, Page, Query, records, run
from tests.benchmarks.peers.snippets import Highlighter

_HEAP_MB = 256


def _schema() -> Any:
    words = analysis.RegexTokenizer(r"\S+", gaps=False)
    keyword = fields.KEYWORD(stored=True, commas=True)
    return fields.Schema(
        id=fields.ID(stored=True),
        body=fields.TEXT(analyzer=words, phrase=True),
        text=fields.STORED,
        date=fields.DATETIME(stored=True, sortable=True),
        **dict.fromkeys(FACETS, keyword),
    )


def build(source: Path, folder: Path) -> None:
    """Index the analysed terms."""
    folder.mkdir(parents=True)
    writer = index.create_in(folder, _schema()).writer(limitmb=_HEAP_MB)
    for record in records(source):
        writer.add_document(
            id=record["id"],
            body=record["terms"],
            text=record["text"],
            date=dt.datetime.fromisoformat(record["date"]),
            **{name: ",".join(record[name]) for name in FACETS},
        )
    writer.commit()


class Whoosh:
    """An opened index."""

    def __init__(self, folder: Path) -> None:
        self._searcher = index.open_dir(folder).searcher()
        self._highlight = Highlighter()
        self._facets = sorting.Facets()
        self._facets.add_facet("months", sorting.FieldFacet("date", maptype=sorting.Count))
        for name in FACETS:
            stored = sorting.StoredFieldFacet(name, allow_overlap=True, maptype=sorting.Count)
            self._facets.add_facet(name, stored)

    def page(self, asked: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        results = self._searcher.search(_query(asked), limit=HITS, groupedby=self._facets)
        months: dict[str, int] = {}
        for day, count in results.groups("months").items():
            months[str(day)[:7]] = months.get(str(day)[:7], 0) + count
        facets = {}
        for name in FACETS:
            # A list of values comes apart at its spaces, commas stay with them.
            counts: dict[str, int] = {}
            for value, count in results.groups(name).items():
                for one in str(value).split(","):
                    if one and one != "None":
                        counts[one] = counts.get(one, 0) + count
            facets[name] = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FACET_SIZE]
        # With groupedby, Whoosh 2.7.4 hands back every match whatever the limit.
        hits = [results[at] for at in range(min(HITS, results.scored_length()))]
        made = [self._highlight(hit["text"], asked.terms) for hit in hits] if snippets else []
        return Page([hit["id"] for hit in hits], len(results), months, facets, made)

    def top(self, asked: Query) -> Page:
        """Answer the best ten and nothing else."""
        results = self._searcher.search(_query(asked), limit=HITS)
        return Page([hit["id"] for hit in results])


def _query(asked: Query) -> Any:
    if asked.kind == "phrase":
        return query.Phrase("body", list(asked.terms))
    terms = [query.Term("body", term) for term in asked.terms]
    return query.Or(terms) if asked.kind == "or" else query.And(terms)


if __name__ == "__main__":
    run(build, Whoosh)
