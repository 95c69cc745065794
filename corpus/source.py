"""Source: the file that records are read from, and the results that reading gives."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from marsad.corpus.article import Article, Origin
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.published import published_in_name

# A longer record is refused, so that memory stays bounded.
RECORD_LIMIT_BYTES = 32 * 1024 * 1024
MOST_KEPT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read: its place, the reason, and its raw bytes (cut at 1 MiB).

    `line` counts from 1; 0 is the whole file. `format` is the format in which `raw` can be read
    again; it is empty if that is not possible.
    """

    path: str
    line: int
    reason: str
    raw: bytes = b""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder whose name shows that it holds no article: reported, but no refusal."""

    path: str


Read = Article | Refusal
Record = Article | Refusal | Skipped


def now() -> str:
    """Return the present time as articles keep it: UTC, ISO 8601, seconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a member of an archive, or standard input.

    `mapping` is a map from field to column, given by a person. `depth` is the number of archives
    that it lies in. `limit` is the largest size of a record in bytes. `unpacked` is the name
    without the suffix of the packing, empty if the file is not packed.
    """

    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    read_at: str = ""
    depth: int = 0
    limit: int = RECORD_LIMIT_BYTES
    unpacked: str = ""

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
        found = replace(article, origin=Origin(self.name, record, digest, self.read_at))
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
