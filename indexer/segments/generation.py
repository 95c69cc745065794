"""Generation: one committed state of an index, open for reading.

A file with the size and modification time that the manifest gives is trusted at first. Any other
file is read whole and compared with its checksum. If a file is damaged, its whole generation is
skipped: the newest sound generation is opened, and `lost_commits` names the ones that were skipped.

A bit may change on the disk while size and time stay: `sound.open_sound` looks for that.
"""

import errno
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from marsad.indexer.engine.request import LostCommit, LostTexts
from marsad.indexer.errors import (
    FileDamagedError,
    IndexDamagedError,
    IndexMissingError,
    IndexVersionError,
)
from marsad.indexer.segments.container import Container, open_container
from marsad.indexer.segments.damage import Mark, mark_of, noted_damage
from marsad.indexer.segments.kernels.bits import popcount
from marsad.indexer.segments.kernels.layout import Bits
from marsad.indexer.segments.manifest import (
    Manifest,
    check_version,
    generations,
    lease,
    manifest_name,
    read_manifest,
    release,
)
from marsad.indexer.segments.segment import Segment, open_segment
from marsad.indexer.segments.store import Stores

_PIECE = 1 << 24
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Member:
    """A segment of a generation; `live` and `deleted` are None if no document was removed."""

    segment: Segment
    live: Bits | None
    deleted: Bits | None
    removed: int

    @property
    def documents(self) -> int:
        """How many documents were not removed."""
        return self.segment.documents - self.removed


class Generation:
    """An open generation; `close` releases its manifest."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        file: int,
        known: Mapping[str, Segment],
        trusted: set[tuple[str, int, int]],
    ) -> None:
        self.folder = folder
        self._place = os.fspath(folder)
        self.manifest = manifest
        self.lost_commits: tuple[LostCommit, ...] = ()
        self.damaged_stores: tuple[LostTexts, ...] = ()
        self._file = file
        self._marks: dict[str, Mark] = {}
        for name, stamp in manifest.files.items():
            self._trust(name, stamp, trusted)
        self.members = tuple(self._member(entry, known) for entry in manifest.segments)
        self.dictionaries = {
            name: self._dictionary(name)
            for name in {store["dictionary"] for store in manifest.stores}
            if name
        }
        self.stores = Stores(
            folder,
            {
                store["name"]: self.dictionaries.get(store["dictionary"])
                for store in manifest.stores
            },
        )

    def close(self) -> None:
        """Release the files."""
        self.stores.close()
        release(self._file)

    def segments(self) -> dict[str, Segment]:
        """Return the open segments by name; the next generation need not open them again."""
        return {member.segment.name: member.segment for member in self.members}

    def is_changed(self) -> bool:
        """Return whether a file was written to, replaced or removed since it was opened."""
        return any(self._changed(name) for name in self._marks)

    def unchanged_segments(self) -> dict[str, Segment]:
        """Return the open segments by name, without those whose file has changed."""
        return {n: segment for n, segment in self.segments().items() if not self._changed(n)}

    def _changed(self, name: str) -> bool:
        try:
            return mark_of(os.stat(f"{self._place}/{name}")) != self._marks[name]  # noqa: PTH116
        except OSError:
            return True

    def unchecked(self) -> list[Container]:
        """Return the containers of segments whose arrays were not compared with their checksums."""
        containers = [member.segment.container for member in self.members]
        return [each for each in containers if not each.is_checked]

    def verify(self, names: Iterable[str] | None = None) -> list[str]:
        """Read every file, or those of these *names*; return a sentence for each damaged one."""
        faults = []
        for name in self.manifest.files if names is None else sorted(names):
            try:
                self._verify_file(name)
            except FileDamagedError as error:
                faults.append(f"{name}: {error.reason}")
        return faults

    def _trust(self, name: str, stamp: tuple[int, int], trusted: set[tuple[str, int, int]]) -> None:
        path = self.folder / name
        try:
            stat = path.stat()
        except FileNotFoundError:
            raise FileDamagedError(path, "the file is missing") from None
        if noted := noted_damage(mark_of(stat)):
            raise FileDamagedError(path, noted)
        self._marks[name] = mark_of(stat)
        if stat.st_size != stamp[0]:
            reason = f"it has {stat.st_size} bytes, {stamp[0]} were written"
            raise FileDamagedError(path, reason)
        # Only a changed file is read whole: reading all files at each opening would take too long.
        seen = (name, stat.st_size, stat.st_mtime_ns)
        if stat.st_mtime_ns != stamp[1] and seen not in trusted:
            self._verify_file(name)
        trusted.add(seen)

    def _verify_file(self, name: str) -> None:
        path = self.folder / name
        store = next((s for s in self.manifest.stores if s["name"] == name), None)
        if store is not None:
            if store_crc(path, int(store["bytes"])) != store["crc32"]:
                raise FileDamagedError(path, "its records do not match their checksum")
            return
        if any(s["dictionary"] == name for s in self.manifest.stores):
            # A dictionary's name ends in its checksum.
            if f"{store_crc(path, path.stat().st_size):08x}" not in name:
                raise FileDamagedError(path, "the dictionary does not match its checksum")
            return
        damaged = open_container(path).verify()
        if damaged:
            reason = f"the arrays {', '.join(damaged)} do not match their checksums"
            raise FileDamagedError(path, reason)

    def _member(self, entry: dict[str, Any], known: Mapping[str, Segment]) -> Member:
        name = entry["name"]
        segment = known.get(name) or open_segment(self.folder / name)
        if "deletes" not in entry:
            return Member(segment, None, None, 0)
        path = self.folder / entry["deletes"]
        container = open_container(path)
        container.check()
        arrays = container.arrays
        if name not in arrays or len(arrays[name]) != segment.words:
            raise FileDamagedError(path, f"it does not hold the removed documents of {name}")
        deleted: Bits = arrays[name]
        return Member(segment, ~deleted, deleted, int(popcount(deleted)))

    def _dictionary(self, name: str) -> bytes:
        raw = (self.folder / name).read_bytes()
        # A dictionary's name ends in its checksum.
        if f"{zlib.crc32(raw):08x}" not in name:
            reason = "the dictionary does not match its checksum"
            raise FileDamagedError(self.folder / name, reason)
        return raw


def store_crc(path: Path, size: int) -> int:
    """Return the CRC-32 of the first *size* bytes of a file."""
    crc, left = 0, size
    with path.open("rb") as file:
        while left and (piece := file.read(min(left, _PIECE))):
            crc = zlib.crc32(piece, crc)
            left -= len(piece)
    return crc


def open_newest(
    folder: Path,
    known: Mapping[str, Segment] | None = None,
    trusted: set[tuple[str, int, int]] | None = None,
    analyzer: str = "",
) -> Generation:
    """Open the newest generation that is not damaged.

    Args:
        folder: The folder of the index.
        known: Segments that are open already, by name.
        trusted: Name, size and time of files that were verified before; others are added.
        analyzer: The analyzer that the index must have; empty for any.

    Raises:
        IndexMissingError: there is no generation.
        IndexVersionError: the newest was built with another schema, numbering or analyzer.
        IndexDamagedError: all are damaged; the error says how.
    """
    lost_commits: dict[int, str] = {}
    for _ in range(_ATTEMPTS):
        found = generations(folder)
        if not found:
            break
        for number in found:
            if number in lost_commits:
                continue
            trusted = set() if trusted is None else trusted
            opened = _open(folder, number, known or {}, trusted, analyzer)
            if isinstance(opened, Generation):
                live = sum(member.documents for member in opened.members)
                opened.lost_commits = tuple(
                    _lost(folder, at, live, sentence) for at, sentence in lost_commits.items()
                )
                return opened
            if opened is None:
                # A commit has just removed it, so there is a newer one: list the folder again.
                break
            lost_commits[number] = opened
        else:
            raise IndexDamagedError(folder, "; ".join(lost_commits.values()))
    if lost_commits:
        raise IndexDamagedError(folder, "; ".join(lost_commits.values()))
    raise IndexMissingError(folder)


def _lost(folder: Path, number: int, live: int, sentence: str) -> LostCommit:
    """Return what is known of a lost generation, beside one with *live* documents."""
    path = folder / manifest_name(number)
    try:
        manifest = read_manifest(path, path.read_bytes())
    except (FileDamagedError, OSError):
        return LostCommit(sentence)
    held = sum(int(each["documents"]) - int(each.get("deleted", 0)) for each in manifest.segments)
    return LostCommit(sentence, manifest.written[:10], max(0, held - live))


def _open(
    folder: Path,
    number: int,
    known: Mapping[str, Segment],
    trusted: set[tuple[str, int, int]],
    analyzer: str,
) -> Generation | str | None:
    """Open one generation; return a sentence if it is damaged, None if it is gone."""
    path = folder / manifest_name(number)
    try:
        file, raw = lease(folder, number)
    except FileNotFoundError:
        return None
    try:
        manifest = read_manifest(path, raw)
        check_version(folder, manifest, analyzer)
        return Generation(folder, manifest, file, known, trusted)
    except FileDamagedError as error:
        release(file)
        return f"generation {number} is lost: {error.path.name}: {error.reason}"
    except IndexVersionError:
        release(file)
        raise
    except OSError as error:
        release(file)
        if error.errno == errno.ENOENT:
            return f"generation {number} is lost: {Path(str(error.filename)).name} is missing"
        raise


def open_number(folder: Path, number: int) -> Generation | str | None:
    """Open one generation, as `open_newest` does; its version does not matter.

    Returns:
        The generation; a sentence if it is damaged; None if it is gone or of another version.
    """
    try:
        return _open(folder, number, {}, set(), "")
    except IndexVersionError:
        return None


def newest_number(folder: Path) -> int:
    """Return the number of the newest generation, damaged or not; 0 if there is none."""
    return next(iter(generations(folder)), 0)


def live_bits(member: Member) -> Bits:
    """Return the documents of a member that were not removed, as a new bitmap."""
    bits = member.segment.new_bits()
    whole, left = divmod(member.segment.documents, 64)
    bits[:whole] = ~np.uint64(0)
    if left:
        bits[whole] = (np.uint64(1) << np.uint64(left)) - np.uint64(1)
    if member.deleted is not None:
        bits &= ~member.deleted
    return bits


def folder_size(folder: Path, manifest: Manifest) -> int:
    """Return the size of a generation's files in bytes, with its manifest."""
    own = (folder / manifest_name(manifest.generation)).stat().st_size
    return own + sum(size for size, _ in manifest.files.values())
