"""Reading: folders, files and archives as one stream of articles and refusals.

    paths -> [read] -> Article | Refusal | Skipped, one record at a time

Nothing here raises for a bad record: it comes back as a refusal with its path, its
place and the reason. What a file holds is told by its first bytes before its suffix;
archives are read in place, a member at a time.
"""

import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from marsad.corpus.archives import guarded
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
from marsad.corpus.streams import HEAD_BYTES, peekable

STDIN = Path("-")
# Office documents are zip archives that hold no articles.
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".whl")
# Nor do these; they need no look.
_NEVER = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".mp3", ".mp4", ".avi", ".mov"),
    *(".css", ".js", ".mjs", ".woff", ".woff2", ".ttf", ".pdf", ".md", ".py", ".exe", ".so"),
)


def read(
    paths: Iterable[Path],
    mapping: Mapping[str, str] | None = None,
    own: Collection[Path] = (),
) -> Iterator[Record]:
    """Yield every record of files and folders, folders recursively and in name order.

    Args:
        paths: Files and folders; `-` is standard input.
        mapping: Field to column, for tables and objects with names of their own.
        own: Files and folders that the run itself writes. In a folder they are left out.

    Raises:
        SourceMissingError: one of *paths* does not exist; raised before anything is read.
        OwnSourceError: one of *paths* is one of *own*.
    """
    listed = list(paths)
    check_sources(listed, own)
    written = frozenset(os.path.realpath(path) for path in own)
    given = dict(mapping or {})
    for path in listed:
        if path == STDIN:
            source = Source("-", given, now())
            yield from guarded(read_stream(sys.stdin.buffer, source, named=True), source)
        elif os.path.isdir(path):  # noqa: PTH112  (a folder that may not be looked at is none)
            for file in files_of(path, written):
                if isinstance(file, Refusal):
                    yield file
                else:
                    yield from read_file(file, given, named=False)
        else:
            yield from read_file(path, given, named=True)


def check_sources(paths: Iterable[Path], own: Collection[Path] = ()) -> None:
    """Raise what `read` raises for its paths, before a run makes anything of its own.

    Raises:
        SourceMissingError: one of *paths* does not exist.
        OwnSourceError: one of *paths* is one of *own*.
    """
    written = frozenset(os.path.realpath(path) for path in own)
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
        # What may not be looked at is refused when it is read.
        return True
    return True


def files_of(folder: Path, own: Collection[str] = ()) -> Iterator[Path | Refusal]:
    """Yield the files of a folder and its folders, in name order, hidden ones left out.

    Links to folders are followed, each folder once, so that a loop ends. *own* are the real
    paths of files and folders to leave out.
    """
    names_of_own = {os.path.basename(path) for path in own}  # noqa: PTH119  (strings)
    seen: set[tuple[int, int]] = set()
    unreadable: list[Refusal] = []

    def refuse(error: OSError) -> None:
        unreadable.append(Refusal(str(error.filename), 0, f"folder not readable: {error.strerror}"))

    for here, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        try:
            about = os.stat(here)  # noqa: PTH116  (a string from os.walk)
        except OSError as error:
            # It went while its names were read.
            refuse(error)
            folders.clear()
            continue
        if (about.st_dev, about.st_ino) in seen or (own and os.path.realpath(here) in own):
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here) / name
            is_own = name in names_of_own and os.path.realpath(path) in own
            if not name.startswith(".") and not is_own:
                yield path
        yield from unreadable
        unreadable.clear()
    yield from unreadable


def read_file(path: Path, mapping: Mapping[str, str], *, named: bool) -> Iterator[Record]:
    """Yield the records of one file; *named* ones are read whatever they are called."""
    source = Source(_printable(path), mapping, now())
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
        yield source.refusal(0, "found bytes that are no text, expected articles", head)


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
