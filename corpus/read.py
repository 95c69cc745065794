"""Reading: folders, files and archives as one stream of articles and refusals.

    paths -> [read] -> Article | Refusal | Skipped, one record at a time

A bad record raises nothing: it comes back as a refusal with its path, its line and the reason.
The first bytes of a file decide its format before its suffix does. Archives are read in place,
a member at a time.
"""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from marsad.corpus.errors import OwnSourceError, RecordError, SourceMissingError
from marsad.corpus.formats import (
    FORMATS,
    Container,
    Streaming,
    Whole,
    by_name,
    has_suffix,
    sniff,
)
from marsad.corpus.links import OUTSIDE, irregular, leaves
from marsad.corpus.slow import watched
from marsad.corpus.source import Record, Refusal, Skipped, Source, now
from marsad.corpus.streams import HEAD_BYTES, guarded, peekable
from marsad.corpus.tally import Tally
from marsad.corpus.unread import Unread, by_magic, by_suffix

STDIN = Path("-")


def read(
    paths: Iterable[Path],
    mapping: Mapping[str, str] | None = None,
    outputs: Collection[Path] = (),
    namespace: str = "",
    tally: Tally | None = None,
    *,
    follow_links: bool = False,
) -> Iterator[Record]:
    """Yield every record of files and folders, folders recursively and in name order.

    Args:
        paths: Files and folders; `-` is standard input.
        mapping: Field to column, for tables and objects with names of their own.
        outputs: Files and folders that the run itself writes. In a folder they are left out.
        namespace: What ids that are bare numbers are scoped by.
        tally: Counts the files.
        follow_links: Read links that lead out of a folder; otherwise they are skipped.

    Raises:
        SourceMissingError: one of *paths* does not exist; raised before anything is read.
        OwnSourceError: one of *paths* is one of *outputs*.
    """
    listed = list(paths)
    check_sources(listed, outputs)
    written = frozenset(os.path.realpath(path) for path in outputs)
    given = dict(mapping or {})
    counted = tally or Tally()
    for path in listed:
        if path == STDIN:
            source = Source("-", given, now(), namespace)
            piped = guarded(read_stream(sys.stdin.buffer, source, named=True), source)
            yield from counted.of_file(piped)
        elif os.path.isdir(path):  # noqa: PTH112  (False, not an error, without the right to look)
            for file in files_of(path, written, follow_links=follow_links):
                if not isinstance(file, Path):
                    yield from counted.of_file(iter([file]))
                else:
                    records = read_file(file, given, named=False, namespace=namespace)
                    yield from counted.of_file(records)
        else:
            records = read_file(path, given, named=True, namespace=namespace)
            yield from counted.of_file(records)


def check_sources(paths: Iterable[Path], outputs: Collection[Path] = ()) -> None:
    """Check *paths* as `read` does, for a run that has not written anything yet.

    Raises:
        SourceMissingError: one of *paths* does not exist.
        OwnSourceError: one of *paths* is one of *outputs*.
    """
    written = frozenset(os.path.realpath(path) for path in outputs)
    for path in paths:
        if path != STDIN and not _is_there(path):
            raise SourceMissingError(path)
        if os.path.realpath(path) in written:
            raise OwnSourceError(path)


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # It exists, but may not be read: reading it will give a refusal.
        return True
    return True


def files_of(
    folder: Path, excluded: Collection[str] = (), *, follow_links: bool = False
) -> Iterator[Path | Refusal | Skipped]:
    """Yield the files below a folder in name order, without hidden ones.

    Links to folders are followed, but each folder is visited once, so that a loop ends. A link
    that leads out of the folder is skipped, so that whoever can write to a shared folder cannot
    have other files read; *follow_links* reads it too. *excluded* has the real paths of files and
    folders to leave out.
    """
    root = os.path.realpath(folder)
    excluded_names = {os.path.basename(path) for path in excluded}  # noqa: PTH119  (strings)
    seen: set[tuple[int, int]] = set()
    unreadable: list[Refusal] = []

    def refuse(error: OSError) -> None:
        reason = f"folder not readable: {error.strerror}"
        unreadable.append(Refusal(_printable(Path(error.filename)), 0, reason, outside=True))

    for here, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        try:
            about = os.stat(here)  # noqa: PTH116  (a string from os.walk)
        except OSError as error:
            # The folder was removed after its parent was listed.
            refuse(error)
            folders.clear()
            continue
        if (about.st_dev, about.st_ino) in seen or (
            excluded and os.path.realpath(here) in excluded
        ):
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        shown = sorted(name for name in folders if not name.startswith("."))
        away = set() if follow_links else {n for n in shown if leaves(root, f"{here}/{n}")}
        yield from (outside_link(Path(here) / name) for name in sorted(away))
        folders[:] = [name for name in shown if name not in away]
        for name in sorted(names):
            path = Path(here) / name
            if not (follow_links or name.startswith(".")) and leaves(root, f"{here}/{name}"):
                yield outside_link(path)
                continue
            # The cheap test comes first: few files have the name of an excluded one.
            is_excluded = name in excluded_names and os.path.realpath(path) in excluded
            if not name.startswith(".") and not is_excluded:
                yield path
        yield from unreadable
        unreadable.clear()
    yield from unreadable


def outside_link(path: Path) -> Skipped:
    """Return the result for a link that leads out of the folder that is read."""
    return Skipped(_printable(path), "outside-link", OUTSIDE)


def read_file(
    path: Path, mapping: Mapping[str, str], *, named: bool, namespace: str = ""
) -> Iterator[Record]:
    """Yield the records of one file.

    If the user *named* the file, its suffix does not matter. A file that was found in a folder is
    skipped if its suffix belongs to no format, unless its content shows a format that is read
    under any suffix.
    """
    source = Source(_printable(path), mapping, now(), namespace)
    try:
        odd = irregular(path.stat().st_mode)
        if odd:
            yield Skipped(source.name, "not-regular", odd)
            return
        with path.open("rb") as stream:
            records = guarded(read_stream(stream, source, named=named), source)
            yield from watched(records, source.name)
    except OSError as error:
        reason = f"file not readable: {error.strerror or error}"
        yield replace(source.refusal(0, reason), outside=True)


def _printable(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_stream(stream: IO[bytes], source: Source, *, named: bool) -> Iterator[Record]:
    """Yield the records of a stream, in the format that its first bytes and its name show."""
    # The table of formats comes first.
    known = None if by_name(source.suffixed) else by_suffix(source.suffixed)
    if known is not None and known.unopened and not named:
        yield Skipped(source.name, known.kind, known.reason)
        return
    buffered = peekable(stream)
    head = buffered.peek(HEAD_BYTES)[:HEAD_BYTES]
    unread = by_magic(head, source.suffixed)
    if unread is not None:
        yield _not_read(unread, source, head, named=named)
        return
    form = sniff(head, source.suffixed)
    foreign = not named and by_name(source.suffixed) is None and has_suffix(source.suffixed)
    if foreign and not (form and form.any_suffix):
        known = known or Unread("a suffix of no known format", "name the file to read it")
        yield Skipped(source.name, known.kind, known.reason)
    elif form is not None:
        yield from read_format(form.name, buffered, source)
    elif not head:
        yield source.refusal(0, "found an empty file, expected an article")
    else:
        yield source.refusal(0, "found bytes that are not text, expected articles", head)


def _not_read(unread: Unread, source: Source, head: bytes, *, named: bool) -> Record:
    """Return a refusal for a file that a person named, and a skipped file for any other."""
    if named:
        return source.refusal(0, unread.reason, head)
    return Skipped(source.name, unread.kind, unread.reason)


def read_format(name: str, stream: IO[bytes], source: Source) -> Iterator[Record]:
    """Yield the records of a stream of the format *name*, one of FORMATS."""
    match FORMATS[name].reader:
        case Whole(read_whole):
            raw = stream.read(source.limit + 1)
            if len(raw) > source.limit:
                yield source.refusal(0, source.too_long(), raw, name)
                return
            try:
                yield from read_whole(raw, source)
            except RecordError as error:
                yield source.refusal(0, str(error), raw, name)
        case Streaming(read_records):
            yield from read_records(stream, source)
        case Container(read_members):
            yield from read_members(stream, source, read_stream)
