"""Package: the parts of a document that is a zip archive, with bounds on what comes out.

    stream -> [open_package] -> Package -> [Package.parse] -> events of the XML of a part

A part is parsed without a tree: a parser calls a target for each start, end and text, so that
memory does not grow with the file. Entities and document types are refused: office programs
write none, and they are the way to make a small file grow without end.
"""

import hashlib
import posixpath
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol, cast
from urllib.parse import unquote

from marsad.corpus.bounds import FREE_BYTES, MOST_EXPANSION, Counter
from marsad.corpus.errors import ExpansionError, RecordError
from marsad.corpus.streams import DAMAGE, bounded
from marsad.corpus.zip_list import check_list

_SPOOLED_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 1 << 16
# The most bytes that a part which is read row by row, and any other one, may unpack to.
MOST_BYTES = 8 * 1024**3
_MOST_PARSED = 512 * 1024**2
_ENCRYPTED = 1


class Target(Protocol):
    """What the parser of a part calls; names are as in lxml: `{namespace}name`."""

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """Take the start of an element."""
        ...

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        ...

    def data(self, data: str) -> None:
        """Take a piece of text."""
        ...


class Package:
    """The parts of one document, by name; names are compared without case."""

    def __init__(self, archive: zipfile.ZipFile, whole: IO[bytes], counter: Counter) -> None:
        self._archive = archive
        self._whole = whole
        self._counter = counter
        self._members = {
            plain_name(each.filename): each for each in archive.infolist() if not each.is_dir()
        }

    @property
    def names(self) -> list[str]:
        """The names of the parts, in lower case, in the order of the archive."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return plain_name(name) in self._members

    def size(self, name: str) -> int:
        """Return the number of bytes that a part unpacks to, 0 if it is not there."""
        member = self._members.get(plain_name(name))
        return member.file_size if member else 0

    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        self._whole.seek(0)
        found = hashlib.sha256()
        while piece := self._whole.read(1 << 20):
            found.update(piece)
        return found.hexdigest()

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part.

        Raises:
            RecordError: it is not there, is encrypted, or unpacks to too many bytes.
        """
        member = self._members.get(plain_name(name))
        if member is None:
            raise RecordError(f"found no {name} in it, expected a whole document")
        if member.flag_bits & _ENCRYPTED:
            raise RecordError("found an encrypted document, expected one without a password")
        if member.file_size > MOST_BYTES:
            raise RecordError(f"found more than {MOST_BYTES} bytes in {name}, expected less")
        if member.file_size > max(FREE_BYTES, MOST_EXPANSION * member.compress_size):
            raise ExpansionError(MOST_EXPANSION)
        try:
            with self._archive.open(member) as opened:
                yield bounded(opened, self._counter)
        except RecordError:
            raise
        except DAMAGE as error:
            raise RecordError(f"found damage in {name} ({error}), expected a document") from error

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of a part, at most *limit*.

        Raises:
            RecordError: as with `part`, or the part is longer.
        """
        with self.part(name) as stream:
            raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RecordError(f"found more than {limit} bytes in {name}, expected less")
        return raw

    def parse(self, name: str, target: Target) -> None:
        """Parse a part as a whole.

        Raises:
            RecordError: the part cannot be read, or is not well-formed XML.
        """
        if (size := self.size(name)) > _MOST_PARSED:
            raise RecordError(f"found {size} bytes in {name}, expected at most {_MOST_PARSED}")
        for _ in self.events(name, target):
            pass

    def events(self, name: str, target: Target) -> Iterator[None]:
        """Parse a part piece by piece; *target* has all of a piece when the iterator gives.

        Raises:
            RecordError: as with `parse`.
        """
        with self.part(name) as stream:
            yield from pump(stream, target, name)

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts to which *part* has a relation of a kind ("styles")."""
        folder, base = posixpath.split(part)
        found = _Relations()
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name in self:
            self.parse(name, found)
        return [
            resolved(folder, target) for _, type_, target in found.all if type_.endswith(f"/{kind}")
        ]

    def relations(self, part: str) -> dict[str, str]:
        """Return the parts to which *part* is related, by the id of the relation."""
        folder, base = posixpath.split(part)
        found = _Relations()
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name in self:
            self.parse(name, found)
        return {key: resolved(folder, target) for key, _, target in found.all}


class _Relations:
    """Collects the relations of a part: id, type, target."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str, str]] = []

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        if tag.endswith("Relationship") and attrib.get("TargetMode") != "External":
            row = (attrib.get("Id", ""), attrib.get("Type", ""), attrib.get("Target", ""))
            self.all.append(row)

    def end(self, tag: str) -> None:
        pass

    def data(self, data: str) -> None:
        pass


def plain_name(name: str) -> str:
    r"""Return the form in which names of parts are compared.

    Example:
        >>> plain_name("/Word\\Document.xml")
        'word/document.xml'
    """
    return name.replace("\\", "/").lstrip("/").lower()


def resolved(folder: str, target: str) -> str:
    """Return the name of a part to which a part in *folder* points.

    Example:
        >>> resolved("OEBPS/text", "../img/a%20b.png"), resolved("xl", "/xl/styles.xml")
        ('OEBPS/img/a b.png', 'xl/styles.xml')
    """
    target = unquote(target.split("#", maxsplit=1)[0])
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def pump(stream: IO[bytes], target: Target, name: str, *, doctype: bool = False) -> Iterator[None]:
    """Feed the XML of a stream to *target*, and give after each piece.

    Raises:
        RecordError: the XML is not well-formed, or has a document type and may not.
    """
    from lxml.etree import LxmlError, XMLParser  # noqa: PLC0415  (takes a second)

    parser = XMLParser(
        target=_Plain(target, doctype=doctype),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        while piece := stream.read(_PIECE_BYTES):
            parser.feed(piece)
            yield
        parser.close()
        yield
    except LxmlError as error:
        raise RecordError(f"found damaged XML in {name} ({error}), expected a document") from error


class _Plain:
    """Hands the events of a parser to a target, and refuses a document type."""

    def __init__(self, target: Target, *, doctype: bool) -> None:
        self.start, self.end, self.data = target.start, target.end, target.data
        self._allowed = doctype

    def doctype(self, *_: object) -> None:
        if not self._allowed:
            raise RecordError("found a document type in its XML, expected none")

    def close(self) -> None:
        pass


@contextmanager
def seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give *stream*, or a copy of it on disk if one cannot go back in it.

    The list of the members of a zip archive is at its end.
    """
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as spooled:
        shutil.copyfileobj(stream, spooled)
        spooled.seek(0)
        yield cast("IO[bytes]", spooled)


@contextmanager
def open_package(stream: IO[bytes], outer: Counter | None) -> Iterator[Package]:
    """Open the document in a stream; *outer* is the counter of the archive that it is in.

    Raises:
        RecordError: the stream is no whole zip archive.
    """
    with seekable(stream) as whole:
        try:
            check_list(whole)
            archive = zipfile.ZipFile(whole)
        except DAMAGE as error:
            raise RecordError(f"found a damaged file ({error}), expected a whole one") from error
        with archive:
            yield Package(archive, whole, Counter(whole.seek(0, 2), outer))
