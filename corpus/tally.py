"""Tally: the account of a run's files; every file is read, refused or skipped, and counted once."""

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.corpus.source import Record, Refusal


@dataclass(slots=True)
class Tally:
    """How many files were found, and what came of each.

    A file is `read` if it gave an article, else `refused` if it gave a refusal, else `skipped`.
    A packed file or an archive is one file.
    """

    seen: int = 0
    read: int = 0
    refused: int = 0
    skipped: int = 0

    def of_file(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records of one file, and count the file when it ends."""
        articles = refusals = False
        self.seen += 1
        for record in records:
            articles = articles or isinstance(record, Article)
            refusals = refusals or isinstance(record, Refusal)
            yield record
        self.read += articles
        self.refused += refusals and not articles
        self.skipped += not articles and not refusals
