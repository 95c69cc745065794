"""Archives and packed files: zip, tar, gzip, bzip2, xz and Zstandard, read in place.

One member is read at a time, and the number of bytes that come out is bounded.
"""

import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Protocol, cast

from marsad.corpus.bounds import Counter
from marsad.corpus.readers.web.captures import crawled_members, each_once
from marsad.corpus.source import Record, Skipped, Source
from marsad.corpus.streams import (
    DAMAGE,
    bounded,
    counted,
    counter_of,
    guarded,
    unpack_bzip2,
    unpack_gzip,
    unpack_xz,
    unpack_zstd,
)
from marsad.corpus.tar_stream import TarStream
from marsad.corpus.zip_list import check_list, without_overlaps

DEEPEST = 3
_SPOOLED_BYTES = 16 * 1024 * 1024

# Suffix of a packed file to the suffix of the file in it.
_PACKED = {
    "gz": "",
    "tgz": ".tar",
    "zst": "",
    "zstd": "",
    "tzst": ".tar",
    "bz2": "",
    "bz": "",
    "tbz2": ".tar",
    "tbz": ".tar",
    "xz": "",
    "txz": ".tar",
}


class ReadMember(Protocol):
    """Reads a member of an archive; a *named* one whatever its suffix is."""

    def __call__(self, stream: IO[bytes], source: Source, *, named: bool) -> Iterator[Record]:
        """Yield the records of the member."""
        ...


def read_zip(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of a zip archive's members, in name order.

    Of a WACZ file only the WARC files are read, and each page once.
    """
    if source.depth >= DEEPEST:
        yield _too_deep(source)
        return
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as spooled:
        whole: IO[bytes] = stream
        if not stream.seekable():
            # The list of members is at the end of the archive.
            shutil.copyfileobj(stream, spooled)
            whole = cast("IO[bytes]", spooled)
        try:
            check_list(whole)
            archive = zipfile.ZipFile(whole)
        except DAMAGE as error:
            yield source.refusal(0, f"zip archive not readable: {error}")
            return
        counter = Counter(whole.seek(0, 2), source.counter)
        with archive:
            records = _zip_members(archive, replace(source, counter=counter), counter, reader)
            names = {each.filename for each in archive.infolist()}
            yield from each_once(records) if crawled_members(names) else records


def _zip_members(
    archive: zipfile.ZipFile, source: Source, counter: Counter, reader: ReadMember
) -> Iterator[Record]:
    listed = [each for each in archive.infolist() if not each.is_dir()]
    crawled = crawled_members({each.filename for each in listed})
    if crawled:
        listed = [each for each in listed if each.filename in crawled]
    members, sharing = without_overlaps(listed)
    if sharing:
        yield source.refusal(
            0,
            f"found {len(sharing)} members that share their bytes with others, such as "
            f"{sharing[0].filename!r:.200}, expected each to have its own: a zip bomb",
        )
    members.sort(key=lambda each: each.filename)
    for at, member in enumerate(members, 1):
        yield from _zip_member(archive, member, source, counter, reader)
        if counter.spent and at < len(members):
            yield source.refusal(
                0,
                f"found too much in the packed bytes: {len(members) - at} members from "
                f"{members[at].filename!r:.200} on are not read",
            )
            return


def _zip_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    source: Source,
    counter: Counter,
    reader: ReadMember,
) -> Iterator[Record]:
    inside = source.inside(f"{source.name}!{member.filename}")
    if _is_hidden(member.filename):
        return
    try:
        opened = archive.open(member)
    except DAMAGE as error:
        yield inside.refusal(0, f"archive member not readable: {error}")
        return
    with opened:
        records = reader(bounded(opened, counter), inside, named=False)
        yield from guarded(counted(records, counter), inside)


def read_tar(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of a tar archive's members, in the order of the archive."""
    if source.depth >= DEEPEST:
        yield _too_deep(source)
        return
    yield from guarded(_tar_members(stream, source, reader), source)


def _tar_members(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    blocks = TarStream(stream)
    # Opening reads the first header.
    blocks.begin_header()
    with tarfile.TarFile(fileobj=cast("IO[bytes]", blocks)) as archive:
        while (member := archive.next()) is not None:
            blocks.begin_data()
            # It keeps every member, and an archive may have millions.
            archive.members.clear()  # type: ignore[attr-defined]
            yield from _tar_member(archive, member, source, reader)
            blocks.begin_header()
    if not blocks.header:
        yield source.refusal(0, "the archive ends there, without its end mark: it may be cut")
    elif any(blocks.header):
        yield source.refusal(0, "the archive ends there: found a damaged header, expected a member")


def _tar_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, source: Source, reader: ReadMember
) -> Iterator[Record]:
    name = f"{source.name}!{member.name}"
    if not member.isfile():
        if not member.isdir():
            kind = "a link" if member.islnk() or member.issym() else "a device or a pipe"
            yield Skipped(name, "not-regular", f"found {kind}, expected a file")
        return
    inside = source.inside(name)
    if member.issparse():
        # Its holes take no bytes in the archive, so the bound would not hold.
        yield inside.refusal(0, "found a sparse member, expected a plain one")
        return
    if member.size < 0:
        yield inside.refusal(0, f"found a size of {member.size} bytes, expected at least 0")
        return
    opened = archive.extractfile(member)
    if opened is not None and not _is_hidden(member.name):
        yield from guarded(reader(opened, inside, named=False), inside)


def read_gzip(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in gzip data."""
    return _read_packed(unpack_gzip(stream), source, reader)


def read_zstd(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in Zstandard data."""
    return _read_packed(unpack_zstd(stream), source, reader)


def read_bzip2(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in bzip2 data."""
    return _read_packed(unpack_bzip2(stream), source, reader)


def read_xz(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in xz data."""
    return _read_packed(unpack_xz(stream), source, reader)


def _read_packed(unpacked: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Read the file in packed data, under the name without the suffix of the packing."""
    if source.depth >= DEEPEST:
        yield source.refusal(0, f"found packed data in {DEEPEST} others, expected fewer")
        return
    stem, dot, suffix = source.suffixed.rpartition(".")
    within = _PACKED.get(suffix.lower()) if dot else None
    name = source.suffixed if within is None else f"{stem}{within}"
    counter = counter_of(unpacked) or Counter()
    counter.outer = source.counter
    inside = replace(source, depth=source.depth + 1, unpacked=name, counter=counter)
    yield from guarded(counted(reader(unpacked, inside, named=True), counter), inside)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _too_deep(source: Source) -> Record:
    return source.refusal(0, f"found an archive in {DEEPEST} others, expected fewer")
