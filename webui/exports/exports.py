"""Exports: every hit of a search, streamed one by one: CSV, JSON lines, JSON, RIS, BibTeX.

Engine.walk -> articles -> [a format] -> pieces of text -> response

Nothing is cut off and nothing is held in memory; a stream that breaks ends without its
proper end, so that a client notices.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from unicodedata import category, normalize

from marsad.indexer.build.document import StoredArticle
from marsad.indexer.fields import ENTITY_FACETS
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.records import Record, article_record, entity_ids
from marsad.webui.request.citations import bibtex, ris

_BOM = "\ufeff"
# What a spreadsheet takes for a formula at the start of a cell (OWASP, CSV injection).
_FORMULA = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")
# Categories of signs that people and perhaps spreadsheets pass over: spaces, format, control,
# and what no font has.
_UNSEEN = "ZC"
_COLUMNS = (
    "id",
    "title",
    "published",
    "precision",
    "published_as_printed",
    "source",
    "publisher",
    "author",
    "language",
    "url",
)
Pieces = Iterator[str]
Articles = Iterable[StoredArticle]


@dataclass(frozen=True, slots=True)
class Export:
    """A format: its media type, the end of its file name, and what writes it."""

    mimetype: str
    suffix: str
    write: Callable[[Articles, Labels], Pieces]


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, full-width or behind unseen signs.

    Example:
        >>> guarded("=1+1"), guarded("هدنة")
        ("'=1+1", 'هدنة')
    """
    seen = next((sign for sign in cell if category(sign)[0] not in _UNSEEN), "")
    is_formula = normalize("NFKC", seen) in _FORMULA or cell.startswith(_BREAKS)
    return f"'{cell}" if is_formula else cell


def csv_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield the rows of a table, its head first; entities of one class are joined by `|`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def flushed() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    writer.writerow([*_COLUMNS, *ENTITY_FACETS, "text"])
    yield flushed()
    for stored in articles:
        article = stored.article
        iso = article.published_iso() or ""
        ids = entity_ids(stored)
        row = [
            article.id,
            article.title,
            iso,
            article.precision if iso else "",
            article.printed_date,
            article.source,
            article.publisher,
            article.author,
            article.language,
            article.url,
            *(" | ".join(labels.value(name, i) for i in ids[name]) for name in ENTITY_FACETS),
            article.text,
        ]
        writer.writerow([guarded(cell) for cell in row])
        yield flushed()


def jsonl_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield one article a line, with all that is known of it."""
    for stored in articles:
        yield _dumped(article_record(stored, labels)) + "\n"


def json_pieces(articles: Articles, labels: Labels, head: Record) -> Pieces:
    """Yield one object: what is said of the search, and every article."""
    yield _dumped(head)[:-1] + ',"results":['
    for number, stored in enumerate(articles):
        yield (",\n" if number else "\n") + _dumped(article_record(stored, labels))
    yield "\n]}\n"


def ris_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield RIS records."""
    del labels
    for stored in articles:
        yield ris(stored.article)


def bib_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield biblatex entries."""
    del labels
    for stored in articles:
        yield bibtex(stored.article)


def with_bom(pieces: Pieces) -> Pieces:
    """Yield *pieces* behind the mark by which Excel knows UTF-8."""
    yield _BOM
    yield from pieces


def batched(pieces: Pieces, size: int = 1 << 15) -> Iterator[bytes]:
    """Yield *pieces* as UTF-8 in chunks of about *size* characters."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(waiting).encode("utf-8", "replace")
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode("utf-8", "replace")


EXPORTS = {
    "csv": Export("text/csv", "csv", csv_pieces),
    "jsonl": Export("application/x-ndjson", "jsonl", jsonl_pieces),
    "ris": Export("application/x-research-info-systems", "ris", ris_pieces),
    "bib": Export("application/x-bibtex", "bib", bib_pieces),
}


def _dumped(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
