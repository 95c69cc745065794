"""Reading: folders, files and archives as one stream of articles and refusals.

    paths -> [read] -> Article | Refusal | Passed, one record at a time

Nothing here raises for a bad record: it comes back as a refusal with its path, its
place and the reason. What a file holds is told by its first bytes before its suffix;
archives are read in place, a member at a time.
"""

import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from marsad.corpus.archives import DEEPEST, read_tar, read_zip
from marsad.corpus.encoding import decode
from marsad.corpus.errors import OwnSourceError, RecordError, SourceMissingError
from marsad.corpus.formats import HEAD_BYTES, Format, by_name, has_suffix, sniff
from marsad.corpus.readers.feed import read_feed
from marsad.corpus.readers.jsonl import read_lines
from marsad.corpus.readers.layout import parse_layout
from marsad.corpus.readers.markup import read_page
from marsad.corpus.readers.objects import read_json
from marsad.corpus.readers.parquet import read_parquet
from marsad.corpus.readers.tabular import read_table
from marsad.corpus.readers.warc import read_warc
from marsad.corpus.source import Read, Record, Refusal, Skipped, Source, now
from marsad.corpus.streams import DAMAGE, peekable, unpack_gzip, unpack_zstd

STDIN = Path("-")
# Told by what they hold though their suffix is not ours: crawls, exports, saved pages.
_SURE = frozenset({"warc", "gzip", "zstd", "html", "feed", "parquet", "jsonl", "csv", "tar"})
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


def guarded(records: Iterator[Record], source: Source) -> Iterator[Record]:
    """Yield *records*; if one cannot be read, a refusal with the reason is the last."""
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except DAMAGE as error:
            yield source.refusal(0, f"packed data damaged: {error}")
            return
        except Exception as error:  # noqa: BLE001  (no record ends a run; the reason is kept)
            yield source.refusal(0, f"found what cannot be read ({error!r:.200})")
            return
        yield record


def _printable(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_stream(stream: IO[bytes], source: Source, *, named: bool) -> Iterator[Record]:
    """Yield the records of a stream, by what it holds."""
    lower = source.suffixed.lower()
    if not named and lower.endswith((*_OFFICE, *_NEVER)):
        yield Skipped(source.name)
        return
    buffered = peekable(stream)
    form = sniff(buffered.peek(HEAD_BYTES)[:HEAD_BYTES], source.suffixed)
    foreign = not named and by_name(source.suffixed) is None and has_suffix(source.suffixed)
    if foreign and form not in _SURE:
        yield Skipped(source.name)
        return
    yield from read_format(form, buffered, source)


def read_format(form: Format, stream: IO[bytes], source: Source) -> Iterator[Record]:
    """Yield the records of a stream that is of a format."""
    match form:
        case "zip":
            yield from read_zip(stream, source, _read_member)
        case "tar":
            yield from read_tar(stream, source, _read_member)
        case "gzip" | "zstd":
            unpacked = unpack_gzip(stream) if form == "gzip" else unpack_zstd(stream)
            yield from _read_packed(unpacked, source)
        case "jsonl" | "json" | "csv" | "html" | "feed" | "warc" | "parquet" | "layout":
            yield from _READERS[form](stream, source)
        case "empty":
            yield source.refusal(0, "found an empty file, expected an article")
        case "binary":
            raw = stream.read(HEAD_BYTES)
            yield source.refusal(0, "found bytes that are no text, expected articles", raw)


def _read_member(stream: IO[bytes], source: Source) -> Iterator[Record]:
    return guarded(read_stream(stream, source, named=False), source)


def _read_packed(unpacked: IO[bytes], source: Source) -> Iterator[Record]:
    """Read what a .gz or .zst holds, under its name without that suffix."""
    stem, dot, suffix = source.suffixed.rpartition(".")
    name = source.suffixed
    if dot and suffix.lower() in {"gz", "zst", "zstd"}:
        name = stem
    elif suffix.lower() == "tgz":
        name = f"{stem}.tar"
    if source.depth >= DEEPEST:
        yield source.refusal(0, f"found packed data in {DEEPEST} others, expected fewer")
        return
    inside = replace(source, depth=source.depth + 1, unpacked=name)
    yield from guarded(read_stream(unpacked, inside, named=True), inside)


def _read_layout(stream: IO[bytes], source: Source) -> Iterator[Read]:
    raw = stream.read(source.limit + 1)
    if len(raw) > source.limit:
        yield source.refusal(0, source.too_long(), raw, "layout")
        return
    try:
        article = parse_layout(decode(raw))
    except RecordError as error:
        yield source.refusal(0, str(error), raw, "layout")
    else:
        yield source.article(article, 0, raw)


_READERS = {
    "jsonl": read_lines,
    "json": read_json,
    "csv": read_table,
    "html": read_page,
    "feed": read_feed,
    "warc": read_warc,
    "parquet": read_parquet,
    "layout": _read_layout,
}
