"""Folders: the folders that are synced into an index; moved ones are recognised, or forgotten.

The state of a folder is found by its real path. When a folder moved, or the link to it leads
elsewhere, its state is handed to the new path, so that what is deleted there leaves the index.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from marsad.corpus.line_file import append_lines
from marsad.indexer.errors import FolderUnknownError
from marsad.indexer.sync.known import read_known, write_known
from marsad.indexer.sync.lines import FileState, commit_line
from marsad.indexer.sync.scan import UNSURE, look_at, scan
from marsad.indexer.sync.state import FolderState, state_files, state_path

RUNS = "runs.jsonl"
# A folder is another one at a new path if it has this share of its files, by name and size, and of
# a sample of these by their bytes.
_LEAST_SHARE, _LEAST_EQUAL, _SAMPLE = 0.5, 0.9, 16


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder that is synced: its path, how much it holds, and whether it is there.

    `last_run` is an ISO time (UTC), empty if the log of runs does not have it. `path` is empty if
    an earlier version wrote the state and no log tells whose it is.
    """

    path: str
    real: str
    files: int
    articles: int
    refused_files: int
    last_run: str
    exists: bool


def listed(side: Path, index: str) -> list[Listed]:
    """Return all folders that are synced into an index, by path."""
    paths, ended = _paths(side)
    found = []
    for each in state_files(side):
        state = FolderState(each, index, None)
        given, real = paths.get(each.name, ("", ""))
        refused = sum('"refused"' in note for note in state.notes.values())
        found.append(
            Listed(
                given,
                real,
                len(state.files),
                sum(1 for _ in state.files.ids()),
                refused,
                ended.get(each.name, ""),
                bool(given) and os.path.isdir(given),  # noqa: PTH112  (a string)
            )
        )
    return sorted(found, key=lambda each: each.path)


def _paths(side: Path) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return given and real path of each state file, and when its last run ended."""
    ended: dict[str, str] = {}
    paths: dict[str, tuple[str, str]] = {}
    names: dict[str, str] = {}
    for folder, when in _runs(side):
        name = names.get(folder)
        if name is None:
            name = names[folder] = state_path(side, Path(folder)).name
        ended[name] = when
        paths[name] = (os.path.abspath(folder), os.path.realpath(folder))  # noqa: PTH100
    for name, known in read_known(side).items():
        paths[name] = (known.given, known.real)
    for each in state_files(side):
        given, real = _folder_of(each)
        if given:
            paths[each.name] = (given, real)
    return paths, ended


def _folder_of(path: Path) -> tuple[str, str]:
    """Return the folder that the last run of a state wrote down, without reading all of it."""
    known = read_known(path.parent).get(path.name)
    return (known.given, known.real) if known is not None else ("", "")


def _runs(side: Path) -> Iterator[tuple[str, str]]:
    """Yield the folder and the end of each run in the log."""
    try:
        with (side / RUNS).open("rb") as file:
            for line in file:
                try:
                    row = json.loads(line)
                    yield str(row["folder"]), str(row.get("ended", ""))
                except (ValueError, KeyError, TypeError, AttributeError):
                    continue
    except OSError:
        return


def find(side: Path, folder: Path) -> Path:
    """Return the state file of a folder by any path that it has or had.

    Raises:
        FolderUnknownError: it has none.
    """
    path = state_path(side, folder)
    if path.exists():
        return path
    given = os.path.abspath(folder)  # noqa: PTH100
    paths, _ = _paths(side)
    for name, both in paths.items():
        if given in both and (side / name).exists():
            return side / name
    for name, known in read_known(side).items():
        if given in known.was and (side / name).exists():
            return side / name
    raise FolderUnknownError(folder, tuple(sorted({both[0] for both in paths.values()})))


def mark_all_changed(side: Path) -> None:
    """Have the next sync of every folder read all its files again, because the index lost a commit.

    *side* is the side folder of the index.
    """
    for path in state_files(side):
        append_lines(path, commit_line(UNSURE))


def take_over(
    side: Path,
    index: str,
    folder: Path,
    moved_from: Path | None = None,
    *,
    follow_links: bool = False,
) -> str:
    """Hand the state of a folder that moved to *folder*.

    A folder is taken as moved if *moved_from* names it, if it had the path that *folder* has now,
    through a link that leads elsewhere, or if its files are not at its old path any more and most
    of them are in *folder*; with *follow_links*, also behind links that lead out of it.

    Returns:
        A sentence for the user, empty if nothing was done.

    Raises:
        FolderUnknownError: *moved_from* was never synced.
    """
    target = state_path(side, folder)
    if moved_from is not None:
        source = find(side, moved_from)
        old = str(moved_from)
    else:
        found = _moved(side, index, folder, target, follow_links=follow_links)
        if found is None:
            return ""
        source, old = found
    if source == target:
        return ""
    files = _hand_over(side, index, source, target, folder)
    return f"{folder}: taken as {old}, which moved: {files} files are known from there"


def not_there(side: Path, folder: Path) -> str:
    """Return a sentence on the folders that are not at their paths, empty if there is none.

    It is for the first run of *folder*, which was not recognised as one of them.
    """
    paths, _ = _paths(side)
    target = state_path(side, folder).name
    lost = sorted(
        given
        for name, (given, real) in paths.items()
        if name != target and (side / name).exists() and given and not os.path.isdir(real)  # noqa: PTH112
    )
    if not lost:
        return ""
    first = f"{lost[0]} is" if len(lost) == 1 else f"{lost[0]} and {len(lost) - 1} more are"
    return (
        f"{folder}: this folder is new, and {first} not there any more. If it moved here, run "
        f"`marsad sync {folder} --moved-from {lost[0]}`, so that what is deleted here leaves the "
        "index"
    )


def _moved(
    side: Path, index: str, folder: Path, target: Path, *, follow_links: bool
) -> tuple[Path, str] | None:
    """Return the state file and the old path of a folder that is now at *folder*."""
    given, real = os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100
    paths, _ = _paths(side)
    for source in state_files(side):
        old_given, old_real = paths.get(source.name, ("", ""))
        if source == target or not old_real or old_real == real:
            continue
        if old_given == given and not target.exists():
            return source, old_real
        state = FolderState(source, index, None)
        if not state.files or _has_any(state, old_real):
            continue
        known = FolderState(target, index, None) if target.exists() else None
        if _most_are_in(state, folder, known, follow_links=follow_links):
            return source, old_given
    return None


def _has_any(state: FolderState, place: str) -> bool:
    """Tell whether some of the files of a state are at a path."""
    names = islice(iter(state.files), _SAMPLE)
    return os.path.isdir(place) and any(os.path.exists(f"{place}/{name}") for name in names)  # noqa: PTH110, PTH112


def _most_are_in(
    state: FolderState, folder: Path, known: FolderState | None, *, follow_links: bool
) -> bool:
    """Tell whether most files of *state* are in *folder*, whose own state is *known*."""
    if known is not None:
        equal = sum(
            name in known.files and known.files[name].sha256 == each.sha256
            for name, each in state.files.states()
        )
        return equal >= _LEAST_SHARE * len(state.files)
    found = scan(folder, follow_links=follow_links)
    sizes = {name: stamp.partition(" ")[0] for name, stamp in found}
    there = [
        (name, each.sha256)
        for name, each in state.files.states()
        if sizes.get(name, "") == each.stamp.partition(" ")[0] or each.stamp == UNSURE
    ]
    there = [(name, digest) for name, digest in there if name in sizes]
    if not there or len(there) < _LEAST_SHARE * len(state.files):
        return False
    sample = there[:: max(1, len(there) // _SAMPLE)]
    equal = sum(_digest(f"{folder}/{name}") == digest for name, digest in sample)
    unsure = sum(digest == UNSURE for _, digest in sample)
    return equal >= _LEAST_EQUAL * (len(sample) - unsure)


def _digest(path: str) -> str:
    try:
        return look_at(path)[1]
    except OSError:
        return ""


def _hand_over(side: Path, index: str, source: Path, target: Path, folder: Path) -> int:
    """Make the state file *source* that of *folder*; return the number of files in it."""
    old = FolderState(source, index, None)
    known = read_known(side).get(source.name)
    was = [old.given, old.real, *(known.was if known is not None else ())]
    files = len(old.files)
    if target.exists():
        state = FolderState(target, index, None)
        # What the old path left in index and quarantine is looked for in the run that follows.
        state.mark_run(is_unfinished=True)
        state.add(_merged(state, old))
        source.unlink()
    else:
        source.replace(target)
        state = FolderState(target, index, None)
    state.set_folder(folder)
    write_known(side, {source.name: None})
    state.keep_known(each for each in was if each)
    return files


def _merged(state: FolderState, old: FolderState) -> Iterator[tuple[str, FileState]]:
    """Yield the files of *old* that *state* does not have as they are, to be looked at again."""
    for name, each in old.files.states():
        there = state.files.get(name)
        if there is None:
            yield name, FileState(UNSURE, UNSURE, each.ids, each.note)
        elif not set(each.ids) <= set(there.ids):
            ids = tuple(dict.fromkeys([*there.ids, *each.ids]))
            yield name, FileState(UNSURE, UNSURE, ids, there.note)


def faults(side: Path, index: str) -> list[str]:
    """Return a sentence for each state of a folder that is lost or damaged, for `marsad check`."""
    told = []
    known = read_known(side)
    paths, _ = _paths(side)
    for name, each in known.items():
        if not (side / name).exists():
            told.append(_LOST.format(side / name, f"the state of {each.given} is lost", each.given))
    for path in state_files(side):
        state = FolderState(path, index, None)
        if state.damaged:
            given = paths.get(path.name, ("a folder", ""))[0]
            what = f"the state of {given} is damaged in {state.damaged} places"
            told.append(_LOST.format(path, what, given))
    return told


_LOST = (
    "{}: {}; no article is lost. The next `marsad sync {}` reads its files again, and removes "
    "articles whose files are gone"
)
