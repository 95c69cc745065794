"""Reading: folders, files and archives as one stream of articles and refusals.

    paths -> [read] -> Article | Refusal | Skipped, one record at a time

A bad record raises nothing: it comes back as a refusal with its path, its line and the reason.
The first bytes of a file decide its format before its suffix does. Archives are read in place,
a member at a time.
"""

import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from marsad.corpus.source import Record, Refusal, Skipped, Source, now
from marsad.corpus.streams import HEAD_BYTES, guarded, peekable
from marsad.corpus.tally import Tally

STDIN = Path("-")
# These are zip archives, but hold no articles.
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".whl")
# These hold no articles either, and are not opened.
_NEVER = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".mp3", ".mp4", ".avi", ".mov"),
    *(".css", ".js", ".mjs", ".woff", ".woff2", ".ttf", ".pdf", ".md", ".py", ".exe", ".so"),
)


def read(
    paths: Iterable[Path],
    mapping: Mapping[str, str] | None = None,
    outputs: Collection[Path] = (),
    namespace: str = "",
    tally: Tally | None = None,
) -> Iterator[Record]:
    """Yield every record of files and folders, folders recursively and in name order.

    Args:
        paths: Files and folders; `-` is standard input.
        mapping: Field to column, for tables and objects with names of their own.
        outputs: Files and folders that the run itself writes. In a folder they are left out.
        namespace: What ids that are bare numbers are scoped by.
        tally: Counts the files.

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
            for file in files_of(path, written):
                if isinstance(file, Refusal):
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


def files_of(folder: Path, excluded: Collection[str] = ()) -> Iterator[Path | Refusal]:
    """Yield the files below a folder in name order, without hidden ones.

    Links to folders are followed, but each folder is visited once, so that a loop ends.
    *excluded* has the real paths of files and folders to leave out.
    """
    excluded_names = {os.path.basename(path) for path in excluded}  # noqa: PTH119  (strings)
    seen: set[tuple[int, int]] = set()
    unreadable: list[Refusal] = []

    def refuse(error: OSError) -> None:
        unreadable.append(Refusal(str(error.filename), 0, f"folder not readable: {error.strerror}"))

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
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here) / name
            # The cheap test comes first: few files have the name of an excluded one.
            is_excluded = name in excluded_names and os.path.realpath(path) in excluded
            if not name.startswith(".") and not is_excluded:
                yield path
        yield from unreadable
        unreadable.clear()
    yield from unreadable


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
        if not stat.S_ISREG(path.stat().st_mode):
            yield Skipped(source.name)
            return
        with path.open("rb") as stream:
            yield from guarded(read_stream(stream, source, named=named), source)
    except OSError as error:
        yield source.refusal(0, f"file not readable: {error.strerror or error}")


def _printable(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_stream(stream: IO[bytes], source: Source, *, named: bool) -> Iterator[Record]:
    """Yield the records of a stream, in the format that its first bytes and its name show."""
    lower = source.suffixed.lower()
    if not named and lower.endswith((*_OFFICE, *_NEVER)):
        yield Skipped(source.name)
        return
    buffered = peekable(stream)
    head = buffered.peek(HEAD_BYTES)[:HEAD_BYTES]
    form = sniff(head, source.suffixed)
    foreign = not named and by_name(source.suffixed) is None and has_suffix(source.suffixed)
    if foreign and not (form and form.any_suffix):
        yield Skipped(source.name)
    elif form is not None:
        yield from read_format(form.name, buffered, source)
    elif not head:
        yield source.refusal(0, "found an empty file, expected an article")
    else:
        yield source.refusal(0, "found bytes that are not text, expected articles", head)


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
