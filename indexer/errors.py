"""Errors of the indexer: each says what was found, what was expected, and what to do."""

from pathlib import Path


class IndexerError(Exception):
    """Base of every fault that an index or an engine can raise."""


class ArticleUnknownError(IndexerError):
    """No article of the index has an id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"no article has the id {article_id!r}; `marsad search QUERY` shows the ids of hits."
        )
        self.article_id = article_id


class TimeLimitError(IndexerError):
    """A search was not done by its deadline."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"the search was not done within {limit_s:g} s and was ended; narrow it by a date or "
            f"a value, or ask for fewer words and patterns."
        )
        self.limit_s = limit_s


class WorkerLostError(IndexerError):
    """A process that analysed articles was killed."""

    def __init__(self) -> None:
        super().__init__(
            "a process that analysed articles was killed, mostly by the system for want of memory. "
            "What was committed stays; run again with fewer --workers or a smaller --batch."
        )


class IndexMissingError(IndexerError):
    """There is no index where one was expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: no Marsad index here. Expected a folder that `marsad index SOURCE --index "
            f"{path}` made; check the path or run that command."
        )
        self.path = path


class IndexVersionError(IndexerError):
    """An index was built by another analyzer or schema than this program's."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        super().__init__(
            f"{path}: built with {found}, but this program needs {expected}. Its terms would not "
            f"match; `marsad rebuild {path}` makes it anew from the articles that it holds, or "
            f"build a new index with `marsad index SOURCE --index NEWDIR`."
        )
        self.path, self.found, self.expected = path, found, expected


class IndexTooOldError(IndexVersionError):
    """An index is of a schema whose articles this program cannot read."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        IndexerError.__init__(
            self,
            f"{path}: built with {found}, but this program needs {expected}, and `marsad rebuild "
            f"{path}` reads articles of schema 2 and later only. Build a new index with `marsad "
            f"index SOURCE --index NEWDIR`.",
        )
        self.path, self.found, self.expected = path, found, expected


class IndexTooNewError(IndexVersionError):
    """An index is of a later schema than this program's."""

    def __init__(self, path: Path, *, found: str, expected: str) -> None:
        IndexerError.__init__(
            self,
            f"{path}: built with {found}, but this program needs {expected}: a later Marsad made "
            f"it, and `marsad rebuild {path}` cannot read what is not known yet. Use that Marsad, "
            f"or build a new index with `marsad index SOURCE --index NEWDIR`.",
        )
        self.path, self.found, self.expected = path, found, expected


class IndexDamagedError(IndexerError):
    """A file of an index is missing or unreadable."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. The index is damaged; `marsad check --index {path}` says more, "
            f"`marsad index SOURCE --index NEWDIR` builds it anew, and `marsad rebuild {path} --to "
            f"NEWDIR` takes over the articles of it that can be read."
        )
        self.path, self.reason = path, reason


class FileDamagedError(IndexerError):
    """One file of an index is not what was written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. The file is damaged; `marsad check --index {path.parent}` says "
            f"what that costs, `marsad index SOURCE --index NEWDIR` builds the index anew, and "
            f"`marsad rebuild {path.parent} --to NEWDIR` takes over the articles that can be read."
        )
        self.path, self.reason = path, reason


class IndexWriteError(IndexerError):
    """The disk did not take what an index has to write."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: cannot write here: {reason}. What was committed before is untouched; make "
            f"room or mend the permissions, then run the command again."
        )
        self.path, self.reason = path, reason


class NoRoomError(IndexerError):
    """A disk has not the room that a new index will take."""

    def __init__(self, path: Path, needed: int, free: int) -> None:
        super().__init__(
            f"{path}: {free:,} bytes are free on this disk, and the new index will take about "
            f"{needed:,}. Nothing was changed; make room, or put it on another disk with --to."
        )
        self.path, self.needed, self.free = path, needed, free


class RebuildTargetError(IndexerError):
    """A new index cannot be made where it was asked for."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. Expected a folder that is not there yet, or is empty; give --to "
            f"another one. Nothing was changed."
        )
        self.path, self.reason = path, reason


class RebuildFailedError(IndexerError):
    """A rebuilt index is not what it should be, and was not put in place."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: the new index was not put in its place: {reason}. What was there before "
            f"is as it was; run the command again."
        )
        self.path, self.reason = path, reason


class RebuildShrunkError(IndexerError):
    """Many articles of an index could not be taken over."""

    def __init__(self, path: Path, lost: int, held: int) -> None:
        super().__init__(
            f"{path}: {lost} of {held} articles could not be taken over, so the index stays as it "
            f"was. `marsad check --index {path}` says what is damaged; `marsad rebuild {path} --to "
            f"NEWDIR` makes an index of the others."
        )
        self.path, self.lost, self.held = path, lost, held


class ReportPathError(IndexerError):
    """The report of a run cannot be written where it was asked for."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: no report can be written here: {reason}. Expected a file in a folder that "
            f"is there; give --report another path. Nothing was done."
        )
        self.path, self.reason = path, reason


class FolderVanishedError(IndexerError):
    """Most articles of a folder are gone since the last sync."""

    def __init__(self, folder: Path, gone: int, known: int) -> None:
        super().__init__(
            f"{folder}: {gone} of {known} articles are gone. Expected most to be there; is the "
            f"disk mounted? With --allow-vanished their articles are removed."
        )
        self.folder, self.gone, self.known = folder, gone, known


class IndexBusyError(IndexerError):
    """Another writer holds the index; `holder` says who."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"{path}: another process is writing to this index ({holder}), and only one may. Wait "
            f"until it has ended, then run the command again."
        )
        self.path, self.holder = path, holder


class WindowTooDeepError(IndexerError):
    """A search asked for hits beyond the deepest page."""

    def __init__(self, depth: int, deepest: int) -> None:
        super().__init__(
            f"offset + limit is {depth}, but at most {deepest} hits can be paged through; narrow "
            f"the search by date or facet."
        )
        self.depth, self.deepest = depth, deepest


class EngineUnknownError(IndexerError):
    """An engine address names no engine of this program."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address!r}: found no known engine, expected `whoosh:DIR` or a folder.")
        self.address = address
