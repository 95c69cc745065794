"""Source: the file that records are read from, and the results that reading gives."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from marsad.corpus.article import Article, Origin
from marsad.corpus.bounds import Counter
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.encodings.lost import lost_remark
from marsad.corpus.identity import scoped
from marsad.corpus.long_text import cut_remark
from marsad.corpus.published import published_in_name
from marsad.corpus.remarks import Remark

# A longer record is refused, so that memory stays bounded.
RECORD_LIMIT_BYTES = 32 * 1024 * 1024
MOST_KEPT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read: its place, the reason, and its raw bytes (cut at 1 MiB).

    `line` counts from 1; 0 is the whole file. `format` is the format in which `raw` can be read
    again; it is empty if that is not possible. `outside` says that the cause lies outside of the
    file (no right to read it, a package that is not installed): it is tried again in the next run.
    """

    path: str
    line: int
    reason: str
    raw: bytes = b""
    format: str = ""
    outside: bool = False


SkippedKind = Literal["no-article", "not-read", "not-regular", "outside-link", "record"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or a record that holds no article: counted and named, but no refusal.

    Kinds: `no-article` is a file that by its name holds none (a picture, a style sheet);
    `not-read` is a file of a format that is not read; `not-regular` is a device, a pipe or a
    socket; `outside-link` is a link out of the source folder; `record` is a record of a file that
    is read, without text of its own (a service message of a chat, a post that is only a picture).
    `reason` is a short sentence that says what was found and, if there is one, what to do.
    `line` is the record as in a Refusal.
    """

    path: str
    kind: SkippedKind = "no-article"
    reason: str = ""
    line: int = 0


Read = Article | Refusal | Skipped
Record = Article | Refusal | Skipped


def now() -> str:
    """Return the present time as articles keep it: UTC, ISO 8601, seconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a member of an archive, or standard input.

    `mapping` is a map from field to column, given by a person. `namespace` is what a person said
    that ids are scoped by. `depth` is the number of archives
    that it lies in. `limit` is the largest size of a record in bytes. `unpacked` is the name
    without the suffix of the packing, empty if the file is not packed. `counter` is the counter of
    the archive that it lies in, None for a plain file.
    """

    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    read_at: str = ""
    namespace: str = ""
    depth: int = 0
    limit: int = RECORD_LIMIT_BYTES
    unpacked: str = ""
    counter: Counter | None = field(default=None, compare=False)

    @property
    def suffixed(self) -> str:
        """The name with the suffix of the content: without that of the compression, if any."""
        return self.unpacked or self.name

    def inside(self, member: str) -> "Source":
        """Return the source of a member of this archive."""
        return replace(self, name=member, depth=self.depth + 1, unpacked="")

    def article(self, article: Article, record: int, raw: bytes) -> Article:
        """Return *article* with its origin; *raw* is the record that it was read from.

        If the file holds one article without a date, the date may be in the name of the file.
        """
        digest = hashlib.sha256(raw).hexdigest()
        for remark in (cut_remark(article.text), lost_remark(article.text)):
            if remark is not None:
                article = replace(article, remarks=(*article.remarks, remark))
        found = replace(
            scoped(article, self.namespace),
            origin=Origin(self.name, record, digest, self.read_at),
        )
        if article.published is None and record == 0:
            value = published_in_name(self.name)
            bounds = period(value) if value else None
            if bounds is not None:
                return replace(
                    found, published=bounds[0], precision=precision_of(value), evidence="file"
                )
        return found

    def refusal(self, record: int, reason: str, raw: bytes = b"", form: str = "") -> Refusal:
        """Return the refusal of a record."""
        return Refusal(self.name, record, reason, raw[:MOST_KEPT_BYTES], form)

    def too_long(self) -> str:
        """Return the reason to refuse a record that is too long."""
        return f"found a record of more than {self.limit} bytes, expected less"


def with_remarks(found: Read, remarks: tuple[Remark, ...]) -> Read:
    """Return what was read with more remarks, if it is an article."""
    if not remarks or not isinstance(found, Article):
        return found
    return replace(found, remarks=(*found.remarks, *remarks))
