"""Commits: how an engine names the commits of an index, so that others can compare them.

A commit mark is `NUMBER REST`, for example `12 7cd3e0`. Numbers grow: the later of two commits
of one index has the higher number. A new and empty index has commit 1. What `REST` says is known
to the engine alone, but two different commits never have the same mark.
"""


def commit_number(mark: str) -> int:
    """Return the number of a commit mark, 0 for an empty mark.

    Example:
        >>> commit_number("12 7cd3e0"), commit_number("")
        (12, 0)
    """
    number = mark.partition(" ")[0]
    return int(number) if number.isascii() and number.isdigit() else 0
