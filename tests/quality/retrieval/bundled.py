"""Bundled: the 151 queries of this folder on the articles that are part of Marsad.

A line of `queries.tsv` has a kind, a query, and the expected result. For event, name and
morphology: articles by file name, with grades 1 or 2, ranked by any word. For phrase: exactly these
articles. For misspelling: the first suggestion. For nothing: no result.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from tests.conftest import ROOT

CORPUS = ROOT / "corpus" / "data"
RANKED = ("event", "name", "morphology")


@dataclass(frozen=True, slots=True)
class Query:
    """A line of the file; `expected` is its last field, unparsed."""

    kind: str
    text: str
    expected: str

    def grades(self) -> dict[str, int]:
        """Return the grade of each expected article."""
        pairs = (part.rpartition(":") for part in self.expected.split())
        return {name: int(grade) for name, _, grade in pairs}


def read_queries() -> list[Query]:
    """Return the queries."""
    lines = (Path(__file__).parent / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return [Query(*([*line.split("\t"), ""])[:3]) for line in lines]


def read_articles() -> dict[str, Article]:
    """Return the bundled articles by file name."""
    return {
        path.stem: article
        for path in sorted(CORPUS.glob("*.txt"))
        for article in read([path])
        if isinstance(article, Article)
    }


@contextmanager
def bundled_index(known: Parts) -> Iterator[tuple[Engine, dict[str, str]]]:
    """Yield an index of the bundled articles, and the file name of each id."""
    articles = read_articles()
    with TemporaryDirectory() as folder:
        engine = open_engine(f"{folder}/index", known.analyzer, create=True)
        with engine.writer() as writer:
            for article in articles.values():
                writer.add(known.documents.make(article))
        yield engine, {article.id: name for name, article in articles.items()}
        engine.close()
