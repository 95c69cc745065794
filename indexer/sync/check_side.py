"""Check of the side files: what an index keeps beside its commits, file by file.

A search needs none of these files. A damaged one means that something was forgotten: which files a
folder had, which articles were removed, which records were refused. A fault names the file, the
line, what was found, what it means, and what to do. A last line that was cut by a kill is no fault.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from marsad.indexer.copies.journal import NAME as JOURNAL
from marsad.indexer.copies.journal import Journal
from marsad.indexer.errors import IndexerError
from marsad.indexer.registry import open_engine
from marsad.indexer.sync.owners import NAME as CLAIMS
from marsad.indexer.sync.owners import Owners
from marsad.indexer.sync.tombstones import NAME as TOMBSTONES
from marsad.indexer.sync.tombstones import SEAL, is_sealed

_SHOWN = 3
_STAMP = re.compile(r"-|\d+ \d+")
_DIGEST = re.compile(r"-|[0-9a-f]{64}")
_CRC = re.compile(r"[0-9a-f]{8}")
_OLD_FIELDS, _HEAD_FIELDS = 4, 3

Faults = Iterator[str]
Row = Mapping[str, Any]


class _Kept:
    """The analyzer that a side index was built with, whatever it is: only its files are read."""

    def __init__(self, version: str) -> None:
        self.version = version


def check_side(side: Path, quarantine: Path, analyzer: str) -> Faults:
    """Yield a sentence for each fault of the side files of an index.

    Args:
        side: The side folder of the index.
        quarantine: The file of its refused records.
        analyzer: The version of the analyzer, for an index that a killed rebuild left.
    """
    yield from _in_lines(side / TOMBSTONES, _tombstone_fault, _TOMBSTONES_MEAN)
    yield from _in_lines(side / "runs.jsonl", _run_fault, _RUNS_MEAN)
    yield from _in_lines(quarantine, _quarantine_fault, _QUARANTINE_MEANS)
    for path in sorted(side.glob("sync-*.tsv")):
        yield from _state_faults(path)
    yield from _claim_faults(side)
    yield from _object_faults(side / "folders.json", _FOLDERS_MEAN)
    yield from _object_faults(side / "rebuild.json", _REBUILD_MEANS)
    for fault in Journal(side / JOURNAL).faults():
        yield f"{JOURNAL}: {fault}: {_JOURNAL_MEANS}"
    yield from _rebuild_faults(side / "rebuild" / "index", analyzer)


_TOMBSTONES_MEAN = (
    "the page of a removed article cannot say that it was removed; put the file back from a copy, "
    "or take the line out"
)
_RUNS_MEAN = (
    "the log of runs is incomplete, and nothing else is lost; put the file back from a copy, or "
    "take the line out"
)
_QUARANTINE_MEANS = (
    "a refused record cannot be read again with `marsad retry`; put the file back from a copy, or "
    "take the line out and run `marsad sync` or `marsad index` on its source again"
)
_STATE_MEANS = (
    "the next `marsad sync` of that folder reads the files of damaged lines again; put the file "
    "back from a copy if one is there"
)
_CLAIMS_MEAN = (
    "a sync may remove articles that `marsad index` brought; put the file back from a copy, or "
    "remove it: the next run then takes all articles that no synced folder holds for those of "
    "`marsad index`"
)
_FOLDERS_MEAN = "the next `marsad sync` of each folder writes it anew"
_REBUILD_MEANS = "the next `marsad rebuild` starts from the beginning; the index is not affected"
_JOURNAL_MEANS = (
    "the next run compares the articles behind the damage anew, and the index is not affected"
)


def _in_lines(path: Path, fault_of: Callable[[Row], str], means: str) -> Faults:
    """Yield the faults of a file of JSON objects, one a line."""
    raw = _read(path)
    if raw is None:
        return
    if isinstance(raw, str):
        yield f"{path.name}: {raw}: {means}"
        return
    *lines, last = raw.split(b"\n")
    faults = []
    for number, line in enumerate(lines, 1):
        if fault := _line_fault(line, fault_of):
            faults.append((number, fault))
    # A kill may cut the last line, or one that later lines were written after.
    if last and b"\0" in last:
        faults.append((len(lines) + 1, "found bytes of zero"))
    yield from _told(path, faults, means)


def _line_fault(line: bytes, fault_of: Callable[[Row], str]) -> str:
    if not line.strip(b" \r"):
        return ""
    try:
        row = json.loads(line.decode("utf-8"))
    except ValueError as error:
        # What a kill leaves has the beginning of an object and no end.
        was_cut = line.startswith(b"{") and not line.endswith(b"}") and _is_clean(line)
        return "" if was_cut else f"found no JSON ({error})"
    if not isinstance(row, dict):
        return f"found {type(row).__name__}, expected an object"
    return fault_of(row)


def _is_clean(line: bytes) -> bool:
    """Return whether a cut line has only bytes that the program writes."""
    text = line.decode("utf-8", "replace").rstrip("\ufffd")
    return "\ufffd" not in text and not any(ord(char) < ord(" ") for char in text)


def _told(path: Path, faults: list[tuple[int, str]], means: str) -> Faults:
    """Yield the first faults of a file, and how many more there are."""
    for number, fault in faults[:_SHOWN]:
        yield f"{path.name} line {number}: {fault}: {means}"
    if len(faults) > _SHOWN:
        yield f"{path.name}: {len(faults) - _SHOWN} more lines are damaged"


def _tombstone_fault(row: Row) -> str:
    if not is_sealed(row):
        return "it does not match its checksum"
    names = {"id", "back_at"} if "back_at" in row else _STONE
    if missing := names - row.keys():
        return f"it lacks {', '.join(sorted(missing))}"
    if unknown := row.keys() - names - {SEAL}:
        return f"found {', '.join(sorted(unknown))}, which no tombstone has"
    others = [name for name, value in row.items() if not isinstance(value, str | None)]
    return f"{others[0]} is not a text" if others else ""


_STONE = {"id", "title", "published", "source", "path", "gone_at"}


def _run_fault(row: Row) -> str:
    if missing := {"exit_code", "seconds"} - row.keys():
        return f"it lacks {', '.join(sorted(missing))}"
    return ""


def _quarantine_fault(row: Row) -> str:
    if missing := {"path", "line", "reason"} - row.keys():
        return f"it lacks {', '.join(sorted(missing))}"
    if not isinstance(row["line"], int) or not isinstance(row["path"], str):
        return "its path is no text, or its line is no number"
    return "" if "raw" in row or "raw_base64" in row else "it lacks the record (raw)"


def _state_faults(path: Path) -> Faults:
    """Yield the faults of the state of a folder, in each form that was ever written."""
    raw = _read(path)
    if raw is None:
        return
    if isinstance(raw, str) or not raw.strip():
        reason = raw if isinstance(raw, str) else "it is empty"
        yield f"{path.name}: {reason}: {_STATE_MEANS}"
        return
    *lines, last = raw.split(b"\n")
    faults = []
    is_sealed_now = False
    for number, line in enumerate(lines, 1):
        body, _, crc = line.rpartition(b"\t")
        if body and _CRC.fullmatch(crc.decode("ascii", "replace")):
            if crc == b"%08x" % zlib.crc32(body):
                is_sealed_now = True
                continue
            faults.append((number, "it does not match its checksum"))
        elif is_sealed_now:
            # A kill may have cut it; its file is read again.
            if b"\0" in line:
                faults.append((number, "found bytes of zero"))
        elif fault := _old_state_fault(line):
            faults.append((number, fault))
    if b"\0" in last:
        faults.append((len(lines) + 1, "found bytes of zero"))
    yield from _told(path, faults, _STATE_MEANS)


def _old_state_fault(line: bytes) -> str:
    fields = line.decode("utf-8", "surrogateescape").split("\t")
    if any(ord(char) < ord(" ") for field in fields for char in field):
        return "found a control character"
    if len(fields) == _OLD_FIELDS and fields[0]:
        if not _STAMP.fullmatch(fields[1]) or not _DIGEST.fullmatch(fields[2]):
            return f"found {fields[1]!r} and {fields[2]!r:.80}, expected size, time and SHA-256"
        return ""
    if len(fields) == _HEAD_FIELDS and not fields[0]:
        return ""
    return "" if len(fields) == 1 else f"found {len(fields)} fields"


def _claim_faults(side: Path) -> Faults:
    """Yield the fault of the claims of `marsad index`; its blocks have checksums."""
    try:
        damaged = Owners(side).damaged
    except OSError as error:
        yield f"{CLAIMS}: {error.strerror or error}: {_CLAIMS_MEAN}"
        return
    if damaged:
        yield f"{CLAIMS}: found damage in {damaged} places: {_CLAIMS_MEAN}"


def _object_faults(path: Path, means: str) -> Faults:
    raw = _read(path)
    if raw is None:
        return
    reason = raw if isinstance(raw, str) else ""
    if not isinstance(raw, str):
        try:
            if not isinstance(json.loads(raw.decode("utf-8", "surrogateescape")), dict):
                reason = "found no JSON object"
        except ValueError as error:
            reason = f"found no JSON ({error})"
    if reason:
        yield f"{path.name}: {reason}: {means}"


def _rebuild_faults(place: Path, analyzer: str) -> Faults:
    """Yield the faults of the index that a killed rebuild left; a rebuild continues it."""
    if not place.is_dir() or not any(place.glob("manifest.*.json")):
        return
    try:
        engine = open_engine(str(place), _Kept(analyzer))
        try:
            faults = engine.check()
        finally:
            engine.close()
    except IndexerError as error:
        faults = (str(error),)
    for fault in faults:
        yield f"rebuild/index: {fault}: {_REBUILD_MEANS}"


def _read(path: Path) -> bytes | str | None:
    """Return the bytes of a file; why they cannot be read; None if there is no file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or str(error)
