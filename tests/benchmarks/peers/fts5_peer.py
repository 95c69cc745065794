"""SQLite FTS5: an external-content table over the analysed terms, facets as rows to join."""

import sqlite3
from pathlib import Path

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

_SCHEMA = """
create table article (rowid integer primary key, id text, month integer, text text);
create table facet (article integer, field integer, value text, primary key (article, field, value))
    without rowid;
create virtual table words using fts5 (terms, content='', tokenize='ascii');
"""


def build(source: Path, folder: Path) -> None:
    """Index the analysed terms."""
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "index.db") as db:
        db.executescript(_SCHEMA)
        for number, record in enumerate(records(source)):
            row = (number, record["id"], month(record["date"]), record["text"])
            db.execute("insert into article values (?, ?, ?, ?)", row)
            db.execute("insert into words (rowid, terms) values (?, ?)", (number, record["terms"]))
            values = [(number, at, v) for at, name in enumerate(FACETS) for v in record[name]]
            db.executemany("insert into facet values (?, ?, ?)", values)
        db.execute("insert into words (words) values ('optimize')")


class Fts5:
    """An opened database."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "index.db")
        self._db.execute("create temp table found (rowid integer primary key)")
        self._highlight = Highlighter()

    def _best(self, asked: str) -> list[tuple[int, str, str]]:
        ranked = self._db.execute(
            "select rowid from words where words match ? order by rank limit ?", (asked, HITS)
        ).fetchall()
        one = "select rowid, id, text from article where rowid = ?"
        return [self._db.execute(one, row).fetchone() for row in ranked]

    def page(self, query: Query, *, snippets: bool) -> Page:
        """Answer everything that a results page shows."""
        asked, db = _match(query), self._db
        db.execute("delete from found")
        db.execute("insert into found select rowid from words where words match ?", (asked,))
        months = db.execute(
            "select month, count(*) from found join article using (rowid) group by month"
        )
        facets = {
            name: db.execute(
                "select value, count(*) from found join facet on article = found.rowid "
                "where field = ? group by value order by 2 desc, 1 limit ?",
                (at, FACET_SIZE),
            ).fetchall()
            for at, name in enumerate(FACETS)
        }
        best = self._best(asked)
        return Page(
            [name for _, name, _ in best],
            db.execute("select count(*) from found").fetchone()[0],
            {month_name(number): count for number, count in months},
            facets,
            [self._highlight(text, query.terms) for _, _, text in best] if snippets else [],
        )

    def top(self, query: Query) -> Page:
        """Answer the best ten and nothing else."""
        return Page([name for _, name, _ in self._best(_match(query))])


def _match(query: Query) -> str:
    quoted = [f'"{term}"' for term in query.terms]
    if query.kind == "phrase":
        return " + ".join(quoted)
    return (" OR " if query.kind == "or" else " AND ").join(quoted)


if __name__ == "__main__":
    run(build, Fts5)
