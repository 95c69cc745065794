"""Formats: the one table of file formats, and how the format of a stream is recognised.

    first bytes, file name -> [sniff] -> Format: its reader, its suffixes, its marks

A new format is a reader in `marsad.corpus.readers` and one entry of `FORMATS`. An entry without
a reader is a type error, and one that no file can be recognised by is an error at import.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from marsad.corpus.archives import (
    ReadMember,
    read_bzip2,
    read_gzip,
    read_tar,
    read_xz,
    read_zstd,
)
from marsad.corpus.encoding import decode, encoding_of
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.feed import is_feed, read_feed
from marsad.corpus.readers.jsonl import is_jsonl, read_jsonl
from marsad.corpus.readers.layout import is_layout, read_layout
from marsad.corpus.readers.mail.reader import is_mail, is_mailbox, read_mail, read_mailbox
from marsad.corpus.readers.markup import is_page, read_page
from marsad.corpus.readers.objects import is_json, is_tweet_archive, read_json
from marsad.corpus.readers.office.docx import read_docx
from marsad.corpus.readers.office.epub import read_epub
from marsad.corpus.readers.office.ods import read_ods
from marsad.corpus.readers.office.odt import read_odt
from marsad.corpus.readers.office.rtf import read_rtf
from marsad.corpus.readers.office.xlsx import read_xlsx
from marsad.corpus.readers.office.zips import kind_of_head, read_zipped
from marsad.corpus.readers.parquet import read_parquet
from marsad.corpus.readers.pdf.reader import read_pdf
from marsad.corpus.readers.social.telegram_page import is_telegram_page, read_telegram_page
from marsad.corpus.readers.social.whatsapp import is_whatsapp, read_whatsapp
from marsad.corpus.readers.tabular import is_table, read_table
from marsad.corpus.readers.warc import read_warc
from marsad.corpus.readers.web.mhtml import is_mhtml, read_mhtml
from marsad.corpus.readers.xml.reader import is_xml, read_xml
from marsad.corpus.source import Read, Record, Source
from marsad.corpus.streams import HEAD_BYTES

# Markup, a message or a mailbox.
_MARKUP = re.compile(rb"\s*(?:<[?!A-Za-z]|From \S|[A-Za-z][A-Za-z0-9-]*:[ \t])")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Whole:
    """Reads a file that is in memory as a whole; a RecordError refuses the whole file."""

    read: Callable[[bytes, Source], Iterator[Read]]


@dataclass(frozen=True, slots=True)
class Streaming:
    """Reads a stream with about one record in memory at a time."""

    read: Callable[[IO[bytes], Source], Iterator[Read]]


@dataclass(frozen=True, slots=True)
class Container:
    """Unpacks files that are in a file, and reads them with the function it is given."""

    read: Callable[[IO[bytes], Source, ReadMember], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format, and how its files are recognised.

    A binary format has `magic`: a file has one of these byte strings at offset `magic_at`. A
    text format has `looks_like`: a function of the beginning of the text, without leading white
    space, and of the name of the format that has the suffix of the file ("" if none has).

    `line_based` formats have about one record a line, so lines can be counted for an estimate.
    `any_suffix` formats are recognised so reliably that a file in a folder is read even if no
    format has its suffix, as with files of crawlers and downloads.
    """

    name: str
    reader: Whole | Streaming | Container
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...] = ()
    magic_at: int = 0
    looks_like: Callable[[str, str], bool] | None = None
    line_based: bool = False
    any_suffix: bool = False

    def __post_init__(self) -> None:
        """Refuse a format that no file could be recognised by.

        Raises:
            ValueError: it has neither `magic` nor `looks_like`, or it has both.
        """
        if bool(self.magic) == (self.looks_like is not None):
            raise ValueError(f"format {self.name}: expected either magic or looks_like")


_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# In the order in which they are tried. Every text is of the last one.
_TABLE = (
    Format("zip", Container(read_zipped), (".zip", ".wacz"), magic=_ZIP),
    Format("gzip", Container(read_gzip), (".gz", ".tgz"), magic=(b"\x1f\x8b",), any_suffix=True),
    Format(
        "zstd",
        Container(read_zstd),
        (".zst", ".zstd", ".tzst"),
        magic=(b"\x28\xb5\x2f\xfd",),
        any_suffix=True,
    ),
    Format("parquet", Streaming(read_parquet), (".parquet",), magic=(b"PAR1",), any_suffix=True),
    Format("warc", Streaming(read_warc), (".warc",), magic=(b"WARC/",), any_suffix=True),
    Format(
        "tar",
        Container(read_tar),
        (".tar",),
        magic=(b"ustar",),
        magic_at=257,
        any_suffix=True,
    ),
    Format("telegram", Whole(read_telegram_page), (), looks_like=is_telegram_page),
    Format("whatsapp", Whole(read_whatsapp), (), looks_like=is_whatsapp),
    Format(
        "tweets",
        Streaming(read_json),
        (),
        looks_like=is_tweet_archive,
        any_suffix=True,
    ),
    # These are zip archives too: their members tell which one it is.
    Format("docx", Streaming(read_docx), (".docx", ".docm", ".dotx"), magic=_ZIP, any_suffix=True),
    Format("odt", Streaming(read_odt), (".odt", ".ott"), magic=_ZIP, any_suffix=True),
    Format("xlsx", Streaming(read_xlsx), (".xlsx", ".xlsm", ".xltx"), magic=_ZIP, any_suffix=True),
    Format("ods", Streaming(read_ods), (".ods", ".ots"), magic=_ZIP, any_suffix=True),
    Format("epub", Streaming(read_epub), (".epub",), magic=_ZIP, any_suffix=True),
    Format("rtf", Whole(read_rtf), (".rtf",), magic=(b"{\\rtf",), any_suffix=True),
    Format("pdf", Streaming(read_pdf), (".pdf",), magic=(b"%PDF",), any_suffix=True),
    Format(
        "bzip2",
        Container(read_bzip2),
        (".bz2", ".bz", ".tbz2", ".tbz"),
        magic=tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)),
        any_suffix=True,
    ),
    Format("xz", Container(read_xz), (".xz", ".txz"), magic=(b"\xfd7zXZ\x00",), any_suffix=True),
    Format(
        "feed",
        Whole(read_feed),
        (".rss", ".atom", ".rdf"),
        looks_like=is_feed,
        any_suffix=True,
    ),
    Format(
        "html",
        Whole(read_page),
        (".html", ".htm", ".xhtml", ".shtml"),
        looks_like=is_page,
        any_suffix=True,
    ),
    Format(
        "mbox",
        Container(read_mailbox),
        (".mbox", ".mbx"),
        looks_like=is_mailbox,
        any_suffix=True,
    ),
    Format(
        "mhtml",
        Streaming(read_mhtml),
        (".mhtml", ".mht"),
        looks_like=is_mhtml,
        any_suffix=True,
    ),
    Format("mail", Container(read_mail), (".eml", ".emlx"), looks_like=is_mail, any_suffix=True),
    Format("xml", Streaming(read_xml), (".xml",), looks_like=is_xml, any_suffix=True),
    Format(
        "jsonl",
        Streaming(read_jsonl),
        (".jsonl", ".ndjson"),
        looks_like=is_jsonl,
        line_based=True,
        any_suffix=True,
    ),
    Format("json", Streaming(read_json), (".json",), looks_like=is_json),
    Format(
        "csv",
        Streaming(read_table),
        (".csv", ".tsv"),
        looks_like=is_table,
        line_based=True,
        any_suffix=True,
    ),
    Format("layout", Whole(read_layout), (".txt", ".text"), looks_like=is_layout),
)
FORMATS: dict[str, Format] = {each.name: each for each in _TABLE}
_BY_SUFFIX = {suffix: each for each in _TABLE for suffix in each.suffixes}


def by_name(name: str) -> Format | None:
    """Return the format of the suffix of a file name, None if no format has that suffix.

    Example:
        >>> by_name("a/News.JSONL").name, by_name("notes.md") is None
        ('jsonl', True)
    """
    dot = name.rfind(".")
    return _BY_SUFFIX.get(name[dot:].lower()) if dot >= 0 else None


def has_suffix(name: str) -> bool:
    """Tell whether a file name has any suffix."""
    return bool(re.search(r".\.[A-Za-z0-9]{1,8}$", re.split("[/!]", name)[-1]))


def sniff(head: bytes, name: str) -> Format | None:
    """Return the format of a stream, None if it is empty or of no known format.

    The content decides before the suffix does. The suffix decides between text formats that
    look alike, and for binary formats whose beginning is damaged.

    Args:
        head: The first bytes of the stream, at most HEAD_BYTES.
        name: The name of the file; only its suffix is used.
    """
    for form in _TABLE:
        begin = form.magic_at
        if any(head[begin : begin + len(magic)] == magic for magic in form.magic):
            kind = kind_of_head(head) if form.name == "zip" else ""
            return FORMATS.get(kind, form)
    named = by_name(name)
    if head and named is not None and named.magic:
        return named
    text = _text(head) if head else None
    if text is None:
        return None
    text, suffix = text.lstrip(), named.name if named else ""
    return next(form for form in _TABLE if form.looks_like and form.looks_like(text, suffix))


def _text(head: bytes) -> str | None:
    """Return the beginning of a text, None if the bytes are not text."""
    cut = head
    if encoding_of(head) == "utf-8" and len(head) >= HEAD_BYTES:
        # The last character may be cut.
        cut = head[: max(head.rfind(b"\n"), head.rfind(b" "), HEAD_BYTES - 64)]
    try:
        text = decode(cut)
    except RecordError:
        text = cut.decode("utf-8", "replace")
        if b"\x00" in cut:
            return None
        # Markup and mail in an old encoding name that encoding, and their readers look for it.
        is_markup = _MARKUP.match(cut) is not None
        return text if is_markup or text.count("\ufffd") * 4 <= len(text) else None
    controls = len(_CONTROLS.findall(cut)) if encoding_of(cut) == "utf-8" else 0
    return None if controls * 10 > len(cut) else text
