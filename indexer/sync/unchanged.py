"""No-change check: whether a folder is as the last sync left it, without opening the index.

Most runs of a nightly sync find nothing new. This check takes milliseconds, while loading the
tables and opening the index take seconds.
"""

from collections.abc import Collection
from pathlib import Path

from marsad.indexer.registry import newest_commit, side_folder
from marsad.indexer.sync.scan import UNSURE, look_at, scan
from marsad.indexer.sync.state import state_path, unescape


def unchanged(
    index: str,
    folder: Path,
    fingerprint: str,
    *,
    checksum: bool = False,
    own: Collection[str] = (),
) -> int | None:
    """Return the number of files in *folder* if nothing changed since its last sync, else None.

    It also returns None if another program wrote the state, or if the newest commit of the index
    is damaged or is not the one of that sync. Only the commit's mark and the names, sizes and
    times of the files are read.

    Args:
        index: The address of the index.
        folder: The folder that is synced.
        fingerprint: The fingerprint of this program with its settings.
        checksum: Compare the bytes of each file instead of size and time.
        own: Real paths of files and folders that the run itself writes; they are left out.
    """
    path = state_path(side_folder(index), folder)
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    known, commit = known_stamps(text, fingerprint)
    if known is None or commit in ("", UNSURE) or commit != newest_commit(index):
        return None
    count = 0
    unreadable: list[str] = []
    for name, stamp in scan(folder, unreadable, own):
        state = known.get(name, "")
        if checksum:
            if not state or _digest(f"{folder}/{name}") != state.split("\t", 2)[1]:
                return None
        elif not state.startswith(f"{stamp}\t"):
            return None
        count += 1
    return count if count == len(known) and not unreadable else None


def _digest(path: str) -> str:
    """Return the SHA-256 of a file's bytes, empty if they cannot be read."""
    try:
        return look_at(path)[1]
    except OSError:
        return ""


def known_stamps(text: str, fingerprint: str) -> tuple[dict[str, str] | None, str]:
    """Return what the *text* of a state says: its files, and the newest commit.

    A file's name maps to the rest of its line. None stands for the files if a program with
    another *fingerprint* wrote the state. `FolderState` reads the same and more, but takes three
    times as long.
    """
    known: dict[str, str] = {}
    version = last = commit = ""
    for line in text.split("\n")[:-1]:
        name, tab, rest = line.partition("\t")
        if not tab:
            known.pop(unescape(name) if "\\" in name else name, None)
        elif name and rest.count("\t") == 2:  # noqa: PLR2004
            known[unescape(name) if "\\" in name else name] = rest
        elif not name:
            found, _, value = rest.partition("\t")
            if not found:
                commit = value
                if commit == UNSURE:
                    known = dict.fromkeys(known, UNSURE)
                continue
            last = value
            if version not in ("", found):
                known = dict.fromkeys(known, UNSURE)
            version = found
    return known if last == fingerprint else None, commit
