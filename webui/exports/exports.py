"""Exports: streams all hits of a search as CSV, JSON Lines, JSON, RIS or BibTeX.

Engine.walk -> articles -> [a format] -> pieces of text -> response

There is no limit on the number of hits, because only one article is in memory at a time. If
the stream breaks, the file lacks its proper end, so that a client can notice it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from unicodedata import category, normalize

from marsad.indexer.build.document import StoredArticle
from marsad.indexer.fields import ENTITY_FACETS
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.records import Record, article_record, entity_ids
from marsad.webui.request.citations import bibtex, ris

_BOM = "\ufeff"
# A spreadsheet reads a cell that starts with one of these as a formula (OWASP: CSV injection).
_FORMULA = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")
# Unicode categories of invisible characters: separators (Z); control, format, unassigned (C).
# A spreadsheet may skip them and find a formula behind them.
_INVISIBLE = "ZC"
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
# Whatever the language of the request: an export is read by programs.
DAMAGED = "[damaged: the stored text of this article cannot be read]"
Pieces = Iterator[str]
Articles = Iterable[StoredArticle]


@dataclass(frozen=True, slots=True)
class Export:
    """A format: its media type, the suffix of its file, and the function that writes it."""

    mimetype: str
    suffix: str
    write: Callable[[Articles, Labels], Pieces]


def without_formula(cell: str) -> str:
    """Return *cell* in a form that no spreadsheet executes as a formula.

    Full-width signs count as formula signs too, and so do signs behind invisible characters.

    Example:
        >>> without_formula("=1+1"), without_formula("هدنة")
        ("'=1+1", 'هدنة')
    """
    visible = next((sign for sign in cell if category(sign)[0] not in _INVISIBLE), "")
    is_formula = normalize("NFKC", visible) in _FORMULA or cell.startswith(_BREAKS)
    return f"'{cell}" if is_formula else cell


def with_remark(stored: StoredArticle) -> StoredArticle:
    """Return an article as it is exported: a damaged one has a remark for its title."""
    if not stored.damage:
        return stored
    return replace(stored, article=replace(stored.article, title=DAMAGED))


def csv_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield the rows of a table, the header first; entities of one class are joined by `|`."""
    # The csv module only writes to a file, so each row goes through a buffer of one row.
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
        writer.writerow([without_formula(cell) for cell in row])
        yield flushed()


def jsonl_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield one line of JSON for each article, with all its fields."""
    for stored in articles:
        yield _dumped(article_record(stored, labels)) + "\n"


def json_pieces(articles: Articles, labels: Labels, head: Record) -> Pieces:
    """Yield one JSON object: the members of *head*, and all articles as `results`."""
    # The closing brace of the head is cut off: the articles follow as one more member.
    yield _dumped(head)[:-1] + ',"results":['
    for number, stored in enumerate(articles):
        yield (",\n" if number else "\n") + _dumped(article_record(stored, labels))
    yield "\n]}\n"


def ris_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield one RIS record for each article."""
    # All writers have the same parameters; citations have no labels.
    del labels
    for stored in articles:
        yield ris(stored.article)


def bib_pieces(articles: Articles, labels: Labels) -> Pieces:
    """Yield one biblatex entry for each article."""
    del labels
    for stored in articles:
        yield bibtex(stored.article)


def with_bom(pieces: Pieces) -> Pieces:
    """Yield *pieces* after a byte order mark, by which Excel recognizes UTF-8."""
    yield _BOM
    yield from pieces


def batched(pieces: Pieces, size: int = 1 << 15) -> Iterator[bytes]:
    """Yield *pieces* as UTF-8 in chunks of at least *size* characters, except the last.

    Small pieces would be sent one by one, each with the cost of a write to the network.
    """
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
