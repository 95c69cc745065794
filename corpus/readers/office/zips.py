"""Zips: tell documents that are zip archives from archives of files.

names of the members, mimetype -> [kind_of] -> name of the format, "" for an archive
"""

import zipfile
from collections.abc import Collection, Iterator
from typing import IO

from marsad.corpus.archives import ReadMember, read_zip
from marsad.corpus.readers.office.docx import read_docx
from marsad.corpus.readers.office.epub import read_epub
from marsad.corpus.readers.office.ods import read_ods
from marsad.corpus.readers.office.odt import read_odt
from marsad.corpus.readers.office.package import seekable
from marsad.corpus.readers.office.xlsx import read_xlsx
from marsad.corpus.readers.office.zip_head import members_of_head
from marsad.corpus.source import Record, Skipped, Source
from marsad.corpus.streams import DAMAGE
from marsad.corpus.zip_list import check_list

_CONTENT_TYPES = "[content_types].xml"
_MIMETYPES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
    b"application/vnd.oasis.opendocument.text-master": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.spreadsheet-template": "ods",
}
_READERS = {
    "docx": read_docx,
    "epub": read_epub,
    "ods": read_ods,
    "odt": read_odt,
    "xlsx": read_xlsx,
}
_NOT_READ = "slides"


def kind_of(names: Collection[str], mimetype: bytes = b"") -> str:
    """Return the format of a document with these members, empty if it is an archive.

    Example:
        >>> kind_of(["[Content_Types].xml", "word/document.xml"]), kind_of(["a.txt"])
        ('docx', '')
    """
    kind = _MIMETYPES.get(mimetype.strip())
    if kind is not None:
        return kind
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return _NOT_READ
    lower = [name.replace("\\", "/").lstrip("/").lower() for name in names]
    if _CONTENT_TYPES in lower:
        if any(name.startswith("word/") for name in lower):
            return "docx"
        if any(name.startswith("xl/workbook.") for name in lower):
            return "xlsx"
        if any(name.startswith("ppt/") for name in lower):
            return _NOT_READ
    if "meta-inf/container.xml" in lower and any(name.endswith(".opf") for name in lower):
        return "epub"
    return ""


def read_zipped(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of a zip archive: of its members, or of the document that it is."""
    with seekable(stream) as whole:
        kind = _kind_within(whole)
        whole.seek(0)
        if kind == _NOT_READ:
            reason = "found slides or a drawing, which is not read; save it as .pdf or .txt"
            yield Skipped(source.name, "not-read", reason)
        elif kind:
            yield from _READERS[kind](whole, source)
        else:
            yield from read_zip(whole, source, reader)


def _kind_within(whole: IO[bytes]) -> str:
    try:
        check_list(whole)
        with zipfile.ZipFile(whole) as archive:
            names = archive.namelist()
            mimetype = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:  # noqa: PLR2004
                mimetype = archive.read("mimetype")
            return kind_of(names, mimetype)
    except DAMAGE:
        # The reader of archives will say what is wrong.
        return ""


def kind_of_head(head: bytes) -> str:
    """Return the format of a document by its first bytes, empty if they do not show it."""
    kind = kind_of(*members_of_head(head))
    return kind if kind in _READERS else ""
