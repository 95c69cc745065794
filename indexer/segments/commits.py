"""Commits: which commit of an index is the newest, found without opening the index.

A commit counts as whole if its manifest matches its checksum and every file it names has the
right size. No file but the manifest is read.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

MANIFEST = re.compile(r"manifest\.(\d{8,})\.json")


def own_folder(place: str) -> Path:
    """Return the folder of an index, in which other parts of Marsad may keep files too."""
    return Path(place)


def newest_commit(place: str) -> str:
    """Return the mark of the newest commit, empty where there is none or it is damaged.

    See `marsad.indexer.engine.commits` for marks. *place* is the path of the index.
    """
    index = Path(place)
    number = -1
    while True:
        found = _newest(index)
        mark = _mark(index, *found) if found else ""
        # A writer may have made a newer commit meanwhile, and removed the one looked at.
        if mark or found is None or found[0] == number:
            return mark
        number = found[0]


def body_checksum(body: dict[str, Any]) -> str:
    """Return the checksum of a manifest's body, a SHA-256 in hexadecimal digits."""
    raw = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()


def _newest(index: Path) -> tuple[int, str] | None:
    try:
        names = os.listdir(index)  # noqa: PTH208  (only names are needed)
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
