"""Errors of the indexer. A message says what was found, what was expected, and what to do."""

import copyreg
from pathlib import Path
from typing import Any


class PicklableError(Exception):
    """An error that comes out of a worker process as it was raised.

    The usual way to read a pickled exception calls its class with the message alone.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make the error again without calling its class."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class IndexerError(PicklableError):
    """Base of the errors that the indexer and its engines raise."""


class ArticleUnknownError(IndexerError):
    """The index has no article with this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"no article has the id {article_id!r}; `marsad search QUERY` shows the ids of hits."
        )
        self.article_id = article_id


class ArticleDamagedError(IndexerError):
    """The stored text of one article is damaged; the rest of the index is not."""

    def __init__(self, article_id: str, reason: str) -> None:
        super().__init__(
            f"article {article_id!r} is damaged and cannot be read: {reason}. Other articles are "
            f"not affected. Put the named file back from a copy; or let `marsad rebuild INDEX --to "
            f"NEWDIR` take over the others, and index the source of this one again. `marsad check` "
            f"lists all damaged articles."
        )
        self.article_id, self.reason = article_id, reason


class TimeLimitError(IndexerError):
    """A search did not finish before its deadline."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"the search did not finish within {limit_s:g} s and was stopped; narrow it by a date "
            f"or a facet, or use fewer words and patterns."
        )
        self.limit_s = limit_s


class WorkerLostError(IndexerError):
    """A worker process was killed."""

    def __init__(self) -> None:
        super().__init__(
            "a process that analysed articles was killed, most often because memory ran out. "
            "Committed batches stay in the index; run again with fewer --workers or a smaller "
            "--batch."
        )


class IndexMissingError(IndexerError):
    """There is no index at this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: no Marsad index here. Expected a folder that `marsad index SOURCE --index "
            f"{path}` made; check the path or run that command."
        )
        self.path = path


class IndexVersionError(IndexerError):
    """An index was built with another analyzer or schema than this program has."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        super().__init__(
            f"{path}: built with {found}, but this program needs {expected}. Its terms would not "
            f"match; `marsad rebuild {path}` builds it again from its own articles, or "
            f"build a new index with `marsad index SOURCE --index NEWDIR`."
        )
        self.path, self.found, self.expected = path, found, expected


class IndexTooOldError(IndexVersionError):
    """An index has a schema so old that this program cannot read its articles."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        IndexerError.__init__(
            self,
            f"{path}: built with {found}, but this program needs {expected}, and `marsad rebuild "
            f"{path}` reads articles of schema 2 and later only. Build a new index with `marsad "
            f"index SOURCE --index NEWDIR`.",
        )
        self.path, self.found, self.expected = path, found, expected


class IndexTooNewError(IndexVersionError):
    """An index has a later schema than this program knows."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        IndexerError.__init__(
            self,
            f"{path}: built with {found}, but this program needs {expected}: a later Marsad made "
            f"it, and `marsad rebuild {path}` cannot read later formats. Use that "
            f"Marsad, or build a new index with `marsad index SOURCE --index NEWDIR`.",
        )
        self.path, self.found, self.expected = path, found, expected


class IndexDamagedError(IndexerError):
    """A file of an index is missing or unreadable."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. The index is damaged; `marsad check --index {path}` shows what, "
            f"`marsad index SOURCE --index NEWDIR` builds a new one, and `marsad rebuild {path} "
            f"--to NEWDIR` takes over the articles that can be read."
        )
        self.path, self.reason = path, reason


class FileDamagedError(IndexerError):
    """A file of an index is missing, or its content is not as it was written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. The file is damaged; `marsad check --index {path.parent}` shows "
            f"what is lost, `marsad index SOURCE --index NEWDIR` builds a new index, and "
            f"`marsad rebuild {path.parent} --to NEWDIR` takes over the articles that can be read."
        )
        self.path, self.reason = path, reason


class IndexWriteError(IndexerError):
    """Files of an index cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: cannot write here: {reason}. Committed batches are untouched; make room or "
            f"correct the permissions, then run the command again."
        )
        self.path, self.reason = path, reason


class NoRoomError(IndexerError):
    """A disk has too little free space for a new index."""

    def __init__(self, path: Path, needed: int, free: int) -> None:
        super().__init__(
            f"{path}: {free:,} bytes are free on this disk, and the new index will take about "
            f"{needed:,}. Nothing was changed; make room, or put it on another disk with --to."
        )
        self.path, self.needed, self.free = path, needed, free


class RebuildTargetError(IndexerError):
    """A rebuilt index cannot be made in this folder."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. Expected a folder that does not exist or is empty; give --to "
            f"another one. Nothing was changed."
        )
        self.path, self.reason = path, reason


class RebuildFailedError(IndexerError):
    """A rebuilt index failed a check, and was not put in place."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: the new index was not put in its place: {reason}. The old one is "
            f"unchanged; run the command again."
        )
        self.path, self.reason = path, reason


class RebuildShrunkError(IndexerError):
    """Too many articles of an index could not be taken over into a new one."""

    def __init__(self, path: Path, lost: int, held: int) -> None:
        super().__init__(
            f"{path}: {lost} of {held} articles could not be taken over, so the index stays as it "
            f"was. `marsad check --index {path}` shows what is damaged; `marsad rebuild {path} "
            f"--to NEWDIR` makes an index of the others."
        )
        self.path, self.lost, self.held = path, lost, held


class ReportPathError(IndexerError):
    """The report of a run cannot be written to this path."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: no report can be written here: {reason}. Expected a file in a folder that "
            f"exists; give --report another path. Nothing was done."
        )
        self.path, self.reason = path, reason


class FolderUnknownError(IndexerError):
    """A folder was never synced into the index; `known` are the paths of those that were."""

    def __init__(self, folder: Path, known: tuple[str, ...]) -> None:
        there = ", ".join(known[:20]) or "no folder"
        super().__init__(
            f"{folder}: not a folder that is synced into this index. Expected one of: {there}; "
            f"`marsad sync --list` shows them."
        )
        self.folder, self.known = folder, known


class FolderVanishedError(IndexerError):
    """Most articles of a folder have vanished since the last sync."""

    def __init__(self, folder: Path, gone: int, known: int) -> None:
        super().__init__(
            f"{folder}: {gone} of {known} articles are gone. Expected most of them to be there; is "
            f"the disk mounted? Use --allow-vanished to remove them from the index."
        )
        self.folder, self.gone, self.known = folder, gone, known


class IndexBusyError(IndexerError):
    """Another process is writing to the index; `holder` says which."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"{path}: another process is writing to this index ({holder}), and only one may. Wait "
            f"for it to end, then run the command again."
        )
        self.path, self.holder = path, holder


class WindowTooDeepError(IndexerError):
    """A search asked for hits beyond the last page."""

    def __init__(self, depth: int, deepest: int) -> None:
        super().__init__(
            f"offset + limit is {depth}, but at most {deepest} hits can be paged through; narrow "
            f"the search by date or facet."
        )
        self.depth, self.deepest = depth, deepest


class EngineUnknownError(IndexerError):
    """The address of an index names an unknown engine."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address!r}: found no known engine, expected `whoosh:DIR` or a folder.")
        self.address = address
