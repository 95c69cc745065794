"""Archives: zip and tar, read in place, a member at a time, in a bounded number of bytes."""

import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, cast

from marsad.corpus.source import Record, Skipped, Source
from marsad.corpus.streams import DAMAGE, Counter, bounded

DEEPEST = 3
_SPOOLED_BYTES = 16 * 1024 * 1024

Reader = Callable[[IO[bytes], Source], Iterator[Record]]


def read_zip(stream: IO[bytes], source: Source, reader: Reader) -> Iterator[Record]:
    """Yield the records of a zip archive's members, in name order, as *reader* yields them."""
    if source.depth >= DEEPEST:
        yield _too_deep(source)
        return
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as spooled:
        whole: IO[bytes] = stream
        if not stream.seekable():
            # The list of members stands at the end.
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
    reader: Reader,
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
        yield from reader(bounded(opened, counter), inside)


def read_tar(stream: IO[bytes], source: Source, reader: Reader) -> Iterator[Record]:
    """Yield the records of a tar archive's members, in the order they stand."""
    if source.depth >= DEEPEST:
        yield _too_deep(source)
        return
    yield from _tar_members(stream, source, reader)


def _tar_members(stream: IO[bytes], source: Source, reader: Reader) -> Iterator[Record]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            name = f"{source.name}!{member.name}"
            if not member.isfile():
                if not member.isdir():
                    yield Skipped(name)
                continue
            if member.issparse():
                # Its holes are no bytes of the archive, so no bound would count them.
                yield source.inside(name).refusal(0, "found a sparse member, expected a plain one")
                continue
            opened = archive.extractfile(member)
            if opened is None or _is_hidden(member.name):
                continue
            yield from reader(opened, source.inside(name))


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _too_deep(source: Source) -> Record:
    return source.refusal(0, f"found an archive in {DEEPEST} others, expected fewer")
