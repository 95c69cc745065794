"""Archives and packed files: zip, tar, gzip and Zstandard, read in place.

One member is read at a time, and the number of bytes that come out is bounded.
"""

import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Protocol, cast

from marsad.corpus.source import Record, Skipped, Source
from marsad.corpus.streams import DAMAGE, Counter, bounded, guarded, unpack_gzip, unpack_zstd

DEEPEST = 3
_SPOOLED_BYTES = 16 * 1024 * 1024

# Suffix of a packed file to the suffix of the file in it.
_PACKED = {"gz": "", "tgz": ".tar", "zst": "", "zstd": ""}


class ReadMember(Protocol):
    """Reads a member of an archive; a *named* one whatever its suffix is."""

    def __call__(self, stream: IO[bytes], source: Source, *, named: bool) -> Iterator[Record]:
        """Yield the records of the member."""
        ...


def read_zip(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of a zip archive's members, in name order."""
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
            archive = zipfile.ZipFile(whole)
        except DAMAGE as error:
            yield source.refusal(0, f"zip archive not readable: {error}")
            return
        counter = Counter(whole.seek(0, 2))
        with archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            for member in sorted(members, key=lambda each: each.filename):
                yield from _zip_member(archive, member, source, counter, reader)


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
        yield from guarded(reader(bounded(opened, counter), inside, named=False), inside)


def read_tar(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of a tar archive's members, in the order of the archive."""
    if source.depth >= DEEPEST:
        yield _too_deep(source)
        return
    yield from guarded(_tar_members(stream, source, reader), source)


def _tar_members(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            name = f"{source.name}!{member.name}"
            if not member.isfile():
                if not member.isdir():
                    yield Skipped(name)
                continue
            if member.issparse():
                # Its holes take no bytes in the archive, so the bound would not hold.
                yield source.inside(name).refusal(0, "found a sparse member, expected a plain one")
                continue
            opened = archive.extractfile(member)
            if opened is None or _is_hidden(member.name):
                continue
            inside = source.inside(name)
            yield from guarded(reader(opened, inside, named=False), inside)


def read_gzip(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in gzip data."""
    return _read_packed(unpack_gzip(stream), source, reader)


def read_zstd(stream: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Yield the records of the file in Zstandard data."""
    return _read_packed(unpack_zstd(stream), source, reader)


def _read_packed(unpacked: IO[bytes], source: Source, reader: ReadMember) -> Iterator[Record]:
    """Read the file in packed data, under the name without the suffix of the packing."""
    if source.depth >= DEEPEST:
        yield source.refusal(0, f"found packed data in {DEEPEST} others, expected fewer")
        return
    stem, dot, suffix = source.suffixed.rpartition(".")
    within = _PACKED.get(suffix.lower()) if dot else None
    name = source.suffixed if within is None else f"{stem}{within}"
    inside = replace(source, depth=source.depth + 1, unpacked=name)
    yield from guarded(reader(unpacked, inside, named=True), inside)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _too_deep(source: Source) -> Record:
    return source.refusal(0, f"found an archive in {DEEPEST} others, expected fewer")
