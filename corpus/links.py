"""Links: what in a folder is not read: links that lead out of it, pipes, devices and sockets."""

import os
import stat

# Why a link is skipped, and what to do.
OUTSIDE = "found a link out of the folder; --follow-links reads it"


def leaves(root: str, path: str) -> bool:
    """Tell whether *path* is a link to a file or folder outside of the folder *root*, a real path.

    A link that leads nowhere does too if its target would be outside.
    """
    if not os.path.islink(path):  # noqa: PTH114  (a string, and there may be many)
        return False
    target = os.path.realpath(path)
    return target != root and not target.startswith(f"{root.rstrip('/')}/")


def irregular(mode: int) -> str:
    """Return why something that is no regular file is not read, empty for a regular file.

    Example:
        >>> irregular(stat.S_IFIFO)
        'found a pipe, expected a file'
        >>> irregular(stat.S_IFREG)
        ''
    """
    if stat.S_ISREG(mode):
        return ""
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
    return f"found {kinds.get(stat.S_IFMT(mode), 'a device')}, expected a file"
