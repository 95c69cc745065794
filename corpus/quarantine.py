"""Quarantine: the file that keeps every refused record, so that no record is lost.

Each line is a JSON object: `path`, `line` (from 1; 0 is the whole file), `reason`, `format`
(a name of FORMATS, or empty), `raw`, the record itself (as base64 in `raw_base64` if it is not
UTF-8), and `key`, which is the same for the same record of a file. `marsad retry` reads records
again that were corrected in this file.

The file is bounded, for one source file and in all. Above a bound, an entry has no record, and
`raw_left_out` says so; `marsad retry` reads such a record from its source file.

A record has one entry, however often it is refused. When a file was read again, entries of its
records that can be read now are dropped. A person may edit an entry; its key tells what it was.
"""

import base64
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from marsad.corpus.hashes import Hashes, hash_of
from marsad.corpus.line_file import append_lines
from marsad.corpus.source import MOST_KEPT_BYTES, Refusal

# Every line begins so. A line that does, and is not valid JSON, was cut by a kill.
ENTRY_START = '{"path": "'
# Above this size of the file, entries are kept without their records.
MOST_FILE_BYTES = 1 << 30
# So many bytes of it may be entries of one source file, with all members of an archive.
MOST_SOURCE_BYTES = 64 << 20
# Source files whose bytes are counted. Most have few, and are forgotten first.
_MOST_COUNTED, _FEW_BYTES = 32_768, 65_536
_KEY_START, _KEY_END, _KEY_DIGITS = b', "key": "', b'"}\n', 16
_PATH_START, _PATH_END = b'{"path": ', b', "line": '
_LOG = logging.getLogger("marsad.quarantine")


class Quarantine:
    """Appends refusals to a file, which is created with the first one.

    `count` is the number of refusals of this run; those that the file has already are not written
    again. The file is read with the first refusal only. Of each entry, two numbers stay in memory.
    *most_bytes* bounds the file, *most_of_source* the entries of one source file.
    """

    def __init__(
        self,
        path: Path,
        most_bytes: int = MOST_FILE_BYTES,
        most_of_source: int = MOST_SOURCE_BYTES,
    ) -> None:
        self.path = path
        self.count = 0
        self._most_bytes, self._most_of_source = most_bytes, most_of_source
        # The sources that a warning told of; empty is the whole file.
        self._told: set[str] = set()
        # Bytes in the file of each source, by the hash of its path.
        self._bytes_of: dict[int, int] = {}
        # Keys and paths in the file; its identity, and up to where it was read.
        self._keys, self._paths = Hashes(), Hashes()
        self._inode = self._read_to = 0
        # Of this run: keys that were refused, and paths that were read.
        self._refused, self._read = Hashes(), Hashes()
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def add(self, refusal: Refusal) -> None:
        """Write one refusal and close the file, so that it is kept if the run is killed."""
        self.count += 1
        entry = entry_of(refusal)
        key = int(str(entry["key"]), 16)
        self._refused.add(key)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.path):
            self._load()
            if key in self._keys:
                return
            line = _line_of(entry)
            source = _source_of(refusal.path)
            of_source = self._bytes_of.get(_path_hash(source), 0)
            if self._read_to + len(line) > self._most_bytes:
                self._tell("", f"{self.path} has {self._read_to} bytes")
                line = _line_of(without_record(entry))
            elif of_source + len(line) > self._most_of_source:
                self._tell(source, f"{self.path} has {of_source} bytes of {source}")
                line = _line_of(without_record(entry))
            append_lines(self.path, line, durable=False)
            self._load()

    def _tell(self, source: str, found: str) -> None:
        if source not in self._told:
            self._told.add(source)
            _LOG.warning(
                "%s: further refused records are named in it, but not kept; correct them in their "
                "files",
                found,
            )

    def saw(self, path: str) -> None:
        """Note that this run read the file or member *path*, or found it gone.

        `drop_mended` then drops the entries of it that were not refused again.
        """
        if path != self._last:
            self._last = path
            self._read.add(_path_hash(path))

    def paths(self) -> list[str]:
        """Return the paths of all entries, each once."""
        if not self.path.exists():
            return []
        with locked(self.path), self.path.open("rb") as file:
            found = (_key_and_path(line) for line in _short_lines(file))
            return list(dict.fromkeys(each[1] for each in found if each is not None))

    def drop_mended(self) -> int:
        """Drop the entries of files that this run read, unless the record was refused again.

        Call it at the end of a run that was not interrupted. It returns the number of entries.
        """
        if not len(self._read) or not self.path.exists():
            return 0
        with locked(self.path):
            self._load()
            if not any(number in self._read for number in self._paths):
                return 0
            dropped = 0
            beside = self.path.with_name(f"{self.path.name}.new")
            with self.path.open("rb") as file, beside.open("wb") as kept:
                size = 0
                for line in file:
                    if self._is_mended(line):
                        dropped += 1
                    else:
                        size += kept.write(line)
                kept.flush()
                os.fsync(kept.fileno())
            if not dropped:
                beside.unlink()
            elif size:
                beside.replace(self.path)
            else:
                beside.unlink()
                self.path.unlink()
        return dropped

    def _is_mended(self, line: bytes) -> bool:
        found = _key_and_path(line)
        if found is None or found[0] in self._refused:
            return False
        # The path of a member of an archive is FILE!MEMBER.
        path = found[1]
        at = len(path)
        while at > 0:
            if _path_hash(path[:at]) in self._read:
                return True
            at = path.rfind("!", 0, at)
        return False

    def _load(self) -> None:
        """Read what the file has, or what other processes added to it; the lock is held."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            self._forget(0)
            return
        if about.st_ino != self._inode or about.st_size < self._read_to:
            self._forget(about.st_ino)
        if about.st_size == self._read_to:
            return
        with self.path.open("rb") as file:
            file.seek(self._read_to)
            for line in _short_lines(file):
                found = _key_and_path(line)
                if found is not None:
                    self._keys.add(found[0])
                    self._note_path(found[1])
                    self._count_bytes(found[1], len(line))
            self._read_to = file.tell()

    def _forget(self, inode: int) -> None:
        self._inode, self._read_to = inode, 0
        self._keys, self._paths = Hashes(), Hashes()
        self._bytes_of.clear()

    def _count_bytes(self, path: str, size: int) -> None:
        source = _path_hash(_source_of(path))
        self._bytes_of[source] = self._bytes_of.get(source, 0) + size
        if len(self._bytes_of) > _MOST_COUNTED:
            self._bytes_of = {
                each: count for each, count in self._bytes_of.items() if count >= _FEW_BYTES
            }

    def _note_path(self, path: str) -> None:
        at = len(path)
        while at > 0:
            self._paths.add(_path_hash(path[:at]))
            at = path.rfind("!", 0, at)


def _short_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; one that is longer than any of ours is read and left out."""
    most = 16 * MOST_KEPT_BYTES
    while line := file.readline(most):
        if len(line) < most or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(most)


def _source_of(path: str) -> str:
    """Return the file that a record is in: after the first "!" comes the member of an archive."""
    return path.partition("!")[0]


def _path_hash(path: str) -> int:
    return hash_of(path.encode("utf-8", "replace"))


def _key_and_path(line: bytes) -> tuple[int, str] | None:
    """Return the key and the path of an entry, None if the line is no entry."""
    # A line that Marsad wrote need not be parsed. A quote in a record is escaped, so that these
    # marks can only be where they belong.
    key = line[-len(_KEY_END) - _KEY_DIGITS : -len(_KEY_END)]
    end = line.find(_PATH_END)
    try:
        if (
            line.endswith(_KEY_START + key + _KEY_END)
            and line.startswith(_PATH_START)
            and line[end - 1 : end] == b'"'
        ):
            return int(key, 16) or 1, json.loads(line[len(_PATH_START) : end])
        entry = json.loads(line)
        return int(key_of(entry), 16), entry["path"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def key_of(entry: dict[str, Any]) -> str:
    """Return the key of an entry of a quarantine file; entries of earlier versions have none."""
    if isinstance(entry.get("key"), str):
        return str(entry["key"])
    raw = entry.get("raw")
    kept = (
        raw.encode("utf-8", "surrogatepass")
        if isinstance(raw, str)
        else base64.b64decode(str(entry.get("raw_base64", "")))
    )
    return _key(entry["path"], entry["line"], kept, str(entry.get("reason", "")))


def _key(path: str, line: int, raw: bytes, reason: str) -> str:
    # Of a record without its bytes, the reason is all that tells it from another.
    told = hash_of(path, str(line), raw or reason.encode("utf-8", "surrogatepass"))
    return f"{told:016x}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a quarantine file for a change; a second process waits."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def entry_of(refusal: Refusal) -> dict[str, object]:
    """Return the JSON object that keeps a refusal; its record is cut at 1 MiB."""
    path = refusal.path.encode("utf-8", "replace").decode("utf-8")
    raw = refusal.raw[:MOST_KEPT_BYTES]
    entry: dict[str, object] = {
        "path": path,
        "line": refusal.line,
        "reason": refusal.reason,
        "format": refusal.format,
    }
    try:
        kept: dict[str, object] = {"raw": raw.decode("utf-8")}
    except UnicodeDecodeError:
        kept = {"raw_base64": base64.b64encode(raw).decode("ascii")}
    return {**entry, **kept, "key": _key(path, refusal.line, raw, refusal.reason)}


def without_record(entry: Mapping[str, object]) -> dict[str, object]:
    """Return an entry without its record; its key stays."""
    brief = {name: entry[name] for name in ("path", "line", "reason", "format")}
    return {**brief, "raw": "", "raw_left_out": True, "key": entry["key"]}


def _line_of(entry: dict[str, object]) -> bytes:
    return (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
