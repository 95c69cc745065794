"""No-change check: whether a folder is as the last sync left it, without opening the index.

Most runs of a nightly sync find nothing new. This check takes milliseconds, while loading the
tables and opening the index take seconds.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from marsad.indexer.registry import side_folder, whole_commit
from marsad.indexer.sync.lines import escape, unescape
from marsad.indexer.sync.scan import UNSURE, Hidden, LeftOut, look_at, scan
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.table import MASK, number_of


@dataclass(slots=True)
class Comparison:
    """A folder beside its state.

    `seen` counts the files of the folder. `wanted` maps the path of each file that is new, or is
    not as it was, to its stamp, in the order of paths. `gone` are the paths of files that are not
    there any more, `unreadable` those of files and folders that cannot be read, `left_out`
    what is not read: links that lead out of the folder, pipes and the like.
    """

    seen: int = 0
    wanted: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether the folder is as it was."""
        return not (self.wanted or self.gone or self.unreadable)


def compare(
    state: FolderState,
    folder: Path,
    own: Collection[str] = (),
    *,
    checksum: bool = False,
    follow_links: bool = False,
) -> Comparison:
    """Compare a folder with its state by names, sizes and times.

    Args:
        state: The state of the folder.
        folder: The folder.
        own: Real paths of files and folders that the run itself writes; they are left out.
        checksum: Every file is wanted; its bytes are compared when it is read.
        follow_links: Links that lead out of the folder are followed, too.
    """
    found = Comparison()
    table, sure_from = state.files.table, state.files.sure_from
    seen = bytearray(table.slots)
    known = 0
    look_up = table.look_up
    for name, stamp in scan(
        folder, found.unreadable, own, found.left_out, follow_links=follow_links
    ):
        found.seen += 1
        place, offset, stamp_then = look_up(hash(escape(name)) & MASK or 1)
        if offset >= 0 and not seen[place]:
            seen[place] = 1
            known += 1
        if checksum or offset < sure_from or stamp_then != (hash(stamp.encode()) & MASK or 1):
            found.wanted[name] = stamp
    if known < len(table):
        for _, fields in state.files.lines():
            if not seen[table.place(number_of(fields[0]))]:
                found.gone.append(unescape(fields[0]))
        # An unreadable file is not a vanished one.
        hidden = Hidden(found.unreadable)
        found.gone = sorted(name for name in found.gone if name not in hidden)
    found.wanted = dict(sorted(found.wanted.items()))
    found.left_out.sort()
    return found


@dataclass(slots=True)
class Look:
    """What a run sees before it opens the index: the state of the folder and the comparison."""

    state: FolderState
    found: Comparison
    is_quiet: bool


def look(
    index: str,
    folder: Path,
    fingerprint: str,
    *,
    checksum: bool = False,
    own: Collection[str] = (),
    follow_links: bool = False,
) -> Look | None:
    """Compare a folder with its state; None if it has no state.

    The folder is quiet if nothing changed since its last sync. It is not if another program wrote
    the state, if the state is damaged, or if the newest commit of the index is damaged or is not
    the one of that sync. Only the commit's mark and the names, sizes and times of the files are
    read.

    Args:
        index: The address of the index.
        folder: The folder that is synced.
        fingerprint: The fingerprint of this program with its settings.
        checksum: Compare the bytes of each file instead of size and time.
        own: Real paths of files and folders that the run itself writes; they are left out.
        follow_links: Links that lead out of the folder are followed, too.
    """
    path = state_path(side_folder(index), folder)
    if not path.exists():
        return None
    state = FolderState(path, index, None)
    found = compare(state, folder, own, follow_links=follow_links)
    is_quiet = (
        found.is_quiet
        and not state.damaged
        and state.fingerprint == fingerprint
        and state.commit not in ("", UNSURE)
        and state.commit == whole_commit(index)
        and os.path.realpath(folder) == (state.real or os.path.realpath(folder))
    )
    if is_quiet and checksum:
        is_quiet = all(
            _digest(f"{folder}/{name}") == known.sha256 for name, known in state.files.states()
        )
    return Look(state, found, is_quiet)


def unchanged(
    index: str,
    folder: Path,
    fingerprint: str,
    *,
    checksum: bool = False,
    own: Collection[str] = (),
) -> int | None:
    """Return the number of files in *folder* if nothing changed since its last sync, else None.

    The arguments are those of `look`.
    """
    seen = look(index, folder, fingerprint, checksum=checksum, own=own)
    return seen.found.seen if seen is not None and seen.is_quiet else None


def _digest(path: str) -> str:
    """Return the SHA-256 of a file's bytes, empty if they cannot be read."""
    try:
        return look_at(path)[1]
    except OSError:
        return ""
