"""Commits: which commit of an index is the newest, found without opening the index.

It tells a whole commit from a damaged one by little: its manifest and the sizes of files.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

MANIFEST = re.compile(r"manifest\.(\d{8,})\.json")


def newest_commit(index: Path) -> str:
    """Return number and digest of the newest commit, empty where there is none or it is damaged.

    Numbers grow, so that of two commits of an index the later one has the higher.
    """
    number = -1
    while True:
        found = _newest(index)
        mark = _mark(index, *found) if found else ""
        # A commit meanwhile may have removed what was looked at.
        if mark or found is None or found[0] == number:
            return mark
        number = found[0]


def commit_number(mark: str) -> int:
    """Return the number in what `newest_commit` returned, 0 where there is none.

    Example:
        >>> commit_number("12 7cd3e0"), commit_number("")
        (12, 0)
    """
    number = mark.partition(" ")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def body_checksum(body: dict[str, Any]) -> str:
    """Return the checksum of a manifest's body."""
    raw = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()


def _newest(index: Path) -> tuple[int, str] | None:
    try:
        names = os.listdir(index)  # noqa: PTH208  (names are all that is wanted)
    except (FileNotFoundError, NotADirectoryError):
        return None
    found = [(int(m[1]), name) for name in names if (m := MANIFEST.fullmatch(name))]
    return max(found, default=None)


def _mark(index: Path, number: int, name: str) -> str:
    try:
        body = json.loads((index / name).read_bytes())
        checksum = body.pop("sha256")
        if checksum != body_checksum(body):
            return ""
        for file, (size, _) in body["files"].items():
            if os.stat(index / file).st_size != size:  # noqa: PTH116
                return ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return f"{number} {checksum[:16]}"
