"""Article: one raw news article, and the facts that its source gives about it.

An article is raw: nothing here is analysed. Its text holds every paragraph and
subhead, two newlines apart, and its sections are spans of that text.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from marsad.corpus.remarks import ColumnChoice, Remark

Precision = Literal["day", "month", "year"]
# The place that a publication date was read from: a line of the text, a field or tag of the
# record, its address, or the name of its file. Empty if there is no date.
Evidence = Literal["", "dateline", "metadata", "url", "file"]
PlaceKind = Literal["page", "chapter", "sheet", "message"]


LONGEST_PRINTED = 120
ISO_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class Section:
    """A subhead and the paragraphs below it.

    `start` and `end` are code points of the article's text; the heading is
    `text[start : start + len(heading)]`.
    """

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page, a chapter, a sheet or a message of the file begins in the article's text.

    `number` counts from 1 as a reader of the file counts; `start` is a code point of the text.
    """

    kind: PlaceKind
    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from.

    `path` is a file, with `!` before a member of an archive, or "-" for standard input.
    `record` is the line, row or entry in it, from 1; 0 is the whole file. `sha256` is of
    the record's raw bytes, `read_at` the time it was read (UTC, ISO 8601, seconds).
    """

    path: str
    record: int
    sha256: str
    read_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its source gave it; a missing text field is the empty string.

    `printed_date` is the date of publication as it was printed, cut to LONGEST_PRINTED
    characters; it is empty if the date was read from an address or a file name. `places` are in
    the order of the text. `remarks` and `columns` are for the report of a run: they are neither
    stored nor part of the digest.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    published: dt.date | None = None
    precision: Precision = "day"
    language: str = ""
    source: str = ""
    publisher: str = ""
    photo_credit: str = ""
    author: str = ""
    url: str = ""
    evidence: Evidence = ""
    printed_date: str = ""
    origin: Origin | None = None
    places: tuple[Place, ...] = ()
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    columns: ColumnChoice | None = field(default=None, compare=False)

    def published_iso(self) -> str | None:
        """Return the publication date, no more exact than it is known: 2023-09-21, 2023-09 or 2023.

        Example:
            >>> day = dt.date(2023, 9, 1)
            >>> Article(id="a", title="", text="", published=day, precision="month").published_iso()
            '2023-09'
        """
        if self.published is None:
            return None
        return self.published.isoformat()[: ISO_LENGTHS[self.precision]]

    def digest(self) -> str:
        """Return the SHA-256 of the content; the origin of the article is left out."""
        fields = [
            self.id,
            self.title,
            self.text,
            [(s.heading, s.start, s.end) for s in self.sections],
            self.published_iso(),
            self.printed_date,
            self.language,
            self.source,
            self.publisher,
            self.photo_credit,
            self.author,
            self.url,
            # Most files have none, and an article of an earlier version keeps its digest.
            *([[(p.kind, p.number, p.start) for p in self.places]] if self.places else []),
        ]
        raw = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def content_id(*, title: str, text: str, published: str | None, source: str, url: str) -> str:
    """Return a stable id for an article whose source gives no id.

    Returns:
        16 hexadecimal digits, the same for the same content on any machine.

    Example:
        >>> content_id(title="ع", text="نص", published=None, source="", url="")
        '3c30b7e6319c1181'
    """
    raw = json.dumps([title, text, published, source, url], ensure_ascii=False)
    return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
