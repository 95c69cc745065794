"""Owners: which articles `marsad index` brought, so that a sync does not remove them.

    marsad index -> Claims.note(article), Claims.write() -> claims.bin
    marsad sync  -> Owners.release(file), Owners.has(id)  -> what may be removed

A claim is an article and the file that it was read from. An article that a sync reads from a file
is the sync's: the claim for that file is released, and `index` claims nothing of a folder that is
synced. So an article belongs to `index` as long as it brought it from a file that no sync follows.

`claims.bin` in the side folder of an index is appended to, block by block: a mark, `+` or `-`, the
number of pairs, their CRC-32, then the pairs: two 64-bit numbers, of the id and of the path. An
index of an earlier version has no such file: articles that no synced folder holds are claimed then.
"""

import datetime as dt
import os
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from marsad.corpus.article import Article
from marsad.corpus.hashes import Hashes, hash_of
from marsad.corpus.line_file import append_bytes
from marsad.corpus.source import Record
from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.sync.known import read_known
from marsad.indexer.sync.state import FolderState, state_files
from marsad.indexer.sync.tombstones import Tombstones

NAME = "claims.bin"
_MARK = b"mrsd"
_HEAD = struct.Struct("<4scII")
_MOST_PAIRS = 1 << 16
_PAIR_BYTES = 16


class Owners:
    """The claims of `marsad index` in the side folder *side* of an index.

    `damaged` counts damaged parts of the file; their claims are lost. In memory a claim takes 32
    bytes or so.
    """

    def __init__(self, side: Path) -> None:
        self.path = side / NAME
        self._stamp = (0, 0)
        self.damaged = 0
        self._pairs = Hashes()
        # How many claims an id has; ids with one claim, which most have, are in `_once`.
        self._once, self._more = Hashes(), dict[int, int]()
        self._released: dict[int, int] = {}
        self._gone: set[int] = set()
        self.refresh()

    def __len__(self) -> int:
        return len(self._pairs)

    @property
    def is_there(self) -> bool:
        """Whether the index has claims written down, also none."""
        return self.path.exists()

    def refresh(self) -> None:
        """Read the file again if it changed."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return
        if self._stamp == (about.st_size, about.st_ino):
            return
        self._stamp = (about.st_size, about.st_ino)
        self.damaged = 0
        self._pairs, self._once, self._more, self._released = Hashes(), Hashes(), {}, {}
        released: set[int] = set()
        for sign, pairs in self._blocks():
            for at in range(0, len(pairs), 2):
                article, pair = pairs[at], pairs[at + 1]
                if sign == b"-":
                    if pair in self._pairs and pair not in released:
                        released.add(pair)
                        self._released[article] = self._released.get(article, 0) + 1
                elif pair in released:
                    released.discard(pair)
                    self._released[article] -= 1
                elif self._pairs.add(pair) and not self._once.add(article):
                    self._more[article] = self._more.get(article, 1) + 1
        self._gone = released

    def _blocks(self) -> Iterator[tuple[bytes, "array[int]"]]:
        with self.path.open("rb") as file:
            size = self._stamp[0]
            at = 0
            while at + _HEAD.size <= size:
                file.seek(at)
                mark, sign, count, crc = _HEAD.unpack(file.read(_HEAD.size))
                raw = file.read(count * _PAIR_BYTES) if count <= _MOST_PAIRS else b""
                if mark == _MARK and len(raw) == count * _PAIR_BYTES and zlib.crc32(raw) == crc:
                    yield sign, array("Q", raw)
                    at += _HEAD.size + len(raw)
                    continue
                self.damaged += 1
                file.seek(at + 1)
                found = _find_mark(file)
                if found < 0:
                    return
                at = found
            self.damaged += at != size

    def has(self, article_id: str) -> bool:
        """Tell whether `index` brought an article from a file that no sync follows."""
        article = hash_of(article_id)
        if article not in self._once:
            return False
        return self._more.get(article, 1) > self._released.get(article, 0)

    def release(self, ids: Iterable[str], place: str) -> None:
        """Release the claims to *ids* for the file at *place*, as `place_of` returns it."""
        if not len(self._pairs):
            return
        found = []
        for each in ids:
            article, pair = pair_of(each, place)
            if self.holds(pair):
                self._gone.add(pair)
                self._released[article] = self._released.get(article, 0) + 1
                found += [article, pair]
        if found:
            append_pairs(self.path, b"-", found)
            about = self.path.stat()
            self._stamp = (about.st_size, about.st_ino)

    def holds(self, pair: int) -> bool:
        """Tell whether a claim is written down, by its second number."""
        return pair in self._pairs and pair not in self._gone


def _find_mark(file: IO[bytes]) -> int:
    """Return the offset of the next mark from the position of a file, -1 if there is none."""
    seen = b""
    base = file.tell()
    while piece := file.read(1 << 20):
        at = (seen + piece).find(_MARK)
        if at >= 0:
            return int(base - len(seen) + at)
        base += len(piece)
        seen = piece[-len(_MARK) + 1 :]
    return -1


def pair_of(article_id: str, place: str) -> tuple[int, int]:
    """Return the two numbers of a claim: of the id, and of the id with the place of its file."""
    return hash_of(article_id), hash_of(article_id, place)


def append_pairs(path: Path, sign: bytes, pairs: list[int]) -> None:
    """Append claims (`+`) or releases (`-`), block by block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = []
    for start in range(0, max(1, len(pairs)), 2 * _MOST_PAIRS):
        raw = array("Q", pairs[start : start + 2 * _MOST_PAIRS]).tobytes()
        head = _HEAD.pack(_MARK, sign, len(raw) // _PAIR_BYTES, zlib.crc32(raw))
        blocks.append(head + raw)
    append_bytes(path, b"".join(blocks))


class Places:
    """Gives a file one name, by whatever path it is reached."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str) -> str:
        """Return the real path of the folder of a file, and the file's name."""
        folder, _, name = path.rpartition("/")
        real = self._folders.get(folder)
        if real is None:
            if len(self._folders) > _MOST_PAIRS:
                self._folders.clear()
            start = "/" if path.startswith("/") else "."
            real = self._folders[folder] = os.path.realpath(folder or start)
        return f"{real}/{name}"

    def of_origin(self, path: str) -> str:
        """Return the same for the path of an article: after a `!` comes a member of an archive."""
        at = path.find("!")
        while at >= 0:
            if os.path.isfile(path[:at]):  # noqa: PTH113  (a string)
                return self.of(path[:at])
            at = path.find("!", at + 1)
        return self.of(path)


class Claims:
    """Claims the articles of a run of `marsad index` or `marsad retry`.

    Call `note` with each record of the run. They are written down at the end of the context, also
    after an error.
    """

    def __init__(self, side: Path) -> None:
        self._owners = Owners(side)
        self._places = Places()
        self._synced = tuple(f"{each.real.rstrip('/')}/" for each in read_known(side).values())
        self._new: list[int] = []
        self._seen = Hashes()
        self._stones = Tombstones(side)
        self._removed = {stone.id for stone in self._stones.all()}
        self._back: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.write()

    def note(self, record: Record) -> None:
        """Claim an article, unless it lies in a folder that is synced; it has no tombstone now."""
        if not isinstance(record, Article):
            return
        if record.id in self._removed:
            self._removed.discard(record.id)
            self._back.append(record.id)
        place = self._places.of_origin(record.origin.path) if record.origin else ""
        if self._synced and place.startswith(self._synced):
            return
        article, pair = pair_of(record.id, place)
        if self._seen.add(pair) and not self._owners.holds(pair):
            self._new += [article, pair]
            if len(self._new) >= 2 * _MOST_PAIRS:
                self.write()

    def write(self) -> None:
        """Write down what was noted."""
        if self._new:
            append_pairs(self._owners.path, b"+", self._new)
            self._new = []
        if self._back:
            self._stones.lift(self._back, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
            self._back = []


def claim_rest(engine: Engine, side: Path, index: str) -> None:
    """Claim the articles that no synced folder holds, if the index has no claims written down.

    An earlier version wrote the index then, or it is new. The caller is about to write to it.
    """
    path = side / NAME
    if path.exists():
        return
    held = Hashes()
    for state in state_files(side):
        for each in FolderState(state, index, None).files.ids():
            held.add(hash_of(each))
    free = [
        hit.id
        for hit in engine.walk(SearchRequest(sort="oldest", stored=False))
        if hash_of(hit.id) not in held
    ]
    places = Places()
    pairs: list[int] = []
    for each in free:
        found = engine.get(each)
        origin = load_stored(found.stored).article.origin if found is not None else None
        # By the place of its file, a sync that reads the file can release the claim.
        pairs += pair_of(each, places.of_origin(origin.path) if origin is not None else "")
    append_pairs(path, b"+", pairs)
