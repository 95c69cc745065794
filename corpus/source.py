"""Source: where records are being read, and what a record comes back as."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from marsad.corpus.article import Article, Origin
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.published import published_in_name

# One record in memory at a time; a longer one is refused, not read.
RECORD_LIMIT_BYTES = 32 * 1024 * 1024
MOST_KEPT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read: where it stands, why, and its raw bytes (cut at 1 MiB).

    `line` counts from 1; 0 stands for the whole file. `format` is what `raw` can be read
    as again, empty where nothing can.
    """

    path: str
    line: int
    reason: str
    raw: bytes = b""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder that is no article by its name; it is told, not refused."""

    path: str


Read = Article | Refusal
Record = Article | Refusal | Skipped


def now() -> str:
    """Return the time as articles keep it: UTC, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a member of an archive, or standard input.

    `mapping` is field to column, as given by a person. `depth` is how many archives it
    lies in. `limit` is the most bytes of one record. `unpacked` is the name without the
    suffix of a packed file, empty where it is not packed.
    """

    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    read_at: str = ""
    depth: int = 0
    limit: int = RECORD_LIMIT_BYTES
    unpacked: str = ""

    @property
    def suffixed(self) -> str:
        """The name whose suffix says what the bytes are."""
        return self.unpacked or self.name

    def inside(self, member: str) -> "Source":
        """Return the source of a member of this archive."""
        return replace(self, name=member, depth=self.depth + 1, unpacked="")

    def article(self, article: Article, record: int, raw: bytes) -> Article:
        """Return *article* with where it came from; *raw* is what it was read from.

        The only article of a file may have its day from the file's name.
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
