"""Commits: the marks of indexes that are kept in memory."""

# Place to the marks of its commits, oldest first.
MARKS: dict[str, list[str]] = {}


def own_folder(_place: str) -> None:
    """Return no folder: nothing of this engine is on the disk."""


def newest_commit(place: str) -> str:
    """Return the mark of the newest commit, empty where there is no index."""
    marks = MARKS.get(place)
    return marks[-1] if marks else ""
